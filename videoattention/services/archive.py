"""The auditor's way to a recording: who, why, and only then what. Every refusal is journalled too."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from videoattention.domain.access import Action, Resource, decide
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import AccessRefused, PlaybackRefused, PurposeStated
from videoattention.domain.recording import RecordingStage
from videoattention.services.ports import Grant, NotFound
from videoattention.services.restriction import is_restricted
from videoattention.services.vault import MediaErased
from videoattention.services.work import Acting, acting_as

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.domain.recording import Recording
    from videoattention.services.ports import Transaction
    from videoattention.services.views import Views
    from videoattention.services.work import Step, Work

GRANT_LASTS = timedelta(hours=2)
"""A stated purpose opens one recording for so long."""

LEAST_PURPOSE = 10
"""Characters below which a purpose says nothing."""

LONGEST_NAME = 64
"""Characters that the journal keeps of what somebody says that a recording is called."""

_CASE: Final = re.compile(r"(?=.*[0-9])[^\W_][\w ./:()-]{1,62}[\w)]")
"""What offices call their cases: letters, figures and the marks between them, with a figure somewhere."""


def purpose_said(purpose: str) -> str:
    """The purpose in one line; raises ``purpose_too_short``."""
    said = " ".join(purpose.split())
    if len(said) < LEAST_PURPOSE:
        raise StepRefused("purpose_too_short", "say in a few words why the recording must be seen")
    return said


def case_said(case: str) -> str:
    """The number of a case in one line; raises ``case_missing`` or ``case_unclear``."""
    said = " ".join(case.split())
    if not said:
        raise StepRefused("case_missing", "say which case it is for")
    if not _CASE.fullmatch(said):
        raise StepRefused("case_unclear", "this is not the number of a case")
    return said


class AccessDenied(Exception):
    """The person may not; ``code`` is the stable reason. The refusal is in the journal."""

    def __init__(self, code: str) -> None:
        """Keep the reason."""
        super().__init__(code)
        self.code = code


class Archive:
    """Purposes, grants and refusals."""

    def __init__(self, work: Work, views: Views, new_id: Callable[[], str]) -> None:
        self._work = work
        self._views = views
        self._new_id = new_id

    async def enter(self, person: Person, action: Action, place: str = "archive") -> None:
        """Whether the person may do this in their organisation at all; raises `AccessDenied`, journalled."""
        decision = decide(person, action, Resource(person.organisation))
        if not decision.allowed:
            await self.turned_away(person, action, place, decision.reason)
            raise AccessDenied(decision.reason)

    async def turned_away(self, person: Person, action: Action, place: str, reason: str) -> None:
        """Journal that the person was not let do this."""
        await self._tell(person.organisation, person, AccessRefused(action, place, reason))

    async def state_purpose(self, person: Person, recording: str, purpose: str, *, case: str) -> None:
        """Say why the recording must be seen and for which case, and be let in until `GRANT_LASTS` from now.

        What is left of an erased one, its journal, opens in no other way; its bytes are never given again.

        Raises `StepRefused` (``purpose_too_short``, ``case_missing``, ``case_unclear``, ``restricted``),
        `AccessDenied` or `NotFound`.
        """
        await self.enter(person, Action.STATE_PURPOSE)
        why = purpose_said(purpose), case_said(case)
        try:
            await self._work.carry_out(acting_as("auditor", person), self._granting(person, recording, why))
        except NotFound:
            await self.refused(person, recording, "not_found")
            raise

    def _granting(self, person: Person, recording: str, why: tuple[str, str]) -> Step:
        purpose, case = why

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            found = await transaction.recordings.get(recording)
            if await is_restricted(transaction, found.attention):
                raise StepRefused("restricted", f"recording {recording} is restricted")
            grant = Grant(self._new_id(), recording, person.subject, purpose, now + GRANT_LASTS, case)
            await transaction.grants.add(grant)
            until = grant.until.isoformat()
            return (PurposeStated(found.attention, recording, grant.id, purpose, until, case, person.position),)

        return action

    async def held(self, person: Person, recording: str) -> Grant | None:
        """The person's leave to play this recording, if it lasts and nothing restricts it; raises `NotFound`."""

        async def question(transaction: Transaction, now: datetime) -> Grant | None:
            found = await transaction.recordings.get(recording)
            if await is_restricted(transaction, found.attention):
                return None
            return await transaction.grants.held(recording, person.subject, now)

        return await self._work.read(acting_as("auditor", person), question)

    async def opened(self, person: Person, action: Action, recording: str) -> Grant:
        """The person's leave for this recording, for what it needs one for; raises as `play`, and journals as it."""
        await self._may(person, action, recording)
        grant = await self.held(person, recording)
        if grant is None:
            await self.refused(person, recording, "no_purpose")
            raise AccessDenied("no_purpose")
        return grant

    async def play(self, person: Person, recording: str) -> None:
        """Whether the person may be given its bytes now; raises `AccessDenied`, `NotFound` or `MediaErased`."""
        await self._may(person, Action.PLAY, recording)

    async def keep_from_taking(self, person: Person, recording: str) -> NoReturn:
        """Somebody who may play it asked for its bytes and not to play them; raises `AccessDenied`, journalled."""
        found, _ = await self._find(person, recording)
        await self.refused(person, recording, "not_played", found)
        raise AccessDenied("not_played")

    async def _may(self, person: Person, action: Action, recording: str) -> None:
        found, known = await self._find(person, recording)
        entitled = decide(person, action, replace(known, purpose_stated=True, restricted=False))
        if not entitled.allowed:  # before anything that would tell whether there is such a recording
            await self.refused(person, recording, entitled.reason, found)
            raise AccessDenied(entitled.reason)
        if found is None:
            await self.refused(person, recording, "not_found")
            raise NotFound("no such recording")
        decision = decide(person, action, known)
        if not decision.allowed:
            await self.refused(person, recording, decision.reason, found)
            raise AccessDenied(decision.reason)
        if found.stage is RecordingStage.ERASED:
            await self.refused(person, recording, "already_erased", found)
            raise MediaErased(f"recording {recording} was erased")

    async def _find(self, person: Person, recording: str) -> tuple[Recording | None, Resource]:
        """The recording, and what decides whether it opens, at one moment; players ask often and wait for no writer."""

        async def question(transaction: Transaction, now: datetime) -> tuple[Recording, Resource]:
            one = await transaction.recordings.get(recording)
            stated = await transaction.grants.held(recording, person.subject, now) is not None
            restricted = await is_restricted(transaction, one.attention)
            return one, Resource(one.organisation, purpose_stated=stated, restricted=restricted)

        try:
            return await self._work.look(person.organisation, question)
        except NotFound:
            return None, Resource(person.organisation)

    async def refused(self, person: Person, recording: str, reason: str, found: Recording | None = None) -> None:
        """Journal a refusal where the person belongs and, if that is elsewhere, where the recording belongs."""
        recording = recording[:LONGEST_NAME]
        fact = PlaybackRefused(recording, reason, found.attention if found else None)
        await self._tell(person.organisation, person, fact)
        owner = None if found else await self._views.owner_of_recording(recording)
        if owner:
            await self._tell(owner, person, PlaybackRefused(recording, "other_organisation"))

    async def _tell(self, organisation: str, person: Person, fact: Fact) -> None:
        await self._work.tell(Acting(organisation, f"staff:{person.subject}"), fact)
