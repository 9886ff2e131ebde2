"""From what was refused inside to the code that a page is told; one place, deny by default."""

from __future__ import annotations

from typing import Final

from videoattention.domain.errors import StepRefused
from videoattention.entrypoints.signalling.messages import MessageRefused
from videoattention.services.archive import AccessDenied
from videoattention.services.ports import NotFound, Stale

REFUSALS: Final = (StepRefused, MessageRefused, NotFound, Stale, AccessDenied)
"""Everything that means: no, and nothing changed. Each has a ``code``."""

DONE: Final = {"ok": True}


def refusal(code: str) -> dict[str, object]:
    """The acknowledgement of what was not done."""
    return {"ok": False, "code": code}
