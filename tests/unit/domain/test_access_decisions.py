"""Every action x role x organisation x office x purpose: nobody is let in but those who are named."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.access import ENTITLED, Action, Resource, decide
from videoattention.domain.people import Person, Role

OURS, THEIRS = "gencat", "aoc"
ROLES = [frozenset(some) for some in chain.from_iterable(combinations(Role, n) for n in range(len(Role) + 1))]
OFFICES = ("", "girona", "lleida")


def person(*roles: Role) -> Person:
    return Person("staff-1", OURS, "Núria Puig", "Informadora", frozenset(roles), frozenset({"girona"}))


def reason(action: Action, roles: frozenset[Role], resource: Resource) -> str:
    """The table of the product in the plainest words; the first thing that is wrong is the reason."""
    named = {
        Action.ATTEND: Role.INFORMER,
        Action.READ_POLICY: Role.ADMINISTRATOR,
        Action.CHANGE_POLICY: Role.ADMINISTRATOR,
        Action.DECIDE_RIGHTS: Role.DATA_OFFICER,
    }
    role = named.get(action, Role.AUDITOR)
    if action is Action.EXPORT_ATTENTION and Role.DATA_OFFICER in roles:
        role = Role.DATA_OFFICER
    wrong = (
        ("other_organisation", resource.organisation != OURS),
        ("role", role not in roles),
        ("other_office", action is Action.ATTEND and resource.office == "lleida"),
        ("restricted", action in {Action.PLAY, Action.REVIEW, Action.EXPORT} and resource.restricted),
        ("no_purpose", action in {Action.PLAY, Action.REVIEW, Action.EXPORT} and not resource.purpose_stated),
    )
    return next((name for name, is_so in wrong if is_so), "entitled")


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("roles", ROLES, ids=lambda roles: "+".join(sorted(roles)) or "none")
def test_the_whole_table(action: Action, roles: frozenset[Role]) -> None:
    for organisation, office, *known in product((OURS, THEIRS), OFFICES, (False, True), (False, True)):
        resource = Resource(organisation, office, *known)
        decision = decide(person(*roles), action, resource)
        assert decision.reason == reason(action, roles, resource), resource
        assert decision.allowed is (decision.reason == "entitled"), resource


def test_every_action_has_its_roles() -> None:
    assert set(ENTITLED) == set(Action)
    assert all(ENTITLED.values())


def test_an_action_that_nobody_was_given_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ENTITLED, Action.READ_JOURNAL)
    decision = decide(person(*Role), Action.READ_JOURNAL, Resource(OURS))
    assert (decision.allowed, decision.reason) == (False, "role")


def test_an_unknown_action_is_nobodys() -> None:
    decision = decide(person(*Role), "shred", Resource(OURS, purpose_stated=True))  # type: ignore[arg-type]  # the point
    assert (decision.allowed, decision.reason) == (False, "role")


@given(organisation=st.text().filter(lambda name: name != OURS), action=st.sampled_from(Action), office=st.text())
def test_another_organisation_is_never_open(organisation: str, action: Action, office: str) -> None:
    decision = decide(person(*Role), action, Resource(organisation, office, purpose_stated=True))
    assert (decision.allowed, decision.reason) == (False, "other_organisation")
