"""Facts to journal bodies and back, and the links between them."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.adapters.db.journal import commitment_to, link_of
from videoattention.adapters.db.journal_facts import KINDS, FactUnknown, body_of, canonical, fact_of
from videoattention.domain.facts import CallEnded, PlaybackRefused, SignedIn
from videoattention.domain.levels import Level

if TYPE_CHECKING:
    from videoattention.domain.facts import Fact


def _told(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    finite = st.floats(allow_nan=False, allow_infinity=False)
    return st.builds(kind, **{name: finite for name, hint in hints.items() if hint is float})


FACTS = st.one_of(*map(_told, KINDS.values()))


@given(FACTS)
def test_every_fact_comes_back(fact: Fact) -> None:
    again = fact_of(type(fact).__name__, body_of(fact))
    assert again == fact
    assert body_of(again) == body_of(fact)


@given(FACTS)
def test_a_body_is_canonical(fact: Fact) -> None:
    kept = json.loads(body_of(fact))
    assert body_of(fact) == canonical(dict(reversed(kept.items())))
    assert list(kept) == sorted(kept)


def test_every_kind_tells_its_attention_and_plain_values() -> None:
    """What a body can hold: text, numbers, yes or no, nothing, and tuples of text; the journal needs no other."""
    plain = {"str", "int", "bool", "float", "str | None", "tuple[str, ...]"}
    for kind in KINDS.values():
        hints = {name: str(hint) for name, hint in get_type_hints(kind).items()}
        assert "attention" in hints
        assert {hint.removeprefix("<class '").removesuffix("'>") for hint in hints.values()} <= plain


def test_words_of_the_domain_are_kept_as_words() -> None:
    assert json.loads(body_of(KINDS["LevelRaised"]("a1", Level.ATTENDED))) == {"attention": "a1", "level": "attended"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Invented", "{}"),
        ("CallEnded", "{}"),
        ("CallEnded", '{"attention":"a1","by":"citizen","more":1}'),
        ("CallEnded", "[]"),
        ("Fact", "{}"),
    ],
)
def test_what_no_program_wrote_is_not_read(kind: str, body: str) -> None:
    with pytest.raises(FactUnknown):
        fact_of(kind, body)


def test_any_text_is_told_in_characters_that_any_database_keeps() -> None:
    body = body_of(SignedIn("\x00 \ud800 «l·l»", "p"))
    assert body.isascii()
    assert "\x00" not in body
    assert fact_of("SignedIn", body) == SignedIn("\x00 \ud800 «l·l»", "p")


def test_a_number_that_is_none_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"seconds": float("nan")})


def test_the_names_of_kinds_are_history() -> None:
    """A kind that is renamed or removed can no longer be read from journals that are kept for years."""
    assert set(KINDS) >= {
        "AttentionRequested",
        "OfferMade",
        "OfferLapsed",
        "OfferAccepted",
        "AttentionAbandoned",
        "LevelProposed",
        "LevelProposalDropped",
        "LevelRaised",
        "LevelLowered",
        "IdentificationAsked",
        "CitizenIdentified",
        "ConsentAsked",
        "ConsentGiven",
        "ConsentRefused",
        "ConsentWithdrawn",
        "CallEnded",
        "AttentionConcluded",
        "RecorderAdmitted",
        "RecordingStarted",
        "RecorderRefused",
        "RecordingInterrupted",
        "RecordingResumed",
        "RecorderDismissed",
        "RecordingSealed",
        "RecordingLost",
        "PurposeStated",
        "PlaybackRefused",
        "SignedIn",
        "SignedOut",
        "SignInFailed",
        "AccessRefused",
        "ReadinessChanged",
    }
    assert all(len(fields(kind)) for kind in KINDS.values())


TOLD = {"at": "t", "actor": "citizen", "kind": "CallEnded", "attention": None, "commitment": "c"}


def test_a_link_depends_on_everything_that_is_told() -> None:
    links = {
        link_of("p", "o", 1, **TOLD),
        link_of("q", "o", 1, **TOLD),
        link_of("p", "q", 1, **TOLD),
        link_of("p", "o", 2, **TOLD),
        *(link_of("p", "o", 1, **{**TOLD, name: "other"}) for name in TOLD),
        link_of("p", "o", 1, **{**TOLD, "actor": "CallEnded", "kind": "citizen"}),
        link_of("p", "o", 1, **{**TOLD, "attention": ""}),
    }
    assert len(links) == 11


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    body = body_of(CallEnded("a1", "citizen"))
    assert len(commitment_to(body, b"s" * 32)) == 64
    assert commitment_to(body, b"s" * 32) != commitment_to(body, b"t" * 32)
    assert commitment_to(body, b"s" * 32) != commitment_to(body_of(PlaybackRefused("r1", "role")), b"s" * 32)


def test_the_link_is_the_one_that_was_published() -> None:
    """Journals are verified years later, by other programs: the figures in the journal's description are these."""
    salt = bytes(range(32))
    committed = commitment_to('{"attention":"a1","by":"citizen"}', salt)
    told = {"at": "2026-03-02T09:30:00.123456+00:00", "actor": "citizen", "kind": "CallEnded", "attention": "a1"}
    link = link_of("0" * 64, "gencat-demo", 1, **told, commitment=committed)
    assert (committed, link) == (
        "9428eef439447825bb25784472f3598da1f57afa36a93add17edf1e643bd27c4",
        "a12242b5c4463f142b4d3e6350f9ccfd3432b40eb6ea52def3d9ae6db448a33a",
    )
