"""What an informer and a citizen see of a visual identification."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TickSeen:
    """Something that the informer is to see. ``variable``: it changes with the angle; ``ticked``: yes, no, or empty."""

    name: str
    variable: bool = False
    ticked: str = ""


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """What was typed of the document, and which checks of it hold. ``expires`` is an ISO date or empty."""

    number: str
    name: str
    expires: str
    passed: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StillSeen:
    """A still that was kept; its size in dots."""

    id: str
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VisualSeen:
    """The newest visual identification of an attention, as its informer sees it.

    ``stage``: none, informed, code, document, actions, stills, decision, accepted, stopped, refused, lapsed.
    ``lacking`` is the code of why the step cannot be finished yet. ``habilitated``: yes, or no habilitation (missing),
    or lapsed; ``habilitated_until`` is its last day (an ISO date), or empty.
    """

    stage: str = "none"
    interrupted: bool = False
    restarts: int = 0
    code_sent: bool = False
    kind: str = ""
    features: tuple[TickSeen, ...] = ()
    paper: PaperSeen | None = None
    actions: tuple[TickSeen, ...] = ()
    digits: str = ""
    stills: tuple[StillSeen, ...] = ()
    lacking: str = ""
    habilitated: str = "missing"
    habilitated_until: str = ""


@dataclass(frozen=True, slots=True)
class VisualShown:
    """The newest visual identification of an attention, as the citizen sees it.

    ``stage``: none, informed, code, document, actions, stills, decision, accepted, refused, ended; why it ended is not
    told. ``title`` and ``paragraphs`` are the text about images in full. ``digits`` are there when they are to be said.
    ``days`` is how long an accepted one is kept, else 0: of another it would tell how it ended. ``id`` is what an
    answer to the text names, empty before there is one.
    """

    stage: str = "none"
    interrupted: bool = False
    restarts: int = 0
    code_sent: bool = False
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    version: str = ""
    kind: str = ""
    actions: tuple[str, ...] = ()
    digits: str = ""
    days: int = 0
    id: str = ""
