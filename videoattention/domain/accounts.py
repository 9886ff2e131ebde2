"""The account of one attention: everything that receipts, forms, copies and the citizen's page of it tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from videoattention.domain.levels import Level
from videoattention.domain.retention import Period, period_of
from videoattention.domain.watching import watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.deliveries import Delivery
    from videoattention.domain.visual_parts import Still
    from videoattention.domain.visual_stages import VisualStage

_LEVELS = frozenset({"LevelRaised", "LevelLowered"})

_ANSWERS = {
    "VisualBegun": "requested",
    "VisualAgreed": "given",
    "VisualRefused": "refused",
    "VisualLapsed": "lapsed",
    "VisualStopped": "stopped",
}
"""The facts of a visual identification that are events of the consent to images."""

_ONCE_GIVEN = {"refused": "withdrawn", "lapsed": "ended"}
"""What the same fact says where the citizen had agreed before."""


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of the journal: its kind is the name of its class."""

    at: datetime
    actor: str
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """A text as it was shown."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording: ``stage`` as in its machine, ``seconds`` of it stored, ``began_at`` when the first was."""

    id: str
    stage: str
    seconds: float
    began_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptVisual:
    """What is kept of a visual identification: ``stills`` of an accepted one, and until when all of it is.

    Of one that was stopped no still is told: whether there is any depends on a suspicion, which is kept apart.
    """

    id: str
    stage: VisualStage
    stills: tuple[Still, ...]
    keep_until: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a consent: ``state`` as a receipt names it."""

    at: datetime
    by: str
    state: str


@dataclass(frozen=True, slots=True)
class Images:
    """The consent to images of one visual identification, and what became of them.

    ``wording`` is the fact by which the text was shown. ``kept``: ``nothing`` (none was ever taken, or the citizen did
    not agree), ``deleted`` at once, ``untaken`` (the informer stopped before any was taken), ``stopped`` (or after it:
    nothing but the signed decision, unless the law demands more), ``kept`` or ``erased``.
    """

    id: str
    wording: Mapping[str, Any]
    events: tuple[Event, ...]
    kept: str
    stills: tuple[Still, ...] = ()
    kept_until: datetime | None = None
    erased_at: datetime | None = None

    @property
    def state(self) -> str:
        """Where the consent stands."""
        return "asked" if self.events[-1].state == "requested" else self.events[-1].state


@dataclass(frozen=True, slots=True)
class Spell:
    """A time at one level; ``until`` is none while it goes on."""

    level: Level
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that is told of one attention, as of one moment.

    Names are in the language of whoever reads them; ``contact`` is how the office can be reached; ``notices`` has the
    words of each text by the SHA-256 under which it was shown.
    """

    attention: Attention
    controller: str
    office: str
    procedure: str
    contact: str
    notices: Mapping[str, Notice]
    told: tuple[Told, ...]
    recordings: tuple[Kept, ...]
    deliveries: tuple[Delivery, ...]
    visuals: tuple[KeptVisual, ...] = field(default=())

    @property
    def watched(self) -> tuple[Told, ...]:
        """Who was shown or given what is kept, when and what for: see `videoattention.domain.watching`."""
        return watched(self.told)

    @property
    def held(self) -> frozenset[str]:
        """The recordings on which a hold is in force."""
        holds: dict[str, str] = {}
        for fact in self.told:
            if fact.kind == "RecordingHeld":
                holds[fact.body["hold"]] = fact.body["recording"]
            elif fact.kind == "HoldReleased":
                holds.pop(fact.body["hold"], None)
        return frozenset(holds.values())

    @property
    def seconds(self) -> float | None:
        """How long the call lasted; none before its end, and where nobody talked."""
        began, end = self.attention.talking_since, self.attention.ended_at
        return (end - began).total_seconds() if began and end else None

    @property
    def documents(self) -> tuple[Delivery, ...]:
        """What changed hands, without the receipts that tell of it."""
        return tuple(one for one in self.deliveries if one.is_shared)

    @property
    def erased_at(self) -> datetime | None:
        """When the personal data of all of it were erased."""
        return next((fact.at for fact in self.told if fact.kind == "PersonalDataErased"), None)

    @property
    def levels(self) -> tuple[Spell, ...]:
        """The levels that it went through, in order; none before anybody talked."""
        began, end = self.attention.talking_since, self.attention.ended_at
        if began is None:
            return ()
        changes = [(fact.at, Level(fact.body["level"])) for fact in self.told if fact.kind in _LEVELS]
        starts = [(began, Level.INFORMATIVE), *changes]
        ends = [at for at, _ in changes] + [end]
        return tuple(Spell(level, at, until) for (at, level), until in zip(starts, ends, strict=True))

    @property
    def period(self) -> Period | None:
        """How long all of it is kept, by the rule of its levels and of an identification by sight; none in the call.

        A suspicion of fraud, which can make it longer, is kept apart and told to nobody here.
        """
        by_sight = [Period(one.keep_until, "visual") for one in self.visuals if one.keep_until]
        return period_of(self.attention, [spell.level for spell in self.levels], by_sight)

    @property
    def identifying(self) -> str:
        """How far it came that the citizen says who they are.

        ``done``, ``sight`` (begun by sight, and never completed), ``asked`` (never completed), ``none``, ``erased``.
        """
        if self.attention.identification or self.erased_at:
            return "erased" if self.erased_at else "done"
        kinds = {fact.kind for fact in self.told}
        if "VisualBegun" in kinds:
            return "sight"
        return "asked" if "IdentificationAsked" in kinds else "none"

    @property
    def images(self) -> tuple[Images, ...]:
        """Every consent to images, the first one first."""
        return tuple(self._images(fact) for fact in self.told if fact.kind == "VisualBegun")

    def _images(self, begun: Told) -> Images:
        name = begun.body["visual"]
        facts = [fact for fact in self.told if fact.body.get("visual") == name]
        events, visual = tuple(_events(facts)), next((one for one in self.visuals if one.id == name), None)
        gone = next((fact.at for fact in facts if fact.kind == "VisualErased"), self.erased_at)
        kept = _kept({fact.kind for fact in facts}, gone)
        told = Images(name, begun.body, events, kept, erased_at=gone if kept == "erased" else None)
        if kept not in {"kept", "stopped"} or visual is None:
            return told
        return Images(name, begun.body, events, kept, visual.stills, visual.keep_until)


def _events(facts: list[Told]) -> Iterator[Event]:
    given = False
    for fact in facts:
        if fact.kind in _ANSWERS:
            state = _ANSWERS[fact.kind]
            state = _ONCE_GIVEN.get(state, state) if given else state
            given = given or state == "given"
            yield Event(fact.at, "citizen" if fact.actor == "citizen" else "organisation", state)


def _kept(kinds: set[str], gone: datetime | None) -> str:
    if "VisualIdentified" in kinds:
        return "erased" if gone else "kept"
    if "VisualStopped" in kinds:  # erasing takes out of the journal that a picture was taken
        return "stopped" if gone or "StillTaken" in kinds else "untaken"
    return "deleted" if "VisualAgreed" in kinds else "nothing"
