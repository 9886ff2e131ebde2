"""Whoever is given the package of an attention without a recording finds any change of it, and anything it hides."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.proof.packages import HASH, Made, chained, sha256, zipped
from tests.unit.proof.statements import ASKED, MEMBERS, REFUSED, Fact, Stated
from videoattention import offline
from videoattention.offline import DoesNotHold, Given
from videoattention.services import statement

if TYPE_CHECKING:
    from collections.abc import Callable

STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOTHING = "Nothing was recorded of this attention; the journal of it is whole"


def said(made: Stated | bytes) -> str:
    raw = made if isinstance(made, bytes) else made.packed()
    return " ".join(offline.check(io.BytesIO(raw), Given()))


def wrong(made: Stated | bytes) -> str:
    with pytest.raises(DoesNotHold) as found:
        said(made)
    return str(found.value)


def with_fact(*facts: Fact, at: int = 4) -> tuple[Fact, ...]:
    return (*REFUSED[:at], *facts, *REFUSED[at:])


def test_a_package_says_in_words_that_nothing_was_recorded() -> None:
    told = said(Stated())
    assert NOTHING in told
    assert "the consent to record was refused, and none was in force" in told
    assert "7 entries from link" in told
    assert "5 of this attention" in told
    assert "under version 3 of the policy" in told
    assert "not checked: that nobody wrote the whole journal anew" in told


def test_who_was_never_asked_is_said_to_be_so() -> None:
    never = tuple(fact for fact in REFUSED if "Consent" not in fact[1])
    assert "nobody asked for a consent to record, and none was in force" in said(Stated(never, "never_asked"))
    given = with_fact(("a1", "ConsentGiven", ASKED))
    assert "As to consent, a consent to record was given." in said(Stated(given, "given"))
    unanswered = tuple(fact for fact in REFUSED if fact[1] != "ConsentRefused")
    assert "asked for and not answered, and none was in force" in said(Stated(unanswered, "unanswered"))


def test_stills_are_not_passed_over() -> None:
    still = ("a1", "StillTaken", {"kind": "face"})
    assert "not checked: 2 still pictures" in said(Stated(with_fact(still, still)))


@pytest.mark.parametrize("name", [*MEMBERS, "policy.json", "texts/attended-1-ca.txt"])
def test_every_byte_of_every_member_counts(name: str) -> None:
    _every_byte(Stated(), name)


@pytest.mark.parametrize("name", ["seals/r1.json", "seals/r1.sig", "erasures/r1.json", "erasures/r1.sig"])
def test_every_byte_of_what_is_left_counts(name: str) -> None:
    _every_byte(Stated(erased=True), name)


@pytest.mark.parametrize(
    "name", ["seals/r1.json", "seals/r1.sig", "erasures/r1.json", "erasures/r1.sig", "policy.json"]
)
def test_every_byte_counts_even_where_the_package_was_signed_anew(name: str) -> None:
    for at in range(len(Stated(erased=True).files()[name])):
        wrong(Stated(erased=True, change_members=lambda members, at=at: _flip(members, name, at)))  # type: ignore[misc]


def _every_byte(made: Stated, name: str) -> None:
    files = made.files()
    for at in range(len(files[name])):
        changed = dict(files)
        _flip(changed, name, at)
        wrong(zipped(changed))


def _flip(members: dict[str, bytes], name: str, at: int) -> None:
    changed = bytearray(members[name])
    changed[at] ^= 1
    members[name] = bytes(changed)


@pytest.mark.parametrize(
    "kind",
    ["RecorderAdmitted", "RecordingStarted", "RecordingSealed", "RecordingLost", "RecordingErased", "RecorderRefused"],
)
def test_a_recorder_that_the_journal_knows_is_found(kind: str) -> None:
    assert "tells of a recorder" in wrong(Stated(with_fact(("a1", kind, {"recording": "r1"}))))


@pytest.mark.parametrize("kind", ["RecordingHeld", "RecordingExported"])
def test_what_others_did_with_a_recording_says_that_there_was_one(kind: str) -> None:
    def silent(entries: list[dict[str, Any]]) -> None:
        del entries[4]["body"], entries[4]["salt"]

    about: Fact = ("a1", kind, {"recording": "r1"})
    assert "tells of a recorder" in wrong(Stated(with_fact(about), change_entries=silent))


def test_a_recorder_of_another_attention_is_none_of_this_one() -> None:
    assert NOTHING in said(Stated(with_fact(("a2", "RecorderAdmitted", {"recording": "r2"}))))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda entries: entries.pop(2), "entry 4 of the journal is missing"),
        (lambda entries: entries.pop(0), "does not begin with the first"),
        (lambda entries: entries.pop(), "does not end where the statement says"),
        (lambda entries: entries.clear(), "does not begin with the first"),
        (lambda entries: entries[1].update(attention="a1"), "entry 3 of the journal has another"),
        (lambda entries: entries[3].update(kind="ConsentGiven"), "entry 5 of the journal has another"),
        (lambda entries: entries[2].update(body="{}"), "entry 4 of the journal says something else"),
    ],
)
def test_the_journal_is_walked(change: Callable[[list[dict[str, Any]]], object], sentence: str) -> None:
    assert sentence in wrong(Stated(change_entries=change))  # type: ignore[arg-type]  # what it returns does not matter


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (REFUSED[:-1], "until it was over"),
        (REFUSED[2:], "from its beginning"),
        (with_fact(("a1", "ConsentGiven", ASKED)), "another answer about being recorded"),
        (with_fact(("a1", "ConsentAsked", {**ASKED, "consent": "c2"})), "other consents"),
    ],
)
def test_a_journal_that_tells_otherwise_is_found(facts: tuple[Fact, ...], sentence: str) -> None:
    assert sentence in wrong(Stated(facts))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recording": "r1"}, "another recording"),
        ({"attention": "a2"}, "another attention"),
        ({"format": "videoattention-statement/2"}, "another format"),
        ({"policy": {"version": 4, "sha256": "0" * 64}}, "policy.json is not the policy"),
        ({"recordings": [{"id": "r1", "stage": "erased"}]}, "tells of a recorder"),
        ({"consent_to_record": "never_asked"}, "another answer"),
        ({"consents": []}, "other consents"),
        ({"consents": [{"id": "c1", "hash": "0" * 64, "given_at": None}]}, "the text of consent c1"),
        ({"journal": None}, "not built as it must be"),
    ],
)
def test_the_statement_is_compared_with_everything(change: dict[str, Any], sentence: str) -> None:
    assert sentence in wrong(Stated(change_manifest=lambda manifest: manifest.update(change)))


def test_the_version_of_the_policy_is_the_journal_s() -> None:
    other = Stated(change_manifest=lambda manifest: manifest["policy"].update(version=4))
    assert "another version of the policy" in wrong(other)


def test_fewer_entries_than_were_stated_are_found() -> None:
    fewer = Stated(change_manifest=lambda manifest: manifest["journal"].update(entries=4))
    assert "more or fewer entries" in wrong(fewer)


def test_media_does_not_belong() -> None:
    added = Stated(change_members=lambda members: members.update({"media/1-citizen-video.webm": b"x"}))
    assert "media/1-citizen-video.webm does not belong" in wrong(added)
    stray = Stated(change_members=lambda members: members.update({"seals/r9.json": b"{}"}))
    assert "seals/r9.json is bound by nothing" in wrong(stray)
    made = Made(change_members=lambda members: members.update({"policy.json": b"{}"}))
    assert "policy.json does not belong" in wrong(made.bytes())


def test_what_was_erased_is_told_with_its_certificate() -> None:
    told = said(Stated(erased=True))
    assert "No recording of this attention exists any more; the journal of it is whole." in told
    assert "1 were erased, each with its signed certificate" in told
    assert "not checked: the way from entry 9 of the journal, where the package ends, to entry 90001 with link" in told
    assert NOTHING not in told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seq": 90_002}, "entry 90002 of the journal has another place"),
        ({"kind": "RecordingSealed"}, "entry 90001 of the journal has another place"),
        ({"attention": "a2"}, "entry 90001 of the journal has another place"),
        ({"body": "{}"}, "entry 90001 of the journal says something else"),
        ({"body": None, "salt": None}, "(RecordingErased) comes without what it said"),
    ],
)
def test_the_entry_of_the_erasure_bears_its_link(change: dict[str, Any], sentence: str) -> None:
    other = Stated(erased=True, change_manifest=lambda manifest: manifest["recordings"][0]["entry"].update(change))
    assert sentence in wrong(other)


def test_the_entry_of_the_erasure_is_of_this_one_and_later() -> None:
    for told, at, sentence in (
        ({"recording": "r9"}, 90_000, "does not say that erasures/r1.json certifies"),
        ({"certificate": "0" * 64}, 90_000, "does not say that erasures/r1.json certifies"),
        ({}, 3, "entry 4 of the journal is not the one of that place"),
    ):

        def another(manifest: dict[str, Any], told: dict[str, str] = told, at: int = at) -> None:
            left = manifest["recordings"][0]
            fact = {"recording": "r1", "certificate": left["certificate_sha256"], **told}
            (left["entry"],) = chained(at, "e" * 64, [("a1", "RecordingErased", fact)])

        assert sentence in wrong(Stated(erased=True, change_manifest=another))


def test_a_package_that_has_the_erasure_in_its_part_of_the_journal_holds_too() -> None:
    def changed(manifest: dict[str, Any]) -> None:
        del manifest["recordings"][0]["entry"]

    assert "does not say that erasures/r1.json" in wrong(Stated(erased=True, change_manifest=changed))
    certificate = sha256(Stated(erased=True).files()["erasures/r1.json"])
    within = with_fact(("a1", "RecordingErased", {"recording": "r1", "certificate": certificate}))
    assert "not checked: the way from entry" not in said(Stated(within, erased=True, change_manifest=changed))


@pytest.mark.parametrize("field", ["recording", "attention", "manifest_sha256"])
def test_a_certificate_of_something_else_is_found(field: str) -> None:
    other = Stated(erased=True, change_certificate=lambda certificate: certificate.update({field: "other"}))
    assert "certifies the erasure of something else" in wrong(other)


def test_a_certificate_or_a_seal_of_a_stranger_is_found() -> None:
    for name in ("seals/r1", "erasures/r1"):

        def forged(members: dict[str, bytes], name: str = name) -> None:
            members[f"{name}.sig"] = STRANGER.sign(members[f"{name}.json"])

        assert "does not bear the signature" in wrong(Stated(erased=True, change_members=forged))


def test_the_format_is_that_of_the_contract() -> None:
    contract = Path(offline.__file__).parents[1] / "docs" / "decisions" / "0013-seal-package-certificate.md"
    assert offline.STATEMENT_FORMAT in contract.read_text(encoding="utf-8")
    made = json.loads(Stated().files()["manifest.json"])
    assert made["format"] == offline.STATEMENT_FORMAT == statement.FORMAT


def test_the_samples_are_what_they_say() -> None:
    assert sha256(Stated().files()["texts/attended-1-ca.txt"]) == HASH
