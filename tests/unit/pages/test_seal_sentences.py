"""What a comparison with the seal finds is told in words for every finding that the service can make."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from videoattention.adapters.vault import checking
from videoattention.entrypoints.http.journal_words import fact_in_words
from videoattention.entrypoints.http.naming import Names
from videoattention.entrypoints.http.pages import Pages
from videoattention.entrypoints.http.recording_page import LOGIN
from videoattention.entrypoints.http.seal_sentences import finding_in_words
from videoattention.services import proof
from videoattention.services.views import JournalLine

GENERAL = {"Something is not as it was sealed.", "it is not as it was sealed."}
OF_THE_WHOLE = [
    said
    for function in (proof.Verifier.verify, proof.Verifier._verify_closed)
    for said in re.findall(r'f?"((?:it|the|an?) [^"]{9,})"', inspect.getsource(function))
] + [
    said
    for function in (proof.seal_faults, proof.binding_faults, proof.erasure_faults)
    for said in re.findall(r'f?"((?:it|the|an?|entry) [^"]{9,})"', inspect.getsource(function))
]


@pytest.mark.parametrize("finding", OF_THE_WHOLE)
def test_every_finding_about_a_seal_has_its_own_sentence(finding: str) -> None:
    assert len(OF_THE_WHOLE) > 12
    assert finding_in_words(re.sub(r"\{[^}]+\}", "7", finding), str) not in GENERAL


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        ("part 1, citizen-video: the file is missing", "Part 1, the citizen's picture: the file is missing."),
        (
            "part 2, informer-audio, record 17: its content does not verify",
            "Part 2, the informer's sound, from record 17 on: something in it was changed.",
        ),
        ("part 1, citizen-audio, header: what comes later", "Part 1, the citizen's sound: it is not as it was sealed."),
        (
            "part 1, citizen-audio: its key is missing",
            "Part 1, the citizen's sound: its key is missing, so it cannot be",
        ),
        ("what a later version finds", "Something is not as it was sealed."),
    ],
)
def test_a_finding_in_a_file_says_where(finding: str, told: str) -> None:
    assert finding_in_words(finding, str).startswith(told)


def test_what_a_file_can_differ_in_is_known() -> None:
    said = re.findall(r'return f?"([^"]+)"', inspect.getsource(checking._difference))
    assert len(said) == 3
    for what in said:
        told = finding_in_words(f"part 1, citizen-audio, record 3: {re.sub('{[^}]+}', '7', what)}", str)
        assert "not as it was sealed" not in told, what


def test_ids_are_told_by_their_names() -> None:
    names = Names({"staff-marta": "Marta Puig"}, {"oac": "Oficina de Girona"}, {"ajut": "Ajut de menjador"})
    assert names.of("informer", "staff-marta") == "Marta Puig (staff-marta)"
    assert names.of("informer", "staff-joan") is None
    assert (names.of("office", "oac"), names.of("procedure", "ajut")) == ("Oficina de Girona", "Ajut de menjador")
    assert names.of("provider", "https://valid.example.cat/o/oauth2") == "valid.example.cat"
    assert names.of("provider", "phone") is None
    assert names.of("purpose", "staff-marta") is None


def test_a_provider_has_the_name_that_it_was_given_and_else_a_sentence_with_its_host() -> None:
    named = {"https://valid.example.cat/o/oauth2": "VÀLid", "visual": "identificació visual"}
    names = Names(providers=named, login="el servei d'identificació de %(host)s")
    assert names.of("provider", "https://valid.example.cat/o/oauth2/") == "VÀLid"
    assert names.of("provider", "visual") == "identificació visual"
    assert names.of("provider", "https://login.example/realms/a") == "el servei d'identificació de login.example"


def test_the_journal_says_through_whom_the_person_identified() -> None:
    body = {"provider": "https://login.example", "assurance": "substantial", "subject": "c-77"}
    line = JournalLine(7, datetime(2026, 11, 20, tzinfo=UTC), "citizen", "CitizenIdentified", body, "0" * 64)
    pages = Pages(Path(__file__).parents[3] / "web")
    for language, told in (
        ("ca", "La persona s'ha identificat amb el servei d'identificació de login.example"),
        ("en", "The person identified through the login service of login.example"),
    ):
        say = partial(pages.translate, language=language)
        assert fact_in_words(line, say, language, Names(login=say(LOGIN))).startswith(told)
