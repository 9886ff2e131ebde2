"""An organisation's policy: what its levels demand, and for which procedures they demand more.

A policy is a version that is never edited: every change makes the next one. A procedure may be stricter than its level
and never weaker; where a level comes to demand more, the procedures that have a rule of their own follow it up.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time where policies are kept
from dataclasses import dataclass, field, fields, replace

from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, LevelPolicy, Purpose, RecordingRule
from videoattention.domain.strictness import AT_LEAST, Why, impossible, lifted, weaker


@dataclass(frozen=True, slots=True)
class ProcedurePolicy:
    """What each level demands for one procedure; an attention keeps the one that it began under."""

    levels: tuple[LevelPolicy, ...]

    def of(self, level: Level) -> LevelPolicy:
        """What this level demands."""
        return next(policy for policy in self.levels if policy.level is level)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of an organisation's policy; 0 is the one that the product comes with.

    ``procedures`` has, by procedure, the levels that demand more there; the others are as in ``levels``.
    """

    version: int
    levels: tuple[LevelPolicy, ...]
    procedures: Mapping[str, tuple[LevelPolicy, ...]] = field(default_factory=dict)

    @property
    def general(self) -> ProcedurePolicy:
        """What each level demands wherever a procedure has no rule of its own."""
        return ProcedurePolicy(self.levels)

    def of(self, procedure: str) -> ProcedurePolicy:
        """What each level demands for this procedure."""
        own = {policy.level: policy for policy in self.procedures.get(procedure, ())}
        return ProcedurePolicy(tuple(own.get(policy.level, policy) for policy in self.levels))

    def own(self, procedure: str, level: Level) -> LevelPolicy | None:
        """The procedure's own rule for this level, if it has one."""
        return next((policy for policy in self.procedures.get(procedure, ()) if policy.level is level), None)

    def with_level(self, changed: LevelPolicy) -> Policy:
        """The next version, with another rule for a level.

        A procedure's own rule is never loosened by it: it follows where the level demands more now, and in what it
        had taken from the level unchanged where neither is stricter (how long is kept, legal basis, scripts).
        """
        before = self.general.of(changed.level)
        rules = {
            procedure: tuple(_following(own, before, changed) for own in levels)
            for procedure, levels in self.procedures.items()
        }
        levels = tuple(changed if one.level is changed.level else one for one in self.levels)
        return _tidied(Policy(self.version + 1, levels, rules))

    def with_procedure(self, procedure: str, changed: LevelPolicy) -> Policy:
        """The next version, with another rule of this procedure's own."""
        others = tuple(own for own in self.procedures.get(procedure, ()) if own.level is not changed.level)
        return _tidied(Policy(self.version + 1, self.levels, {**self.procedures, procedure: (*others, changed)}))

    def without(self, procedure: str, level: Level) -> Policy:
        """The next version, in which this procedure has no rule of its own for this level."""
        return self.with_procedure(procedure, self.general.of(level))

    def again(self, earlier: Policy) -> Policy:
        """The next version, with what an earlier one said."""
        return replace(earlier, version=self.version + 1)


def _following(own: LevelPolicy, before: LevelPolicy, changed: LevelPolicy) -> LevelPolicy:
    if own.level is not changed.level:
        return own
    taken = [one.name for one in fields(own) if one.name not in AT_LEAST]
    same = {name: getattr(changed, name) for name in taken if getattr(own, name) == getattr(before, name)}
    return lifted(replace(own, **same), changed)


def _tidied(policy: Policy) -> Policy:
    """Without rules that say what their level says anyway, and in one order, so that equal policies are equal."""
    general, order = policy.general, list(Level)
    rules = {
        procedure: tuple(
            sorted((own for own in levels if own != general.of(own.level)), key=lambda own: order.index(own.level))
        )
        for procedure, levels in sorted(policy.procedures.items())
    }
    return replace(policy, procedures={procedure: levels for procedure, levels in rules.items() if levels})


@dataclass(frozen=True, slots=True)
class Weakness:
    """A ``field`` of `LevelPolicy` that cannot be so, and why; ``procedure`` is empty for the level itself."""

    procedure: str
    level: Level
    field: str
    why: Why


def weaknesses(policy: Policy) -> tuple[Weakness, ...]:
    """Every place where a procedure is weaker than its level, a level than the least, or a rule impossible."""
    found: list[Weakness] = []
    for level in policy.levels:
        found += _faults("", level, LEAST.of(level.level), Why.BELOW_LEAST)
    for procedure, levels in policy.procedures.items():
        for own in levels:
            found += _faults(procedure, own, policy.general.of(own.level), Why.BELOW_LEVEL)
    return tuple(found)


