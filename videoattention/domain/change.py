"""What a step makes of an attention, and what follows from it by itself: a level comes into force, or falls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from videoattention.domain import facts
from videoattention.domain.levels import Level, RecordingRule
from videoattention.domain.proving import Clip

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention

ORDER = tuple(Level)
"""Each level lets the informer do more than the one before."""


@dataclass(frozen=True, slots=True)
class Change:
    """An attention after a step, and the facts that tell how it came there, in order."""

    attention: Attention
    facts: tuple[facts.Fact, ...]

    def then(self, following: Change) -> Change:
        """This change and the one that follows from it, as one."""
        return Change(following.attention, (*self.facts, *following.facts))

    def settled(self) -> Change:
        """Bring the proposed level into force when nothing is missing any more.

        Consents that were asked for another level end with that level: each level stands on a yes of its own.
        """
        attention = self.attention
        proposed = attention.proposed
        if proposed is None or attention.missing:
            return self
        stale = {c.id: c.end() for c in attention.consents if c.in_force and c.level != proposed}
        told: list[facts.Fact] = [facts.ConsentEnded(attention.id, consent, "level_changed") for consent in stale]
        if ORDER.index(proposed) > ORDER.index(attention.level):
            told.append(facts.LevelRaised(attention.id, proposed))
        else:
            told.append(facts.LevelLowered(attention.id, proposed, "agreed"))
        clipped = attention.policy.of(proposed).recording is RecordingRule.CONSENT_CLIP
        after = replace(
            attention,
            level=proposed,
            proposed=None,
            consents=tuple(stale.get(c.id, c) for c in attention.consents),
            clip=Clip.WANTED if clipped else Clip.NONE,
            form="",
        )
        return Change(after, (*self.facts, *told))

    def dropped(self, cause: str) -> Change:
        """Let the proposal go, if there is one, because of what happened."""
        if self.attention.proposed is None:
            return self
        return self.then(self.attention.drop_proposal(cause))

    def lowered(self, cause: str) -> Change:
        """Fall back to the informative level when what the level in force demands holds no more.

        Its other consents end with it.
        """
        attention = self.attention
        if not attention.in_force.lost(attention.standing(attention.level)):
            return self
        ended = {c.id: c.end() for c in attention.consents if c.in_force and c.level == attention.level}
        told = (*(facts.ConsentEnded(attention.id, consent, cause) for consent in ended),)
        consents = tuple(ended.get(c.id, c) for c in attention.consents)
        after = replace(attention, level=Level.INFORMATIVE, clip=Clip.NONE, form="", consents=consents)
        return Change(after, (*self.facts, *told, facts.LevelLowered(attention.id, Level.INFORMATIVE, cause)))
