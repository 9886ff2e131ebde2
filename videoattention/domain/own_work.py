"""Nobody judges their own work.

They neither review a recording of it, ask for or approve its package, nor answer requests about its data. Nor does one
officer alone get at what is kept of a citizen: who gave a link to the papers, or wrote a request down, does not grant
what destroys them or gives them away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.attention import Attention


def must_be_anothers(attention: Attention, subject: str) -> None:
    """Raises ``own_work`` for the informer of the attention."""
    if attention.is_attended_by(subject):
        raise StepRefused("own_work", "the informer of an attention is not its auditor")


@dataclass(frozen=True, slots=True)
class Hands:
    """The officers through whose hands a request went before its answer; empty for none.

    ``given_by`` gave the newest link to the papers of its attention, at ``given_at``; ``asked_under`` gave the one that
    was the newest when the citizen's page asked it; ``written_by`` wrote it down for somebody at the office.
    """

    given_by: str = ""
    given_at: datetime | None = None
    asked_under: str = ""
    written_by: str = ""

    def are_of(self, subject: str) -> bool:
        """Whether some of them are this person's."""
        return subject in {self.given_by, self.asked_under, self.written_by}

    def must_be_anothers(self, subject: str) -> None:
        """Raises ``same_person`` for who had a part in it."""
        if self.are_of(subject):
            raise StepRefused("same_person", "who gave the link or wrote the request down does not grant it")

    def came_after(self, moment: datetime | None) -> bool:
        """Whether the newest link was given after this moment."""
        return moment is not None and self.given_at is not None and self.given_at > moment
