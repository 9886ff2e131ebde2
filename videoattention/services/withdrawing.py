"""Taking a consent back out of the call, by whoever has the link and the PIN of its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.services.call import change_call
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from videoattention.services.work import Work


class Withdrawing:
    """The use case; a receipt that says so follows by itself from the fact."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def withdraw(self, organisation: str, attention: str, consent: str) -> None:
        """The citizen takes a consent back; while they talk, with all that follows from it in the call.

        Raises `NotFound` or `StepRefused`: ``unknown_consent``, and ``illegal_step`` for one that is not in force.
        """
        acting = Acting(organisation, "citizen")
        await change_call(self._work, acting, attention, lambda a, now: a.withdraw_consent(consent, now))
