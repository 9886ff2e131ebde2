"""Requests about personal data: asked by a citizen or for one, answered by an officer with a legal reason."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain.access import Action
from videoattention.domain.erasure_reasons import for_request
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import CopyFetched
from videoattention.domain.holding import reason_said
from videoattention.domain.own_work import must_be_anothers
from videoattention.domain.retention import RESCUES, RetentionStage
from videoattention.domain.rights import (
    ANSWERED_WITHIN,
    GROUNDS,
    HOLD_GROUND,
    OPEN,
    SILENT,
    Answer,
    DataRequest,
    RequestStage,
    Right,
    Said,
    ask,
    months_after,
)
from videoattention.domain.stages import LIVE
from videoattention.services.ports import NotFound
from videoattention.services.unmaking import Cause, must_be_over
from videoattention.services.work import Acting, acting_as, the_service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.domain.rights import RequestChange
    from videoattention.services.archive import Archive
    from videoattention.services.ports import Transaction
    from videoattention.services.rights_ports import KeptRights
    from videoattention.services.unmaking import Unmaking
    from videoattention.services.work import Step, Work

_log = structlog.get_logger()

_SALT: Final = 32
MOST_WORDS: Final = 2000
"""Characters that are kept of what somebody says."""


def said(words: str) -> Said:
    """Words with a salt of their own, and what the journal has of them."""
    plain = words.strip()[:MOST_WORDS]
    if not plain:
        return SILENT
    salt = secrets.token_bytes(_SALT)
    return Said(plain, salt, hmac.digest(salt, plain.encode(), "sha256").hex())


class Rights:
    """Use cases of citizens and of the officer."""

    def __init__(
        self,
        work: Work,
        archive: Archive,
        *,
        unmaking: Unmaking,
        kept: KeptRights,
        new_id: Callable[[], str],
    ) -> None:
        self._work = work
        self._archive = archive
        self._unmaking = unmaking
        self._kept = kept
        self._new_id = new_id

    async def enter(self, person: Person) -> None:
        """Whether the person decides about requests at all; raises `AccessDenied`, journalled."""
        await self._archive.enter(person, Action.DECIDE_RIGHTS, "rights")

    # --- asking ---------------------------------------------------------------------------------------------------

    async def ask(self, organisation: str, attention: str, right: Right, words: str) -> str:
        """A citizen who opened the link asks; returns the request's id.

        Raises `NotFound`, or `StepRefused`: ``attention_goes_on``, ``asked_before`` while the same waits for an
        answer, ``nothing_kept`` when the data were erased.
        """
        return await self._ask(Acting(organisation, "citizen"), attention, right, words, by="citizen")

    async def record(self, person: Person, attention: str, right: Right, words: str) -> str:
        """The officer writes down what a citizen asked in person; ``words`` say how they showed who they are.

        Raises as `ask`, `AccessDenied`, and ``reason_too_short``.
        """
        await self.enter(person)
        return await self._ask(acting_as("staff", person), attention, right, reason_said(words), by="officer")

    async def _ask(self, acting: Acting, attention: str, right: Right, words: str, *, by: str) -> str:
        name, told = self._new_id(), said(words)

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            await _must_be_askable(transaction, attention, right)
            due = months_after(now, ANSWERED_WITHIN)
            request = DataRequest(name, attention, acting.organisation, right, by, asked_at=now, due_at=due, said=told)
            await transaction.requests.add(request)
            return (ask(request),)

        await self._work.carry_out(acting, action)
        return name

    # --- answering ------------------------------------------------------------------------------------------------

    async def extend(self, person: Person, request: str, words: str) -> None:
        """Two months more, with the reason that citizens are told; raises ``own_work``, or as `DataRequest.extend`."""
        await self.enter(person)
        told = said(reason_said(words))
        await self._change(acting_as("staff", person), request, lambda found, now: found.extend(told, now))

    async def decide(self, person: Person, request: str, ground: str, words: str) -> DataRequest:
        """Grant or refuse as the ground says, and carry out what was granted; returns the request as it then stands.

        A hold in force turns the grant of an erasure into a refusal with that reason. Raises `AccessDenied`,
        `NotFound`, or `StepRefused`: ``ground_unknown``, ``illegal_step``, ``reason_too_short``; ``own_work`` to the
        informer of the attention; ``same_person`` for a copy or an erasure that one officer alone would have in hand;
        for an erasure ``attention_goes_on`` before the outcome is written, and ``restriction_first`` while the data are
        restricted.
        """
        await self.enter(person)
        refuses = ground in GROUNDS and GROUNDS[ground].answer is Answer.REFUSE
        told = said(reason_said(words) if refuses else words)

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            found = await transaction.requests.get(request)
            must_be_anothers(await transaction.attentions.get(found.attention), person.subject)
            change = found.decide(ground, told, by=person.subject, now=now)
            if change.request.stage is not RequestStage.GRANTED:
                return await _saved(transaction, change)
            if found.right is not Right.RESTRICTION:
                (await transaction.requests.hands(found)).must_be_anothers(person.subject)
            if found.right is Right.ERASURE:
                await _must_be_erasable(transaction, found.attention)
                held = await transaction.personal.held(found.attention)
                by_hold = found.decide(HOLD_GROUND, told, by=person.subject, now=now)
                return await _saved(transaction, by_hold if held else change)
            return (change.fact, *await _saved(transaction, change.request.carry_out(now)))

        await self._work.carry_out(acting_as("staff", person), action)
        await self.carry_out(person.organisation, request)
        return await self._find(person.organisation, request)

    async def carry_out(self, organisation: str, request: str) -> None:
        """Erase what was granted to be erased; a hold that came meanwhile turns it into a refusal."""
        found = await self._find(organisation, request)
        if found.stage is not RequestStage.GRANTED:
            return
        cause = Cause("request", for_request(found.ground), found.decided_by, found.id)
        try:
            await self._unmaking.erase(organisation, found.attention, cause)
        except StepRefused as refused:
            if refused.code != "on_hold":
                raise
            await self._refuse_for_hold(organisation, request)

    async def _refuse_for_hold(self, organisation: str, request: str) -> None:
        await self._change(
            the_service(organisation),
            request,
            lambda found, now: found.decide(HOLD_GROUND, found.answer, by="service", now=now),
        )

    async def lift(self, person: Person, request: str, words: str) -> None:
        """End a restriction, with the reason that the citizen is told; raises ``own_work``."""
        await self.enter(person)
        told = said(reason_said(words))
        await self._change(acting_as("staff", person), request, lambda found, _: found.lift(told))

    async def rescue(self, person: Person, attention: str, days: int, words: str) -> None:
        """Keep data that would be erased for some days more; raises ``days_unknown``, ``not_in_quarantine``."""
        await self.enter(person)
        if days not in RESCUES:
            raise StepRefused("days_unknown", f"{days} days is none of {RESCUES}")
        told = said(reason_said(words))

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            kept = await transaction.keepings.of(attention)
            if kept is None or kept.stage is not RetentionStage.QUARANTINED:
                raise StepRefused("not_in_quarantine", f"attention {attention} does not wait to be erased")
            change = kept.rescue("officer", now + timedelta(days=days), told)
            await transaction.keepings.save(change.keeping)
            return change.facts

        await self._work.carry_out(acting_as("staff", person), action)

    # --- what time brings -----------------------------------------------------------------------------------------

    async def look_after(self) -> None:
        """Say of late requests that they are, and carry out what a process that ended had granted."""
        for organisation in await self._kept.organisations():
            now = self._work.clock.now()
            for request in await self._kept.late(organisation, now):
                lapsing = self._change(the_service(organisation), request, lambda found, now: found.lapse(now))
                await _guarded(request, lapsing)
            for request in await self._kept.granted(organisation):
                await _guarded(request, self.carry_out(organisation, request))

    # --- how ------------------------------------------------------------------------------------------------------

    async def fetched(self, organisation: str, attention: str, request: str) -> DataRequest:
        """The citizen takes the copy: journalled before its first byte. Raises `NotFound`, ``no_copy``.

        A copy that was granted before an officer gave a new link is asked for and granted again: else whoever gives
        links would reach every copy that somebody else granted.
        """
        found: list[DataRequest] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            asked = await transaction.requests.get(request)
            if asked.attention != attention:
                raise NotFound("no such request of this attention")
            given = await transaction.requests.hands(asked)
            if not asked.can_be_fetched(now) or given.came_after(asked.decided_at):
                raise StepRefused("no_copy", "there is no copy to fetch, or its time is over")
            found.append(asked)
            return (CopyFetched(attention, request),)

        await self._work.carry_out(Acting(organisation, "citizen"), action)
        return found[-1]

    async def _find(self, organisation: str, request: str) -> DataRequest:
        async def question(transaction: Transaction, _: datetime) -> DataRequest:
            return await transaction.requests.get(request)

        return await self._work.read(the_service(organisation), question)

    async def _change(
        self, acting: Acting, request: str, step: Callable[[DataRequest, datetime], RequestChange]
    ) -> None:
        await self._work.carry_out(acting, _stepping(request, step, acting.subject))


async def _guarded(request: str, work: Awaitable[None]) -> None:
    """One request; what it raises keeps no other waiting, and the next look tries again."""
    try:
        await work
    except StepRefused as refused:  # it is not sealed yet, say
        _log.warning("request_waits", request=request, why=refused.code)
    except Exception:  # noqa: BLE001 - whatever is wrong with one request is not wrong with the others
        _log.exception("request_failed", request=request)


def _stepping(request: str, step: Callable[[DataRequest, datetime], RequestChange], subject: str) -> Step:
    async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
        await transaction.alone()
        found = await transaction.requests.get(request)
        must_be_anothers(await transaction.attentions.get(found.attention), subject)
        return await _saved(transaction, step(found, now))

    return action


async def _saved(transaction: Transaction, change: RequestChange) -> Sequence[Fact]:
    await transaction.requests.save(change.request)
    return (change.fact,)


async def _must_be_askable(transaction: Transaction, attention: str, right: Right) -> None:
    found = await transaction.attentions.get(attention)
    if found.stage in LIVE:
        raise StepRefused("attention_goes_on", "the attention is not over")
    kept = await transaction.keepings.of(attention)
    if kept is not None and kept.stage is RetentionStage.ERASED:
        raise StepRefused("nothing_kept", "the data were erased")
    for request in await transaction.requests.of(attention):
        if request.right is right and (request.stage in OPEN or request.restricts):
            raise StepRefused("asked_before", "the same was asked and is not over")


async def _must_be_erasable(transaction: Transaction, attention: str) -> None:
    must_be_over(await transaction.attentions.get(attention))
    if any(request.restricts for request in await transaction.requests.of(attention)):
        raise StepRefused("restriction_first", "the restriction must be lifted before anything is erased")
