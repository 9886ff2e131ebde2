"""What the part of a page about visual identification stands for, in a few words (see `page_state`).

The same words are computed in the browser when a view is pushed (`web/static/elements/visual-state.js`).
"""

from __future__ import annotations

from functools import singledispatch

from videoattention.services.views import AttendedSeen, CitizenView

_OVER = frozenset({"stopped", "refused", "lapsed", "ended", "accepted"})
_NOBODY = {
    "visual": "none",
    "pause": "no",
    "again": "no",
    "code": "none",
    "kind": "none",
    "paper": "none",
    "lacking": "none",
    "digits": "none",
    "entitled": "missing",
    "hint": "none",
    "number": "none",
    "zone": "none",
    "suspects": "no",
}


def visual_word(seen: AttendedSeen | CitizenView | None) -> str:
    """Where it stands: its stage, ``asked`` before it begins, or ``none`` when it is no matter now."""
    if seen is None:
        return "none"
    stage = seen.visual.stage
    if not seen.identification_asked:
        return stage if stage in _OVER else "none"
    if seen.identification_way != "visual":
        return "none"
    return "asked" if stage == "none" or stage in _OVER else stage


@singledispatch
def visual_state(seen: object) -> dict[str, str]:
    """The state of the part; of nobody there is none."""
    if seen is not None:
        raise TypeError(f"{type(seen).__name__} has no visual identification")
    return dict(_NOBODY)


@visual_state.register
def _(seen: AttendedSeen) -> dict[str, str]:
    visual = seen.visual
    paper = "none" if visual.paper is None else "faulty" if visual.paper.failed else "sound"
    return {
        **_shared(seen),
        "kind": visual.kind or "none",
        "paper": paper,
        "lacking": visual.lacking or "none",
        "entitled": visual.habilitated,
    }


@visual_state.register
def _(seen: CitizenView) -> dict[str, str]:
    return _shared(seen)


def _shared(seen: AttendedSeen | CitizenView) -> dict[str, str]:
    visual = seen.visual
    return {
        **_NOBODY,
        "visual": visual_word(seen),
        "pause": "yes" if visual.interrupted else "no",
        "again": "yes" if visual.restarts else "no",
        "code": "sent" if visual.code_sent else "none",
        "digits": "some" if visual.digits else "none",
    }
