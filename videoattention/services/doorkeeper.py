"""Who came in, who went out, who was not let in: journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from videoattention.domain.facts import SignedIn, SignedOut, SignInFailed
from videoattention.services.work import acting_as, the_service

if TYPE_CHECKING:
    from videoattention.domain.people import Person
    from videoattention.services.work import Work

PLATFORM: Final = "platform"
"""The organisation whose journal has what belongs to none: a person who was not let in has no organisation yet."""


class Doorkeeper:
    """Writes down comings and goings."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def signed_in(self, person: Person, provider: str) -> None:
        """A member of staff signed in."""
        await self._work.tell(acting_as("staff", person), SignedIn(person.subject, provider))

    async def signed_out(self, person: Person, cause: str) -> None:
        """A member of staff's session ended."""
        await self._work.tell(acting_as("staff", person), SignedOut(person.subject, cause))

    async def sign_in_failed(self, realm: str, code: str) -> None:
        """A provider's answer was refused."""
        await self._work.tell(the_service(PLATFORM), SignInFailed(realm, code))
