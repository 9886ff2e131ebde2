"""In which language a citizen is attended: the one of the page before them, from the line to the end of the call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from videoattention.domain import facts
from videoattention.domain.change import Change
from videoattention.domain.errors import StepRefused
from videoattention.domain.stages import LIVE

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention


def spoken(attention: Attention, language: str) -> Change:
    """The citizen goes on in another language: texts, messages and papers are in it from now on.

    A text that waits for an answer lapses, for it is in the other one; what was answered stays as it was. Raises
    ``illegal_step`` when nobody waits or talks any more: papers are in the language in which people talked.
    """
    if attention.stage not in LIVE:
        raise StepRefused("illegal_step", f"the language of an attention that is {attention.stage} stays")
    consents = tuple(consent.lapse() for consent in attention.consents)
    after = replace(attention, language=language, consents=consents)
    return Change(after, (facts.LanguageChosen(attention.id, language),))
