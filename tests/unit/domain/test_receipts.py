"""What receipts and forms say: pure, from an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.integration.papers.accounts import HASH, attended, minute
from videoattention.domain.consent import AnsweredBy
from videoattention.domain.levels import Level, Purpose
from videoattention.domain.receipts import DATA, RECIPIENTS, SCHEMA, Told, form_of, receipt_of


def test_a_consent_is_told_with_every_field_of_the_standard() -> None:
    told = receipt_of(attended())
    assert told["schema_version"] == SCHEMA
    assert told["pii_principal_id"] == "citizen-of-9f1c0d5e77a14b60"
    (controller,) = told["party_identification"]
    assert set(controller) == {"party_id", "party_name", "party_role", "party_address", "party_contact"}
    withdrawn, given = told["consents"]
    assert (withdrawn["state"], given["state"]) == ("withdrawn", "given")
    assert [event["event_state"] for event in withdrawn["events"]] == ["requested", "given", "withdrawn"]
    assert [event["entity"] for event in given["events"]] == ["organisation", "citizen"]
    notice = given["privacy_notice"]
    assert (notice["version"], notice["language"], notice["sha256"]) == ("2", "ca", HASH)
    for purpose in given["purposes"]:
        assert purpose["lawful_basis"] == "consent"
        assert purpose["pii_type"]
        assert purpose["recipients"]
        assert purpose["retention_days"] == 5 * 365
    assert "12345678Z" not in str(told)
    assert "Aina Ferrer" not in str(told)


def test_every_purpose_says_what_it_needs_and_for_whom() -> None:
    assert set(DATA) == set(RECIPIENTS) == set(Purpose)


def test_the_receipt_says_the_same_until_something_changes() -> None:
    account = attended()
    assert receipt_of(account) == receipt_of(account)
    watched = Told(minute(90), "auditor:nuria", "PurposeStated", {"purpose": "Reclamació", "position": "Auditora"})
    seen = replace(account, told=(*account.told, watched))
    assert receipt_of(seen) == receipt_of(account)
    assert seen.watched == (watched,)
    erased = replace(account, recordings=(replace(account.recordings[0], erased_at=minute(99)),))
    assert receipt_of(erased) != receipt_of(account)


def test_informative_attention_stores_nothing() -> None:
    bare = replace(attended().attention, level=Level.INFORMATIVE, identification=None, consents=(), ended_at=minute(5))
    account = replace(attended(), attention=bare, recordings=(), deliveries=(), told=())
    assert receipt_of(account)["attention"]["nothing_stored_beyond_outcome"] is True
    assert receipt_of(attended())["attention"]["nothing_stored_beyond_outcome"] is False


def test_a_form_names_only_habilitations_in_force_and_who_gave_the_consent() -> None:
    told = form_of(attended(), minute(7))
    assert told["habilitations"] == [{"name": "attended", "until": "2027-03-01"}]
    assert form_of(attended(), minute(7) + timedelta(days=400))["habilitations"] == []
    consents = tuple(replace(one, answered_by=AnsweredBy.WITNESS) for one in attended().attention.consents)
    witnessed = replace(attended(), attention=replace(attended().attention, consents=consents))
    assert form_of(witnessed, minute(7))["consent"]["given_by"] == "witness"


def test_there_is_no_form_without_proof_or_consent() -> None:
    for missing in ({"identification": None}, {"consents": ()}, {"informer": None}):
        with pytest.raises(ValueError, match="proof and consent"):
            form_of(replace(attended(), attention=replace(attended().attention, **missing)), minute(7))
