"""Reviews as people and the service bring them about: which recordings are looked at, by whom, with what verdict."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain.access import Action
from videoattention.domain.facts import RecordingSealed
from videoattention.domain.levels import Level
from videoattention.domain.own_work import must_be_anothers
from videoattention.domain.recording import RecordingStage
from videoattention.domain.reviewing import DRAWS, Grounds, Judgement, Review, Verdict, checked
from videoattention.domain.risks import Story, risks_of, weight_of
from videoattention.services.ports import NotFound
from videoattention.services.reviews import Written
from videoattention.services.work import acting_as, the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.domain.levels import LevelPolicy
    from videoattention.domain.people import Person
    from videoattention.domain.recording import Recording
    from videoattention.domain.reviewing import ReviewChange
    from videoattention.services.archive import Archive
    from videoattention.services.checklists import Checklist
    from videoattention.services.ports import Entry, Transaction
    from videoattention.services.views import JournalLine, Views
    from videoattention.services.views.archive import ArchiveViews
    from videoattention.services.work import Step, Work

_log = structlog.get_logger()

KEY_BYTES: Final = 32
SALT_BYTES: Final = 32
REMEMBERED: Final = timedelta(days=365)
"""How long an informer's past findings make their recordings riskier."""

AGAIN_S: Final = 600.0
"""Seconds between two looks at sealed recordings that nobody considered."""

MOST_FAILURES: Final = 3
"""How often a recording may fail to be considered before it is left out until the service starts anew."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How much is looked at beside what must be: ``share`` of `DRAWS` by chance, and risks from ``weight`` on."""

    share: int = 500
    weight: int = 3


def draw_of(key: bytes, recording: str) -> int:
    """The number below `DRAWS` that this key draws for a recording: always the same, and nobody without it knows it."""
    return int.from_bytes(hmac.digest(key, b"videoattention-review-1:" + recording.encode(), "sha256")) % DRAWS


def hash_of(salt: bytes, words: str) -> str:
    """The salted SHA-256 of words (hex); nothing for no words."""
    return hmac.digest(salt, words.encode(), sha256).hex() if words else ""


