"""Packages out of the pages: one auditor asks, another one answers, and whoever asked fetches it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.exporting import ExportStep, ask, signatory
from videoattention.domain.facts import ExportRejected
from videoattention.domain.holding import reason_said
from videoattention.domain.own_work import must_be_anothers
from videoattention.services.archive import purpose_said
from videoattention.services.export import Errand
from videoattention.services.ports import NotFound
from videoattention.services.work import acting_as, the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.exporting import Export
    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.domain.recording import Recording
    from videoattention.services.archive import Archive
    from videoattention.services.export import Exporter, Packages
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Acting, Step, Work


class Exporting:
    """Requests for packages; every refusal of a step is journalled."""

    def __init__(self, work: Work, archive: Archive, *, exporter: Exporter, new_id: Callable[[], str]) -> None:
        self._work = work
        self._archive = archive
        self._exporter = exporter
        self._new_id = new_id

    async def ask(self, person: Person, recording: str, purpose: str) -> None:
        """Ask for the package, for the case that was stated to open the recording.

        Raises `StepRefused` (``own_work`` to the informer who attended), `AccessDenied` or `NotFound`.
        """
        why = purpose_said(purpose)
        grant = await self._archive.opened(person, Action.EXPORT, recording)

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            found = await transaction.recordings.get(recording)
            must_be_anothers(await transaction.attentions.get(found.attention), person.subject)
            change = ask(found, person, name=self._new_id(), why=(why, grant.case), at=now)
            await transaction.exports.add(change.export)
            return change.facts

        await self._work.carry_out(_as(person), action)

    async def decide(self, person: Person, export: str, step: ExportStep, answer: str) -> None:
        """Approve or refuse what somebody else asked; a refusal says why. Raises as `ask`."""
        await self._archive.enter(person, Action.APPROVE_EXPORT)
        said = reason_said(answer) if step is ExportStep.REFUSE else " ".join(answer.split())

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            asked = await transaction.exports.get(export)
            must_be_anothers(await transaction.attentions.get(asked.attention), person.subject)
            change = asked.decide(step, signatory(person), at=now, answer=said)
            await transaction.exports.save(change.export)
            return change.facts

        await self._carry_out(person, export, action)

    async def give(self, person: Person, export: str, packages: Packages) -> str:
        """Write the package for whoever asked for it, once; returns the recording's id.

        That it is given away is in the journal before its first byte, in one step with that it was fetched. If it
        cannot be made, that is there too, and it can be fetched again. Raises as `ask`, and as `Exporter.export`.
        """
        await self._archive.enter(person, Action.FETCH_EXPORT)
        asked, recording = await self._fetchable(person, export)

        async def beside(transaction: Transaction, now: datetime) -> None:
            change = (await transaction.exports.get(export)).give(person.subject, now)
            await transaction.exports.save(change.export)

        async def unmade(cause: str) -> None:
            await self._work.carry_out(the_service(person.organisation), _failing(export, cause))

        errand = Errand(asked.purpose, person.subject, asked, beside, unmade)
        await self._exporter.export(recording, errand, packages, progress=_quietly)
        return recording.id

    async def _fetchable(self, person: Person, export: str) -> tuple[Export, Recording]:
        found: list[tuple[Export, Recording]] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            asked = await transaction.exports.get(export)
            asked.give(person.subject, now)
            found.append((asked, await transaction.recordings.get(asked.recording)))
            return ()

        await self._carry_out(person, export, action)
        return found[-1]

    async def _carry_out(self, person: Person, export: str, step: Step) -> None:
        try:
            await self._work.carry_out(_as(person), step)
        except StepRefused as refused:
            await self._work.carry_out(_as(person), _rejected(export, refused.code))
            raise
        except NotFound:
            await self._archive.refused(person, export, "not_found")
            raise


def _as(person: Person) -> Acting:
    return acting_as("auditor", person)


def _rejected(export: str, reason: str) -> Step:
    async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
        asked = await transaction.exports.get(export)
        return (ExportRejected(asked.attention, asked.recording, export, reason),)

    return action


def _failing(export: str, cause: str) -> Step:
    async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
        change = (await transaction.exports.get(export)).fail(cause)
        await transaction.exports.save(change.export)
        return change.facts

    return action


def _quietly(_: str) -> None:
    """Whoever fetches it sees how much has come."""
