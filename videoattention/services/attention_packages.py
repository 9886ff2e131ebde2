"""Packages of attentions without a recording, out of the pages: one person asks, another answers, who asked fetches it.

Auditors and data protection officers ask and answer. Nothing is kept of a request but what the journal tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.exporting import ExportStep, ask_for_attention, signatory
from videoattention.domain.facts import AccessRefused, ExportRejected
from videoattention.domain.holding import reason_said
from videoattention.domain.own_work import must_be_anothers
from videoattention.domain.people import Role
from videoattention.services.archive import LONGEST_NAME, case_said, purpose_said
from videoattention.services.attention_export import AttentionErrand
from videoattention.services.ports import NotFound
from videoattention.services.restriction import is_restricted
from videoattention.services.work import acting_as, the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.exporting import Export
    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.services.archive import Archive
    from videoattention.services.attention_export import AttentionExporter
    from videoattention.services.export import Packages
    from videoattention.services.ports import Transaction
    from videoattention.services.stories import KeptStories
    from videoattention.services.work import Acting, Step, Work


class AttentionPackages:
    """Requests for packages of attentions; every refusal of a step is journalled."""

    def __init__(
        self,
        work: Work,
        archive: Archive,
        *,
        stories: KeptStories,
        exporter: AttentionExporter,
        new_id: Callable[[], str],
    ) -> None:
        self._work = work
        self._archive = archive
        self._stories = stories
        self._exporter = exporter
        self._new_id = new_id

    async def enter(self, person: Person) -> None:
        """Whether the person may look for them; raises `AccessDenied`, journalled."""
        await self._archive.enter(person, Action.EXPORT_ATTENTION, "attentions")

    async def ask(self, person: Person, attention: str, purpose: str, case: str) -> None:
        """Ask for the package, for a purpose and a case.

        Raises `StepRefused` (``purpose_too_short``, ``case_missing``, ``case_unclear``, ``own_work``, ``restricted``,
        ``not_over``, ``has_recording``), `AccessDenied` or `NotFound`.
        """
        await self.enter(person)
        why = purpose_said(purpose), case_said(case)
        story = await self._stories.of(person.organisation, attention)
        if story is None:
            await self._missed(person, attention)
            raise NotFound("no such attention")
        if story.refusal:
            raise StepRefused(story.refusal, f"attention {attention} has no such package")

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            must_be_anothers(await transaction.attentions.get(attention), person.subject)
            if await is_restricted(transaction, attention):
                raise StepRefused("restricted", f"attention {attention} is restricted")
            return ask_for_attention(attention, person, name=self._new_id(), why=why, at=now).facts

        await self._work.carry_out(_as(person), action)

    async def decide(self, person: Person, asked: tuple[str, str], step: ExportStep, answer: str) -> None:
        """Approve or refuse what somebody else ``asked`` (an attention and a request); a refusal says why.

        Raises `StepRefused`, `AccessDenied` or `NotFound`.
        """
        await self.enter(person)
        said = reason_said(answer) if step is ExportStep.REFUSE else " ".join(answer.split())

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            export = await _of(transaction, asked)
            must_be_anothers(await transaction.attentions.get(export.attention), person.subject)
            return export.decide(step, signatory(person), at=now, answer=said).facts

        await self._carry_out(person, asked, action)

    async def give(self, person: Person, asked: tuple[str, str], packages: Packages) -> None:
        """Write the package for whoever asked for it, once; that it is given away is in the journal before.

        If it cannot be made, that is there too, and it can be fetched again. Raises as `decide`, and as
        `AttentionExporter.export`.
        """
        await self.enter(person)
        found: list[Export] = []

        async def fetchable(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            found[:] = [await _of(transaction, asked)]
            found[0].give(person.subject, now)
            return ()

        async def beside(transaction: Transaction, now: datetime) -> None:
            (await _of(transaction, asked)).give(person.subject, now)

        async def unmade(cause: str) -> None:
            async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
                return (await _of(transaction, asked)).fail(cause).facts

            await self._work.carry_out(the_service(person.organisation), action)

        await self._carry_out(person, asked, fetchable)
        errand = AttentionErrand(found[0].purpose, _as(person).actor, found[0], beside, unmade)
        await self._exporter.export(person.organisation, asked[0], errand, packages)

    async def _carry_out(self, person: Person, asked: tuple[str, str], step: Step) -> None:
        attention, export = asked
        try:
            await self._work.carry_out(_as(person), step)
        except StepRefused as refused:
            rejected = ExportRejected(attention, "", export, refused.code)
            await self._work.tell(_as(person), rejected)
            raise
        except NotFound:
            await self._missed(person, attention)
            raise

    async def _missed(self, person: Person, attention: str) -> None:
        """Somebody named what their organisation has not."""
        fact = AccessRefused(Action.EXPORT_ATTENTION, attention[:LONGEST_NAME], "not_found")
        await self._work.tell(_as(person), fact)


def _as(person: Person) -> Acting:
    return acting_as("auditor" if Role.AUDITOR in person.roles else "staff", person)


async def _of(transaction: Transaction, asked: tuple[str, str]) -> Export:
    """The request as it is at the commit; raises `NotFound`."""
    attention, name = asked
    await transaction.alone()
    export = next((each for each in await transaction.asked.of(attention) if each.id == name), None)
    if export is None:
        raise NotFound(f"no request {name} for the package of attention {attention}")
    return export
