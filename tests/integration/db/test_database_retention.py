"""Requests, quarantine and erasing on both databases, with the vault's real keys and files."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, commit, record, talking
from tests.integration.db.test_database_keeping import CASE, Room, _names, room
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.queries import DatabaseViews
from videoattention.adapters.db.queries.rights import DatabaseRights
from videoattention.adapters.db.schema import metadata
from videoattention.adapters.db.seals import DatabaseSeals
from videoattention.adapters.db.tables import attentions, consents, journal
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import AttentionConcluded, ConsentWitnessed, LevelRaised, RecordingErased
from videoattention.domain.people import Person, Role
from videoattention.domain.recording import RecordingStage
from videoattention.domain.retention import QUARANTINE, RetentionStage
from videoattention.domain.rights import HOLD_GROUND, OPEN, RequestStage, Right
from videoattention.services.archive import AccessDenied, Archive
from videoattention.services.erasing import Erasing
from videoattention.services.ports import NotFound
from videoattention.services.retention import Retention
from videoattention.services.rights import Rights, said
from videoattention.services.unmaking import Unmaking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from videoattention.domain.retention import Keeping
    from videoattention.domain.rights import DataRequest
    from videoattention.services.ports import Entry

__all__ = ["room"]

OFFICER: Final = Person("montse", ORGANISATION, "Montse", "", frozenset({Role.DATA_OFFICER}), frozenset())
ANOTHER: Final = Person("roser", ORGANISATION, "Roser", "", frozenset({Role.DATA_OFFICER}), frozenset())
AUDITOR: Final = Person("aina", ORGANISATION, "Aina", "", frozenset({Role.AUDITOR}), frozenset())
PERIOD: Final = timedelta(days=5 * 365)
WHY: Final = "Because of the case that is told here"
DAY: Final = 86400.0


class Killed(BaseException):
    """The process ended here."""


class Keepers:
    """What keeps, answers and erases; ``dies_after`` commits the process is killed."""

    def __init__(self, room: Room) -> None:
        self.room, self.dies_after, self.commits = room, -1, 0
        self.kept = DatabaseRights(room.database)
        erasing = Erasing(
            room.work,
            room.signer,
            seals=DatabaseSeals(room.database),
            removal=room.removal,
            scrub=room.database.scrub,
            software="videoattention 0",
        )
        unmaking = Unmaking(room.work, erasing, scrub=room.database.scrub)
        self.archive = Archive(room.work, DatabaseViews(room.database), iter(f"g{n}" for n in range(999)).__next__)
        ids = iter(f"q{number}" for number in range(9999)).__next__
        self.rights = Rights(room.work, self.archive, unmaking=unmaking, kept=self.kept, new_id=ids)
        self.retention = Retention(room.work, room.register, room.clock, kept=self.kept, unmaking=unmaking)
        room.work._announcer = self

    def committed(self, entries: Sequence[Entry]) -> None:
        """Heard after each commit."""
        self.room.told += entries
        self.commits += 1
        if self.commits == self.dies_after:
            raise Killed

    async def end(self, attention: str = "a1", *, at: datetime = NOW) -> None:
        """The call is over and its outcome written."""
        async with self.room.database.writing() as connection:
            mine = attentions.c.id == attention
            over = {"stage": "closed", "ended_at": at, "outcome": "Pere Puig va demanar el volant", "level": "attended"}
            await connection.execute(attentions.update().where(mine).values(**over))
            await connection.commit()
        told = AttentionConcluded(attention, "Pere Puig va demanar el volant", "attended")
        await commit(self.room.register, LevelRaised(attention, "attended"), told)

    async def request(self, name: str) -> DataRequest:
        """One request as it is kept."""
        async with self.room.register.begin(ORGANISATION, "service", NOW) as transaction:
            return await transaction.requests.get(name)

    async def keeping(self, attention: str = "a1") -> Keeping | None:
        """One keeping."""
        return await self.kept.keeping_of(ORGANISATION, attention)

    async def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table."""
        async with self.room.database.reading() as connection:
            return {
                table.name: sorted(map(tuple, (await connection.execute(select(table))).all()), key=repr)
                for table in metadata.sorted_tables
            }

    async def silent(self, attention: str = "a1") -> list[str]:
        """The kinds of the entries that say nothing any more."""
        query = select(journal.c.kind).where(journal.c.attention == attention, journal.c.body.is_(None))
        async with self.room.database.reading() as connection:
            return [row.kind for row in await connection.execute(query)]

    async def identity(self, attention: str = "a1") -> tuple[object, ...]:
        """Who the citizen was, as the row has it."""
        columns = attentions.c.identity_name, attentions.c.identity_document, attentions.c.outcome
        async with self.room.database.reading() as connection:
            return tuple((await connection.execute(select(*columns).where(attentions.c.id == attention))).one())

    async def noted(self, attention: str = "a1") -> tuple[object, ...]:
        """A witness's note and its salt, and what the journal says of it."""
        columns = consents.c.note, consents.c.note_salt
        told = select(journal.c.body).where(journal.c.attention == attention, journal.c.kind == "ConsentWitnessed")
        async with self.room.database.reading() as connection:
            row = (await connection.execute(select(*columns).where(consents.c.attention == attention))).one()
            body = (await connection.execute(told)).scalar_one()
        return (*row, json.loads(body)["note"])

    async def whats(self, run: Callable[[], Awaitable[object]] | None = None) -> list[tuple[str, str]]:
        """What a run did, by what and why."""
        report = await (run or self.retention.run)()
        return [(line.what, line.why) for line in report.lines]  # type: ignore[attr-defined]  # a report