class Considering:
    """Puts every sealed recording before the rules, which say whether it is to be reviewed."""

    def __init__(self, work: Work, views: Views, *, archive_views: ArchiveViews, sampling: Sampling) -> None:
        self._work = work
        self._views = views
        self._archive_views = archive_views
        self._sampling = sampling
        self._sealed: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self._failures: Counter[str] = Counter()

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note of what was sealed."""
        for entry in entries:
            if isinstance(entry.fact, RecordingSealed):
                self._sealed.put_nowait((entry.organisation, entry.fact.attention, entry.fact.recording))

    async def run(self) -> None:
        """Consider what is sealed, and from time to time what was left out, until cancelled."""
        while True:
            try:
                await self.catch_up()
                async with asyncio.timeout(AGAIN_S):
                    while True:
                        await self._next()
            except TimeoutError:
                continue
            except Exception:  # noqa: BLE001 - what could not be considered now is considered in the next look
                _log.exception("considering_failed")
                await asyncio.sleep(1)

    async def _next(self) -> None:
        sealed = await self._sealed.get()
        try:
            await self._try(*sealed)
        finally:
            self._sealed.task_done()

    async def settled(self) -> None:
        """Wait until everything that was heard of is considered."""
        await self._sealed.join()

    async def catch_up(self) -> None:
        """Consider whatever was sealed and never considered, but for what failed `MOST_FAILURES` times."""
        left_out = [recording for recording, failures in self._failures.items() if failures >= MOST_FAILURES]
        for sealed in await self._archive_views.unconsidered(left_out):
            await self._try(*sealed)

    async def _try(self, organisation: str, attention: str, recording: str) -> None:
        """Consider one; if it fails, the others go on and this one is tried in a later look."""
        try:
            await self.consider(organisation, attention, recording)
        except Exception:  # noqa: BLE001 - whatever is wrong with one recording stops the review of no other
            self._failures[recording] += 1
            left_out = self._failures[recording] >= MOST_FAILURES
            _log.exception("considering_failed", organisation=organisation, recording=recording, left_out=left_out)
        else:
            self._failures.pop(recording, None)

    async def consider(self, organisation: str, attention: str, recording: str) -> None:
        """Say once whether a sealed recording is to be reviewed, and why."""
        journal = await self._views.journal(organisation, attention)
        await self._work.carry_out(the_service(organisation), self._considering(recording, journal))

    def _considering(self, name: str, journal: Sequence[JournalLine]) -> Step:
        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            recording = await transaction.recordings.get(name)
            if recording.stage is not RecordingStage.SEALED or await _is_considered(transaction, name):
                return ()
            grounds = await self._grounds(transaction, recording, journal=journal, now=now)
            review = Review(name, recording.attention, recording.organisation, grounds, now)
            change = review.considered()
            await transaction.reviews.add(change.review)
            return change.facts

        return action

    async def _grounds(
        self, transaction: Transaction, recording: Recording, *, journal: Sequence[JournalLine], now: datetime
    ) -> Grounds:
        attention = await transaction.attentions.get(recording.attention)
        demanded = demanded_by_policy(attention, recording)
        informer = attention.informer.subject if attention.informer else ""
        past = await transaction.reviews.past_findings(informer, now - REMEMBERED)
        risks = risks_of(Story(journal, recording.parts, past))
        key = await transaction.reviews.key(secrets.token_bytes(KEY_BYTES))
        return Grounds(
            required=demanded.review,
            second=demanded.second_review,
            risks=risks,
            risky=weight_of(risks) >= self._sampling.weight,
            draw=draw_of(key, recording.id),
            share=self._sampling.share,
        )


def demanded_by_policy(attention: Attention, recording: Recording) -> LevelPolicy:
    """What the policy that the attention ran under demands at the level for which the recording was consented."""
    consent = next(consent for consent in attention.consents if consent.id == recording.consent)
    return attention.policy.of(Level(consent.level))


async def _is_considered(transaction: Transaction, recording: str) -> bool:
    try:
        await transaction.reviews.get(recording)
    except NotFound:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as it was written in the form."""

    verdict: str
    answers: Mapping[str, str]
    words: str


class Reviewing:
    """What an auditor does with a review; a purpose and a case must be stated for the recording before."""

    def __init__(
        self,
        work: Work,
        archive: Archive,
        checklist: Checklist,
        *,
        salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES),
    ) -> None:
        self._work = work
        self._archive = archive
        self._checklist = checklist
        self._salt = salt

    async def open(self, person: Person, recording: str) -> None:
        """Take the review; raises `StepRefused` (``own_work`` to its informer), `AccessDenied` or `NotFound`."""
        await self._change(person, recording, lambda review, now: review.open(person.subject, now))

    async def leave(self, person: Person, recording: str) -> None:
        """Give it back; raises as `open`."""
        await self._change(person, recording, lambda review, _: review.leave(person.subject))

    async def judge(self, person: Person, recording: str, said: Said) -> None:
        """Say the verdict; raises as `open`, and `StepRefused` for a verdict that says nothing."""
        words = "\n".join(" ".join(line.split()) for line in said.words.splitlines()).strip()
        answers = checked(said.verdict, said.answers, self._checklist.items, words)
        salt = self._salt()

        def step(review: Review, now: datetime) -> ReviewChange:
            hashed, version = hash_of(salt, words), self._checklist.version
            return review.judge(Judgement(person.subject, Verdict(said.verdict), version, answers, hashed, now))

        await self._change(person, recording, step, Written(person.name, words, salt))

    async def _change(
        self,
        person: Person,
        recording: str,
        step: Callable[[Review, datetime], ReviewChange],
        written: Written | None = None,
    ) -> None:
        await self._archive.opened(person, Action.REVIEW, recording)

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            review = await transaction.reviews.get(recording)
            must_be_anothers(await transaction.attentions.get(review.attention), person.subject)
            change = step(review, now)
            await transaction.reviews.save(change.review, written)
            return change.facts

        await self._work.carry_out(acting_as("auditor", person), action)
