"""An attention rebuilt from its facts alone, as a reader of the journal would; it trusts no rule of the domain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from typing import TYPE_CHECKING

from videoattention.domain import facts

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention

DEMANDS = {"attended": ({"substantial", "high"}, {"representation", "recording"})}
"""Level -> the assurances that do, the purposes that must be consented to."""


@dataclass(frozen=True)
class Told:
    """What can be known of an attention by its facts."""

    stage: str = "waiting"
    informer: str | None = None
    level: str = "informative"
    proposed: str | None = None
    assurance: str = "none"
    identification_asked: bool = False
    pending: str | None = None
    in_force: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    outcome: str = ""


@dataclass
class Retelling:
    """Hears facts in order, and refuses one that does not follow from those before."""

    state: Told = Told()
    over: set[str] = field(default_factory=set)

    @staticmethod
    def of(attention: Attention) -> Told:
        """What the facts should have told of this attention."""
        return Told(
            stage=attention.stage,
            informer=attention.informer.subject if attention.informer else None,
            level=attention.level,
            proposed=attention.proposed,
            assurance=attention.assurance.name.lower(),
            identification_asked=attention.identification_asked,
            pending=attention.pending_consent.id if attention.pending_consent else None,
            in_force=frozenset(consent.id for consent in attention.consents if consent.in_force),
            purposes=frozenset(attention.consented),
            outcome=attention.outcome,
        )

    def _now(self, **changed: object) -> None:
        self.state = replace(self.state, **changed)  # type: ignore[arg-type]  # the fields of Told, checked by replace()

    @singledispatchmethod
    def hear(self, fact: object) -> None:
        raise AssertionError(f"an attention's step cannot tell {fact}")

    @hear.register
    def _(self, fact: facts.OfferMade) -> None:
        assert self.state.stage == "waiting"
        self._now(stage="offered", informer=fact.informer)

    @hear.register
    def _(self, fact: facts.OfferLapsed) -> None:
        assert (self.state.stage, self.state.informer) == ("offered", fact.informer)
        self._now(stage="waiting", informer=None)

    @hear.register
    def _(self, fact: facts.OfferAccepted) -> None:
        assert self.state.informer in {None, fact.informer}
        assert self.state.stage in {"waiting", "offered"}
        self._now(stage="talking", informer=fact.informer)

    @hear.register
    def _(self, fact: facts.AttentionAbandoned) -> None:
        assert self.state.stage in {"waiting", "offered"}
        self._now(stage="abandoned", informer=None)

    @hear.register
    def _(self, fact: facts.LevelProposed) -> None:
        assert self.state.stage == "talking"
        assert fact.level != self.state.level
        self._now(proposed=fact.level)

    @hear.register
    def _(self, fact: facts.LevelProposalDropped) -> None:
        assert fact.level == self.state.proposed
        self._now(proposed=None, pending=None, identification_asked=False)

    @hear.register
    def _(self, fact: facts.LevelRaised) -> None:
        assurances, purposes = DEMANDS[fact.level]
        assert self.state.stage == "talking"
        assert self.state.proposed == fact.level
        assert self.state.assurance in assurances
        assert self.state.purposes >= purposes
        self._now(level=fact.level, proposed=None)

    @hear.register
    def _(self, fact: facts.LevelLowered) -> None:
        assert self.state.level != fact.level == "informative"
        assert not self.state.in_force, "the level fell and left a consent behind"
        self._now(level=fact.level)

    @hear.register
    def _(self, fact: facts.IdentificationAsked) -> None:
        assert self.state.proposed is not None
        self._now(identification_asked=True)

    @hear.register
    def _(self, fact: facts.CitizenIdentified) -> None:
        assert self.state.identification_asked
        self._now(assurance=fact.assurance, identification_asked=False)

    @hear.register
    def _(self, fact: facts.ConsentAsked) -> None:
        assert self.state.pending is None
        assert self.state.proposed is not None
        assert set(fact.purposes) >= DEMANDS[self.state.proposed][1]
        self._now(pending=fact.consent)

    @hear.register
    def _(self, fact: facts.ConsentGiven) -> None:
        assert self.state.pending == fact.consent
        self._now(
            pending=None,
            in_force=self.state.in_force | {fact.consent},
            purposes=self.state.purposes | set(fact.purposes),
        )

    @hear.register
    def _(self, fact: facts.ConsentRefused) -> None:
        assert self.state.pending == fact.consent
        self._now(pending=None)

    @hear.register
    def _(self, fact: facts.ConsentWithdrawn) -> None:
        # a text is asked for only while none is in force, so that at most one is
        assert self.state.in_force == {fact.consent}
        self.over.add(fact.consent)
        self._now(in_force=frozenset(), purposes=frozenset())

    @hear.register
    def _(self, fact: facts.ConsentEnded) -> None:
        assert self.state.in_force == {fact.consent}
        self.over.add(fact.consent)
        self._now(in_force=frozenset(), purposes=frozenset())

    @hear.register
    def _(self, fact: facts.CallEnded) -> None:
        assert self.state.stage == "talking"
        self._now(stage="wrapping_up", proposed=None, pending=None, identification_asked=False)

    @hear.register
    def _(self, fact: facts.AttentionConcluded) -> None:
        assert self.state.stage == "wrapping_up"
        assert fact.level == self.state.level
        self._now(stage="closed", outcome=fact.outcome)