@pytest.fixture
async def keepers(room: Room) -> Keepers:
    made = Keepers(room)
    await made.end()
    return made


async def _is_gone(keepers: Keepers) -> None:
    assert (await keepers.room.recording()).stage is RecordingStage.ERASED
    assert _names(keepers.room.folder) == []
    assert await keepers.room.erasures.of(ORGANISATION, "r1")
    assert await keepers.identity() == ("", "", "")
    assert sorted(await keepers.silent()) == ["AttentionConcluded", "CitizenIdentified"] or await keepers.silent()
    verified = await Journal(keepers.room.database).verify(ORGANISATION)
    assert isinstance(verified, Verified)
    assert verified.erased == len(await keepers.silent())


async def _says(keepers: Keepers, reason: str, request: str | None = None) -> None:
    """The signed certificate and the journal have the same reason, which is a code and no sentence in a language."""
    kept = await keepers.room.erasures.of(ORGANISATION, "r1")
    assert kept
    assert (kept.said["reason"], kept.said.get("request")) == (reason, request)
    public = load_pem_public_key(kept.public_key)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(kept.signature, kept.certificate)
    told = [entry.fact for entry in keepers.room.told if isinstance(entry.fact, RecordingErased)]
    assert [fact.reason for fact in told] == [reason]


async def test_what_was_kept_long_enough_is_announced_and_then_erased(keepers: Keepers) -> None:
    rule = "consulta/attended"
    assert await keepers.whats() == []
    kept = await keepers.keeping()
    assert kept
    assert (kept.until, kept.rule) == (NOW + PERIOD, rule)
    keepers.room.clock.at = NOW + PERIOD - timedelta(seconds=1)
    assert await keepers.whats() == []
    keepers.room.clock.at = NOW + PERIOD
    assert await keepers.whats() == [("quarantined", rule)]
    assert await keepers.whats() == []
    assert [seen.attention for seen in await keepers.kept.quarantined(ORGANISATION, "ca")] == ["a1"]
    assert await keepers.kept.quarantined(OTHER, "ca") == []
    keepers.room.clock.at += QUARANTINE - timedelta(seconds=1)
    assert await keepers.whats() == []
    assert (await keepers.identity())[0] == "Pere Puig"
    keepers.room.clock.move(1)
    assert await keepers.whats() == [("erased", rule)]
    await _is_gone(keepers)
    await _says(keepers, f"retention:{rule}")
    assert await keepers.whats() == []
    with pytest.raises(StepRefused) as refused:
        await keepers.rights.ask(ORGANISATION, "a1", Right.COPY, "")
    assert refused.value.code == "nothing_kept"


