"""The decision of a visual identification as it is signed: canonical JSON, so that anybody can hash it again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.visual import Visual
    from videoattention.domain.visual_stages import Reason

KIND: Final = "videoattention visual identification 1"


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, in which session (SHA-256, hex), when; ``reason`` is there when it is stopped."""

    informer: str
    session: str
    at: datetime
    reason: Reason | None = None


def statement_of(visual: Visual, deciding: Deciding) -> bytes:
    """The bytes to be signed: what was decided, and on what. No name and no number is in it."""
    return canonical(
        {
            "kind": KIND,
            "organisation": visual.organisation,
            "attention": visual.attention,
            "visual": visual.id,
            "decision": "stopped" if deciding.reason else "accepted",
            "reason": deciding.reason.value if deciding.reason else "",
            "at": deciding.at.isoformat(),
            "informer": deciding.informer,
            "session": deciding.session,
            "step": visual.stage.value,
            "begun_at": visual.begun_at.isoformat(),
            "restarts": visual.restarts,
            "text": {
                "text": visual.wording.text,
                "version": visual.wording.version,
                "language": visual.wording.language,
                "sha256": visual.wording.hash,
            },
            "document": visual.kind.value if visual.kind else "",
            "features": [{"feature": each, "seen": visual.seen.get(each)} for each in visual.features],
            "checks": _checks(visual),
            "actions": _actions(visual),
            "stills": [{"kind": still.kind.value, "sha256": still.hash} for still in visual.stills],
        }
    )


def canonical(value: object) -> bytes:
    """One text for one value: keys in order, no spaces, only ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def _checks(visual: Visual) -> dict[str, list[str]]:
    reading = visual.reading
    if reading is None:
        return {"passed": [], "failed": []}
    return {"passed": [check.value for check in reading.passed], "failed": [check.value for check in reading.failed]}


def _actions(visual: Visual) -> list[dict[str, object]]:
    asked = visual.challenge.actions if visual.challenge else ()
    return [{"action": action.value, "done": visual.done.get(action)} for action in asked]
