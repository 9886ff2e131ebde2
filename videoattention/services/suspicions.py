"""What identifications by sight left, as auditors see it: each for a purpose and a case, in the journal before."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import IdentificationSeen, SuspicionOpened
from videoattention.domain.own_work import must_be_anothers
from videoattention.services.archive import GRANT_LASTS, AccessDenied, case_said, purpose_said
from videoattention.services.ports import NotFound
from videoattention.services.restriction import is_restricted
from videoattention.services.vault import KeyUnusable, MediaTampered
from videoattention.services.work import acting_as, the_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.domain.visual import Visual
    from videoattention.services.archive import Archive
    from videoattention.services.ports import Transaction
    from videoattention.services.visual_ports import Pseudonyms, SealedStill, StillVault, Suspected, Suspicion
    from videoattention.services.work import Step, Work


_log = structlog.get_logger()

PAGE: Final = 25
"""How many suspicions a page of the list has."""

_USE: Final = "leave to see a suspicion"
_STILLS: Final = "leave to see the stills of a recording"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list; ``after`` leads to the next one, if any."""

    lines: Sequence[Suspected]
    after: tuple[datetime, str] | None


@dataclass(frozen=True, slots=True)
class SeenStill:
    """A still by its id; ``whole`` tells whether it can be opened."""

    id: str
    kind: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Identified:
    """How somebody was identified by sight; ``informer`` is the name of who did it, ``leave`` opens the stills."""

    visual: Visual
    informer: str
    stills: tuple[SeenStill, ...]
    leave: str


class Suspicions:
    """What was kept apart.

    A leave to see one is a moment and a keyed digest of it, of the suspicion and of the person: it needs no row of its
    own, holds in every process, is worth nothing to anybody else, and is made only when its fact is in the journal.
    """

    def __init__(self, work: Work, archive: Archive, *, vault: StillVault, pseudonyms: Pseudonyms) -> None:
        self._work = work
        self._archive = archive
        self._vault = vault
        self._pseudonyms = pseudonyms

    async def listed(self, person: Person, after: tuple[datetime, str] | None = None) -> Listed:
        """A page of the organisation's, the newest first, without who the citizens were; raises `AccessDenied`."""
        await self._enter(person)

        async def question(transaction: Transaction, _: datetime) -> Sequence[Suspected]:
            return await transaction.visuals.suspicions(after, PAGE + 1)

        found = await self._work.read(the_service(person.organisation), question)
        last = found[PAGE - 1] if len(found) > PAGE else None
        return Listed(found[:PAGE], (last.at, last.visual) if last else None)

    async def line(self, person: Person, visual: str) -> Suspected:
        """The line of one; raises `AccessDenied` or `NotFound`."""
        await self._enter(person)

        async def question(transaction: Transaction, _: datetime) -> Suspected:
            return await transaction.visuals.suspected(visual)

        return await self._work.read(the_service(person.organisation), question)

    async def open(self, person: Person, visual: str, purpose: str, *, case: str) -> str:
        """A leave to see one, until `GRANT_LASTS` from now, for what is said in the journal from then on.

        Raises `StepRefused` (``purpose_too_short``, ``case_missing``, ``case_unclear``, ``own_work`` for the informer
        of the attention, ``restricted``), `AccessDenied` or `NotFound`.
        """
        await self._enter(person)
        said = purpose_said(purpose), case_said(case)
        until: list[datetime] = []
        await self._work.carry_out(acting_as("auditor", person), _opening(person, visual, said, until))
        return await self._leave(person, visual, until[-1])

    async def read(self, person: Person, visual: str, leave: str) -> tuple[Suspicion, tuple[SeenStill, ...]]:
        """One whole, and which of its stills can be opened; raises `AccessDenied`, journalled, or `NotFound`."""
        await self._must_hold(person, visual, leave)

        async def question(
            transaction: Transaction, _: datetime
        ) -> tuple[Suspicion, tuple[tuple[str, SealedStill], ...]]:
            return await transaction.visuals.suspicion(visual), await _stills(transaction, visual)

        suspicion, stills = await self._work.read(the_service(person.organisation), question)
        return suspicion, await self._tried(person.organisation, stills)

    async def picture(self, person: Person, still: tuple[str, str], leave: str) -> bytes:
        """A still, by its suspicion and id; raises as `read`, `KeyUnusable` or `MediaTampered`."""
        visual, _ = still
        await self._must_hold(person, visual, leave)
        return await self._picture(person, still)

    async def of_recording(self, person: Person, recording: str) -> Identified:
        """How the citizen of a recording was identified by sight, to who may play it now; the journal has it before.

        Raises `AccessDenied`, `NotFound` (also when they were identified in another way) or `MediaErased`.
        """
        await self._archive.play(person, recording)
        found: list[tuple[Visual, str, tuple[tuple[str, SealedStill], ...]]] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            visual, informer = await _identified(transaction, recording)
            found[:] = [(visual, informer, await _stills(transaction, visual.id))]
            return (IdentificationSeen(visual.attention, recording, visual.id),)

        await self._work.carry_out(acting_as("auditor", person), action)
        ((visual, informer, stills),) = found
        leave = await self._leave(person, recording, self._work.clock.now() + GRANT_LASTS, _STILLS)
        return Identified(visual, informer, await self._tried(person.organisation, stills), leave)

    async def picture_of_recording(self, person: Person, recording: str, still: str, leave: str) -> bytes:
        """A still of the identification in a recording, with the leave that its opening gave.

        Raises as `of_recording`, `KeyUnusable` or `MediaTampered`.
        """
        await self._archive.play(person, recording)
        if not await self._holds(person, recording, leave, _STILLS):
            await self._archive.refused(person, recording, "no_purpose")
            raise AccessDenied("no_purpose")

        async def question(transaction: Transaction, _: datetime) -> str:
            return (await _identified(transaction, recording))[0].id

        visual = await self._work.read(the_service(person.organisation), question)
        return await self._picture(person, (visual, still))

    async def _enter(self, person: Person) -> None:
        await self._archive.enter(person, Action.READ_SUSPICIONS, "suspicions")

    async def _leave(self, person: Person, of: str, until: datetime, use: str = _USE) -> str:
        ends = str(int(until.timestamp()))
        return f"{ends}.{await self._pseudonyms.of(person.organisation, use, f'{of} {person.subject} {ends}')}"

    async def _holds(self, person: Person, of: str, leave: str, use: str = _USE) -> bool:
        """Whether this leave was given to this person, for this, and lasts."""
        ends, _, _ = leave.partition(".")
        if not (ends.isascii() and ends.isdecimal() and len(ends) <= len("9999999999")):
            return False
        until = datetime.fromtimestamp(int(ends), UTC)
        theirs = await self._leave(person, of, until, use)
        return until > self._work.clock.now() and hmac.compare_digest(theirs.encode(), leave.encode())

    async def _must_hold(self, person: Person, visual: str, leave: str) -> None:
        """A leave that was given before the data were restricted is worth nothing while they are."""
        await self._enter(person)
        reason = "no_purpose"
        if await self._holds(person, visual, leave):
            if not await self._is_restricted(person.organisation, visual):
                return
            reason = "restricted"
        await self._archive.turned_away(person, Action.READ_SUSPICIONS, "suspicions", reason)
        raise AccessDenied(reason)

    async def _is_restricted(self, organisation: str, visual: str) -> bool:
        async def question(transaction: Transaction, _: datetime) -> bool:
            return await is_restricted(transaction, (await transaction.visuals.suspicion(visual)).attention)

        return await self._work.read(the_service(organisation), question)

    async def _picture(self, person: Person, still: tuple[str, str]) -> bytes:
        async def question(transaction: Transaction, _: datetime) -> SealedStill:
            return await transaction.visuals.still(*still)

        sealed = await self._work.read(the_service(person.organisation), question)
        return await self._vault.open(person.organisation, sealed)

    async def _tried(self, organisation: str, stills: Sequence[tuple[str, SealedStill]]) -> tuple[SeenStill, ...]:
        """Each with whether it can be opened; one that cannot hides none of the others."""
        seen = []
        for kind, still in stills:
            whole = True
            try:
                await self._vault.open(organisation, still)
            except (KeyUnusable, MediaTampered):
                _log.exception("still_not_opened", organisation=organisation, still=still.id)
                whole = False
            seen.append(SeenStill(still.id, kind, whole))
        return tuple(seen)


