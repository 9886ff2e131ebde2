"""Invented people, offices and recordings, as the views show them; for every stage of every page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from videoattention.domain.people import Person, Role
from videoattention.services.views import (
    AttendedSeen,
    BarredSeen,
    CitizenView,
    ConsentSeen,
    DeskView,
    ErasedSeen,
    HoldSeen,
    IdentitySeen,
    InformerSeen,
    JournalLine,
    OfferSeen,
    OfficeSeen,
    PartSeen,
    ProcedureSeen,
    RecordingSeen,
    SealSeen,
    TrackSeen,
    WaitingSeen,
    WithheldSeen,
)

NOW = datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC)
SOON = (NOW + timedelta(seconds=20)).isoformat()
EARLIER = (NOW - timedelta(minutes=7)).isoformat()

OFFICE_NAME = "Oficina d'Atenció Ciutadana de Girona"
LONG_OFFICE = "Oficina de relacions amb la ciutadania i d'assistència en matèria de registres de les Terres de l'Ebre"
PROCEDURE = ProcedureSeen("padro", "Volant d'empadronament", "Com es demana i quins documents calen")
LONG_PROCEDURE = ProcedureSeen(
    "ajut",
    "Ajuts per a la rehabilitació energètica d'edificis d'habitatges i intervencions de conservació i accessibilitat",
    "Requisits, documentació, terminis i estat de les sol·licituds presentades per comunitats de propietaris",
)
OFFICE = OfficeSeen(
    id="girona",
    organisation="gencat",
    organisation_name="Generalitat de Catalunya",
    name=OFFICE_NAME,
    hours="De dilluns a divendres, de 9 a 14 h",
    other_ways="Plaça de Pompeu Fabra, 1, Girona, amb cita prèvia. Telèfon 012, cada dia de 8 a 22 h.",
    waiting=3,
    informers=2,
    procedures=(PROCEDURE, LONG_PROCEDURE),
)
OFFICES = (
    OFFICE,
    replace(OFFICE, id="ebre", name=LONG_OFFICE, waiting=1, informers=0, procedures=(LONG_PROCEDURE,)),
    replace(OFFICE, id="pobles", name="Ajuntament de Vilanova", waiting=0, informers=1, procedures=(), other_ways=""),
)

INFORMER = InformerSeen("Montserrat Puigdevall i Casademont", "Tècnica d'atenció ciutadana")
IDENTITY = IdentitySeen("Aina Ferrer Soler", "•••••678Z", "substantial")
WEAK = replace(IDENTITY, assurance="low")
PURPOSES = ("representation", "recording")


def consent(stage: str, title: str = "Consentiment", paragraphs: tuple[str, ...] = ("Un paràgraf.",)) -> ConsentSeen:
    place, days = (1, 1826) if stage == "asked" else (0, 0)
    return ConsentSeen("consent-1", stage, title, paragraphs, "1", PURPOSES, place=place, total=place, days=days)


WAITING_VIEW = CitizenView(
    revision=1,
    attention="attention-1",
    stage="waiting",
    office=OFFICE_NAME,
    procedure=PROCEDURE.name,
    place=3,
    wait_from=6,
    wait_to=18,
    informers=2,
    informer=None,
    level="informative",
    proposed="",
    missing=(),
    undone=(),
    clip="",
    identification_asked=False,
    identification_way="",
    identity=None,
    consents=(),
    recorder="absent",
    recorded=False,
    gaps=False,
    erased=False,
    talking_since="",
    outcome="",
    outcome_kind="",
    controller="Generalitat de Catalunya",
    hours=OFFICE.hours,
    other_ways=OFFICE.other_ways,
)
TALKING_VIEW = replace(
    WAITING_VIEW,
    stage="talking",
    place=0,
    wait_from=0,
    wait_to=0,
    informer=INFORMER,
    talking_since=EARLIER,
)
BOTH = ("identification", "consent")
ATTENDED_VIEW = replace(
    TALKING_VIEW, level="attended", identity=IDENTITY, consents=(consent("given"),), recorder="in_call", recorded=True
)
HELP = replace(consent("given", "Consentiment d'ajuda"), purposes=("remote_help", "recording"))
WITNESSED = replace(consent("given"), answered_by="witness")
ASSISTED_VIEW = replace(
    TALKING_VIEW, level="assisted", identity=IDENTITY, consents=(HELP,), clip="wanted", recorded=True
)
CITIZEN_VIEWS: dict[str, CitizenView] = {
    "waiting": WAITING_VIEW,
    "waiting-soon": replace(WAITING_VIEW, place=1, wait_from=0, wait_to=1, informers=1),
    "waiting-under": replace(WAITING_VIEW, place=2, wait_from=0, wait_to=12),
    "waiting-nobody": replace(
        WAITING_VIEW, place=128, wait_from=0, wait_to=0, informers=0, office=LONG_OFFICE, procedure=LONG_PROCEDURE.name
    ),
    "offered": replace(WAITING_VIEW, stage="offered", place=1),
    "talking": TALKING_VIEW,
    "proposed": replace(TALKING_VIEW, proposed="attended", missing=BOTH),
    "identification": replace(
        TALKING_VIEW, proposed="attended", missing=BOTH, identification_asked=True, identification_way="electronic"
    ),
    "too-low": replace(TALKING_VIEW, proposed="attended", missing=BOTH, identity=WEAK),
    "identified": replace(TALKING_VIEW, proposed="attended", missing=("consent",), identity=IDENTITY),
    "consent": replace(
        TALKING_VIEW, proposed="attended", missing=("consent",), identity=IDENTITY, consents=(consent("asked"),)
    ),
    "consent-of-several": replace(
        TALKING_VIEW,
        proposed="attended",
        missing=("consent",),
        identity=IDENTITY,
        consents=(consent("given"), replace(consent("asked"), id="consent-2", place=2, total=3, days=400)),
    ),
    "consent-of-a-year": replace(
        TALKING_VIEW,
        proposed="assisted",
        missing=("consent",),
        identity=IDENTITY,
        consents=(replace(consent("asked"), days=365),),
    ),
    "phone-asked": replace(
        TALKING_VIEW, proposed="assisted", missing=BOTH, identification_asked=True, identification_way="phone"
    ),
    "picture": replace(TALKING_VIEW, proposed="attended", missing=("habilitation", "picture", *BOTH)),
    "clip-entering": replace(ASSISTED_VIEW, recorder="entering"),
    "clip": replace(ASSISTED_VIEW, recorder="in_call", clip_until=SOON),
    "assisted": replace(ASSISTED_VIEW, clip="done"),
    "witnessed": replace(ATTENDED_VIEW, consents=(WITNESSED,)),
    "witnessed-refusal": replace(TALKING_VIEW, identity=IDENTITY, consents=(replace(WITNESSED, stage="refused"),)),
    "raising-further": replace(
        ASSISTED_VIEW,
        clip="done",
        proposed="attended",
        missing=("consent",),
        consents=(*ASSISTED_VIEW.consents, consent("asked")),
    ),
    "kept-the-level": replace(
        ASSISTED_VIEW, clip="done", consents=(*ASSISTED_VIEW.consents, replace(consent("refused"), id="consent-2"))
    ),
    "closed-assisted": replace(ASSISTED_VIEW, stage="closed", clip="done", outcome="L'ha presentada ella mateixa."),
    "refused": replace(TALKING_VIEW, identity=IDENTITY, consents=(consent("refused"),)),
    "entering": replace(ATTENDED_VIEW, recorder="entering"),
    "attended": ATTENDED_VIEW,
    "hindered": replace(ATTENDED_VIEW, recorder="hindered"),
    "copy-waits": replace(ATTENDED_VIEW, copy_waits=True),
    "withdrawn": replace(TALKING_VIEW, identity=IDENTITY, consents=(consent("withdrawn"),)),
    "lowered": replace(TALKING_VIEW, identity=IDENTITY, consents=(consent("ended"),), recorded=True),
    "ended": replace(TALKING_VIEW, stage="wrapping_up"),
    "closed-attended": replace(
        ATTENDED_VIEW,
        stage="closed",
        recorder="absent",
        outcome="S'ha presentat la sol·licitud, registre 9012/2026.",
    ),
    "closed-gaps": replace(ATTENDED_VIEW, stage="closed", recorder="absent", gaps=True),
    "closed-erased": replace(ATTENDED_VIEW, stage="closed", recorder="absent", gaps=True, erased=True),
    "closed-withdrawn": replace(
        TALKING_VIEW,
        stage="closed",
        identity=IDENTITY,
        consents=(consent("withdrawn"),),
        recorded=True,
        outcome="S'ha informat.",
    ),
    "closed-unrecorded": replace(ATTENDED_VIEW, stage="closed", recorder="absent", recorded=False),
    "abandoned": replace(WAITING_VIEW, stage="abandoned", place=0),
}

STAFF = Person(
    subject="informer-1",
    organisation="gencat",
    name="Montserrat Puigdevall i Casademont",
    position="Tècnica d'atenció ciutadana",
    roles=frozenset({Role.INFORMER, Role.AUDITOR}),
    offices=frozenset({"girona"}),
)


def in_line(number: int, **changed: object) -> WaitingSeen:
    at = (NOW - timedelta(minutes=3 * number)).isoformat()
    turn = WaitingSeen(f"waiting-{number}", OFFICE_NAME, PROCEDURE.name, "ca", at, present=True, offered=False)
    return replace(turn, **changed)  # type: ignore[arg-type]


LINE = (
    in_line(4),
    in_line(3, present=False, language="en"),
    in_line(2, office=LONG_OFFICE, procedure=LONG_PROCEDURE.name),
    in_line(1, offered=True),
)
OFFER = OfferSeen(
    "attention-1", OFFICE_NAME, LONG_PROCEDURE.name, "ca", EARLIER, (NOW + timedelta(seconds=20)).isoformat()
)
TALK = AttendedSeen(
    attention="attention-1",
    stage="talking",
    office=OFFICE_NAME,
    procedure=PROCEDURE.name,
    language="ca",
    level="informative",
    proposed="",
    missing=(),
    undone=(),
    clip="",
    picture=0,
    script="",
    outcomes=("informed", "unfinished"),
    identification_asked=False,
    identification_way="",
    identity=None,
    consent="",
    consent_id="",
    recorder="absent",
    talking_since=EARLIER,
)
IDLE_DESK = DeskView(revision=1, readiness="available", offer=None, attended=None, waiting=LINE)


def at_desk(**changed: object) -> DeskView:
    return replace(IDLE_DESK, attended=replace(TALK, **changed))  # type: ignore[arg-type]


AIMED = {
    "ways": ("electronic", "phone", "visual"),
    "script": "Necessito la vostra autorització.",
    "undone": ("proposal",),
}
HELPED = {
    "level": "assisted",
    "identity": IDENTITY,
    "consent": "given",
    "answered_by": "citizen",
    "in_force": True,
    "clip": "wanted",
    "undone": ("clip",),
    "outcomes": ("helped", "informed", "unfinished"),
}
DESK_VIEWS: dict[str, DeskView] = {
    "available": IDLE_DESK,
    "paused-empty": replace(IDLE_DESK, readiness="paused", waiting=()),
    "missed": replace(IDLE_DESK, readiness="missed"),
    "offered": replace(IDLE_DESK, offer=OFFER),
    "talking": at_desk(),
    "proposed": at_desk(proposed="attended", missing=BOTH),
    "phone-asked": at_desk(
        proposed="assisted", missing=BOTH, identification_asked=True, identification_way="phone", **AIMED
    ),
    "picture": at_desk(proposed="attended", missing=("habilitation", "picture", *BOTH), picture=480),
    "barred": at_desk(barred=(BarredSeen("attended", ""),)),
    "lapsed": at_desk(barred=(BarredSeen("attended", "2026-03-31"),)),
    "clip-entering": at_desk(**HELPED, recorder="entering"),
    "clip": at_desk(**HELPED, recorder="in_call", clip_until=SOON),
    "assisted": at_desk(**{**HELPED, "clip": "done", "undone": ()}),
    "witnessed": at_desk(level="attended", identity=IDENTITY, consent="given", answered_by="witness", in_force=True),
    "raising-further": at_desk(
        **{**HELPED, **AIMED, "clip": "done"}, proposed="attended", missing=("consent",), consent_id="consent-2"
    ),
    "wrapping-up-represented": at_desk(
        stage="wrapping_up", level="attended", outcomes=("helped", "informed", "represented", "unfinished")
    ),
    "identification": at_desk(
        proposed="attended", missing=BOTH, identification_asked=True, identification_way="electronic"
    ),
    "too-low": at_desk(proposed="attended", missing=BOTH, identity=WEAK),
    "identified": at_desk(proposed="attended", missing=("consent",), identity=IDENTITY),
    "consent": at_desk(proposed="attended", missing=("consent",), identity=IDENTITY, consent="asked"),
    "attended": at_desk(level="attended", identity=IDENTITY, consent="given", recorder="in_call"),
    "hindered": at_desk(level="attended", identity=IDENTITY, consent="given", recorder="hindered"),
    "copy-waits": at_desk(level="attended", identity=IDENTITY, consent="given", recorder="in_call", copy_waits=True),
    "entering": at_desk(level="attended", identity=IDENTITY, consent="given", recorder="entering"),
    "refused": at_desk(identity=IDENTITY, consent="refused"),
    "withdrawn": at_desk(identity=IDENTITY, consent="withdrawn"),
    "lowered": at_desk(identity=IDENTITY, consent="ended"),
    "wrapping-up-unrecorded": at_desk(
        stage="wrapping_up",
        level="attended",
        outcomes=("informed", "unfinished"),
        withheld=(WithheldSeen("helped", "recording"), WithheldSeen("represented", "recording")),
    ),
    "wrapping-up-unheard": at_desk(
        stage="wrapping_up", level="assisted", clip="wanted", withheld=(WithheldSeen("helped", "clip"),)
    ),
    "wrapping-up-unwritten": at_desk(
        stage="wrapping_up",
        level="attended",
        outcomes=("helped", "informed", "unfinished"),
        withheld=(WithheldSeen("represented", "form"),),
    ),
    "wrapping-up": at_desk(stage="wrapping_up"),
    "wrapping-up-paused": replace(at_desk(stage="wrapping_up"), readiness="paused"),
}

RECORDING = RecordingSeen(
    id="recording-1",
    attention="attention-1",
    office=OFFICE_NAME,
    procedure=PROCEDURE.name,
    informer=INFORMER.name,
    started_at=NOW,
    stage="sealed",
    seconds=754.2,
    parts=2,
)
HELD = replace(
    RECORDING,
    id="recording-5",
    incomplete=True,
    review="closed",
    verdict="disagreed",
    holds=(HoldSeen("hold-1", "Diligències prèvies 214/2026 del Jutjat 3 de Girona", "arxiu", NOW),),
)
ERASED = replace(
    RECORDING, id="recording-6", stage="erased", erased=ErasedSeen(NOW, "Final del termini de conservació", "arxiu")
)
UNCOPIED = replace(RECORDING, id="recording-7", waits_since=NOW)
FAR_AWAY = replace(UNCOPIED, id="recording-8", stage="sealing", waits_elsewhere=True)
SEAL = SealSeen(
    NOW + timedelta(seconds=760), "0f1e2d3c4b5a69788796a5b4c3d2e1f0", complete=True, causes=(), stamped=True
)
INCOMPLETE = replace(SEAL, complete=False, causes=("worker_lost", "torn"), stamped=False)
RECORDINGS = (
    RECORDING,
    replace(RECORDING, id="recording-2", stage="capturing", seconds=0.0, parts=1, procedure=LONG_PROCEDURE.name),
    replace(
        RECORDING, id="recording-3", stage="sealing", parts=1, office=LONG_OFFICE, started_at=NOW - timedelta(days=1)
    ),
    replace(RECORDING, id="recording-4", stage="lost", seconds=0.0, parts=0),
    HELD,
    ERASED,
    UNCOPIED,
)
TRACKS = ("citizen-audio", "citizen-video", "informer-audio", "informer-video")


def part(number: int, start: float, seconds: float, cause: str) -> PartSeen:
    opened = NOW + timedelta(seconds=start)
    tracks = tuple(TrackSeen(track, start, seconds) for track in TRACKS)
    return PartSeen(number, opened, opened + timedelta(seconds=seconds), cause, tracks)


PARTS = (part(1, 0.0, 300.0, "failed"), part(2, 342.0, 454.2, "call_closed"))


def line(seq: int, actor: str, kind: str, **body: object) -> JournalLine:
    return JournalLine(
        seq, NOW + timedelta(seconds=5 * seq), actor, kind, {"attention": "attention-1", **body}, "ab12" * 16
    )


JOURNAL = (
    line(1, "citizen", "AttentionRequested", office="girona", procedure="padro", language="ca"),
    line(2, "service", "OfferMade", informer="informer-1", until=EARLIER),
    line(3, "service", "OfferLapsed", informer="informer-1", cause="unanswered"),
    line(4, "informer:informer-2", "OfferAccepted", informer="informer-2"),
    line(5, "informer:informer-2", "LevelProposed", level="attended"),
    line(6, "informer:informer-2", "IdentificationAsked"),
    line(7, "citizen", "CitizenIdentified", provider="https://login.example", assurance="substantial", subject="c-77"),
    line(8, "informer:informer-2", "ConsentAsked", consent="k", text="attended", version="1", language="ca", hash="00"),
    line(9, "citizen", "ConsentGiven", consent="k", hash="00", purposes=["recording", "representation"]),
    line(10, "service", "LevelRaised", level="attended"),
    line(11, "service", "RecorderAdmitted", recording="recording-1", consent="k"),
    line(12, "service", "RecordingStarted", recording="recording-1", part=1, at=EARLIER),
    line(13, "service", "RecordingInterrupted", recording="recording-1", part=1, cause="worker_lost"),
    line(14, "service", "RecordingResumed", recording="recording-1", part=2, at=EARLIER, gap_seconds=42.0),
    line(15, "citizen", "CallEnded", by="citizen"),
    line(16, "auditor:auditor-1", "PurposeStated", recording="recording-1", grant="g", purpose="Reclamació 2026/0412"),
)
GIVEN_AWAY = line(17, "service", "RecordingExported", recording=ERASED.id, purpose="Reclamació 2026/0412")
