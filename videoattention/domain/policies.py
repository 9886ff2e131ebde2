"""An organisation's policy: what its levels demand, and for which procedures they demand more.

A policy is a version that is never edited; a procedure may be stricter than its level and never weaker.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time where policies are kept
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, LevelPolicy, Purpose, RecordingRule

if TYPE_CHECKING:
    from collections.abc import Callable


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

    def of(self, procedure: str) -> ProcedurePolicy:
        """What each level demands for this procedure."""
        own = {policy.level: policy for policy in self.procedures.get(procedure, ())}
        return ProcedurePolicy(tuple(own.get(policy.level, policy) for policy in self.levels))


@dataclass(frozen=True, slots=True)
class Weakness:
    """Where a procedure demands less than its level, or a level less than the least: a ``field`` of `LevelPolicy`."""

    procedure: str
    level: Level
    field: str


_AT_LEAST: Mapping[str, Callable[[LevelPolicy], object]] = {
    "identity": lambda policy: policy.identity,
    "recording": lambda policy: list(RecordingRule).index(policy.recording),
    "picture": lambda policy: policy.picture,
    "clip_seconds": lambda policy: policy.clip_seconds,
    "form": lambda policy: policy.form,
    "review": lambda policy: policy.review,
    "second_review": lambda policy: policy.second_review,
    "consents": lambda policy: policy.consents,
}
"""What can be compared: of each, more is stricter."""


def weaknesses(policy: Policy) -> tuple[Weakness, ...]:
    """Every place where a procedure is weaker than its level, or a level than the least that the product allows."""
    found = [
        Weakness("", level.level, name) for level in policy.levels for name in _weaker(level, LEAST.of(level.level))
    ]
    for procedure, levels in policy.procedures.items():
        general = ProcedurePolicy(policy.levels)
        found += [
            Weakness(procedure, own.level, name) for own in levels for name in _weaker(own, general.of(own.level))
        ]
    return tuple(found)


def _weaker(own: LevelPolicy, general: LevelPolicy) -> tuple[str, ...]:
    """The fields in which ``own`` demands less."""
    less = [name for name, measure in _AT_LEAST.items() if not measure(own) >= measure(general)]  # type: ignore[operator]  # each compares with itself
    if general.habilitation and own.habilitation != general.habilitation:
        less.append("habilitation")
    if own.recording is RecordingRule.NEVER and Purpose.RECORDING in own.consents:
        less.append("recording")
    if own.recording is not RecordingRule.NEVER and Purpose.RECORDING not in own.consents:
        less.append("consents")
    return tuple(dict.fromkeys(less))


def differences(old: LevelPolicy, new: LevelPolicy) -> tuple[str, ...]:
    """The names of the fields in which two policies of one level differ, in the order of `LevelPolicy`."""
    return tuple(one.name for one in fields(old) if getattr(old, one.name) != getattr(new, one.name))


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
        ),
    )
)
"""The least that any organisation may demand: section 2 of the product description."""

_YEAR = 365

BUILT_IN = Policy(
    0,
    (
        replace(LEAST.of(Level.INFORMATIVE), legal_basis="Llei 39/2015, art. 13"),
        replace(
            LEAST.of(Level.ASSISTED),
            clip_seconds=20,
            retention_days=5 * _YEAR,
            legal_basis="Llei 39/2015, art. 12.2; RGPD art. 6.1.a",
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
            legal_basis="RD 203/2021, art. 30; Llei 39/2015, art. 12.2; RGPD art. 6.1.a",
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
