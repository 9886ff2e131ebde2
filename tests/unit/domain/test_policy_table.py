"""Every level x procedure x identity x consents x habilitation x role: who may do exactly what the policy derives.

`derived` reads the policy as a lawyer would, out of a plain table, and shares no code with the rules of the domain.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.domain.samples import NOW, WORDING
from videoattention.domain.access import Action, Resource, decide
from videoattention.domain.attention import AttendingInformer, Attention
from videoattention.domain.consent import Consent, ConsentStage
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Identification, Way
from videoattention.domain.levels import Level, OutcomeKind, Purpose, RecordingRule
from videoattention.domain.people import Habilitation, Person, Role
from videoattention.domain.policies import BUILT_IN, Policy
from videoattention.domain.proving import Clip
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from videoattention.domain.change import Change
    from videoattention.domain.levels import LevelPolicy

HABILITATIONS = {
    "valid": (Habilitation("attended", date(2099, 12, 31)),),
    "lapsed": (Habilitation("attended", date(2026, 3, 1)),),
    "none": (),
}
ASKED_FOR = (Purpose.REMOTE_HELP, Purpose.REPRESENTATION, Purpose.RECORDING, Purpose.TRANSCRIPTION)
CONSENTS = [frozenset(some) for some in chain.from_iterable(combinations(ASKED_FOR, size) for size in range(5))]
PROVES = {"electronic": 4, "phone": 1, "visual": 3}
"""The most that each way can prove, as the description of the product says it."""

ROLES: Mapping[str, str] = {
    "attend": "informer",
    "search_archive": "auditor",
    "state_purpose": "auditor",
    "play": "auditor",
    "read_journal": "auditor",
    "review": "auditor",
    "export": "auditor",
    "approve_export": "auditor",
    "read_policy": "administrator",
    "change_policy": "administrator",
}
NEEDS_PURPOSE = {"play", "review", "export"}


def _policy() -> Policy:
    """One procedure as its levels say, and others that are stricter each in another way."""
    assisted, attended = (BUILT_IN.general.of(level) for level in (Level.ASSISTED, Level.ATTENDED))
    return (
        BUILT_IN.with_procedure("idcat", replace(attended, identity=Assurance.HIGH, form=True))
        .with_procedure("beques", replace(attended, consents=attended.consents | {Purpose.TRANSCRIPTION}))
        .with_procedure("beques", replace(assisted, identity=Assurance.LOW, habilitation="attended"))
        .with_procedure("lloguer", replace(attended, picture=720, review=True, second_review=True))
    )


POLICY = _policy()
PROCEDURES = ("consulta", *POLICY.procedures)

STEPS: dict[str, Callable[[Attention], Change]] = {
    **{f"ask identification by {way}": lambda a, by=way: a.ask_identification("inf-1", by) for way in Way},  # type: ignore[misc]  # the default is the way
    "ask the consents": lambda a: a.ask_consent(
        "inf-1", Consent("con-2", WORDING, a.target.consents or frozenset(Purpose), asked_at=NOW)
    ),
    "deliver the form": lambda a: a.deliver_form("doc-1", "ab" * 32),
    "end the call": lambda a: a.end_call("inf-1", NOW),
}


class Row:
    """One line of the table: what is so."""

    def __init__(self, level: Level, procedure: str, assurance: Assurance, consented: frozenset[Purpose]) -> None:
        self.level, self.procedure, self.assurance, self.consented = level, procedure, assurance, consented
        self.habilitation, self.picture, self.form, self.recorded = "valid", 0, "", False

    def attention(self, *, in_force: bool) -> Attention:
        """The same as an attention: the level in force, or only aimed at."""
        given = Consent("con-1", WORDING, self.consented, NOW, ConsentStage.GIVEN, level=self.level)
        known = Identification(self.assurance, "Joan Vila", "12345678Z", "cit-1", "provider", NOW)
        aimed = None if in_force or self.level is Level.INFORMATIVE else self.level
        clipped = in_force and POLICY.of(self.procedure).of(self.level).recording is RecordingRule.CONSENT_CLIP
        heard = Clip.DONE if self.recorded else Clip.WANTED
        return Attention(
            "att-1",
            "gencat",
            "girona",
            self.procedure,
            "ca",
            arrived_at=NOW,
            stage=Stage.TALKING,
            level=self.level if in_force else Level.INFORMATIVE,
            proposed=aimed,
            informer=AttendingInformer("inf-1", "Marta", "Informadora", HABILITATIONS[self.habilitation]),
            identification=known if self.assurance else None,
            consents=(given,) if self.consented else (),
            talking_since=NOW,
            clip=heard if clipped else Clip.NONE,
            form=self.form,
            picture=self.picture,
            policy=POLICY.of(self.procedure),
        )


def rows() -> Iterator[Row]:
    for level, procedure, assurance, consented, habilitation in product(
        Level, PROCEDURES, Assurance, CONSENTS, HABILITATIONS
    ):
        for picture, form, recorded in ((0, "", True), (720, "doc-1", False), (720, "doc-1", True)):
            row = Row(level, procedure, assurance, consented)
            row.habilitation, row.picture, row.form, row.recorded = habilitation, picture, form, recorded
            yield row


# --- what the rules allow --------------------------------------------------------------------------------------------


def allowed(row: Row, *, in_force: bool) -> set[str]:
    """What the domain lets the informer do, asked step by step."""
    attention = row.attention(in_force=in_force)
    can = {name for name, step in STEPS.items() if _goes(step, attention)}
    if not in_force:
        fresh = replace(attention, proposed=None)
        can |= {"propose"} & (
            {"propose"} if _goes(lambda a: a.propose_level("inf-1", row.level, NOW), fresh) else set()
        )
        seen = attention.see_picture("inf-1", row.picture).attention
        return can | ({"comes into force"} if seen.level is row.level is not Level.INFORMATIVE else set())
    over = replace(attention, stage=Stage.WRAPPING_UP)
    stored = frozenset({"con-1"} if row.recorded else ())
    can |= {
        f"conclude {kind}"
        for kind in OutcomeKind
        if _goes(lambda a, of=kind: a.conclude("inf-1", "", of, stored=stored), over)  # type: ignore[misc]  # the default is the kind
    }
    return can | ({"recorder"} if attention.recorder_consent else set())


def _goes(step: Callable[[Attention], Change], attention: Attention) -> bool:
    try:
        step(attention)
    except StepRefused:
        return False
    return True


# --- what the policy derives, read plainly ---------------------------------------------------------------------------


def plain(rule: LevelPolicy) -> dict[str, Any]:
    """A rule as a lawyer's table has it: words and numbers."""
    return {
        "level": str(rule.level),
        "identity": int(rule.identity),
        "consents": {str(purpose) for purpose in rule.consents},
        "recording": str(rule.recording),
        "habilitation": rule.habilitation,
        "picture": rule.picture,
        "form": rule.form,
    }


