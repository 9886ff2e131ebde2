"""What an entry of a package says can be missing only where the law erases it, or where it is of other cases.

The chain holds without it: an entry that said who consented, or what was recorded, could otherwise be passed over.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.proof.packages import Made
from tests.unit.proof.statements import ASKED, REFUSED, Fact, Stated
from videoattention import offline
from videoattention.adapters.db.journal_facts import KINDS
from videoattention.domain.personal_data import PERSONAL
from videoattention.offline import DoesNotHold, Given
from videoattention.services.stories import OF_OTHER_CASES

if TYPE_CHECKING:
    from collections.abc import Callable

ERASABLE = frozenset(kind.__name__ for kind in PERSONAL)
MISSING = "comes without what it said, which is never erased"


def wrong(raw: bytes) -> str:
    """What does not hold of it, if anything."""
    try:
        list(offline.check(io.BytesIO(raw), Given()))
    except DoesNotHold as found:
        return str(found)
    return ""


def silent(kind: str, recording: str = "") -> Callable[[list[dict[str, Any]]], None]:
    """Entries of kinds that begin so, of one recording if one is named, say nothing: the chain is as it was."""

    def change(entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            of_this = not recording or f'"recording":"{recording}"' in entry.get("body", "")
            if entry["kind"].startswith(kind) and of_this:
                entry.pop("body", None)
                entry.pop("salt", None)

    return change


def with_facts(*added: Fact) -> tuple[Fact, ...]:
    return (*REFUSED[:4], *added, *REFUSED[4:])


def test_the_lists_are_those_of_the_service() -> None:
    assert offline.ERASABLE == ERASABLE
    assert offline.OF_OTHER_CASES == OF_OTHER_CASES


@pytest.mark.parametrize("facts", [REFUSED, with_facts(("a1", "ConsentGiven", ASKED))])
def test_nobody_makes_consents_unasked(facts: tuple[Fact, ...]) -> None:
    hidden = Stated(facts, "never_asked", change_entries=silent("Consent"))
    hidden.change_manifest = lambda manifest: manifest.update(consents=[])
    assert f"(ConsentAsked) {MISSING}" in wrong(hidden.packed())


def test_nobody_hides_a_recording_behind_one_that_was_erased() -> None:
    admitted: tuple[Fact, ...] = tuple(
        ("a1", kind, {"recording": recording})
        for recording in ("r1", "r2")
        for kind in ("RecorderAdmitted", "RecordingStarted", "RecordingHeld")
    )
    beside = Stated(with_facts(*admitted), erased=True)
    assert "of which the statement says nothing" in wrong(beside.packed())
    beside.change_entries = silent("Record", recording="r2")
    assert f"(RecorderAdmitted) {MISSING}" in wrong(beside.packed())


def test_nobody_puts_another_policy_in() -> None:
    another = Stated(change_manifest=lambda manifest: manifest["policy"].update(version=4))
    another.change_entries = silent("AttentionRequested")
    assert f"(AttentionRequested) {MISSING}" in wrong(another.packed())


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - ERASABLE - OF_OTHER_CASES))
def test_what_decides_is_said(kind: str) -> None:
    made = Stated(with_facts(("a1", kind, {})), change_entries=silent(kind))
    assert f"({kind}) {MISSING}" in wrong(made.packed())


@pytest.mark.parametrize("kind", sorted((ERASABLE | OF_OTHER_CASES) - {"RecordingHeld", "RecordingExported"}))
def test_what_was_erased_or_is_of_others_can_be_missing(kind: str) -> None:
    assert wrong(Stated(with_facts(("a1", kind, {})), change_entries=silent(kind)).packed()) == ""


def test_of_a_recording_everything_that_is_not_erasable_is_said() -> None:
    entries = [json.loads(line) for line in Made().files()["journal.jsonl"].splitlines()]
    for kind in {entry["kind"] for entry in entries if entry["attention"] == "a1"}:
        assert f"({kind}) {MISSING}" in wrong(Made(change_entries=silent(kind)).bytes())


def test_of_a_recording_what_others_did_is_said_too() -> None:
    assert offline.Slice("interior", "a1").silent == ERASABLE