async def test_a_witness_note_goes_with_its_salt_and_what_is_left_tells_nothing(keepers: Keepers) -> None:
    note = said("Té les mans ocupades; ho ha dit.")
    async with keepers.room.register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
        found = await transaction.attentions.get("a1")
        (witnessed,) = (consent.witnessed(note) for consent in found.consents)
        await transaction.attentions.save(replace(found, consents=(witnessed,)))
        await transaction.commit(ConsentWitnessed("a1", witnessed.id, "give", note.hash))
    assert await keepers.noted() == (note.words, note.salt, note.hash)
    keepers.room.clock.at = NOW + PERIOD
    await keepers.whats()
    keepers.room.clock.at += QUARANTINE
    assert [what for what, _ in await keepers.whats()] == ["erased"]
    assert await keepers.noted() == ("", None, note.hash)
    await _is_gone(keepers)


async def test_a_hold_a_restriction_an_open_request_and_an_officer_keep_it(keepers: Keepers) -> None:
    keepers.room.clock.at = NOW + PERIOD
    hold = await keepers.room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    assert await keepers.whats() == [("kept", "on_hold")]
    await keepers.room.keeping.release(ORGANISATION, hold, reason=WHY, by="jutge")
    keepers.room.clock.move(DAY)
    assert [what for what, _ in await keepers.whats()] == ["quarantined"]
    keepers.room.clock.at += QUARANTINE
    await keepers.room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    assert await keepers.whats() == [("kept", "on_hold")]
    await keepers.room.keeping.release(ORGANISATION, "r1", reason=WHY, by="jutge")
    restriction = await keepers.rights.ask(ORGANISATION, "a1", Right.RESTRICTION, "")
    keepers.room.clock.move(DAY)
    assert await keepers.whats() == [("kept", "request_open")]
    assert (await keepers.rights.decide(OFFICER, restriction, "contested", "")).restricts
    keepers.room.clock.move(DAY)
    assert await keepers.whats() == [("kept", "restricted")]
    await keepers.rights.lift(OFFICER, restriction, WHY)
    keepers.room.clock.move(DAY)
    assert [what for what, _ in await keepers.whats()] == ["quarantined"]
    with pytest.raises(StepRefused):
        await keepers.rights.rescue(OFFICER, "a1", 31, WHY)
    await keepers.rights.rescue(OFFICER, "a1", 30, WHY)
    keepers.room.clock.move(8 * DAY)
    assert await keepers.whats() == []
    keepers.room.clock.move(22 * DAY)
    assert [what for what, _ in await keepers.whats()] == ["quarantined"]
    keepers.room.clock.move(7 * DAY)
    assert [what for what, _ in await keepers.whats()] == ["erased"]
    await _is_gone(keepers)


async def test_a_dry_run_tells_what_a_run_would_do_and_changes_nothing(keepers: Keepers) -> None:
    rule = "consulta/attended"
    for at, expected in (
        (NOW, []),
        (NOW + PERIOD, [("quarantined", rule)]),
        (NOW + PERIOD + QUARANTINE, [("erased", rule)]),
    ):
        keepers.room.clock.at = at
        before = await keepers.everything()
        assert await keepers.whats(keepers.retention.foresee) == expected
        assert await keepers.everything() == before
        assert await keepers.whats() == expected


@pytest.mark.parametrize("dies_after", range(1, 12))
async def test_a_run_that_is_killed_after_any_commit_is_taken_up_by_the_next(keepers: Keepers, dies_after: int) -> None:
    keepers.dies_after = dies_after
    for at in (NOW, NOW + PERIOD, NOW + PERIOD + QUARANTINE):
        keepers.room.clock.at = at
        with suppress(Killed):
            await keepers.retention.run()
    keepers.dies_after = -1
    for _ in range(3):
        keepers.room.clock.move(8 * DAY)
        await keepers.retention.run()
        await keepers.room.leftovers().delete()
    await _is_gone(keepers)
    assert keepers.room.kinds.count("PersonalDataErased") == 1
    assert keepers.room.kinds.count("RecordingErased") == 1


