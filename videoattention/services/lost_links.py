"""A citizen who lost the link or the PIN of their papers: an officer who sees who they are gives them new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from videoattention.domain.access import Action
from videoattention.domain.deliveries import Shown, attention_named
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import CitizenLookedUp, ReceiptLinkGiven, ReceiptLinkReason
from videoattention.domain.holding import reason_said
from videoattention.domain.own_work import must_be_anothers
from videoattention.domain.stages import Stage
from videoattention.services.ports import NotFound
from videoattention.services.work import acting_as

if TYPE_CHECKING:
    from videoattention.domain.accounts import Account
    from videoattention.domain.people import Person
    from videoattention.services.archive import Archive
    from videoattention.services.delivery_ports import Accounts
    from videoattention.services.receipt_links import Links, NewLink
    from videoattention.services.sessions import Sessions
    from videoattention.services.work import Work

_OVER: Final = frozenset({Stage.WRAPPING_UP, Stage.CLOSED})

LONGEST_REASON: Final = 2000
"""Characters of a reason that are kept."""


class LostLinks:
    """The officer's use cases; every one raises `AccessDenied`, journalled, for anybody else."""

    def __init__(self, work: Work, links: Links, archive: Archive, *, accounts: Accounts, sessions: Sessions) -> None:
        self._work = work
        self._links = links
        self._archive = archive
        self._accounts = accounts
        self._sessions = sessions

    async def enter(self, person: Person) -> None:
        """Whether the person may give links at all."""
        await self._archive.enter(person, Action.DECIDE_RIGHTS, "rights")

    async def find(self, person: Person, number: str, language: str) -> Account:
        """The attention of a receipt's number, for comparing with what the person shows; the journal has it before.

        Raises `StepRefused`: ``attention_unknown``, ``attention_goes_on`` before the call is over, ``nothing_kept``
        when its data were erased, ``own_work`` for the informer of the attention.
        """
        account = await self._account(person, number, language)

        await self._work.tell(acting_as("staff", person), CitizenLookedUp(account.attention.id))
        return account

    async def _account(self, person: Person, number: str, language: str) -> Account:
        await self.enter(person)
        account = await self._accounts.of(person.organisation, attention_named(number), language)
        if account is None:
            raise StepRefused("attention_unknown", "no attention has this number")
        if account.attention.stage not in _OVER:
            raise StepRefused("attention_goes_on", "a link is given when the call is over")
        if account.erased_at is not None:
            raise StepRefused("nothing_kept", "the data were erased")
        must_be_anothers(account.attention, person.subject)
        return account

    async def give(self, person: Person, number: str, shown: str, reason: str) -> NewLink:
        """A new link and PIN; the ones before are dead, and so is whatever was opened with them.

        ``shown`` is one of `Shown`. Raises as `find`, ``identity_unchecked`` and ``reason_too_short``. What is open is
        closed before and after: a process that ends between the two leaves nothing open beside a new link.
        """
        attention = (await self._account(person, number, "")).attention.id
        if shown not in set(Shown):
            raise StepRefused("identity_unchecked", "the officer did not say what the person showed")
        why = reason_said(reason)[:LONGEST_REASON]
        await self._sessions.close_of(person.organisation, attention)
        try:
            link = await self._links.put(
                acting_as("staff", person),
                attention,
                _OVER,
                lambda until: (ReceiptLinkGiven(attention, until, shown), ReceiptLinkReason(attention, why)),
            )
        except NotFound:
            raise StepRefused("attention_unknown", "no attention has this number") from None
        await self._sessions.close_of(person.organisation, attention)
        return link
