"""How administrators change the policy: a draft that is shown as a difference, then a version with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import PolicyChanged
from videoattention.domain.policies import BUILT_IN, LEAST, Difference, Policy, Weakness, compared, weaknesses
from videoattention.domain.strictness import Why
from videoattention.services.policies import KeptPolicy, fingerprint
from videoattention.services.work import acting_as

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.levels import LevelPolicy
    from videoattention.domain.people import Person
    from videoattention.services.ports import Clock, Register, Transaction
    from videoattention.services.texts import ConsentTexts
    from videoattention.services.work import Work

    Edit = Callable[[Policy], Policy]

LEAST_REASON: Final = 10
"""Characters below which a reason says nothing."""

LONGEST_REASON: Final = 2000
"""Characters of a reason that are kept."""


class Entrance(Protocol):
    """Who lets people in: `videoattention.services.archive.Archive`."""

    async def enter(self, person: Person, action: Action, place: str) -> None:
        """Whether the person may; raises `AccessDenied`, journalled."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a change would make of the policy in force."""

    old: Policy
    new: Policy
    differences: tuple[Difference, ...]
    weaknesses: tuple[Weakness, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Every version of an organisation, newest first, the product's own last; the first is in force."""

    versions: tuple[KeptPolicy, ...]
    products: KeptPolicy

    @property
    def in_force(self) -> KeptPolicy:
        """The version under which attentions begin now."""
        return self.every[0]

    @property
    def every(self) -> tuple[KeptPolicy, ...]:
        """Every version that can be read and repeated."""
        return (*self.versions, self.products)

    def of(self, version: int) -> KeptPolicy | None:
        """One version."""
        return next((kept for kept in self.every if kept.policy.version == version), None)


class PolicyMaking:
    """The administrators' use cases; every one raises `AccessDenied`, journalled, for anybody else."""

    def __init__(
        self, work: Work, entrance: Entrance, *, register: Register, clock: Clock, texts: ConsentTexts
    ) -> None:
        self._work = work
        self._entrance = entrance
        self._register = register
        self._clock = clock
        self._texts = texts

    async def book(self, person: Person) -> Book:
        """What holds, and every version before it."""
        await self._entrance.enter(person, Action.READ_POLICY, "settings")
        acting, now = acting_as("administrator", person), self._clock.now()
        async with self._register.begin(acting.organisation, acting.actor, now) as transaction:
            kept = await transaction.policies.versions()
        products = KeptPolicy(BUILT_IN, fingerprint(BUILT_IN), "", "", now)
        return Book(tuple(kept), products)

    async def draft(self, person: Person, edit: Edit) -> Draft:
        """What a change would make of the policy in force, and what of it is refused."""
        old = (await self.book(person)).in_force.policy
        return self._drafted(old, edit(old))

    def _drafted(self, old: Policy, new: Policy) -> Draft:
        return Draft(old, new, compared(old, new), (*weaknesses(new), *self._unasked(new)))

    async def make(
        self, person: Person, edit: Edit, *, base: int, reason: str, restored: int | None = None
    ) -> KeptPolicy:
        """Make the next version, if ``base`` is still in force; ``restored`` is the version that it repeats.

        Raises `StepRefused`: ``policy_overtaken`` when somebody was faster, ``reason_too_short``, ``nothing_changed``,
        ``policy_weaker`` when the draft has weaknesses.
        """
        await self._entrance.enter(person, Action.CHANGE_POLICY, "settings")
        why = " ".join(reason.split())[:LONGEST_REASON]
        if len(why) < LEAST_REASON:
            raise StepRefused("reason_too_short", "say in a few words why the policy changes")
        made: list[KeptPolicy] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            draft = self._accepted(await transaction.policies.current(), edit, base)
            kept = KeptPolicy(draft.new, fingerprint(draft.new), why, person.subject, now, person.name, restored)
            await transaction.policies.add(kept)
            made.append(kept)
            return (_told(kept, draft),)

        await self._work.carry_out(acting_as("administrator", person), action)
        return made[-1]

    def _accepted(self, old: Policy, edit: Edit, base: int) -> Draft:
        if old.version != base:
            raise StepRefused("policy_overtaken", f"version {old.version} is in force, not {base}")
        draft = self._drafted(old, edit(old))
        if draft.weaknesses:
            raise StepRefused("policy_weaker", f"weaker than allowed: {draft.weaknesses}")
        if not draft.differences:
            raise StepRefused("nothing_changed", "the next version would say the same")
        return draft

    def _unasked(self, policy: Policy) -> list[Weakness]:
        """The consents that nobody could be asked for, because there is no text for them."""
        rules = [("", level) for level in policy.levels]
        rules += [(procedure, own) for procedure, levels in policy.procedures.items() for own in levels]
        return [
            Weakness(procedure, own.level, "consents", Why.NO_TEXT)
            for procedure, own in rules
            if not self._has_texts(own)
        ]

    def _has_texts(self, rule: LevelPolicy) -> bool:
        try:
            for purpose in rule.consents - LEAST.of(rule.level).consents:
                self._texts.current(purpose, "ca")
        except KeyError:
            return False
        return True


def _told(kept: KeptPolicy, draft: Draft) -> PolicyChanged:
    changes = (f"{one.procedure + '/' if one.procedure else ''}{one.level}.{one.field}" for one in draft.differences)
    why = sha256(kept.reason.encode()).hexdigest()
    return PolicyChanged(
        kept.policy.version, kept.hash, why, tuple(changes), -1 if kept.restored is None else kept.restored
    )
