"""The form of a rule: what is shown is what is read back, and whatever is sent, nothing but a rule comes out."""

from __future__ import annotations

import ast
import inspect

from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.levels import Level, LevelPolicy
from videoattention.domain.policies import BUILT_IN, LEAST, differences
from videoattention.domain.strictness import AT_LEAST, Why
from videoattention.entrypoints.http import policy_form
from videoattention.entrypoints.http.sentences import SENTENCES

RULES = (*BUILT_IN.levels, *LEAST.levels)


def test_a_rule_that_nobody_changed_is_read_as_it_is() -> None:
    for rule in BUILT_IN.levels:
        asked = policy_form.read(policy_form.written(rule), rule)
        assert (asked.rule, asked.faults) == (rule, {})
        assert asked.written == policy_form.written(rule)


def test_every_reason_and_every_fault_has_a_sentence() -> None:
    tree = ast.parse(inspect.getsource(policy_form))
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    faults = {"choice_unknown", "habilitation_unclear", "legal_basis_missing", "words_too_long", "number_unclear"}
    assert faults | {"script_missing"} <= said
    assert {*Why, *faults, "script_missing"} <= SENTENCES.keys()


@given(st.sampled_from(RULES), st.data())
def test_whatever_is_sent_a_field_is_read_or_told(rule: LevelPolicy, data: st.DataObject) -> None:
    words = st.text(max_size=12) | st.sampled_from(["on", "high", "720", "attended", "-1", "٣", "1e3", " 5 "])
    said = {name: data.draw(words) for name in policy_form.names(rule)}
    asked = policy_form.read(said, rule)
    assert set(asked.faults) <= set(policy_form.editable(rule))
    assert set(differences(rule, asked.rule)) <= set(policy_form.editable(rule)) - set(asked.faults)
    assert asked.rule.recording is rule.recording
    if rule.level is Level.INFORMATIVE:
        assert not set(differences(rule, asked.rule)) & set(AT_LEAST)