async def test_a_hold_refuses_the_grant_of_an_erasure_and_the_citizen_can_ask_again(keepers: Keepers) -> None:
    await keepers.room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    first = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "Sóc en Pere")
    with pytest.raises(StepRefused) as twice:
        await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    assert twice.value.code == "asked_before"
    refused = await keepers.rights.decide(OFFICER, first, "unneeded", "")
    assert (refused.stage, refused.ground) == (RequestStage.REFUSED, HOLD_GROUND)
    assert (await keepers.room.recording()).stage is RecordingStage.SEALED
    await keepers.room.keeping.release(ORGANISATION, "r1", reason=WHY, by="jutge")
    second = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    done = await keepers.rights.decide(OFFICER, second, "unneeded", "Fet")
    assert done.stage is RequestStage.DONE
    await _is_gone(keepers)
    await _says(keepers, "request:unneeded", second)
    assert "Pere" not in str(await keepers.everything()).replace("Sóc en Pere", "")
    kept = await keepers.keeping()
    assert kept
    assert kept.stage is RetentionStage.ERASED


@pytest.mark.parametrize("dies_after", range(1, 8))
async def test_what_was_granted_is_erased_though_the_process_is_killed(keepers: Keepers, dies_after: int) -> None:
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    keepers.commits, keepers.dies_after = 0, dies_after
    with suppress(Killed):
        await keepers.rights.decide(OFFICER, name, "unneeded", "")
    keepers.dies_after = -1
    await keepers.rights.look_after()
    await keepers.room.leftovers().delete()
    assert (await keepers.request(name)).stage is RequestStage.DONE
    await _is_gone(keepers)


async def test_who_may_not_decide_is_refused_and_journalled(keepers: Keepers) -> None:
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.COPY, "")
    with pytest.raises(AccessDenied):
        await keepers.rights.decide(AUDITOR, name, "access", "")
    assert keepers.room.kinds[-1] == "AccessRefused"
    with pytest.raises(NotFound):
        await keepers.rights.record(OFFICER, "nobody", Right.COPY, WHY)
    theirs = Person("pau", OTHER, "Pau", "", frozenset({Role.DATA_OFFICER}), frozenset())
    with pytest.raises(NotFound):
        await keepers.rights.decide(theirs, name, "access", "")


async def test_nobody_plays_what_is_restricted_but_for_a_claim(keepers: Keepers) -> None:
    await keepers.archive.state_purpose(AUDITOR, "r1", WHY, case="2026/1")
    await keepers.archive.play(AUDITOR, "r1")
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.RESTRICTION, "")
    await keepers.rights.decide(OFFICER, name, "contested", "")
    with pytest.raises(AccessDenied) as denied:
        await keepers.archive.play(AUDITOR, "r1")
    assert denied.value.code == "restricted"
    assert await keepers.archive.held(AUDITOR, "r1") is None  # nor does its page open by a leave that was given before
    with pytest.raises(StepRefused):
        await keepers.archive.state_purpose(AUDITOR, "r1", WHY, case="2026/1")
    await keepers.room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    await keepers.archive.play(AUDITOR, "r1")


async def test_a_late_request_says_so_once_and_can_still_be_answered(keepers: Keepers) -> None:
    name = await keepers.rights.record(OFFICER, "a1", Right.COPY, WHY)
    keepers.room.clock.move(32 * DAY)
    for _ in range(2):
        await keepers.rights.look_after()
    assert keepers.room.kinds.count("DataRequestLapsed") == 1
    with pytest.raises(StepRefused):
        await keepers.rights.extend(OFFICER, name, WHY)
    with pytest.raises(StepRefused, match="does not grant it"):
        await keepers.rights.decide(OFFICER, name, "access", "")
    assert (await keepers.rights.decide(ANOTHER, name, "access", "")).stage is RequestStage.DONE
    assert (await keepers.rights.fetched(ORGANISATION, "a1", name)).id == name
    with pytest.raises(NotFound):
        await keepers.rights.fetched(ORGANISATION, "a2", name)
    keepers.room.clock.move(31 * DAY)
    with pytest.raises(StepRefused):
        await keepers.rights.fetched(ORGANISATION, "a1", name)


