"""What people and machines do in any order, and a notary who hears the facts alone and trusts no rule of the domain.

`Story` takes steps; `Notary` says whether a second may have been stored, or an outcome written, by what the facts told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from tests.unit.domain.samples import NOW, WORDING, later, said
from videoattention.domain import facts
from videoattention.domain.attention import AttendingInformer, Attention
from videoattention.domain.consent import Consent, ConsentStep
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Identification, Way
from videoattention.domain.levels import Level, OutcomeKind, Purpose, Requirement
from videoattention.domain.people import Habilitation, Side
from videoattention.domain.policies import BUILT_IN, Policy, ProcedurePolicy, weaknesses
from videoattention.domain.proving import Clip
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.domain.change import Change

VALID = (Habilitation("attended", date(2099, 12, 31)),)
LAPSED = (Habilitation("attended", date(2026, 1, 31)),)
MARTA = AttendingInformer("inf-1", "Marta Puig", "Informadora", VALID)
QUIM = AttendingInformer("inf-1", "Quim Batlle", "Informador", LAPSED)
LAIA = AttendingInformer("inf-1", "Laia Roca", "Supervisora")
PROCEDURE = "idcat"
MOST = (OutcomeKind.REPRESENTED, OutcomeKind.HELPED, OutcomeKind.INFORMED)


def _policies() -> tuple[Policy, ...]:
    attended = BUILT_IN.general.of(Level.ATTENDED)
    assisted = BUILT_IN.general.of(Level.ASSISTED)
    strict = replace(attended, identity=Assurance.HIGH, form=True, picture=720)
    talkative = replace(attended, consents=attended.consents | {Purpose.TRANSCRIPTION, Purpose.IMAGES})
    careful = replace(assisted, identity=Assurance.LOW, habilitation="attended")
    made = (
        BUILT_IN,
        BUILT_IN.with_procedure(PROCEDURE, strict),
        BUILT_IN.with_level(talkative).with_level(careful),
        BUILT_IN.with_level(replace(attended, form=True)),
    )
    assert not [weakness for policy in made for weakness in weaknesses(policy)]
    return made


POLICIES = _policies()


class Broken(AssertionError):
    """Something happened that must never happen."""


@dataclass
class Notary:
    """Hears what happened to one attention, and the rules that it began under."""

    rules: ProcedurePolicy
    informer: AttendingInformer | None = None
    talking: bool = False
    level: str = "informative"
    proposed: str | None = None
    assurance: str = "none"
    clip_over: bool = False
    dropped: bool = False
    form: bool = False
    picture: int = 0
    stored: set[str] = field(default_factory=set)
    asked: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    given: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def hear(self, fact: facts.Fact) -> None:  # noqa: C901, PLR0912 - one branch a kind of fact
        match fact:
            case facts.OfferAccepted():
                self.talking = True
            case facts.LevelProposed(level=level):
                self.dropped = self.dropped or self.proposed not in {None, level}
                self.proposed = level
            case facts.LevelProposalDropped():
                self.proposed, self.dropped = None, True
            case facts.LevelRaised(level=level):
                self._level(level)
                self._must_stand(level)
            case facts.LevelLowered(level=level, cause=cause):
                # a level that falls because a proof fell leaves the proposal of another as it is
                proposed = self.proposed if cause in {"identity_lost", "consent_withdrawn"} else None
                self._level(level)
                self.proposed = proposed
            case facts.PictureSeen(lines=lines):
                self.picture = lines
            case facts.CitizenIdentified(assurance=assurance):
                self.assurance = assurance
            case facts.ConsentAsked(consent=consent, purposes=purposes):
                self.asked[consent] = (self.proposed or self.level, frozenset(purposes))
            case facts.ConsentGiven(consent=consent):
                self.given[consent] = self.asked[consent]
            case facts.ConsentWithdrawn(consent=consent) | facts.ConsentEnded(consent=consent):
                if consent not in self.given:
                    raise Broken(f"{consent} ended without being in force")
                # taken back when the call is over, it undoes nothing of what was done in the call
                if self.talking or isinstance(fact, facts.ConsentEnded):
                    del self.given[consent]
            case facts.ClipEnded():
                self.clip_over = True
            case facts.FormDelivered():
                self.form = True
            case facts.CallEnded():
                self.talking = False
            case facts.AttentionConcluded(kind=kind, level=level):
                self._must_have_come_of(kind, level)

    def _level(self, level: str) -> None:
        self.level, self.proposed, self.clip_over, self.form = level, None, False, False

    def _purposes(self, level: str) -> frozenset[str]:
        return frozenset(purpose for of, purposes in self.given.values() if of == level for purpose in purposes)

    def _must_stand(self, level: str) -> None:
        """A level came into force: everything that the rules demand must have been told before."""
        rule = self.rules.of(Level(level))
        held = self.informer.habilitations if self.informer else ()
        entitled = any(one.name == rule.habilitation and one.until >= NOW.date() for one in held)
        if rule.habilitation and not entitled:
            raise Broken(f"{level} in force without the habilitation {rule.habilitation}")
        if self.picture < rule.picture:
            raise Broken(f"{level} in force with a picture of {self.picture} lines")
        self._must_be_proved(level)

    def _must_be_proved(self, level: str) -> None:
        rule = self.rules.of(Level(level))
        if Assurance[self.assurance.upper()] < rule.identity:
            raise Broken(f"{level} with an identity that is {self.assurance}")
        if not frozenset(str(purpose) for purpose in rule.consents) <= self._purposes(level):
            raise Broken(f"{level} without the consents to it")

    def look(self) -> None:
        """Between two steps: a level that is in force stands on its proofs, to the end of the call.

        A proposal that was let go leaves no consent behind by which its level could come without another yes.
        """
        if self.talking and self.level != "informative":
            self._must_be_proved(self.level)
        if self.dropped and {of for of, _ in self.given.values()} - {self.level}:
            raise Broken("a consent outlived the proposal that it was given for")
        self.dropped = False

    def second(self, consent: str) -> None:
        """A second of sound and picture was stored by the recorder that this consent let in."""
        rule = self.rules.of(Level(self.level))
        if not self.talking:
            raise Broken("a second was stored outside of the call")
        if rule.recording == "never":
            raise Broken(f"a second was stored at the {self.level} level")
        if consent not in self.given:
            raise Broken("a second was stored under a consent that is not in force")
        of, purposes = self.given[consent]
        if of != self.level or "recording" not in purposes:
            raise Broken(f"a second was stored under a consent of {of} to {sorted(purposes)}")
        if rule.recording == "consent_clip" and self.clip_over:
            raise Broken("a second was stored after the clip had ended")
        self._must_be_proved(self.level)
        self.stored.add(consent)

    def _must_have_come_of(self, kind: str, level: str) -> None:
        """An outcome that says more than that somebody was informed stands on what was proved and what was recorded."""
        if kind not in {"helped", "represented"}:
            return
        if level != self.level or level == "informative":
            raise Broken(f"{kind} at the {level} level")
        rule = self.rules.of(Level(level))
        if rule.recording != "never" and not self._recorded(level):
            raise Broken(f"{kind} though nothing was stored under a consent to the {level} level")
        if rule.recording == "consent_clip" and not self.clip_over:
            raise Broken(f"{kind} though the authorisation was not recorded to its end")
        if kind == "represented":
            self._must_be_represented(level)

    def _recorded(self, level: str) -> bool:
        return any(of == level and consent in self.stored for consent, (of, _) in self.given.items())

    def _must_be_represented(self, level: str) -> None:
        if level != "attended" or self.level != "attended":
            raise Broken(f"represented at the {level} level")
        if Assurance[self.assurance.upper()] < Assurance.SUBSTANTIAL:
            raise Broken("represented without a verified identity")
        if "representation" not in self._purposes("attended"):
            raise Broken("represented without the consent to it")
        if self.rules.of(Level.ATTENDED).form and not self.form:
            raise Broken("represented without the form")
        self._must_be_proved("attended")


class Story:
    """One organisation: its policy changes, citizens come one after the other, machines fail."""

    def __init__(self, policy: Policy = BUILT_IN) -> None:
        self.policy, self.count, self.seconds, self.texts = policy, 0, 0, 0
        self.seen: Counter[str] = Counter()
        self.begin()

    def begin(self) -> None:
        """The next citizen, under the policy of this moment."""
        self.count += 1
        rules = self.policy.of(PROCEDURE)
        self.attention = Attention(
            f"att-{self.count}",
            "gencat",
            "girona",
            PROCEDURE,
            "ca",
            arrived_at=NOW,
            policy=rules,
            policy_version=self.policy.version,
        )
        self.notary = Notary(rules)
        self.recorder, self.writing = "", False
        self.stored: frozenset[str] = frozenset()

    def take(self, step: Callable[[Story], None]) -> None:
        """One step, and what follows from it as the service does it: a recorder that must leave leaves."""
        try:
            step(self)
        except StepRefused:
            self.seen["refused"] += 1
        if self.attention.policy != self.notary.rules:
            raise Broken("the rules changed under an attention")
        self.notary.look()
        if self.recorder and self.attention.dismissal(self.recorder):
            self.recorder, self.writing = "", False

    def happen(self, change: Change) -> None:
        self.attention = change.attention
        self.notary.informer = change.attention.informer
        for fact in change.facts:
            self.notary.hear(fact)
            self.seen[type(fact).__name__] += 1
        if self.attention.outcome_kind is not None and self.attention.stage is Stage.CLOSED:
            self.seen[self.attention.outcome_kind] += 1

    @property
    def now(self) -> int:
        return self.seconds

    # --- the recorder -------------------------------------------------------------------------------------------------

    def admit(self) -> None:
        consent = self.attention.recorder_consent
        if consent and not self.recorder:
            self.recorder, self.writing = consent.id, True

    def resume(self) -> None:
        self.writing = bool(self.recorder)

    def interrupt(self) -> None:
        self.writing = False

    def tick(self) -> None:
        self.seconds += 1
        if self.writing:
            self.seen["recorded seconds"] += 1
            self.notary.second(self.recorder)
            self.stored |= {self.recorder}

    # --- the people ---------------------------------------------------------------------------------------------------

    def ask_consent(self, purposes: frozenset[Purpose]) -> None:
        self.texts += 1
        asked = Consent(f"con-{self.texts}", WORDING, purposes, asked_at=later(self.seconds))
        self.happen(self.attention.ask_consent("inf-1", asked))

    def consent(self, back: int) -> str:
        mine = self.attention.consents
        return mine[-1 - back].id if len(mine) > back else "con-none"

    def identify(self, way: Way, assurance: Assurance) -> None:
        proof = Identification(assurance, "Joan Vila", "12345678Z", "cit-1", "provider", NOW, way)
        self.happen(self.attention.identify(proof))

    def go_on(self, level: Level) -> None:
        """The next step of a call that goes well."""
        a = self.attention
        if a.stage is not Stage.TALKING:
            self._around_the_call()
        elif a.proposed is None and a.level is not level:
            self.happen(a.propose_level("inf-1", level, NOW))
        elif a.missing:
            self._prove(a.missing[0])
        elif a.clip is not Clip.DONE and not self.recorder:
            self.admit()
        elif a.clip is Clip.WANTED:
            self.tick()
            self.happen(a.end_clip("heard"))
        elif a.in_force.form and not a.form:
            self.happen(a.deliver_form("doc-1", "ab" * 32))
        else:
            self.tick()
            self.happen(a.end_call("inf-1", later(self.seconds)))

    def _around_the_call(self) -> None:
        a = self.attention
        match a.stage:
            case Stage.WAITING:
                self.happen(a.take(MARTA, NOW))
            case Stage.OFFERED:
                self.happen(a.accept("inf-1", NOW))
            case Stage.WRAPPING_UP:
                possible = a.outcomes(self.stored)
                kind = next(kind for kind in MOST if kind in possible)
                self.happen(a.conclude("inf-1", "done", kind, stored=self.stored))
            case _:
                self.begin()

    def _prove(self, requirement: Requirement) -> None:
        a = self.attention
        if requirement is Requirement.PICTURE:
            self.happen(a.see_picture("inf-1", 720))
        elif requirement is Requirement.CONSENT and a.pending_consent:
            self.happen(a.answer_consent(a.pending_consent.id, ConsentStep.GIVE, later(self.seconds)))
        elif requirement is Requirement.CONSENT:
            self.ask_consent(a.wanted_purposes)
        elif requirement is Requirement.IDENTIFICATION and a.identification_asked:
            self.identify(Way.ELECTRONIC, a.target.identity)
        elif requirement is Requirement.IDENTIFICATION:
            self.happen(a.ask_identification("inf-1", Way.ELECTRONIC))
        else:
            self.happen(a.drop_proposal("withdrawn_by_informer"))


def _policy(number: int) -> Callable[[Story], None]:
    return lambda s: setattr(s, "policy", replace(POLICIES[number], version=s.policy.version + 1))


def _change(step: Callable[[Attention, Story], Change]) -> Callable[[Story], None]:
    return lambda s: s.happen(step(s.attention, s))


def _identified(way: Way, assurance: Assurance) -> Callable[[Story], None]:
    return lambda s: s.identify(way, assurance)


TEXTS = (
    frozenset({Purpose.REPRESENTATION, Purpose.RECORDING}),
    frozenset({Purpose.REMOTE_HELP, Purpose.RECORDING}),
    frozenset({Purpose.RECORDING}),
    frozenset({Purpose.REPRESENTATION}),
    frozenset(Purpose),
    frozenset({Purpose.TRANSCRIPTION}),
)

STEPS: dict[str, Callable[[Story], None]] = {
    **{f"go on to {level}": lambda s, to=level: s.go_on(to) for level in (Level.ASSISTED, Level.ATTENDED)},  # type: ignore[misc]  # the default is the level
    **{f"policy {number} is made": _policy(number) for number in range(len(POLICIES))},
    "the next citizen": lambda s: s.begin() if s.attention.stage in {Stage.CLOSED, Stage.ABANDONED} else None,
    "marta takes": _change(lambda a, _: a.take(MARTA, NOW)),
    "quim, lapsed, takes": _change(lambda a, _: a.take(QUIM, NOW)),
    "laia, not habilitated, takes": _change(lambda a, _: a.take(LAIA, NOW)),
    "offered to marta": _change(lambda a, _: a.offer(MARTA, later(20))),
    "offered to quim": _change(lambda a, _: a.offer(QUIM, later(20))),
    "accepted": _change(lambda a, _: a.accept("inf-1", NOW)),
    "accepted too late": _change(lambda a, _: a.accept("inf-1", later(30))),
    "the offer lapses": _change(lambda a, _: a.lapse("unanswered")),
    "the citizen leaves": _change(lambda a, s: a.abandon("left", later(s.now))),
    **{f"{level} proposed": _change(lambda a, _, to=level: a.propose_level("inf-1", to, NOW)) for level in Level},  # type: ignore[misc]  # the default is the level
    "proposed by another": _change(lambda a, _: a.propose_level("inf-2", Level.ATTENDED, NOW)),
    "the proposal is declined": _change(lambda a, _: a.drop_proposal("declined")),
    **{f"{side} lowers": _change(lambda a, _, by=side: a.lower_level(by)) for side in Side},  # type: ignore[misc]  # the default is the side
    **{f"identification by {way}": _change(lambda a, _, by=way: a.ask_identification("inf-1", by)) for way in Way},  # type: ignore[misc]  # the default is the way
    "identification stopped": _change(lambda a, _: a.stop_identification("inf-1")),
    "identified high": _identified(Way.ELECTRONIC, Assurance.HIGH),
    "identified substantial": _identified(Way.ELECTRONIC, Assurance.SUBSTANTIAL),
    "identified low": _identified(Way.ELECTRONIC, Assurance.LOW),
    "identified by phone": _identified(Way.PHONE, Assurance.DECLARED),
    "identified by sight": _identified(Way.VISUAL, Assurance.SUBSTANTIAL),
    "identified as nobody": _identified(Way.ELECTRONIC, Assurance.NONE),
    **{f"text {number} asked": lambda s, of=text: s.ask_consent(of) for number, text in enumerate(TEXTS)},  # type: ignore[misc]  # the default is the text
    "the citizen says yes": _change(lambda a, s: a.answer_consent(s.consent(0), ConsentStep.GIVE, later(s.now))),
    "the citizen says no": _change(lambda a, s: a.answer_consent(s.consent(0), ConsentStep.REFUSE, later(s.now))),
    "an old text gets a yes": _change(lambda a, s: a.answer_consent(s.consent(1), ConsentStep.GIVE, later(s.now))),
    "a witness writes the yes": _change(
        lambda a, s: a.witness_consent(
            "inf-1", s.consent(0), ConsentStep.GIVE, later(s.now), note=said("she cannot use the mouse")
        )
    ),
    "a witness writes nothing": _change(
        lambda a, s: a.witness_consent("inf-1", s.consent(0), ConsentStep.GIVE, later(s.now), note=said(""))
    ),
    "the last consent is withdrawn": _change(lambda a, s: a.withdraw_consent(s.consent(0), later(s.now))),
    "the one before is withdrawn": _change(lambda a, s: a.withdraw_consent(s.consent(1), later(s.now))),
    "the picture is good": _change(lambda a, _: a.see_picture("inf-1", 720)),
    "the picture is bad": _change(lambda a, _: a.see_picture("inf-1", 90)),
    "the clip was heard": _change(lambda a, _: a.end_clip("heard")),
    "the clip's time is over": _change(lambda a, _: a.end_clip("time")),
    "the form is delivered": _change(lambda a, _: a.deliver_form("doc-1", "cd" * 32)),
    "the recorder enters": lambda s: s.admit(),
    "a second passes": lambda s: s.tick(),
    "another second passes": lambda s: s.tick(),
    "the connection is lost": lambda s: s.interrupt(),
    "the connection is back": lambda s: s.resume(),
    "the citizen hangs up": _change(lambda a, s: a.hang_up("citizen", later(s.now))),
    "the service ends the call": _change(lambda a, s: a.hang_up("service", later(s.now))),
    "the informer ends the call": _change(lambda a, s: a.end_call("inf-1", later(s.now))),
    **{
        f"concluded as {kind}": _change(lambda a, s, of=kind: a.conclude("inf-1", "words", of, stored=s.stored))  # type: ignore[misc]  # the default is the kind
        for kind in OutcomeKind
    },
}
"""Every step by its name, so that a sequence that breaks something can be read."""

WEIGHED = [*STEPS, *["go on to attended"] * 45, *["go on to assisted"] * 10, *["a second passes"] * 8]
"""Calls that go well are likelier than chance makes them, so that the deep places are often reached."""


def told(sequence: bytes) -> Story:
    """Take every step of a sequence: its first byte is the policy at the beginning, each other one a step.

    Raises `Broken`, with the steps by name, where something happens that must never happen.
    """
    story = Story(POLICIES[sequence[0] % len(POLICIES)])
    names = [WEIGHED[byte % len(WEIGHED)] for byte in sequence[1:]]
    for place, name in enumerate(names):
        try:
            story.take(STEPS[name])
        except Broken as broken:
            raise Broken(f"{broken}: {names[: place + 1]}") from None
    return story
