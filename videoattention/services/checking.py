"""Comparing a recording with its seal while somebody waits for the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from videoattention.domain.access import Action
from videoattention.domain.facts import SealChecked
from videoattention.services.jobs import Jobs
from videoattention.services.ports import NotFound
from videoattention.services.work import acting_as

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.people import Person
    from videoattention.services.archive import Archive
    from videoattention.services.proof import KeptEvidence, KeptRecording, Verifier
    from videoattention.services.work import Work

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Check:
    """How far a comparison is: ``read`` of ``files``; at its end ``at`` is set, and ``faults`` are its sentences.

    ``stage``: waiting, reading, holds, wrong, failed (nobody can say now).
    """

    stage: str
    files: int
    read: int = 0
    faults: tuple[str, ...] = ()
    at: datetime | None = None


class Checking:
    """Compares one recording after the other; the newest answer of each is remembered until the service stops."""

    def __init__(self, work: Work, archive: Archive, *, evidence: KeptEvidence, verifier: Verifier) -> None:
        self._work = work
        self._archive = archive
        self._evidence = evidence
        self._verifier = verifier
        self._checks: dict[tuple[str, str], Check] = {}
        self._jobs = Jobs()

    async def run(self) -> None:
        """Do what was asked for, until cancelled."""
        await self._jobs.run()

    async def settled(self) -> None:
        """Wait until nothing that was asked for is left."""
        await self._jobs.settled()

    def seen(self, organisation: str, recording: str) -> Check | None:
        """How far it is, or what came of it; none if nobody asked since the service started."""
        return self._checks.get((organisation, recording))

    async def ask(self, person: Person, recording: str) -> None:
        """Have it compared, unless that is going on; raises `AccessDenied` or `NotFound`, and journals both."""
        await self._archive.enter(person, Action.READ_JOURNAL)
        kept = await self._evidence.find(recording)
        if kept is None or kept.recording.organisation != person.organisation:
            await self._archive.refused(person, recording, "not_found")
            raise NotFound("no such recording")
        mine = person.organisation, recording
        going = self._checks.get(mine)
        if going is not None and going.stage in {"waiting", "reading"}:
            return
        files = sum(len(part.tracks) for part in kept.recording.parts)
        self._checks[mine] = Check("waiting", files)
        self._jobs.put(lambda: self._check(person, kept))

    async def _check(self, person: Person, kept: KeptRecording) -> None:
        mine = person.organisation, kept.recording.id
        self._checks[mine] = replace(self._checks[mine], stage="reading")
        try:
            faults = tuple(await self._verifier.verify(kept, lambda _: self._one_more(mine)))
        except Exception:  # noqa: BLE001 - whoever waits is told that nobody can say
            _log.exception("check_failed")
            self._end(mine, "failed", ())
            return
        await self._tell(person, kept, len(faults))
        self._end(mine, "wrong" if faults else "holds", faults)

    def _one_more(self, mine: tuple[str, str]) -> None:
        check = self._checks[mine]
        self._checks[mine] = replace(check, read=min(check.read + 1, check.files))

    def _end(self, mine: tuple[str, str], stage: str, faults: tuple[str, ...]) -> None:
        self._checks[mine] = replace(self._checks[mine], stage=stage, faults=faults, at=self._work.clock.now())

    async def _tell(self, person: Person, kept: KeptRecording, faults: int) -> None:
        checked = SealChecked(kept.recording.attention, kept.recording.id, faults)
        await self._work.tell(acting_as("auditor", person), checked)
