"""What a citizen and an informer see."""

from __future__ import annotations

from dataclasses import dataclass, field

from videoattention.services.views.deliveries import DeliverySeen  # noqa: TC001 - read at run time by the protocol
from videoattention.services.views.phone import PhoneSeen  # noqa: TC001 - read at run time by the protocol
from videoattention.services.views.visual import VisualSeen, VisualShown

# --- the entry page --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProcedureSeen:
    """Something that a citizen can come for."""

    id: str
    name: str
    summary: str


@dataclass(frozen=True, slots=True)
class OfficeSeen:
    """An office on the entry page: who waits, who attends, and the other ways to be attended."""

    id: str
    organisation: str
    organisation_name: str
    name: str
    hours: str
    other_ways: str
    waiting: int
    informers: int
    procedures: tuple[ProcedureSeen, ...]


# --- the citizen's page ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InformerSeen:
    """The informer as the citizen sees them."""

    name: str
    position: str


@dataclass(frozen=True, slots=True)
class ConsentSeen:
    """A consent in the citizen's page, its text in full. ``stage``: asked, given, refused, withdrawn, lapsed, ended.

    While it is asked, ``place`` and ``total`` say which of how many texts it is, and ``days`` how many days from the
    end of the call what is left of it will be kept; else they are 0.
    """

    id: str
    stage: str
    title: str
    paragraphs: tuple[str, ...]
    version: str
    purposes: tuple[str, ...]
    answered_by: str = "citizen"
    place: int = 0
    total: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class IdentitySeen:
    """Who the citizen was shown to be. ``assurance``: declared, low, substantial, high; ``way`` as asked for."""

    name: str
    document: str
    assurance: str
    way: str = "electronic"


@dataclass(frozen=True, slots=True)
class CitizenView:
    """Everything that the citizen's page shows of their attention.

    ``place`` counts from 1 while waiting or offered, else 0. ``wait_from`` and ``wait_to`` are minutes, both 0 when no
    honest promise can be made. ``recorder``: absent, entering, hindered, in_call; ``recorded`` tells whether
    anything was stored until now, ``gaps`` whether it has holes, ``erased`` whether all of it is gone again.
    ``missing`` lists habilitation, picture, identification, consent; ``undone`` proposal, consent, identification,
    clip, form. ``identification_way``: electronic, phone, visual, or empty; ``clip``: wanted, done, or empty;
    ``clip_until`` is when the recorder leaves by itself, empty while nothing is being recorded for a clip;
    ``controller`` the name of the organisation that answers for the data.
    ``copy_waits``: what is being recorded is kept, and its copy waits for an object store that does not answer.
    ``hours`` and ``other_ways`` are the office's, as the entry page tells them; either may be empty.
    ``demanded`` is the least assurance for the level that is proposed, else in force: none, or as in `IdentitySeen`.
    """

    revision: int
    attention: str
    stage: str
    office: str
    procedure: str
    place: int
    wait_from: int
    wait_to: int
    informers: int
    informer: InformerSeen | None
    level: str
    proposed: str
    missing: tuple[str, ...]
    undone: tuple[str, ...]
    clip: str
    identification_asked: bool
    identification_way: str
    identity: IdentitySeen | None
    consents: tuple[ConsentSeen, ...]
    recorder: str
    recorded: bool
    gaps: bool
    erased: bool
    talking_since: str
    outcome: str
    outcome_kind: str
    phone: PhoneSeen | None = None
    clip_until: str = ""
    deliveries: tuple[DeliverySeen, ...] = ()
    visual: VisualShown = field(default_factory=VisualShown)
    controller: str = ""
    copy_waits: bool = False
    hours: str = ""
    other_ways: str = ""
    demanded: str = "none"


# --- the desk ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """A citizen who is offered to this informer until ``until``."""

    attention: str
    office: str
    procedure: str
    language: str
    arrived_at: str
    until: str


@dataclass(frozen=True, slots=True)
class WaitingSeen:
    """A citizen in the line of one of the informer's offices."""

    attention: str
    office: str
    procedure: str
    language: str
    arrived_at: str
    present: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class BarredSeen:
    """A level that this informer may not propose; ``until`` is the day on which the habilitation lapsed, or empty."""

    level: str
    until: str


@dataclass(frozen=True, slots=True)
class WithheldSeen:
    """An outcome of the level in force that cannot be written; ``reason``: proofs, form, clip, recording."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class AttendedSeen:
    """The attention that occupies this informer. ``consent`` is the stage of the last request, or empty.

    ``consent_id`` names the request that waits for its answer; ``picture`` is how many lines of the citizen's picture
    the level aimed at demands; ``script`` what the informer says aloud for it; ``outcomes`` what can have come of it;
    ``ways`` how the citizen may show who they are for it; ``barred`` the levels that this informer may not propose;
    ``answered_by`` whose hand gave the last answer: citizen, witness; ``in_force`` whether a consent holds now;
    ``withheld`` the outcomes of the level that cannot have come of it, with the reason; ``copy_waits`` as the citizen
    sees it.
    """

    attention: str
    stage: str
    office: str
    procedure: str
    language: str
    level: str
    proposed: str
    missing: tuple[str, ...]
    undone: tuple[str, ...]
    clip: str
    picture: int
    script: str
    outcomes: tuple[str, ...]
    identification_asked: bool
    identification_way: str
    identity: IdentitySeen | None
    consent: str
    consent_id: str
    recorder: str
    talking_since: str
    phone: PhoneSeen | None = None
    ways: tuple[str, ...] = ()
    barred: tuple[BarredSeen, ...] = ()
    answered_by: str = ""
    in_force: bool = False
    withheld: tuple[WithheldSeen, ...] = ()
    clip_until: str = ""
    deliveries: tuple[DeliverySeen, ...] = ()
    visual: VisualSeen = field(default_factory=VisualSeen)
    copy_waits: bool = False


@dataclass(frozen=True, slots=True)
class DeskView:
    """Everything that the desk shows. ``readiness``: available, paused, missed."""

    revision: int
    readiness: str
    offer: OfferSeen | None
    attended: AttendedSeen | None
    waiting: tuple[WaitingSeen, ...]