STEPS = st.lists(
    st.sampled_from(["hold", "release", "ask", "grant", "refuse", "restrict", "lift", "rescue", "jump", "leap", "run"]),
    min_size=4,
    max_size=14,
)
NUMBERS = count(2)


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_nothing_goes_before_its_time_and_all_goes_after(
    keepers: Keepers, steps: list[str]
) -> None:
    number = next(NUMBERS)
    story = _Story(keepers, f"a{number}", f"r{number}")
    await story.begin()
    for step in steps:
        await story.take(step)
    await story.finish()
    assert await story.erased()
    assert await keepers.identity(story.attention) == ("", "", "")
    assert "AttentionConcluded" in await keepers.silent(story.attention)


class _Story:
    """A small model: what keeps the data, and the least time at which they may go."""

    def __init__(self, keepers: Keepers, attention: str, recording: str) -> None:
        self.keepers, self.attention, self.recording = keepers, attention, recording
        self.held = self.restricted = self.granted = False

    async def begin(self) -> None:
        room = self.keepers.room
        room.clock.at = self.ended = NOW
        await add(room.register, talking(self.attention, informer=f"i{self.attention}"))
        await record(room.register, self.attention, self.recording)
        await room.stage(RecordingStage.SEALED, self.recording)
        await self.keepers.end(self.attention)

    async def erased(self) -> bool:
        return (await self.keepers.room.recording(self.recording)).stage is RecordingStage.ERASED

    async def take(self, step: str) -> None:
        before, self.granted = await self.erased(), False
        with suppress(StepRefused, NotFound):
            await getattr(self, step)()
        if before or not await self.erased():
            return
        assert not self.held, "erased under a hold"
        assert not self.restricted, "erased while restricted"
        if not self.granted:
            assert self.keepers.room.clock.at >= self.ended + PERIOD + QUARANTINE, "erased before its time"

    async def hold(self) -> None:
        await self.keepers.room.keeping.hold(ORGANISATION, self.recording, reason=CASE, by="jutge")
        self.held = True

    async def release(self) -> None:
        await self.keepers.room.keeping.release(ORGANISATION, self.recording, reason=WHY, by="jutge")
        self.held = False

    async def ask(self) -> None:
        await self.keepers.rights.ask(ORGANISATION, self.attention, Right.ERASURE, "")

    async def _open(self) -> str:
        found = await self.keepers.kept.requests_of(ORGANISATION, self.attention)
        return next((one.id for one in found if one.right is Right.ERASURE and one.stage in OPEN), "none")

    async def grant(self) -> None:
        await self.keepers.rights.decide(OFFICER, await self._open(), "unneeded", "")
        self.granted = True

    async def refuse(self) -> None:
        await self.keepers.rights.decide(OFFICER, await self._open(), "repeated", WHY)

    async def restrict(self) -> None:
        name = await self.keepers.rights.ask(ORGANISATION, self.attention, Right.RESTRICTION, "")
        await self.keepers.rights.decide(OFFICER, name, "contested", "")
        self.restricted = True

    async def lift(self) -> None:
        for one in await self.keepers.kept.requests_of(ORGANISATION, self.attention):
            if one.restricts:
                await self.keepers.rights.lift(OFFICER, one.id, WHY)
        self.restricted = False

    async def rescue(self) -> None:
        await self.keepers.rights.rescue(OFFICER, self.attention, 90, WHY)

    async def jump(self) -> None:
        self.keepers.room.clock.move(5 * DAY)

    async def leap(self) -> None:
        self.keepers.room.clock.at += PERIOD

    async def run(self) -> None:
        await self.keepers.retention.run()

    async def finish(self) -> None:
        """Nothing keeps it any more, and time passes: it goes."""
        for step in ("release", "refuse", "lift"):
            await self.take(step)
        for _ in range(4):
            self.keepers.room.clock.at += PERIOD
            await self.take("run")
        assert isinstance(await Journal(self.keepers.room.database).verify(ORGANISATION), Verified)
