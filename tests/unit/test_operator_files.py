"""The two files that an operator writes: the catalogue and the mapping of claims."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from videoattention.adapters.db.catalogue_file import UnreadableCatalogue, read_catalogue
from videoattention.adapters.db.demo import VILA
from videoattention.adapters.identity.mapping_file import UnreadableMapping, read_mapping
from videoattention.domain.identification import Assurance
from videoattention.domain.people import Role
from videoattention.services.claims import ClaimsMapping

EXAMPLE = Path(__file__).parents[2] / "docs" / "catalogue.example.json"


def written(folder: Path, said: object) -> Path:
    path = folder / "said.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said))
    return path


def test_the_example_of_the_documents_is_a_catalogue() -> None:
    assert read_catalogue(EXAMPLE) == (VILA,)


@pytest.mark.parametrize("said", ["", "{}", [{"id": "a"}], [{"id": 1, "name": {}, "offices": [], "procedures": []}]])
def test_what_is_no_catalogue_is_told_with_the_name_of_the_file(tmp_path: Path, said: object) -> None:
    with pytest.raises(UnreadableCatalogue, match=r"said\.json"):
        read_catalogue(written(tmp_path, said))


def test_an_office_has_its_id_for_itself(tmp_path: Path) -> None:
    twice = json.loads(EXAMPLE.read_text()) * 2
    with pytest.raises(UnreadableCatalogue, match="'oac-vila' twice"):
        read_catalogue(written(tmp_path, twice))


def test_a_mapping_names_claims_roles_and_assurances(tmp_path: Path) -> None:
    said = {
        "roles": "realm_access.roles",
        "role_values": {"va-informador": "informer"},
        "assurance_values": {"urn:valid:substantial": "substantial"},
    }
    mapping = read_mapping(written(tmp_path, said))
    assert mapping.roles == "realm_access.roles"
    assert mapping.role_values == {"va-informador": Role.INFORMER}
    assert mapping.assurance_values == {"urn:valid:substantial": Assurance.SUBSTANTIAL}
    assert mapping.offices == ClaimsMapping().offices


@pytest.mark.parametrize(
    "said", ["", {"rolls": "x"}, {"role_values": {"a": "king"}}, {"assurance_values": {"a": "very"}}, {"roles": 3}]
)
def test_what_is_no_mapping_is_told_with_the_name_of_the_file(tmp_path: Path, said: object) -> None:
    with pytest.raises(UnreadableMapping, match=r"said\.json"):
        read_mapping(written(tmp_path, said))
