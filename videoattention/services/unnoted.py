"""What workers told and nobody could write down yet: a worker tells a thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain.errors import StepRefused
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from videoattention.services import media

    RecordingReport = media.PartOpened | media.PartClosed | media.RecordingRefused

_log = structlog.get_logger()

REFUSALS: Final = (StepRefused, NotFound, ValueError, ArithmeticError)
"""What is told and cannot be so: saying it again would change nothing."""


class Unnoted:
    """The reports of each call that wait to be noted, oldest first."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[RecordingReport]] = {}

    def __contains__(self, call: str) -> bool:
        """Whether anything of this call waits."""
        return call in self._waiting

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls of which anything waits."""
        return tuple(self._waiting)

    def keep(self, report: RecordingReport) -> None:
        """Behind what already waits of its call."""
        self._waiting.setdefault(report.call, []).append(report)

    async def note(self, call: str, use_case: Callable[[RecordingReport], Awaitable[None]]) -> None:
        """In the order in which they came; when one fails, it is kept, and so is what came after it."""
        waiting = self._waiting.get(call, [])
        while waiting:
            try:
                await use_case(waiting[0])
            except REFUSALS as refusal:
                _log.error("report_refused", report=type(waiting[0]).__name__, error=type(refusal).__name__)
            del waiting[0]
        self._waiting.pop(call, None)