def _opening(person: Person, visual: str, said: tuple[str, str], until: list[datetime]) -> Step:
    """The fact of an opening; ``until`` is told when it is written."""
    purpose, case = said

    async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
        suspicion = await transaction.visuals.suspicion(visual)
        must_be_anothers(await transaction.attentions.get(suspicion.attention), person.subject)
        if await is_restricted(transaction, suspicion.attention):
            raise StepRefused("restricted", f"the data of attention {suspicion.attention} are restricted")
        # whole seconds: so the journal says the very moment that the leave says
        until[:] = [(now + GRANT_LASTS).replace(microsecond=0)]
        ends = until[-1].isoformat()
        return (SuspicionOpened(visual, person.subject, person.position, purpose, case, ends),)

    return action


async def _identified(transaction: Transaction, recording: str) -> tuple[Visual, str]:
    """How the citizen of a recording was identified, and the name of its informer."""
    attention = await transaction.attentions.get((await transaction.recordings.get(recording)).attention)
    visual = await transaction.visuals.accepted_of(attention.id)
    if visual is None:
        raise NotFound("nobody was identified by sight in this recording")
    informer = attention.informer
    return visual, informer.name if informer is not None and informer.subject == visual.informer else ""


async def _stills(transaction: Transaction, name: str) -> tuple[tuple[str, SealedStill], ...]:
    """Its stills; none of one whose term ended meanwhile."""
    try:
        stills = (await transaction.visuals.get(name)).stills
        return tuple([(still.kind.value, await transaction.visuals.still(name, still.id)) for still in stills])
    except NotFound:
        return ()
