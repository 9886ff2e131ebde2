"""What a comparison with the seal finds is told in words for every finding that the service can make."""

from __future__ import annotations

import inspect
import re

import pytest

from videoattention.adapters.vault import checking
from videoattention.entrypoints.http.naming import Names
from videoattention.entrypoints.http.seal_sentences import finding_in_words
from videoattention.services import proof

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
