"""What the copy of a citizen's data tells of facts: decided for every kind, and nothing of members of staff."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import get_args

from videoattention.domain import facts
from videoattention.domain.accounts import Told
from videoattention.domain.copied import COPIED, OF_STAFF, copied
from videoattention.services.copies import _line

KINDS = {kind.__name__: {field.name for field in fields(kind)} for kind in get_args(facts.Fact)}
COLLEAGUES = {"informer", "asked_by", "approved_by", "subject", "grant", "case", "reason", "answers", "checklist"}
OWN = {("CitizenIdentified", "subject"), ("PlaybackRefused", "reason")}


def test_somebody_decided_for_every_kind_of_fact() -> None:
    assert set(COPIED) | OF_STAFF == set(KINDS)
    assert not set(COPIED) & OF_STAFF
    for kind, names in COPIED.items():
        assert names <= KINDS[kind], kind


def test_nothing_is_told_of_members_of_staff_but_their_role() -> None:
    told = {(kind, name) for kind, names in COPIED.items() for name in names & COLLEAGUES}
    assert told == OWN


def test_a_package_is_told_without_who_approved_it_and_a_hold_without_its_reason() -> None:
    body = {"recording": "r1", "purpose": "A court asks", "case": "2026/1", "function": "Clerk", "approved_by": "aina"}
    line = _line(Told(datetime(2026, 3, 2, tzinfo=UTC), "auditor:pau", "RecordingExported", body))
    assert line["body"] == {"recording": "r1", "purpose": "A court asks", "function": "Clerk"}
    assert line["by"] == "auditor"
    assert copied("RecordingHeld", {"recording": "r1", "hold": "h1", "reason": "Marta"}) == {
        "recording": "r1",
        "hold": "h1",
    }
    assert copied("NobodyKnows", {"subject": "marta"}) == {}
