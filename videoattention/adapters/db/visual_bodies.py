"""What of a visual identification is read and written whole: its body as JSON, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from videoattention.domain.consent import ConsentText
from videoattention.domain.mrz import Check
from videoattention.domain.papers import DocumentKind, Feature, Reading
from videoattention.domain.visual import Visual
from videoattention.domain.visual_parts import Challenge, Still
from videoattention.domain.visual_stages import Action, StillKind, VisualStage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    Body = Mapping[str, Any]


def body_of(visual: Visual) -> dict[str, object]:
    """The body to be kept."""
    text = visual.wording
    return {
        "wording": [text.text, text.version, text.language, text.hash],
        "interrupted": visual.interrupted,
        "restarts": visual.restarts,
        "code_sent": visual.code_sent,
        "kind": visual.kind.value if visual.kind else "",
        "drawn": {kind.value: [feature.value for feature in drawn] for kind, drawn in visual.drawn.items()},
        "seen": {feature.value: seen for feature, seen in visual.seen.items()},
        "reading": _reading(visual.reading),
        "challenge": _challenge(visual.challenge),
        "done": {action.value: done for action, done in visual.done.items()},
        "stills": [[still.id, still.kind.value, still.hash, still.width, still.height] for still in visual.stills],
        "suspected": visual.suspected,
    }


def visual_of(row: Row[Any]) -> Visual:
    """The visual identification of a row."""
    body = row.body
    return Visual(
        id=row.id,
        organisation=row.organisation,
        attention=row.attention,
        informer=row.informer,
        wording=ConsentText(*body["wording"]),
        begun_at=row.begun_at,
        stage=VisualStage(row.stage),
        interrupted=body["interrupted"],
        restarts=body["restarts"],
        code_sent=body["code_sent"],
        kind=DocumentKind(body["kind"]) if body["kind"] else None,
        drawn={DocumentKind(kind): tuple(map(Feature, drawn)) for kind, drawn in body["drawn"].items()},
        seen={Feature(feature): seen for feature, seen in body["seen"].items()},
        reading=_reading_of(body["reading"]),
        challenge=_challenge_of(body["challenge"]),
        done={Action(action): done for action, done in body["done"].items()},
        stills=tuple(Still(still[0], StillKind(still[1]), *still[2:]) for still in body["stills"]),
        ended_at=row.ended_at,
        suspected=body["suspected"],
        version=row.version,
    )


def _reading(reading: Reading | None) -> Body | None:
    if reading is None:
        return None
    return {
        "number": reading.number,
        "name": reading.name,
        "expires": reading.expires,
        "passed": [check.value for check in reading.passed],
        "failed": [check.value for check in reading.failed],
    }


def _reading_of(kept: Body | None) -> Reading | None:
    if kept is None:
        return None
    passed, failed = (tuple(map(Check, kept[name])) for name in ("passed", "failed"))
    return Reading(kept["number"], kept["name"], kept["expires"], passed, failed)


def _challenge(challenge: Challenge | None) -> Body | None:
    if challenge is None:
        return None
    return {"actions": [action.value for action in challenge.actions], "digits": challenge.digits}


def _challenge_of(kept: Body | None) -> Challenge | None:
    return Challenge(tuple(map(Action, kept["actions"])), kept["digits"]) if kept else None
