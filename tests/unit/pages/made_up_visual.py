"""Invented identifications by sight, at every step of both pages."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.pages.made_up import CITIZEN_VIEWS, DESK_VIEWS
from videoattention.services.views import (
    CitizenView,
    DeskView,
    PaperSeen,
    StillSeen,
    TickSeen,
    VisualSeen,
    VisualShown,
)

FEATURES = (
    TickSeen("changing_laser_image", variable=True, ticked="yes"),
    TickSeen("kinegram", variable=True, ticked="no"),
    TickSeen("fine_lines"),
)
ACTIONS = (TickSeen("cover_document", ticked="yes"), TickSeen("document_beside_face"), TickSeen("say_digits"))
PAPER = PaperSeen(
    "99999999R", "Maria dels Àngels Puigdevall i Casademont", "2035-06-01", ("number",), ("mrz_birth", "in_date")
)
ENTITLED = VisualSeen(habilitated="yes", habilitated_until="2099-12-31")
DOCUMENT = replace(
    ENTITLED, stage="document", kind="dni4", features=FEATURES, paper=PAPER, lacking="features_not_seen", code_sent=True
)
SEEN: dict[str, VisualSeen] = {
    "asked": ENTITLED,
    "lapsed-habilitation": VisualSeen(habilitated="lapsed", habilitated_until="2026-03-31"),
    "no-habilitation": VisualSeen(),
    "informed": replace(ENTITLED, stage="informed"),
    "code": replace(ENTITLED, stage="code"),
    "code-sent": replace(ENTITLED, stage="code", code_sent=True),
    "document": replace(ENTITLED, stage="document", lacking="document_not_chosen"),
    "document-read": DOCUMENT,
    "interrupted": replace(DOCUMENT, interrupted=True, restarts=1),
    "actions": replace(ENTITLED, stage="actions", actions=ACTIONS, digits="4711", lacking="actions_not_seen"),
    "stills": replace(ENTITLED, stage="stills", lacking="stills_missing"),
    "decision": replace(DOCUMENT, stage="decision", lacking=""),
}
OVER = ("accepted", "stopped", "refused", "lapsed")

SHOWN: dict[str, VisualShown] = {
    "asked": VisualShown(),
    "informed": VisualShown("informed", title="Imatges", paragraphs=("Un paràgraf.",) * 5, version="1", id="visual-1"),
    "code": VisualShown("code"),
    "code-sent": VisualShown("code", code_sent=True),
    "document": VisualShown("document", kind="dni4"),
    "interrupted": VisualShown("document", interrupted=True, restarts=1),
    "again": VisualShown("document", restarts=1),
    "actions": VisualShown("actions", actions=tuple(one.name for one in ACTIONS), digits="4711"),
    "stills": VisualShown("stills"),
    "decision": VisualShown("decision"),
}
ENDED = ("accepted", "refused", "ended")

STILL = StillSeen("still-1", "face", 1280, 720)

_CITIZEN = replace(CITIZEN_VIEWS["identification"], identification_way="visual")
_GONE = replace(CITIZEN_VIEWS["ended"], stage="closed")
_DESK = DESK_VIEWS["identification"]
assert _DESK.attended
_ATTENDED = replace(_DESK.attended, identification_way="visual")


def _citizen(visual: VisualShown, *, asked: bool = True) -> CitizenView:
    return replace(_CITIZEN, visual=visual, identification_asked=asked)


def _desk(visual: VisualSeen, *, asked: bool = True) -> DeskView:
    return replace(_DESK, attended=replace(_ATTENDED, visual=visual, identification_asked=asked))


CITIZENS: dict[str, CitizenView] = {
    **{f"sight-{name}": _citizen(visual) for name, visual in SHOWN.items()},
    **{f"sight-{name}": _citizen(VisualShown(name), asked=False) for name in ENDED},
    **{f"closed-{name}": replace(_GONE, visual=VisualShown(name)) for name in ("refused", "ended")},
}
DESKS: dict[str, DeskView] = {
    **{f"sight-{name}": _desk(visual) for name, visual in SEEN.items()},
    **{f"sight-{name}": _desk(replace(ENTITLED, stage=name), asked=False) for name in OVER},
}
