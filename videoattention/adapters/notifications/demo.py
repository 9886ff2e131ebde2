"""A message service for demonstrations: what it takes is shown on a page, and goes nowhere."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from videoattention.services.sms import ShownMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

MOST: Final = 20
"""Messages that are shown; the oldest gives way."""


class DemoPhone:
    """`videoattention.services.sms.SmsGateway` for everybody to read; it cannot exist in production."""

    def __init__(self, now: Callable[[], datetime], *, production: bool) -> None:
        if production:
            raise RuntimeError("the phone of the demonstration is not for production: everybody can read it")
        self._now = now
        self._messages: deque[ShownMessage] = deque(maxlen=MOST)

    async def send(self, number: str, text: str) -> None:
        """Show it."""
        self._messages.appendleft(ShownMessage(number, text, self._now()))

    @property
    def messages(self) -> Sequence[ShownMessage]:
        """The last ones, newest first."""
        return tuple(self._messages)
