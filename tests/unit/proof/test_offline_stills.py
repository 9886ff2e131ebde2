"""The stills that a manifest names are those of the journal, and an erasure of what it said of them changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.proof.packages import Made
from tests.unit.proof.test_offline import said, wrong
from tests.unit.proof.test_offline_silence import silent

SHOT = {"still": "s1", "kind": "face", "hash": "ab" * 32, "width": 1280, "height": 720, "shown_at": "2026-03-02T09:29Z"}
NAMED = {"id": "s1", **{name: SHOT[name] for name in ("kind", "width", "height", "shown_at")}}
IN_THE_JOURNAL = "not checked: 1 still pictures by which the citizen was identified; no package has them"


def entry_of_the_still() -> dict[str, Any]:
    entries = [json.loads(line) for line in Made(added=(("StillTaken", SHOT),)).files()["journal.jsonl"].splitlines()]
    (found,) = (entry for entry in entries if entry["kind"] == "StillTaken")
    return dict(found)


def with_a_still(**otherwise: object) -> Made:
    """A package whose manifest names the still of its journal, or says something else of it."""
    entry = entry_of_the_still()
    named = {**NAMED, "part": 1, "offset": 2.5, "entry": entry["seq"], "link": entry["hash"], **otherwise}
    return Made(added=(("StillTaken", SHOT),), change_manifest=lambda manifest: manifest.update(stills=[named]))


def test_a_still_of_the_journal_holds_and_its_picture_is_not_checked() -> None:
    assert any(sentence.startswith(IN_THE_JOURNAL) for sentence in said(with_a_still()))
    assert not any("still pictures" in sentence for sentence in said(Made()))


def test_a_still_holds_when_the_law_erased_what_was_said_of_it() -> None:
    erased = with_a_still()
    erased.change_entries = silent("StillTaken")
    assert any(sentence.startswith(IN_THE_JOURNAL) for sentence in said(erased))


@pytest.mark.parametrize(
    ("otherwise", "sentence"),
    [
        ({"entry": 2}, "does not have the entry that told of still s1"),
        ({"entry": 99}, "does not have the entry that told of still s1"),
        ({"link": "0" * 64}, "does not have the entry that told of still s1"),
        ({"id": "s2"}, "says something else of still s2"),
        ({"kind": "back"}, "says something else of still s1"),
        ({"width": 1279}, "says something else of still s1"),
        ({"shown_at": "2026-03-02T09:28Z"}, "says something else of still s1"),
    ],
)
def test_a_still_that_the_journal_does_not_tell_is_found(otherwise: dict[str, object], sentence: str) -> None:
    assert sentence in wrong(with_a_still(**otherwise))


def test_a_package_from_before_manifests_named_stills_holds() -> None:
    assert said(Made(added=(("StillTaken", SHOT),), change_manifest=lambda manifest: manifest.update(stills=[])))
