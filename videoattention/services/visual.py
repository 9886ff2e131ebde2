"""Visual identification as people do it: each use case loads, asks the rules, saves with facts.

Chance is drawn here, never in the rules. Decision and stills have modules of their own: `visual_decision` and
`visual_stills`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from videoattention.domain.errors import StepRefused
from videoattention.domain.mrz import zone_of
from videoattention.domain.papers import FEATURES, read
from videoattention.domain.people import must_be_entitled
from videoattention.domain.visual import Visual
from videoattention.domain.visual_parts import HABILITATION, Challenge
from videoattention.domain.visual_stages import ACTIONS, ACTIONS_ASKED, DIGITS_SAID
from videoattention.services.repeating import was_done
from videoattention.services.visual_finding import asked, asked_no_more, going_on, look, unspent, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.papers import DocumentKind, Feature
    from videoattention.domain.people import Person
    from videoattention.domain.visual import VisualChange
    from videoattention.domain.visual_stages import Action
    from videoattention.services.ports import Transaction
    from videoattention.services.texts import ConsentTexts
    from videoattention.services.visual_ports import CodePhone
    from videoattention.services.work import Acting, Work

TEXT: Final = "images"
_LOTS: Final = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Papers:
    """What the informer typed of a document."""

    number: str
    name: str
    zone: str


def challenge() -> Challenge:
    """What chance asks of a citizen."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS_SAID))
    return Challenge(tuple(_LOTS.sample(ACTIONS, ACTIONS_ASKED)), digits)


def shuffled(kind: DocumentKind) -> list[Feature]:
    """The features of a kind in an order that chance gives."""
    return _LOTS.sample(FEATURES[kind], len(FEATURES[kind]))


class VisualIdentity:
    """The steps of a visual identification; every one raises `StepRefused` or `NotFound` and then changed nothing."""

    def __init__(
        self,
        work: Work,
        texts: ConsentTexts,
        *,
        phone: CodePhone,
        new_id: Callable[[], str],
    ) -> None:
        self._work = work
        self._texts = texts
        self._phone = phone
        self._new_id = new_id

    async def begin(self, acting: Acting, attention: str, person: Person) -> None:
        """The informer begins, if habilitated now; raises ``habilitation_missing`` or ``habilitation_lapsed``."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            must_be_entitled(person.habilitations, HABILITATION, now)
            await transaction.alone()
            found = asked(await transaction.attentions.get(attention), acting.subject)
            if await transaction.visuals.open_of(attention) is not None:
                raise StepRefused("visual_going_on", "a visual identification is going on already")
            wording = self._texts.current(TEXT, found.language).wording
            begun = Visual(self._new_id(), acting.organisation, attention, acting.subject, wording, now).begin()
            await transaction.visuals.add(begun.visual)
            return begun.facts

        await self._work.carry_out(acting, action)

    async def agree(self, acting: Acting, attention: str, shown: str) -> None:
        """The citizen agrees to images, by their own click, in the identification whose text they were ``shown``.

        Raises ``unknown_consent`` when another one was begun since: a yes that arrives late is no yes to its text.
        """

        def step(visual: Visual, _: datetime) -> VisualChange:
            if visual.id != shown:
                raise StepRefused("unknown_consent", "another text about images is before the citizen now")
            return visual.agree()

        await self.change(acting, attention, step)

    async def refuse(self, acting: Acting, attention: str) -> None:
        """The citizen prefers another way; what was kept is deleted, and nothing is asked any more."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            change = (await going_on(transaction, attention)).refuse(now)
            await transaction.visuals.save(change.visual)
            return (*change.facts, *await asked_no_more(transaction, attention))

        await self._work.carry_out(acting, action)

    # --- the steps of the informer ------------------------------------------------------------------------------------

    async def send_code(self, acting: Acting, attention: str, number: str) -> None:
        """Send a one-use code to the phone that the citizen has in hand; a command that is repeated sends nothing."""
        first: list[bool] = []

        async def may_be_sent(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            (await wanted(transaction, attention)).send_code(acting.subject)
            first.append(True)
            return ()

        await self._work.carry_out(acting, may_be_sent)
        if first:
            await self._phone.send(acting, attention, number)
            await self.change(unspent(acting), attention, lambda visual, _: visual.send_code(acting.subject))

    async def type_code(self, acting: Acting, attention: str, code: str, by: str) -> None:
        """The code, typed by the citizen, or by the informer who heard it; a command that is repeated counts no try."""
        if await was_done(self._work, acting):
            return
        visual = await look(self._work, acting, attention)
        if acting.subject:
            visual.must_be_attended_by(acting.subject)
        visual.must_await_code()
        await self._phone.check(acting, attention, code)
        await self.change(acting, attention, lambda visual, _: visual.prove_code(by))

    async def choose_document(self, acting: Acting, attention: str, kind: DocumentKind) -> None:
        """Say which document it is; chance says what to look for."""
        drawn = shuffled(kind)
        await self.change(acting, attention, lambda visual, _: visual.choose_document(acting.subject, kind, drawn))

    async def tick_feature(self, acting: Acting, attention: str, feature: Feature, *, seen: bool) -> None:
        """A security feature was seen or not."""
        await self.change(acting, attention, lambda visual, _: visual.tick_feature(acting.subject, feature, seen=seen))

    async def read_document(self, acting: Acting, attention: str, papers: Papers) -> None:
        """Compute what was typed of the document; raises ``mrz_unreadable``."""
        zone = zone_of(papers.zone)

        def step(visual: Visual, now: datetime) -> VisualChange:
            if visual.kind is None:
                raise StepRefused("document_not_chosen", "which document is it?")
            reading = read(visual.kind, papers.number, papers.name, zone=zone, today=now.date())
            return visual.read_document(acting.subject, reading)

        await self.change(acting, attention, step)

    async def tick_action(self, acting: Acting, attention: str, action: Action, *, done: bool) -> None:
        """An action was done or not."""
        await self.change(acting, attention, lambda visual, _: visual.tick_action(acting.subject, action, done=done))

    async def finish_step(self, acting: Acting, attention: str) -> None:
        """The running step is complete; raises what it lacks."""
        drawn = challenge()
        await self.change(acting, attention, lambda visual, _: visual.finish(acting.subject, drawn))

    async def change(self, acting: Acting, attention: str, step: Callable[[Visual, datetime], VisualChange]) -> None:
        """One step of the one that goes on in this attention and is asked for still."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            changed = step(await wanted(transaction, attention), now)
            await transaction.visuals.save(changed.visual)
            return changed.facts

        await self._work.carry_out(acting, action)