def derived(row: Row, *, in_force: bool) -> set[str]:
    """What follows from the policy for these people."""
    rule = plain(POLICY.of(row.procedure).of(row.level))
    known = row.assurance.value >= rule["identity"]
    agreed = rule["consents"] <= {str(purpose) for purpose in row.consented}
    entitled = rule["habilitation"] == "" or row.habilitation == "valid"
    able = [way for way, most in PROVES.items() if most >= rule["identity"]]
    can = set() if known else {f"ask identification by {way}" for way in able}
    can |= set() if agreed else {"ask the consents"}
    return can | (_now(rule, row, known=known, agreed=agreed) if in_force else _then(rule, row, can, entitled=entitled))


def _then(rule: Mapping[str, Any], row: Row, asked: set[str], *, entitled: bool) -> set[str]:
    """While the level is aimed at: nothing can be closed, and it comes into force when nothing is missing."""
    if rule["level"] == "informative":
        return {"end the call"}
    known = row.assurance.value >= rule["identity"]
    complete = known and "ask the consents" not in asked and entitled and row.picture >= rule["picture"]
    return ({"propose"} if entitled else set()) | ({"comes into force"} if complete else set())


def _now(rule: Mapping[str, Any], row: Row, *, known: bool, agreed: bool) -> set[str]:
    """While the level is in force, and when the call is over."""
    can = {"conclude informed", "conclude unfinished"}
    recordable = rule["recording"] != "never" and "recording" in {str(purpose) for purpose in row.consented}
    clipped = rule["recording"] == "consent_clip"
    can |= {"recorder"} if recordable and known and agreed and not (clipped and row.recorded) else set()
    unwritten = rule["form"] and not row.form
    can |= {"deliver the form"} if unwritten else set()
    can |= {"end the call"} if not unwritten and not (clipped and not row.recorded) else set()
    kept = rule["recording"] == "never" or (row.recorded and bool(row.consented))
    can |= {"conclude helped"} if rule["level"] != "informative" and kept else set()
    done = known and agreed and kept and not unwritten
    return can | ({"conclude represented"} if rule["level"] == "attended" and done else set())


def test_what_is_allowed_is_exactly_what_the_policy_derives() -> None:
    checked = 0
    for row in rows():
        for in_force in (False, True):
            wanted = derived(row, in_force=in_force)
            assert allowed(row, in_force=in_force) == wanted, (vars(row), in_force)
            checked += 1
    assert checked == 3 * 4 * 5 * 16 * 3 * 3 * 2  # 17,280 lines, each with every step


@pytest.mark.parametrize("role", Role)
def test_a_role_may_ask_for_exactly_what_is_written_of_it(role: Role) -> None:
    """The steps of a call are the attending informer's; recordings the auditor's, for a purpose; rules neither's."""
    person = Person("p-1", "gencat", "Somebody", "", frozenset({role}), frozenset({"girona"}))
    for name, stated in product(ROLES, (False, True)):
        may = decide(person, Action(name), Resource("gencat", "girona", purpose_stated=stated)).allowed
        assert may is (role == ROLES[name] and (stated or name not in NEEDS_PURPOSE)), (name, stated)


@pytest.mark.parametrize(
    "weakened",
    [
        {"identity": Assurance.NONE},
        {"consents": frozenset({Purpose.REPRESENTATION})},
        {"habilitation": ""},
        {"form": False},
    ],
    ids=lambda weakened: next(iter(weakened)),
)
def test_the_table_tells_another_policy_apart(weakened: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comparison, where what the product enforces is weaker than what the table was read from."""
    right = Row.attention
    loose = POLICY.with_procedure("idcat", replace(POLICY.of("idcat").of(Level.ATTENDED), **weakened))
    monkeypatch.setattr(Row, "attention", lambda row, **k: replace(right(row, **k), policy=loose.of(row.procedure)))
    differs = [row for row in rows() if row.procedure == "idcat" and row.level is Level.ATTENDED]
    assert any(allowed(row, in_force=True) != derived(row, in_force=True) for row in differs) or any(
        allowed(row, in_force=False) != derived(row, in_force=False) for row in differs
    )
