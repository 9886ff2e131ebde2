"""What two people do during a call: raise and prove the level, take it back, hang up, write the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.consent import Consent, ConsentStep
from videoattention.domain.errors import StepRefused
from videoattention.domain.people import Side
from videoattention.domain.recording import settling_under, stored_under
from videoattention.services.phone_steps import end_codes
from videoattention.services.rights import said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.change import Change
    from videoattention.domain.facts import Fact
    from videoattention.domain.identification import Identification, Way
    from videoattention.domain.levels import Level, OutcomeKind
    from videoattention.services.ports import Transaction
    from videoattention.services.texts import ConsentTexts, ShownText
    from videoattention.services.work import Acting, Work


class Call:
    """The steps of a call; every one raises `StepRefused` or `NotFound` and then changed nothing."""

    def __init__(self, work: Work, texts: ConsentTexts, new_id: Callable[[], str]) -> None:
        self._work = work
        self._texts = texts
        self._new_id = new_id

    async def propose_level(self, acting: Acting, attention: str, level: Level) -> None:
        """The informer proposes to act at another level."""
        await self._change(acting, attention, lambda a, now: a.propose_level(acting.subject, level, now))

    async def drop_proposal(self, acting: Acting, attention: str) -> None:
        """The informer takes the proposal back."""
        await self._change(acting, attention, _own(acting, lambda a: a.drop_proposal("withdrawn_by_informer")))

    async def decline_level(self, acting: Acting, attention: str) -> None:
        """The citizen does not want the proposed level."""
        await self._change(acting, attention, lambda a, _: a.drop_proposal("declined"))

    async def lower_level(self, acting: Acting, attention: str) -> None:
        """The informer goes back to the informative level."""
        await self._change(acting, attention, _own(acting, lambda a: a.lower_level(Side.INFORMER)))

    async def return_to_informative(self, acting: Acting, attention: str) -> None:
        """The citizen goes back to the informative level."""
        await self._change(acting, attention, lambda a, _: a.lower_level(Side.CITIZEN))

    async def see_picture(self, acting: Acting, attention: str, lines: int) -> None:
        """The informer's page measured the citizen's picture."""
        await self._change(acting, attention, lambda a, _: a.see_picture(acting.subject, lines))

    async def ask_identification(self, acting: Acting, attention: str, way: Way) -> None:
        """The informer asks the citizen to show who they are."""
        await self._change(acting, attention, lambda a, _: a.ask_identification(acting.subject, way))

    async def stop_identification(self, acting: Acting, attention: str) -> None:
        """The informer does not ask any more."""
        await self._change(acting, attention, lambda a, _: a.stop_identification(acting.subject))

    async def identify(self, acting: Acting, attention: str, identification: Identification) -> None:
        """A provider vouched for the citizen of this attention."""
        await self._change(acting, attention, lambda a, _: a.identify(identification))

    async def ask_consent(self, acting: Acting, attention: str) -> None:
        """The informer puts the text of the level that is aimed at before the citizen, in the citizen's language."""

        def step(a: Attention, now: datetime) -> Change:
            shown = self._wanted(a.wanted_text(acting.subject), a)
            consent = Consent(self._new_id(), shown.wording, shown.purposes, asked_at=now)
            return a.ask_consent(acting.subject, consent)

        await self._change(acting, attention, step)

    def _wanted(self, level: Level, attention: Attention) -> ShownText:
        """The level's own text while it covers something that is missing, then one text for each further purpose."""
        wanted = attention.wanted_purposes
        own = self._texts.current(level, attention.language)
        if own.purposes & wanted:
            return own
        try:
            return self._texts.current(min(wanted), attention.language)
        except KeyError as unknown:
            raise StepRefused("text_missing", f"nobody wrote a consent text for {min(wanted)}") from unknown

    async def witness_consent(
        self, acting: Acting, attention: str, consent: str, step: ConsentStep, *, note: str
    ) -> None:
        """The citizen, who cannot click, answered aloud; the informer writes it down with a note."""
        committed = said(" ".join(note.split()))

        def answer(a: Attention, now: datetime) -> Change:
            return a.witness_consent(acting.subject, consent, step, now, note=committed)

        await self._change(acting, attention, answer)

    async def answer_consent(self, acting: Acting, attention: str, consent: str, step: ConsentStep) -> None:
        """The citizen accepts or refuses what was shown."""
        await self._change(acting, attention, lambda a, now: a.answer_consent(consent, step, now))

    async def withdraw_consent(self, acting: Acting, attention: str, consent: str) -> None:
        """The citizen takes a consent back."""
        await self._change(acting, attention, lambda a, now: a.withdraw_consent(consent, now))

    async def hang_up(self, acting: Acting, attention: str) -> None:
        """The citizen, or the service itself, ends the call."""
        await self._change(acting, attention, lambda a, now: a.hang_up(acting.actor, now))

    async def end_call(self, acting: Acting, attention: str) -> None:
        """The informer ends the call; refused while a step is undone."""
        await self._change(acting, attention, lambda a, now: a.end_call(acting.subject, now))

    async def conclude(self, acting: Acting, attention: str, outcome: str, kind: OutcomeKind) -> None:
        """The informer writes the outcome, which says no more than was proved and recorded."""

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            found = await transaction.attentions.get(attention)
            recorded = await transaction.recordings.of(attention)
            stored, settling = stored_under(recorded), settling_under(recorded)
            change = found.conclude(acting.subject, outcome, kind, stored=stored, settling=settling)
            await transaction.attentions.save(change.attention)
            return change.facts

        await self._work.carry_out(acting, action)

    async def _change(self, acting: Acting, attention: str, step: Callable[[Attention, datetime], Change]) -> None:
        await change_call(self._work, acting, attention, step)


async def change_call(
    work: Work, acting: Acting, attention: str, step: Callable[[Attention, datetime], Change]
) -> None:
    """Load, ask the rules, save; a code that was sent for a question that this takes back is worth nothing."""

    async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
        before = await transaction.attentions.get(attention)
        changed = step(before, now)
        await transaction.attentions.save(changed.attention)
        await end_codes(transaction, before, changed.attention)
        return changed.facts

    await work.carry_out(acting, action)


def _own(acting: Acting, step: Callable[[Attention], Change]) -> Callable[[Attention, datetime], Change]:
    """The step, only for the informer who attends."""

    def own_step(attention: Attention, _: datetime) -> Change:
        attention.must_be_attended_by(acting.subject)
        return step(attention)

    return own_step
