"""Writes the product's own rules as a table that a lawyer reads: what each level lets happen, for whom, with what."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

from videoattention.domain.attention import Attention
from videoattention.domain.consent import Consent, ConsentStage, ConsentText
from videoattention.domain.identification import Assurance, Identification
from videoattention.domain.levels import Level, Purpose, RecordingRule
from videoattention.domain.policies import BUILT_IN
from videoattention.domain.proving import Clip
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from videoattention.domain.levels import LevelPolicy

COMMAND: Final = "`make diagrams` writes this page again; a test compares it with the rules."

PREAMBLE: Final = f"""# What the product's own rules derive

Version 0 of the policy, the one that an organisation has until it makes its own. One line for each level, each way in
which the citizen showed who they are, and each set of the consents that the level asks for. The informer is entitled to
the level. {COMMAND}

*Missing* is what both people are asked for. *In force* says whether the level can come into force. *Recorded* says
whether the recorder may be in the call. *Outcomes* are what the informer may write in the end if the call stands so,
what has to be recorded was, and the form was delivered: where the level is not in force, those of the informative
level.
"""

WAYS: Final = {
    "did not": Assurance.NONE,
    "telephone in hand": Assurance.DECLARED,
    "electronic, low": Assurance.LOW,
    "electronic, substantial": Assurance.SUBSTANTIAL,
    "by sight": Assurance.SUBSTANTIAL,
    "electronic, high": Assurance.HIGH,
}
_AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_RECORDED: Final = {"never": "never", "consent_clip": "the authorisation", "whole_session": "the whole session"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    level: Level
    way: str
    consents: frozenset[Purpose]
    missing: tuple[str, ...]
    in_force: bool
    recorded: str
    outcomes: tuple[str, ...]


def lines() -> Iterator[Line]:
    """Every line, in the order of the levels."""
    for rule in BUILT_IN.levels:
        for way, assurance in WAYS.items():
            for consents in _subsets(rule.consents):
                yield _line(rule, way, assurance, consents)


def _subsets(purposes: frozenset[Purpose]) -> list[frozenset[Purpose]]:
    asked = [purpose for purpose in Purpose if purpose in purposes]
    sizes = range(len(asked) + 1)
    return [frozenset(some) for some in chain.from_iterable(combinations(asked, size) for size in sizes)]


def _line(rule: LevelPolicy, way: str, assurance: Assurance, consents: frozenset[Purpose]) -> Line:
    standing = replace(_standing(rule.level, assurance, consents).standing(rule.level), habilitations=_entitled(rule))
    missing = rule.missing(standing)
    reached = _standing(rule.level if not missing else Level.INFORMATIVE, assurance, consents)
    recorded = _RECORDED[rule.recording] if reached.recorder_consent else "nothing"
    outcomes = tuple(sorted(_done(reached).outcomes(frozenset({"consent"}))))
    return Line(rule.level, way, consents, tuple(missing), not missing, recorded, outcomes)


def _done(reached: Attention) -> Attention:
    """With everything that is done in the call when the level is in force."""
    form, clip = reached.in_force.form, reached.in_force.recording is RecordingRule.CONSENT_CLIP
    return replace(reached, form="form" if form else "", clip=Clip.DONE if clip else Clip.NONE)


def _entitled(rule: LevelPolicy) -> frozenset[str]:
    return frozenset({rule.habilitation} - {""})


def _standing(level: Level, assurance: Assurance, consents: frozenset[Purpose]) -> Attention:
    """A call that stands so."""
    wording = ConsentText(level, "1", "ca", "")
    return Attention(
        "attention",
        "organisation",
        "office",
        "procedure",
        "ca",
        arrived_at=_AT,
        stage=Stage.TALKING,
        level=level,
        identification=Identification(assurance, "", "", "", "", _AT) if assurance else None,
        consents=(Consent("consent", wording, consents, _AT, ConsentStage.GIVEN, level=level),) if consents else (),
        talking_since=_AT,
    )


def page() -> str:
    """The whole of docs/policy-table.md."""
    head = ("The citizen showed who they are", "Consents given", "Missing", "In force", "Recorded", "Outcomes")
    written = [PREAMBLE]
    every = list(lines())
    for level in Level:
        rule = BUILT_IN.general.of(level)
        written.append(f"## {level.capitalize()}\n\nLegal basis: {rule.basis('en')}.\n")
        written += [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        written += [_row(line) for line in every if line.level is level]
        written.append("")
    return "\n".join(written)


def _row(line: Line) -> str:
    cells = (
        line.way,
        _words(tuple(sorted(line.consents))),
        _words(line.missing),
        "yes" if line.in_force else "no",
        line.recorded,
        _words(line.outcomes),
    )
    return f"| {' | '.join(cells)} |"


def _words(codes: tuple[str, ...]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes) or "none"


if __name__ == "__main__":
    sys.stdout.write(page())
