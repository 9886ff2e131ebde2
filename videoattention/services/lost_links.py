"""A citizen who lost the link or the PIN of their papers: an officer who sees who they are gives them new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from videoattention.domain.access import Action
from videoattention.domain.deliveries import Shown, attention_named
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import ReceiptLinkGiven
from videoattention.domain.holding import reason_said
from videoattention.domain.stages import Stage
from videoattention.services.ports import NotFound
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from videoattention.domain.accounts import Account
    from videoattention.domain.people import Person
    from videoattention.services.archive import Archive
    from videoattention.services.delivery_ports import Accounts
    from videoattention.services.receipt_links import Links, NewLink
    from videoattention.services.sessions import Sessions

_OVER: Final = frozenset({Stage.WRAPPING_UP, Stage.CLOSED})

LONGEST_REASON: Final = 2000
"""Characters of a reason that are kept."""


class LostLinks:
    """The officer's use cases; every one raises `AccessDenied`, journalled, for anybody else."""

    def __init__(self, links: Links, archive: Archive, *, accounts: Accounts, sessions: Sessions) -> None:
        self._links = links
        self._archive = archive
        self._accounts = accounts
        self._sessions = sessions

    async def enter(self, person: Person) -> None:
        """Whether the person may give links at all."""
        await self._archive.enter(person, Action.DECIDE_RIGHTS, "rights")

    async def find(self, person: Person, number: str, language: str) -> Account:
        """The attention of a receipt's number, for comparing with what the person shows.

        Raises `StepRefused`: ``attention_unknown``, ``attention_goes_on`` before the call is over, ``nothing_kept``
        when its data were erased.
        """
        await self.enter(person)
        account = await self._accounts.of(person.organisation, attention_named(number), language)
        if account is None:
            raise StepRefused("attention_unknown", "no attention has this number")
        if account.attention.stage not in _OVER:
            raise StepRefused("attention_goes_on", "a link is given when the call is over")
        if account.erased_at is not None:
            raise StepRefused("nothing_kept", "the data were erased")
        return account

    async def give(self, person: Person, number: str, shown: str, reason: str) -> NewLink:
        """A new link and PIN; the ones before are dead, and so is whatever was opened with them.

        ``shown`` is one of `Shown`. Raises as `find`, ``identity_unchecked`` and ``reason_too_short``.
        """
        attention = (await self.find(person, number, "")).attention.id
        if shown not in set(Shown):
            raise StepRefused("identity_unchecked", "the officer did not say what the person showed")
        why = reason_said(reason)[:LONGEST_REASON]
        acting = Acting(person.organisation, f"staff:{person.subject}", person.subject)
        try:
            link = await self._links.put(
                acting, attention, _OVER, lambda until: ReceiptLinkGiven(attention, until, shown, why)
            )
        except NotFound:
            raise StepRefused("attention_unknown", "no attention has this number") from None
        await self._sessions.close_of(person.organisation, attention)
        return link
