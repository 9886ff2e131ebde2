"""Who came in, who went out, who was not let in: journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from videoattention.domain.facts import SignedIn, SignedOut, SignInFailed
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Work

PLATFORM: Final = "platform"
"""The organisation whose journal has what belongs to none: a person who was not let in has no organisation yet."""


class Doorkeeper:
    """Writes down comings and goings."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def signed_in(self, person: Person, provider: str) -> None:
        """A member of staff signed in."""
        await self._tell(person.organisation, f"staff:{person.subject}", SignedIn(person.subject, provider))

    async def signed_out(self, person: Person, cause: str) -> None:
        """A member of staff's session ended."""
        await self._tell(person.organisation, f"staff:{person.subject}", SignedOut(person.subject, cause))

    async def sign_in_failed(self, realm: str, code: str) -> None:
        """A provider's answer was refused."""
        await self._tell(PLATFORM, "service", SignInFailed(realm, code))

    async def _tell(self, organisation: str, actor: str, fact: Fact) -> None:
        async def action(_: Transaction, __: datetime) -> Sequence[Fact]:
            return (fact,)

        await self._work.carry_out(Acting(organisation, actor), action)
