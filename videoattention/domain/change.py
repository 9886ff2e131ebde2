"""What a step makes of an attention, and what follows from it by itself: a level comes into force, or falls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from videoattention.domain import facts
from videoattention.domain.levels import POLICIES, Level

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention


@dataclass(frozen=True, slots=True)
class Change:
    """An attention after a step, and the facts that tell how it came there, in order."""

    attention: Attention
    facts: tuple[facts.Fact, ...]

    def then(self, following: Change) -> Change:
        """This change and the one that follows from it, as one."""
        return Change(following.attention, (*self.facts, *following.facts))

    def settled(self) -> Change:
        """Bring the proposed level into force when nothing is missing any more."""
        attention = self.attention
        if attention.proposed is None or attention.missing:
            return self
        raised = facts.LevelRaised(attention.id, attention.proposed)
        return Change(replace(attention, level=attention.proposed, proposed=None), (*self.facts, raised))

    def dropped(self, cause: str) -> Change:
        """Let the proposal go, if there is one, because of what happened."""
        if self.attention.proposed is None:
            return self
        return self.then(self.attention.drop_proposal(cause))

    def lowered(self, cause: str) -> Change:
        """Fall back to the informative level when what the level in force demands holds no more."""
        attention = self.attention
        if not POLICIES[attention.level].missing(attention.assurance, attention.consented):
            return self
        lowered = facts.LevelLowered(attention.id, Level.INFORMATIVE, cause)
        return Change(replace(attention, level=Level.INFORMATIVE), (*self.facts, lowered))
