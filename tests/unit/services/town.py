"""A small town: every use case over a real database, with a clock that is set and nothing beyond the service."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import event, select

from tests.fakes.clock import Clock
from tests.fakes.copies import Copies
from tests.fakes.keys import SHA256, KeyRing, MediaLibrary, RecordedMedia, Signer
from tests.fakes.wire import PageLink, WorkerLink
from videoattention.adapters.db.catalogue import Organisation
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.tables import seals
from videoattention.domain.consent import ConsentStep, ConsentText
from videoattention.domain.identification import Assurance, Identification, Way
from videoattention.domain.informers import Readiness
from videoattention.domain.levels import Level, Purpose
from videoattention.domain.people import Habilitation, Person, Role, Side
from videoattention.services import media
from videoattention.services.archive import Archive
from videoattention.services.call import Call
from videoattention.services.clips import Clips
from videoattention.services.doorkeeper import PLATFORM, Doorkeeper
from videoattention.services.files import Files
from videoattention.services.pairing import Pairing
from videoattention.services.reactions import Reactions
from videoattention.services.reception import Reception
from videoattention.services.recorder import Recorder
from videoattention.services.rounds import Rounds
from videoattention.services.sealers import Sealers
from videoattention.services.sealing import Sealing
from videoattention.services.seals import KeptSeal
from videoattention.services.switchboard import Switchboard
from videoattention.services.texts import ShownText
from videoattention.services.vault import FileIdentity
from videoattention.services.work import Acting, Work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import Recording
    from videoattention.services.ports import Entry, Transaction

    FactT = TypeVar("FactT", bound=Fact)

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS, THEIRS = "gencat-demo", "vila-demo"
GIRONA, EBRE, VILA = "oac-girona", "oac-terres-ebre", "oac-vila"
PLATFORM_ITSELF = Organisation(PLATFORM, {"ca": "La plataforma"}, offices=(), procedures=())
PURPOSES = frozenset({Purpose.REPRESENTATION, Purpose.RECORDING})
ENTITLED = (Habilitation("attended", date(2026, 12, 31)),)


def _text(text: str, about: str, purposes: frozenset[Purpose]) -> ShownText:
    title, paragraphs = "Autorització", (about, "Autoritzo la gravació.")
    words = sha256("\n".join((title, *paragraphs)).encode()).hexdigest()
    return ShownText(ConsentText(text, "1", "ca", words), title, paragraphs, purposes)


TEXT: Final = _text("attended", "Autoritzo que em representin.", PURPOSES)
HELP: Final = _text("assisted", "Autoritzo que m'ajudin.", frozenset({Purpose.REMOTE_HELP, Purpose.RECORDING}))


def _no_plug_is_pulled(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own, behind SQLAlchemy
    """Commits need not reach the disk: whether they do is tested where the database is."""
    connection.cursor().execute("PRAGMA synchronous=OFF")


class Texts:
    """A text for each level; raises `KeyError` for any other, as the real folder does."""

    def current(self, text: str, language: str) -> ShownText:
        return {("attended", "ca"): TEXT, ("assisted", "ca"): HELP}[text, language]


def person(
    subject: str = "marta", *roles: Role, organisation: str = OURS, offices: Sequence[str] = (GIRONA,)
) -> Person:
    held = frozenset(roles or {Role.INFORMER})
    return Person(subject, organisation, f"Nom {subject}", "Informadora", held, frozenset(offices), ENTITLED)


def proof(assurance: Assurance = Assurance.SUBSTANTIAL) -> Identification:
    return Identification(assurance, "Joan Vila", "12345678Z", "citizen-1", "https://citizens.example", NOW)


def by_informer(subject: str = "marta", command: str = "", organisation: str = OURS) -> Acting:
    return Acting(organisation, f"informer:{subject}", subject, command)


def by_citizen(command: str = "", organisation: str = OURS) -> Acting:
    return Acting(organisation, "citizen", command=command)


class Town:
    """Everything, wired as `videoattention.bootstrap` does; what is committed is kept in ``told``, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Clock(NOW)
        self.told: list[Entry] = []
        self.keys, self.library = KeyRing(), MediaLibrary()
        self.database = Database(f"sqlite:///{path}")
        event.listen(self.database.engines[0].sync_engine, "connect", _no_plug_is_pulled)
        self.register = DatabaseRegister(self.database)
        self.views = DatabaseViews(self.database)
        self.work = Work(self.register, self.clock, self)
        self._ids = count(1)
        self.start()

    def start(self) -> None:
        """Everything that a new process has; what is committed stays."""
        self.files = Files(self.register, self.clock, keys=self.keys, library=self.library)
        self.reception = Reception(self.work, self.views, self.new_id)
        self.pairing = Pairing(self.work)
        self.call = Call(self.work, Texts(), self.new_id)
        self.clips = Clips(self.work, self.views)
        self.archive = Archive(self.work, self.views, self.new_id)
        self.doorkeeper = Doorkeeper(self.work)
        self.recorder = Recorder(self.work, self.views, keys=self.keys, new_id=self.new_id)
        self.copies = Copies()
        self.sealing = Sealing(
            self.work, self.views, files=self.files, copies=self.copies, signer=Signer(), software="the town"
        )
        self.reactions = Reactions(self.pairing, self.recorder, Sealers(self.sealing.seal))
        self.link, self.pages = WorkerLink(), PageLink()
        self.switchboard = Switchboard(self.link, self.pages, self.reactions)
        self.reactions.attach(self.switchboard)
        self.rounds = Rounds(
            self.views,
            self.pairing,
            reception=self.reception,
            call=self.call,
            recorder=self.recorder,
            reactions=self.reactions,
            clock=self.clock,
        )

    def new_id(self) -> str:
        return f"id-{next(self._ids):04}"

    def committed(self, entries: Sequence[Entry]) -> None:
        self.told += entries
        self.reactions.committed(entries)

    # --- what is so -------------------------------------------------------------------------------------------------

    def begin(self, organisation: str = OURS, actor: str = "service") -> _Begun:
        return _Begun(self, organisation, actor)

    async def attention(self, attention: str, organisation: str = OURS) -> Attention:
        async with self.register.begin(organisation, "service", self.clock.now()) as transaction:
            return await transaction.attentions.get(attention)

    async def recording(self, recording: str) -> Recording:
        async with self.register.begin(OURS, "service", self.clock.now()) as transaction:
            return await transaction.recordings.get(recording)

    async def seal_of(self, recording: str) -> tuple[dict[str, Any], KeptSeal]:
        """What the manifest says, and the seal itself, whoever signed it."""
        async with self.database.reading() as connection:
            row = (await connection.execute(select(seals).where(seals.c.recording == recording))).one()
        kept = KeptSeal(recording, row.manifest, row.signature, row.key, b"", row.timestamp, row.sealed_at)
        return json.loads(row.manifest), kept

    async def readiness(self, subject: str = "marta") -> Readiness:
        async with self.register.begin(OURS, "service", self.clock.now()) as transaction:
            desk = await transaction.desks.get(subject)
        assert desk
        return desk.readiness

    def facts(self, kind: type[FactT]) -> list[FactT]:
        return [entry.fact for entry in self.told if isinstance(entry.fact, kind)]

    def kinds(self, since: int = 0) -> list[str]:
        return [type(entry.fact).__name__ for entry in self.told[since:]]

    # --- what people do -----------------------------------------------------------------------------------------------

    async def citizen(self, office: str = GIRONA, procedure: str = "consulta") -> str:
        """A citizen arrives; their page is heard of."""
        _, attention = await self.reception.request(office, procedure, "ca")
        await self.seen(attention)
        return attention

    async def seen(self, attention: str) -> None:
        await self.register.seen(f"attention:{attention}", now=self.clock.now())

    async def informer(self, who: Person | str = "marta", readiness: Readiness = Readiness.AVAILABLE) -> Person:
        """An informer sits down and says whether they attend."""
        someone = person(who) if isinstance(who, str) else who
        await self.pairing.arrive(someone)
        await self.desk_seen(someone)
        acting = by_informer(someone.subject, organisation=someone.organisation)
        await self.pairing.be_ready(acting, someone, readiness)
        return someone

    async def desk_seen(self, someone: Person) -> None:
        await self.register.seen(f"desk:{someone.organisation}:{someone.subject}", now=self.clock.now())

    async def talking(self, subject: str = "marta") -> str:
        """A citizen and an informer talk."""
        someone = await self.informer(subject, Readiness.PAUSED)
        attention = await self.citizen()
        await self.pairing.take(by_informer(subject), someone, attention)
        return attention

    async def asked(self, subject: str = "marta", level: Level = Level.ATTENDED) -> tuple[str, str]:
        """An identified citizen has the text before them: the attention and the consent."""
        attention, acting = await self.talking(subject), by_informer(subject)
        await self.call.propose_level(acting, attention, level)
        await self.call.ask_identification(acting, attention, Way.ELECTRONIC)
        await self.call.identify(by_citizen(), attention, proof())
        return attention, await self.ask_consent(attention, subject)

    async def ask_consent(self, attention: str, subject: str = "marta") -> str:
        await self.call.ask_consent(by_informer(subject), attention)
        pending = (await self.attention(attention)).pending_consent
        assert pending
        return pending.id

    async def attended(self, subject: str = "marta", level: Level = Level.ATTENDED) -> tuple[str, str]:
        """The citizen said yes: the attention and the consent."""
        attention, consent = await self.asked(subject, level)
        await self.call.answer_consent(by_citizen(), attention, consent, ConsentStep.GIVE)
        return attention, consent

    async def connect(self, attention: str, *, epoch: int = 1, worker: str = "worker-1") -> None:
        """A worker carries the call, and both people's media reaches it."""
        if worker not in self.switchboard.workers:
            await self.switchboard.worker_ready(worker, ())
        for side in Side:
            assert await self.switchboard.join(media.Join(attention, side, f"{side}-{epoch}"))
        for side in Side:
            await self.leg(attention, side, epoch=epoch, worker=worker)
        await self.reactions.settled()

    async def leg(
        self, attention: str, side: Side, *, epoch: int = 1, worker: str = "worker-1", connected: bool = True
    ) -> None:
        changed = media.LegChanged(attention, side, f"{side}-{epoch}", epoch, connected)
        await self.switchboard.report(worker, changed)

    async def recorded(self, subject: str = "marta", level: Level = Level.ATTENDED) -> tuple[str, media.Record]:
        """The recorder is in the call and part 1 is being written: the attention and the order."""
        attention, _ = await self.attended(subject, level)
        await self.connect(attention)
        order = self.link.of(media.Record)[-1]
        await self.report(media.PartOpened(attention, order.recording, order.part, self.clock.now().timestamp()))
        return attention, order

    async def report(self, report: media.Report, worker: str = "worker-1") -> None:
        """A worker tells something, and what follows from it is done."""
        await self.switchboard.report(worker, report)
        await self.reactions.settled()

    def part_closed(
        self, order: media.Record, cause: str = "stopped", *, seconds: float = 10, part: int = 0
    ) -> media.PartClosed:
        """What a worker tells of a part; its files are there from now on."""
        length, number = int(seconds * 1000), part or order.part
        for track in media.Track:
            kept_there = track is media.Track.CITIZEN_VIDEO
            there = RecordedMedia(length if kept_there else 0, seconds if kept_there else 0.0)
            self.library.files[FileIdentity(order.organisation, order.recording, number, track)] = there
        kept = media.TrackKept(media.Track.CITIZEN_VIDEO, 0.0, seconds, 250, length, SHA256)
        at = self.clock.now().timestamp()
        return media.PartClosed(order.call, order.recording, number, at, cause, (kept,) if seconds else ())


class _Begun:
    """One transaction of the town's now, committed at the end."""

    def __init__(self, town: Town, organisation: str, actor: str) -> None:
        self._entered = town.register.begin(organisation, actor, town.clock.now())

    async def __aenter__(self) -> Transaction:
        self._transaction = await self._entered.__aenter__()
        return self._transaction

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            await self._transaction.commit()
        await self._entered.__aexit__(None, None, None)
