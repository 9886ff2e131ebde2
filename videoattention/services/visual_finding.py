"""Finding the visual identification that goes on, and whether its attention asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Way
from videoattention.domain.stages import Stage
from videoattention.services.phone_steps import end_codes
from videoattention.services.ports import NotFound, Stale
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.domain.visual import Visual
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Work


def unspent(acting: Acting) -> Acting:
    """The same without the command, which another step of the use case spends."""
    return Acting(acting.organisation, acting.actor, acting.subject)


async def going_on(transaction: Transaction, attention: str) -> Visual:
    """The visual identification that goes on in this attention; raises `NotFound`."""
    found = await transaction.visuals.open_of(attention)
    if found is None:
        raise NotFound("no visual identification goes on")
    return found


async def unchanged(transaction: Transaction, read_before: Visual) -> Visual:
    """The same as it is now; raises `Stale` if it changed since it was read."""
    current = await transaction.visuals.get(read_before.id)
    if current.version != read_before.version:
        raise Stale("the identification changed while it was decided")
    return current


async def wanted(transaction: Transaction, attention: str) -> Visual:
    """The one that goes on, if its attention asks for it still: nobody changes the question meanwhile.

    Raises `NotFound`, or ``visual_not_asked`` when the question was taken back.
    """
    await transaction.alone()
    visual = await going_on(transaction, attention)
    asked(await transaction.attentions.get(attention), visual.informer)
    return visual


def asked(attention: Attention, informer: str) -> Attention:
    """The attention, if it is this informer's and asks for this way now."""
    attention.must_be_attended_by(informer)
    wanted = attention.identification_asked and attention.identification_way is Way.VISUAL
    if attention.stage is not Stage.TALKING or not wanted:
        raise StepRefused("visual_not_asked", "visual identification is not asked for")
    return attention


async def asked_no_more(transaction: Transaction, attention: str) -> Sequence[Fact]:
    """The question itself is taken back: another way may be asked for."""
    found = await transaction.attentions.get(attention)
    if found.informer is None or not found.identification_asked or found.identification_way is not Way.VISUAL:
        return ()
    stopped = found.stop_identification(found.informer.subject)
    await transaction.attentions.save(stopped.attention)
    await end_codes(transaction, found, stopped.attention)
    return stopped.facts


async def look(work: Work, acting: Acting, attention: str) -> Visual:
    """The one that goes on, as it is now; raises `NotFound`."""

    async def question(transaction: Transaction, _: datetime) -> Visual:
        return await going_on(transaction, attention)

    return await work.read(unspent(acting), question)