def _faults(procedure: str, own: LevelPolicy, general: LevelPolicy, why: Why) -> list[Weakness]:
    """At most one for each field: what is weaker is told before what is impossible."""
    wrong = dict(impossible(own, LEAST.of(own.level))) | dict.fromkeys(weaker(own, general), why)
    return [Weakness(procedure, own.level, one.name, wrong[one.name]) for one in fields(own) if one.name in wrong]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is otherwise in another version; ``procedure`` is empty for the level itself."""

    procedure: str
    level: Level
    field: str
    old: object
    new: object


def differences(old: LevelPolicy, new: LevelPolicy) -> tuple[str, ...]:
    """The names of the fields in which two policies of one level differ, in the order of `LevelPolicy`."""
    return tuple(one.name for one in fields(old) if getattr(old, one.name) != getattr(new, one.name))


def compared(old: Policy, new: Policy) -> tuple[Difference, ...]:
    """Everything that holds otherwise in another version; what holds for a level is not repeated for its procedures."""
    levels = [one for level in Level for one in _told("", old.general.of(level), new.general.of(level))]
    own: list[Difference] = []
    for procedure in sorted({*old.procedures, *new.procedures}):
        for level in Level:
            told = _told(procedure, old.of(procedure).of(level), new.of(procedure).of(level))
            own += [one for one in told if replace(one, procedure="") not in levels]
    return (*levels, *own)


def _told(procedure: str, old: LevelPolicy, new: LevelPolicy) -> list[Difference]:
    changed = differences(old, new)
    return [Difference(procedure, old.level, name, getattr(old, name), getattr(new, name)) for name in changed]


LEAST = ProcedurePolicy(
    (
        LevelPolicy(Level.INFORMATIVE, clip_seconds=0),
        LevelPolicy(
            Level.ASSISTED,
            Assurance.DECLARED,
            frozenset({Purpose.REMOTE_HELP, Purpose.RECORDING}),
            RecordingRule.CONSENT_CLIP,
            clip_seconds=5,
        ),
        LevelPolicy(
            Level.ATTENDED,
            Assurance.SUBSTANTIAL,
            frozenset({Purpose.REPRESENTATION, Purpose.RECORDING}),
            RecordingRule.WHOLE_SESSION,
            habilitation="attended",
            clip_seconds=0,
            form=True,
        ),
    )
)
"""The least that any organisation may demand (docs/policy-table.md)."""

_YEAR = 365

BUILT_IN = Policy(
    0,
    (
        replace(LEAST.of(Level.INFORMATIVE), legal_basis={"ca": "Llei 39/2015, art. 13", "en": "Law 39/2015, art. 13"}),
        replace(
            LEAST.of(Level.ASSISTED),
            clip_seconds=20,
            retention_days=5 * _YEAR,
            legal_basis={
                "ca": "Llei 39/2015, art. 12.2; RGPD art. 6.1.a",
                "en": "Law 39/2015, art. 12.2; GDPR art. 6(1)(a)",
            },
            scripts={
                "ca": (
                    "Per ajudar-vos a fer el tràmit a distància necessito la vostra autorització. Es gravarà només un"
                    " clip breu en què la doneu de paraula. Podeu dir que no, i continuarem informant-vos."
                ),
                "en": (
                    "To help you do the procedure at a distance I need your authorisation. Only a short clip in which"
                    " you give it aloud will be recorded. You may say no, and we go on informing you."
                ),
            },
        ),
        replace(
            LEAST.of(Level.ATTENDED),
            retention_days=5 * _YEAR,
            review=True,
            legal_basis={
                "ca": "RD 203/2021, art. 30; Llei 39/2015, art. 12.2; RGPD art. 6.1.a",
                "en": "Royal Decree 203/2021, art. 30; Law 39/2015, art. 12.2; GDPR art. 6(1)(a)",
            },
            scripts={
                "ca": (
                    "Per fer el tràmit en nom vostre necessito que consentiu que us representi, només en aquest tràmit,"
                    " i que la trucada es gravi des d'ara fins al final. Podeu dir que no, i podeu retirar-ho"
                    " quan vulgueu."
                ),
                "en": (
                    "To do the procedure on your behalf I need you to consent that I represent you, in this procedure"
                    " only, and that the call is recorded from now to its end. You may say no, and withdraw at"
                    " any time."
                ),
            },
        ),
    ),
)
"""The policy that the product comes with; an organisation makes its own from it."""

AS_BUILT = BUILT_IN.of("")
"""What holds for an attention of an organisation that made no policy of its own."""
