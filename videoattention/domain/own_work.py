"""Nobody judges their own work: neither reviews a recording of it nor asks for or approves its package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention


def must_be_anothers(attention: Attention, subject: str) -> None:
    """Raises ``own_work`` for the informer of the attention."""
    if attention.informer is not None and attention.informer.subject == subject:
        raise StepRefused("own_work", "the informer of an attention is not its auditor")
