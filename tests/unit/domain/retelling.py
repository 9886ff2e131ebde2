"""An attention rebuilt from its facts alone, as a reader of the journal would; it trusts no rule of the domain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from typing import TYPE_CHECKING

from videoattention.domain import facts

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention

DEMANDS: dict[str, tuple[set[str], set[str]]] = {
    "assisted": ({"declared", "low", "substantial", "high"}, {"remote_help", "recording"}),
    "attended": ({"substantial", "high"}, {"representation", "recording"}),
}
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
    clip: str = ""
    form: str = ""
    picture: int = 0
    outcome: str = ""


@dataclass
class Retelling:
    """Hears facts in order, and refuses one that does not follow from those before."""

    state: Told = Told()
    over: set[str] = field(default_factory=set)
    texts: dict[str, tuple[str, set[str]]] = field(default_factory=dict)

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
            clip=attention.clip,
            form=attention.form,
            picture=attention.picture,
            outcome=attention.outcome,
        )

    def _now(self, **changed: object) -> None:
        self.state = replace(self.state, **changed)  # type: ignore[arg-type]  # the fields of Told, checked by replace()

    def consented(self, level: str) -> set[str]:
        """The purposes of the consents in force that were asked for this level."""
        texts = [self.texts[consent] for consent in self.state.in_force]
        return {purpose for asked_for, purposes in texts if asked_for == level for purpose in purposes}

    def _comes_into_force(self, level: str) -> None:
        assurances, purposes = DEMANDS[level]
        assert self.state.stage == "talking"
        assert self.state.proposed == level
        assert self.state.assurance in assurances
        assert self.consented(level) >= purposes
        assert {self.texts[consent][0] for consent in self.state.in_force} == {level}
        self._now(level=level, proposed=None, clip="wanted" if level == "assisted" else "", form="")

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
        assert (self.state.level, fact.level) != ("attended", "assisted")
        self._comes_into_force(fact.level)

    @hear.register
    def _(self, fact: facts.LevelLowered) -> None:
        if fact.cause == "agreed":
            assert (self.state.level, fact.level) == ("attended", "assisted")
            self._comes_into_force(fact.level)
            return
        assert self.state.level != fact.level == "informative"
        assert not self.consented(self.state.level), "the level fell and left a consent behind"
        asked_for = fact.cause.startswith("asked_by")
        self._now(level=fact.level, clip="", form="")
        if asked_for:
            assert not self.state.in_force
            self._now(proposed=None, pending=None, identification_asked=False)

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
        assert set(fact.purposes) & (DEMANDS[self.state.proposed][1] - self.consented(self.state.proposed))
        self.texts[fact.consent] = self.state.proposed, set(fact.purposes)
        self._now(pending=fact.consent)

    @hear.register
    def _(self, fact: facts.ConsentGiven) -> None:
        assert self.state.pending == fact.consent
        self._now(
            pending=None,
            in_force=self.state.in_force | {fact.consent},
        )

    @hear.register
    def _(self, fact: facts.ConsentRefused) -> None:
        assert self.state.pending == fact.consent
        self._now(pending=None)

    @hear.register
    def _(self, fact: facts.ConsentWitnessed) -> None:
        assert self.state.pending == fact.consent

    @hear.register
    def _(self, _: facts.ClipEnded) -> None:
        assert (self.state.level, self.state.clip) == ("assisted", "wanted")
        self._now(clip="done")

    @hear.register
    def _(self, fact: facts.FormDelivered) -> None:
        assert self.state.form == ""
        self._now(form=fact.form)

    @hear.register
    def _(self, fact: facts.PictureSeen) -> None:
        self._now(picture=fact.lines)

    @hear.register
    def _(self, _: facts.IdentificationStopped) -> None:
        assert self.state.identification_asked
        self._now(identification_asked=False)

    @hear.register
    def _(self, fact: facts.ConsentWithdrawn) -> None:
        assert fact.consent in self.state.in_force
        self.over.add(fact.consent)
        self._now(in_force=self.state.in_force - {fact.consent})

    @hear.register
    def _(self, fact: facts.ConsentEnded) -> None:
        assert fact.consent in self.state.in_force
        self.over.add(fact.consent)
        self._now(in_force=self.state.in_force - {fact.consent})

    @hear.register
    def _(self, fact: facts.CallEnded) -> None:
        assert self.state.stage == "talking"
        self._now(stage="wrapping_up", proposed=None, pending=None, identification_asked=False)

    @hear.register
    def _(self, fact: facts.AttentionConcluded) -> None:
        assert self.state.stage == "wrapping_up"
        assert fact.level == self.state.level
        self._now(stage="closed", outcome=fact.outcome)
