"""The recorder: a participant that only consent admits.

It enters, is interrupted and is dismissed; what it kept is sealed elsewhere (`videoattention.services.sealing`).

Everything here may be asked again at any time: each use case looks at what is committed and does only what is missing.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from videoattention.domain.facts import ConsentGiven, RecorderAdmitted
from videoattention.domain.recording import ACTIVE, KeptTrack, Recording, RecordingChange, RecordingStage
from videoattention.services import media
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from videoattention.domain.facts import Fact
    from videoattention.services.media import PartClosed, PartOpened, RecordingRefused
    from videoattention.services.ports import KeyRing, Transaction
    from videoattention.services.views import Views
    from videoattention.services.work import Work


class Recorder:
    """Use cases of a recording, from the consent to the dismissal."""

    def __init__(self, work: Work, views: Views, *, keys: KeyRing, new_id: Callable[[], str]) -> None:
        self._work = work
        self._views = views
        self._keys = keys
        self._new_id = new_id

    async def admit(self, organisation: str, attention: str) -> None:
        """Let the recorder in, if the policy and a consent in force admit it and it is not in yet."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            consent = (await transaction.attentions.get(attention)).recorder_consent
            if consent is None or await transaction.recordings.active_of(attention):
                return ()
            recording = Recording(self._new_id(), attention, organisation, consent.id, requested_at=now)
            await transaction.recordings.add(recording)
            return (RecorderAdmitted(attention, recording.id, consent.id),)

        await self._work.carry_out(the_service(organisation), action)

    async def next_order(self, organisation: str, attention: str) -> media.Record | None:
        """What to order of the worker so that a requested recording gets its next part; ``None`` if nothing.

        The keys are committed before the order exists, and the consent is looked at once more.
        """
        proofs = await self._proofs(organisation, attention)
        await self._keys.prepare(organisation)
        orders: list[media.Record] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            orders.clear()
            await transaction.alone()
            consent = (await transaction.attentions.get(attention)).recorder_consent
            recording = await transaction.recordings.active_of(attention)
            if recording is None or consent is None or recording.consent != consent.id:
                return ()
            if recording.stage is RecordingStage.REQUESTED and consent.id in proofs:
                orders.append(await self._order(transaction, recording, proofs[consent.id], now))
            return ()

        await self._work.carry_out(the_service(organisation), action)
        return orders[0] if orders else None

    async def _proofs(self, organisation: str, attention: str) -> dict[str, media.ConsentProof]:
        lines = await self._views.journal(organisation, attention)
        given = [line for line in lines if line.kind == ConsentGiven.__name__]
        consents = [(str(line.body["consent"]), line) for line in given]
        return {consent: media.ConsentProof(consent, line.seq, line.hash) for consent, line in consents}

    async def _order(
        self, transaction: Transaction, recording: Recording, proof: media.ConsentProof, now: datetime
    ) -> media.Record:
        # an order that came to nothing used its number, and a key is used for one file only
        part = max(recording.next_part, await transaction.keys.last_part(recording.id) + 1)
        under = await transaction.keys.organisation()
        plain, wrapped = self._keys.fresh(recording.organisation, recording.id, part, under=under)
        await transaction.keys.add(recording.id, part, wrapped)
        first = recording.parts[0].opened_at if recording.parts else now
        return media.Record(
            recording.attention,
            recording.organisation,
            recording.id,
            part,
            epoch_start=first.timestamp(),
            consent=proof,
            keys={track: b64encode(key).decode() for track, key in plain.items()},
        )

    async def opened(self, organisation: str, report: PartOpened) -> bool:
        """The worker writes a part; returns whether it may: one that was dismissed meanwhile must stop at once.

        One whose number is behind the last gap is not noted again, and the next part takes its place. A new part while
        another is open means that the end of the other was not told: it is interrupted first.
        """
        admitted: list[bool] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            recording = await transaction.recordings.get(report.recording)
            admitted.append(recording.stage in ACTIVE)
            if report.part < recording.next_part or not admitted[-1]:
                return ()
            opened = _opened(recording, report.part, _moment(report.at))
            await transaction.recordings.save(opened.recording)
            return opened.facts

        await self._work.carry_out(the_service(organisation), action)
        return admitted[-1]

    async def closed(self, organisation: str, report: PartClosed) -> bool:
        """The worker closed a part: what it kept is noted, and a gap opens if the recording should go on.

        Returns whether no part is open now.
        """
        ended: list[bool] = []

        tracks = tuple(
            KeptTrack(kept.track, kept.start, kept.duration, kept.frames, kept.length, kept.sha256)
            for kept in report.tracks
        )

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            recording = await transaction.recordings.get(report.recording)
            facts: Sequence[Fact] = ()
            at = _moment(report.at)
            closed = recording.close_part(report.part, at, report.cause, tracks)
            ended.append(closed.open_part is None)
            if closed == recording:
                return ()
            goes_on = recording.stage is RecordingStage.CAPTURING and await _is_admitted(transaction, recording)
            if goes_on and ended[-1]:
                change = closed.interrupt(at, report.cause)
                closed, facts = change.recording, change.facts
            await transaction.recordings.save(closed)
            return facts

        await self._work.carry_out(the_service(organisation), action)
        return ended[-1]

    async def refused(self, organisation: str, report: RecordingRefused) -> None:
        """The worker cannot record: that is written down, so that who is or looks there finds out why.

        A part that was being written has ended with it.
        """

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            recording = await transaction.recordings.get(report.recording)
            if recording.stage not in ACTIVE:
                return ()
            change = recording.hinder(now, report.code)
            if change.recording != recording:
                await transaction.recordings.save(change.recording)
            return change.facts

        await self._work.carry_out(the_service(organisation), action)

    async def interrupted(self, organisation: str, attention: str, cause: str) -> None:
        """The media worker of the call is gone: a gap opens, if the recorder was in."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            recording = await transaction.recordings.active_of(attention)
            if recording is None or recording.stage is not RecordingStage.CAPTURING:
                return ()
            change = recording.interrupt(now, cause)
            await transaction.recordings.save(change.recording)
            return change.facts

        await self._work.carry_out(the_service(organisation), action)

    async def dismiss(self, organisation: str, attention: str) -> str | None:
        """Send the recorder out, unless its consent still admits it; returns the recording that ends, if any."""
        dismissed: list[str] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            dismissed.clear()
            recording = await transaction.recordings.active_of(attention)
            if recording is None:
                return ()
            cause = (await transaction.attentions.get(attention)).dismissal(recording.consent)
            if not cause:
                return ()
            change = recording.stop(cause)
            await transaction.recordings.save(change.recording)
            dismissed.append(recording.id)
            return change.facts

        await self._work.carry_out(the_service(organisation), action)
        return dismissed[0] if dismissed else None

    async def let_go(self, organisation: str, attention: str, *, ended_before: datetime) -> str | None:
        """What a lost worker left is not left open until somebody comes back; gives the recording that ends, if any.

        Of a recording whose last part ended ``ended_before``, because its worker was lost. If the consent is in force
        `admit` begins another.
        """
        ended: list[str] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            ended.clear()
            recording = await transaction.recordings.active_of(attention)
            if recording is None or not recording.left_since(ended_before):
                return ()
            change = recording.stop("nobody_there")
            await transaction.recordings.save(change.recording)
            ended.append(recording.id)
            return change.facts

        await self._work.carry_out(the_service(organisation), action)
        return ended[0] if ended else None


async def _is_admitted(transaction: Transaction, recording: Recording) -> bool:
    """Whether its consent still admits the recorder; one whose dismissal is on its way is not interrupted."""
    consent = (await transaction.attentions.get(recording.attention)).recorder_consent
    return consent is not None and consent.id == recording.consent


def _opened(recording: Recording, part: int, at: datetime) -> RecordingChange:
    if recording.open_part is None:
        return recording.open(part, at)
    interrupted = recording.interrupt(at, "worker_lost")
    opened = interrupted.recording.open(part, at)
    return RecordingChange(opened.recording, (*interrupted.facts, *opened.facts))


def _moment(unix: float) -> datetime:
    return datetime.fromtimestamp(unix, UTC)
