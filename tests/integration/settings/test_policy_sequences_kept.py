"""The random sequences of the domain again, with every step kept in SQLite and read back, and policies really made."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.integration.settings.administrators import ORGANISATION, TownHall, somebody
from tests.unit.domain.samples import NOW, WORDING, later
from tests.unit.domain.sequences import POLICIES, STEPS, WEIGHED, Notary, Story
from videoattention.adapters.db.catalogue import keep_texts
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.bootstrap.ground import new_id
from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import OutcomeKind, Purpose
from videoattention.domain.stages import Stage
from videoattention.services.archive import Archive
from videoattention.services.policy_making import PolicyMaking
from videoattention.services.reception import Reception
from videoattention.services.texts import ShownText

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.domain.attention import Attention
    from videoattention.domain.change import Change
    from videoattention.domain.facts import Fact
    from videoattention.domain.policies import Policy

SEQUENCES, STEPS_EACH = 50, 36


class KeptStory(Story):
    """A story whose changes are gathered, to be kept before the next step."""

    changed: Change | None = None
    wants_next = False

    def begin(self) -> None:
        self.wants_next = True

    def happen(self, change: Change) -> None:
        self.changed = change
        super().happen(change)


class Office:
    """What keeps the steps: one organisation's register, reception and administrators."""

    def __init__(self, hall: TownHall) -> None:
        self.hall = hall
        views = DatabaseViews(hall.database)
        self.reception = Reception(hall.work, views, new_id)
        archive = Archive(hall.work, views, new_id)
        self.making = PolicyMaking(hall.work, archive, register=hall.register, clock=hall.clock, texts=hall.texts)
        self.pere = somebody()
        self.kept = 0

    async def tell(self, sequence: bytes) -> None:
        """Take the steps of a sequence; every change is kept, and what is read back is what was kept."""
        story = KeptStory()
        await self._policy(POLICIES[sequence[0] % len(POLICIES)])
        for byte in sequence[1:]:
            if story.wants_next:
                await self._next(story)
            policy = story.policy
            story.take(STEPS[WEIGHED[byte % len(WEIGHED)]])
            if story.policy is not policy:
                await self._policy(story.policy)
            await self._keep(story)
        await self._tidy(story)

    async def _policy(self, wanted: Policy) -> None:
        base = (await self.making.book(self.pere)).in_force.policy
        try:
            await self.making.make(
                self.pere,
                lambda old: replace(wanted, version=old.version + 1),
                base=base.version,
                reason="as the sequence says",
            )
        except StepRefused as refused:
            assert refused.code == "nothing_changed"  # noqa: PT017 - anything else is a fault

    async def _next(self, story: KeptStory) -> None:
        _, attention = await self.reception.request("oac-girona", "idcat", "ca")
        story.attention, story.wants_next = await self._read(attention), False
        in_force = (await self.making.book(self.pere)).in_force.policy
        assert story.attention.policy == in_force.of("idcat")
        story.notary = Notary(story.attention.policy)
        story.recorder, story.writing, story.stored = "", False, frozenset()

    async def _read(self, attention: str) -> Attention:
        async with self.hall.register.begin(ORGANISATION, "service", NOW) as transaction:
            return await transaction.attentions.get(attention)

    async def _keep(self, story: KeptStory) -> None:
        if story.changed is None or story.wants_next:
            story.changed = None
            return
        change, story.changed = story.changed, None
        async with self.hall.register.begin(ORGANISATION, "service", NOW) as transaction:
            await transaction.attentions.save(change.attention)
            facts: tuple[Fact, ...] = change.facts
            await transaction.commit(*facts)
        read = await self._read(change.attention.id)
        assert read == replace(change.attention, version=change.attention.version + 1)
        assert read.policy == story.notary.rules
        story.attention = read
        self.kept += 1

    async def _tidy(self, story: KeptStory) -> None:
        """Close what is open: an informer has one citizen at a time."""
        a = story.attention
        if a.stage in {Stage.WAITING, Stage.OFFERED}:
            story.happen(a.abandon("absent", later(story.seconds)))
            await self._keep(story)
        if a.stage is Stage.TALKING:
            story.happen(a.hang_up("service", later(story.seconds)))
            await self._keep(story)
        if story.attention.stage is Stage.WRAPPING_UP:
            story.happen(story.attention.conclude("inf-1", "over", OutcomeKind.UNFINISHED))
            await self._keep(story)


async def test_kept_sequences_neither_record_nor_represent_without_proof(tmp_path: Path) -> None:
    chance = Random(uuid4().int)  # noqa: S311 - other sequences each time; what breaks tells its steps
    database = Database(f"sqlite:///{tmp_path / 'sequences.db'}")
    async with TownHall(database) as hall:
        await keep_texts(database, (ShownText(WORDING, "Text", ("Words",), frozenset(Purpose)),))
        office = Office(hall)
        for _ in range(SEQUENCES):
            await office.tell(chance.randbytes(STEPS_EACH + 1))
        assert office.kept > 5 * SEQUENCES
        assert len((await office.making.book(office.pere)).versions) > SEQUENCES / 2
        assert isinstance(await Journal(database).verify(ORGANISATION), Verified)
    await database.close()
