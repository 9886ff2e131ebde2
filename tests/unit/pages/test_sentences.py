"""Whatever code a person may meet has words for it: the codes are read out of the service's own source."""

from __future__ import annotations

import ast
import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from videoattention.adapters.identity.refusals import Refusal
from videoattention.domain import facts
from videoattention.domain.access import Action
from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, Purpose
from videoattention.entrypoints.http.journal_words import KINDS, SEALED, WORDS, actor_in_words, fact_in_words, kind_of
from videoattention.entrypoints.http.sentences import NOTICES, SENTENCES, UNEXPECTED, notice_of, sentence_of
from videoattention.services.views import JournalLine

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[3] / "videoattention"
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
NOT_FOR_PEOPLE = {
    "text_unreadable",  # ends the start of the service, said in the terminal
}


def _codes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(), args=[ast.Constant(value=str(code)), *_])):
                yield code
            case ast.Call(func=ast.Attribute(attr="__init__"), args=[ast.Constant(value=str(code)), *_]):
                yield code
            case ast.ClassDef(body=body):
                yield from _class_codes(body)


def _class_codes(body: list[ast.stmt]) -> Iterator[str]:
    for line in body:
        match line:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code


def codes_of_the_source() -> set[str]:
    found: set[str] = set()
    for folder in ("domain", "services", "entrypoints"):
        for path in (PACKAGE / folder).rglob("*.py"):
            found.update(_codes(ast.parse(path.read_text(encoding="utf-8"))))
    return {code for code in found if CODE.fullmatch(code)} - NOT_FOR_PEOPLE


def test_every_code_of_the_service_has_a_sentence() -> None:
    codes = codes_of_the_source() | {refusal.value for refusal in Refusal}
    assert {"illegal_step", "stale", "not_found", "not_yours"} <= codes
    assert sorted(codes - SENTENCES.keys() - NOTICES.keys()) == []


def test_a_code_that_nobody_foresaw_still_gets_an_answer() -> None:
    assert sentence_of("no_such_code") == SENTENCES["unexpected"]
    assert notice_of("no_such_code").title == UNEXPECTED.title
    assert notice_of("stale").sentence == SENTENCES["stale"]
    assert notice_of("not_found") is NOTICES["not_found"]


def test_every_kind_of_fact_has_a_sentence_that_names_only_its_fields() -> None:
    kinds = {kind_of(fact.__name__): fact for fact in get_args(facts.Fact)}
    assert kinds.keys() == KINDS.keys()
    for kind, fact in kinds.items():
        named = set(re.findall(r"%\((\w+)\)s", KINDS[kind]))
        assert named <= {field.name for field in dataclasses.fields(fact)}, kind


def test_the_codes_inside_facts_have_phrases() -> None:
    said = {*Level, *Purpose, *Action, *(assurance.name.lower() for assurance in Assurance)}
    documented = {
        code.strip()
        for fact in get_args(facts.Fact)
        for codes in re.findall(r"``(?:cause|by|readiness)``: ([a-z_, ]+)\.", " ".join((fact.__doc__ or "").split()))
        for code in codes.split(",")
    } | {"citizen", "informer", "service"}
    assert len(documented) > len("causes")
    assert sorted((said | documented) - WORDS.keys()) == []


def line(kind: str, **body: object) -> JournalLine:
    return JournalLine(1, datetime(2026, 11, 20, tzinfo=UTC), "service", kind, body, "00")


def test_a_fact_is_told_with_its_codes_in_words() -> None:
    told = fact_in_words(line("ConsentGiven", purposes=["recording", "representation"]), str)
    assert told == "The person accepted, for: recording, representation."
    assert "nobody answered" in fact_in_words(line("offer_lapsed", informer="i-1", cause="unanswered"), str)


def test_figures_and_names_in_a_fact_are_those_of_the_language() -> None:
    sealed = fact_in_words(line("RecordingSealed", parts=1, seconds=10.72), str, "ca")
    assert sealed == "The recording was closed and sealed. Parts: 1. Length: 10,7 s."
    assert "42 s" in fact_in_words(line("RecordingResumed", part=2, gap_seconds=42.0), str, "ca")
    catalan = {"attended": "tramitació atesa"}
    asked = line("ConsentAsked", text="attended", version="1", language="en")
    told = fact_in_words(asked, lambda words: catalan.get(words, words), "ca")
    assert told.startswith("The consent text “tramitació atesa”, version 1, was put before the person")
    assert told.endswith("(anglès).")


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        (
            "RecordingSealed",
            {"parts": 2, "seconds": 9.0, "manifest": "5e", "complete": True, "causes": []},
            "The recording was closed and sealed, complete. Parts: 2. Length: 9 s.",
        ),
        (
            "RecordingSealed",
            {
                "parts": 2,
                "seconds": 9.0,
                "manifest": "5e",
                "complete": False,
                "causes": ["worker_lost", "file_missing"],
            },
            "and sealed, incomplete because the recorder's machine stopped, a file is missing. Parts: 2. Length: 9 s.",
        ),
        (
            "RecordingLost",
            {"cause": "nothing_kept", "manifest": "5e", "causes": ["nothing_kept", "no_space"]},
            "and that was sealed: no media arrived, there was no room on the disk.",
        ),
        ("RecordingLost", {"cause": "nothing_kept"}, "Nothing of the recording could be kept: no media arrived."),
    ],
)
def test_a_seal_is_told_with_what_it_says(kind: str, body: dict[str, object], told: str) -> None:
    assert told in fact_in_words(line(kind, **body), str)


def test_every_sentence_of_a_seal_names_only_its_fields() -> None:
    kinds = {kind_of(fact.__name__): fact for fact in get_args(facts.Fact)}
    for (kind, _), sentence in SEALED.items():
        assert set(re.findall(r"%\((\w+)\)s", sentence)) <= {field.name for field in dataclasses.fields(kinds[kind])}


def test_the_causes_of_an_incomplete_recording_have_phrases() -> None:
    faults = {"torn", "not_closed", "file_missing", "file_tampered", "file_differs", "key_missing", "storage_failed"}
    assert faults | {"nothing_kept", "worker_lost"} <= WORDS.keys()


def test_a_fact_of_another_version_can_be_read_all_the_same() -> None:
    assert fact_in_words(line("OfferLapsed"), str) == "The offer to the informer — lapsed: —."
    assert fact_in_words(line("SomethingNew"), str) == "SomethingNew"
    assert "100%" in fact_in_words(line("AttentionConcluded", outcome="100% done", level="attended"), str)


@pytest.mark.parametrize(
    ("actor", "told"),
    [("citizen", "the citizen"), ("informer:i-1", "the informer (i-1)"), ("robot", "robot")],
)
def test_who_acted_is_told(actor: str, told: str) -> None:
    assert actor_in_words(actor, str) == told
