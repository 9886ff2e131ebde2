"""npm's `openid-client` (certified) against our stand-in: what the stand-in says is OpenID Connect, and strict."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.conformance.counterparts import certified_client
from tests.integration.identity.town import Town, a_town, client_of
from videoattention.services.identity import Realm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.counterpart("openid-client")


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as one:
        one.clock.moment = datetime.now(UTC)
        yield one


def asking(town: Town, realm: Realm, algorithm: str, **pressed: str) -> dict[str, object]:
    ours = client_of(realm, town.service, town.base)
    return {
        "issuer": ours.issuer,
        "client_id": ours.client_id,
        "client_secret": ours.client_secret,
        "redirect_uri": ours.redirect_uri,
        "post_logout_redirect_uri": ours.post_logout_redirect_uri,
        "algorithm": algorithm,
        "pressed": pressed,
    }


@pytest.mark.parametrize(
    ("realm", "algorithm", "pressed"),
    [
        (Realm.STAFF, "RS256", {"person": "staff-marta"}),
        (Realm.CITIZENS, "ES256", {"person": "citizen-omar", "assurance": "high"}),
    ],
)
async def test_it_signs_in_reads_the_details_and_signs_out(
    town: Town, realm: Realm, algorithm: str, pressed: dict[str, str]
) -> None:
    status, told, faults = await certified_client(asking(town, realm, algorithm, **pressed))
    assert status == 0, faults
    learnt = json.loads(told)
    assert learnt["claims"]["sub"] == learnt["userinfo"]["sub"] == pressed["person"]
    assert learnt["claims"].get("acr", "").rpartition(":")[2] == pressed.get("assurance", "")
    assert learnt["again"] == "invalid_grant"
    assert learnt["left"] == f"{town.service}/goodbye?state=goodbye"
    assert [notice.sid for notice in town.notices] == [learnt["claims"]["sid"]]


async def test_the_proof_of_another_browser_is_refused(town: Town) -> None:
    asked = asking(town, Realm.STAFF, "RS256", person="staff-marta") | {"verifier": "v" * 43}
    status, _, faults = await certified_client(asked)
    assert status == 1
    assert "invalid_grant" in faults


async def test_another_secret_is_refused(town: Town) -> None:
    asked = asking(town, Realm.STAFF, "RS256", person="staff-marta") | {"client_secret": "guess"}
    status, _, faults = await certified_client(asked)
    assert status == 1
    assert "status: 401" in faults
