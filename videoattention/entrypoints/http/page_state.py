"""What a page stands for, as a few words: the ``data-…`` attributes of its ``<main>``.

Styles show by them, scripts and tests read them. The same words are computed in the browser when a view is pushed
(`web/static/elements/citizen-view.js`, `desk-view.js`); a test holds the two together.
"""

from __future__ import annotations

from functools import singledispatch

from videoattention.entrypoints.http.level_state import of_citizen, of_informer, recorded_word
from videoattention.entrypoints.http.visual_state import visual_word
from videoattention.services.views import AttendedSeen, CitizenView, DeskView, IdentitySeen, WaitingSeen

_OF_THE_BROWSER = {
    "media": "idle",
    "other": "unknown",
    "connection": "connecting",
    "sound": "on",
    "camera": "unknown",
    "voice": "unknown",
    "picture": "unknown",
    "othercamera": "unknown",
    "othervoice": "unknown",
    "news": "none",
    "heard": "no",
}
"""What only the browser knows; the server says how a page begins."""


@singledispatch
def state_of(view: object) -> dict[str, str]:
    """The state of a page that shows this view; a view that has no state is an error."""
    raise TypeError(f"{type(view).__name__} is not the view of a page")


@state_of.register
def _(view: CitizenView) -> dict[str, str]:
    consent = view.consents[-1].stage if view.consents else "none"
    return {
        **_OF_THE_BROWSER,
        "stage": view.stage,
        "level": view.level,
        "proposed": view.proposed or "none",
        "identification": _identification(
            view.identity, asked=view.identification_asked, wanted="identification" in view.missing
        ),
        "way": _way(view),
        "phone": _phone(view),
        "clip": view.clip or "none",
        "assurance": view.identity.assurance if view.identity else "none",
        "consent": consent,
        **of_citizen(view),
        "recorder": view.recorder,
        "copy": _copy(view),
        "wait": _wait(view.wait_from, view.wait_to),
        "informers": "some" if view.informers else "none",
        "recorded": recorded_word(view),
        "outcome": "written" if view.outcome else "none",
        "visual": visual_word(view),
    }


@state_of.register
def _(view: DeskView) -> dict[str, str]:
    attended = view.attended if view.attended and view.attended.stage in {"talking", "wrapping_up"} else None
    stage = "offered" if view.offer else "idle"
    return {
        **_OF_THE_BROWSER,
        "stage": attended.stage if attended else stage,
        "readiness": view.readiness,
        "line": "some" if view.waiting else "none",
        **_of_the_attended(attended),
        "visual": visual_word(attended),
    }


@state_of.register
def _(row: WaitingSeen) -> dict[str, str]:
    if row.offered:
        return {"row": "offered"}
    return {"row": "present" if row.present else "away"}


def _of_the_attended(attended: AttendedSeen | None) -> dict[str, str]:
    if attended is None:
        nobody = dict.fromkeys(("proposed", "identification", "way", "phone", "clip", "assurance", "consent"), "none")
        return {**nobody, **of_informer(None), "level": "informative", "recorder": "absent", "copy": "none"}
    return {
        "level": attended.level,
        "proposed": attended.proposed or "none",
        "identification": _identification(
            attended.identity, asked=attended.identification_asked, wanted="identification" in attended.missing
        ),
        "way": _way(attended),
        "phone": _phone(attended),
        "clip": attended.clip or "none",
        "assurance": attended.identity.assurance if attended.identity else "none",
        "consent": attended.consent or "none",
        **of_informer(attended),
        "recorder": attended.recorder,
        "copy": _copy(attended),
    }


def _copy(seen: CitizenView | AttendedSeen) -> str:
    """Whether the copy of what is being recorded has to wait."""
    return "waits" if seen.copy_waits else "none"


def _way(seen: CitizenView | AttendedSeen) -> str:
    """The way of identification that is asked for, else the one by which the citizen was identified."""
    return seen.identification_way or (seen.identity.way if seen.identity else "") or "none"


def _phone(seen: CitizenView | AttendedSeen) -> str:
    """Where the newest code by SMS stands, while a phone is asked for."""
    return seen.phone.stage if seen.phone else "none"


def _identification(identity: IdentitySeen | None, *, asked: bool, wanted: bool) -> str:
    if asked:
        return "asked"
    if wanted:
        return "too_low" if identity else "missing"
    return "done" if identity else "none"


def _wait(least: int, most: int) -> str:
    if not most:
        return "unknown"
    if most == 1:
        return "minute"
    return "between" if least else "under"
