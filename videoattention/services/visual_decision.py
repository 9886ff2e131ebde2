"""The end of a visual identification: the informer's decision, signed, and kept for its term.

What must not happen inside a transaction (signing, digests) happens before it, and the rules are asked again inside.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Identification, Way
from videoattention.domain.visual_parts import Signed
from videoattention.domain.visual_stages import Reason, VisualStage
from videoattention.services.ports import Stale
from videoattention.services.repeating import was_done
from videoattention.services.visual_finding import asked, asked_no_more, look, unchanged
from videoattention.services.visual_ports import Statement, Suspicion
from videoattention.services.visual_statement import Deciding, statement_of
from videoattention.services.work import TRIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.papers import Reading
    from videoattention.domain.visual import Visual
    from videoattention.services.ports import Transaction
    from videoattention.services.seals import Signature, Signer
    from videoattention.services.visual_ports import Pseudonyms
    from videoattention.services.work import Acting, Work

PROVIDER: Final = "visual"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long what was kept is kept: of an accepted identification, and of one that was stopped."""

    completed: timedelta = timedelta(days=15 * 365)
    stopped: timedelta = timedelta(days=1826)


class VisualDecision:
    """Accepting and stopping; raises `StepRefused` or `NotFound` and then changed nothing."""

    def __init__(self, work: Work, *, signer: Signer, pseudonyms: Pseudonyms, keeping: Keeping) -> None:
        self._work = work
        self._signer = signer
        self._pseudonyms = pseudonyms
        self._keeping = keeping

    async def accept(self, acting: Acting, attention: str, session: str) -> None:
        """The informer decides that the citizen is who the document says: signed, and the citizen is identified.

        ``session`` is the SHA-256 of the informer's session. A command that is repeated changes nothing.
        """
        if await was_done(self._work, acting):
            return
        for _ in range(TRIES):
            visual = await look(self._work, acting, attention)
            if visual.stage is not VisualStage.DECISION or visual.reading is None:
                raise StepRefused("illegal_step", "nothing can be decided yet")
            subject = await self._pseudonyms.of(acting.organisation, "visual subject", visual.reading.number)
            try:
                await self._accept(acting, await self._deciding(acting, visual, session), visual.reading, subject)
            except Stale:
                continue
            return
        raise Stale("the identification kept changing while it was decided")

    async def _accept(self, acting: Acting, decided: _Decided, reading: Reading, subject: str) -> None:
        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            current = await unchanged(transaction, decided.visual)
            change = current.accept(acting.subject, decided.signed, now)
            found = asked(await transaction.attentions.get(current.attention), acting.subject)
            identified = found.identify(
                Identification(
                    assurance=Assurance.SUBSTANTIAL,
                    name=reading.name,
                    document=reading.number,
                    subject=subject,
                    provider=PROVIDER,
                    at=now,
                    way=Way.VISUAL,
                )
            )
            await transaction.attentions.save(identified.attention)
            await transaction.visuals.save(change.visual, decided.kept(self._keeping.completed))
            return (*change.facts, *identified.facts)

        await self._work.carry_out(acting, action)

    async def stop(
        self, acting: Acting, attention: str, reason: Reason, session: str, *, witnessed: bool = False
    ) -> None:
        """The informer ends it for one of the nine reasons; a suspicion of fraud is kept apart.

        ``witnessed``: the informer says to have seen the reason, without which no suspicion is filed. A command that
        is repeated changes nothing.
        """
        if await was_done(self._work, acting):
            return
        for _ in range(TRIES):
            visual = await look(self._work, acting, attention)
            visual.must_bear(reason, witnessed=witnessed)
            decided = await self._deciding(acting, visual, session, reason)
            try:
                await self._stop(acting, decided, reason)
            except Stale:
                continue
            return
        raise Stale("the identification kept changing while it was stopped")

    async def _stop(self, acting: Acting, decided: _Decided, reason: Reason) -> None:
        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            current = await unchanged(transaction, decided.visual)
            change = current.stop(acting.subject, reason, decided.signed, now)
            kept = decided.kept(self._keeping.stopped)
            await transaction.visuals.save(change.visual, kept)
            if change.visual.suspected:
                await transaction.visuals.suspect(_suspicion(current, reason, now, kept))
            return (*change.facts, *await asked_no_more(transaction, current.attention))

        await self._work.carry_out(acting, action)

    async def _deciding(self, acting: Acting, visual: Visual, session: str, reason: Reason | None = None) -> _Decided:
        now = self._work.clock.now()
        body = statement_of(visual, Deciding(acting.subject, session, now, reason))
        return _Decided(visual, body, await self._signer.sign(acting.organisation, body), now)


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision that was signed, and the identification as it was read for it."""

    visual: Visual
    body: bytes
    signature: Signature
    at: datetime

    @property
    def signed(self) -> Signed:
        return Signed(hashlib.sha256(self.body).hexdigest(), self.signature.key_id)

    def kept(self, term: timedelta) -> Statement:
        return Statement(self.body, self.signature, self.at + term)


def _suspicion(visual: Visual, reason: Reason, now: datetime, kept: Statement) -> Suspicion:
    reading = visual.reading
    return Suspicion(
        visual=visual.id,
        attention=visual.attention,
        informer=visual.informer,
        reason=reason,
        number=reading.number if reading else "",
        name=reading.name if reading else "",
        at=now,
        statement=kept,
    )
