"""What receipts and forms say: pure, from an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.integration.papers.accounts import HASH, IMAGES, attended, lowered, minute, seen
from videoattention.domain.accounts import Told
from videoattention.domain.consent import AnsweredBy, ConsentStage
from videoattention.domain.levels import Level, Purpose
from videoattention.domain.receipts import DATA, RECIPIENTS, SCHEMA, form_of, receipt_of


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
    given = replace(watched, kind="AttentionExported")
    assert replace(account, told=(*account.told, given)).watched == (given,), "also without a recording"
    unmade = Told(minute(91), "service", "ExportUnmade", {"recording": "", "export": "e1", "cause": "no_space"})
    assert replace(account, told=(*account.told, watched, given, unmade)).watched == (watched,), "nobody got it"
    assert replace(account, told=(*account.told, given, unmade, given)).watched == (given,)
    erased = replace(account, recordings=(replace(account.recordings[0], erased_at=minute(99)),))
    assert receipt_of(erased) != receipt_of(account)


def told_of(kind: str, at: int, actor: str = "auditor:nuria", **body: str) -> Told:
    return Told(minute(at), actor, kind, body)


def test_whoever_saw_the_pictures_or_was_given_the_login_is_told_with_when_and_what_for() -> None:
    stated = told_of("PurposeStated", 90, recording="r1", purpose="Reclamació", case="1/26", function="Auditora")
    others = told_of("PurposeStated", 91, "auditor:oriol", recording="r1", purpose="Mostreig", case="2/26")
    seen = told_of("IdentificationSeen", 92, recording="r1", visual="v1")
    given = told_of("LoginProofGiven", 93, "operator:pere", evidence="ab", purpose="Requeriment del jutjat")
    account = replace(attended(), told=(*attended().told, stated, others, seen, given))
    assert [fact.kind for fact in account.watched[2:]] == ["IdentificationSeen", "LoginProofGiven"]
    opened = account.watched[2]
    assert (opened.at, opened.body["purpose"], opened.body["case"]) == (minute(92), "Reclamació", "1/26")
    assert opened.body["function"] == "Auditora"


def test_a_package_that_nobody_got_takes_no_other_one_out_of_the_list() -> None:
    asked = told_of("ExportAsked", 80, recording="r1", export="e1", purpose="Reclamació", case="1/26")
    first = told_of("RecordingExported", 90, recording="r1", purpose="Reclamació", case="1/26", approved_by="oriol")
    other = told_of("RecordingExported", 91, "operator:pere", recording="r1", purpose="Requeriment")
    unmade = told_of("ExportUnmade", 92, "service", recording="r1", export="e1", cause="no_space")
    account = replace(attended(), told=(*attended().told, asked, first, other, unmade))
    assert account.watched == (other,), "the operator got theirs"
    named = told_of("AttentionExported", 93, "staff:montse", export="e2", purpose="Reclamació")
    again = told_of("AttentionExported", 94, export="e3", purpose="Reclamació")
    account = replace(account, told=(named, again, told_of("ExportUnmade", 95, "service", recording="", export="e2")))
    assert account.watched == (again,)


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


def test_the_levels_that_it_went_through_are_told_with_their_times() -> None:
    told = receipt_of(lowered())
    assert told["attention"]["level"] == "informative"
    assert [(one["level"], one["since"], one["until"]) for one in told["attention"]["levels"]] == [
        ("informative", minute(1).isoformat(), minute(7).isoformat()),
        ("attended", minute(7).isoformat(), minute(15).isoformat()),
        ("informative", minute(15).isoformat(), minute(22).isoformat()),
    ]
    assert told["recordings"][0]["kept_until"] == (minute(22) + timedelta(days=5 * 365)).isoformat()
    nobody = replace(attended(), attention=replace(attended().attention, talking_since=None))
    assert nobody.levels == ()


def test_the_consent_to_images_is_a_consent_and_the_pictures_are_told() -> None:
    told = receipt_of(seen())
    consent = told["consents"][-1]
    assert (consent["consent_id"], consent["state"], consent["privacy_notice"]["sha256"]) == ("v1", "given", IMAGES)
    assert [event["event_state"] for event in consent["events"]] == ["requested", "given"]
    (purpose,) = consent["purposes"]
    until = (minute(8) + timedelta(days=15 * 365)).isoformat()
    assert (purpose["purpose"], purpose["kept_until"]) == ("images", until)
    (images,) = told["images"]
    assert (images["kept"], images["kept_until"]) == ("kept", until)
    assert [still["kind"] for still in images["stills"]] == ["face", "front", "back"]
    assert told["recordings"][0]["kept_until"] == until  # all of an attention goes together


@pytest.mark.parametrize(
    ("facts", "state", "kept"),
    [
        (("VisualRefused",), "refused", "nothing"),
        (("VisualLapsed",), "lapsed", "nothing"),
        (("VisualAgreed", "VisualRefused"), "withdrawn", "deleted"),
        (("VisualAgreed", "VisualLapsed"), "ended", "deleted"),
        (("VisualAgreed", "StillTaken", "VisualStopped"), "stopped", "stopped"),
        (("VisualAgreed", "VisualStopped", "PersonalDataErased"), "stopped", "stopped"),
        (("VisualAgreed", "VisualStopped"), "stopped", "untaken"),
        (("VisualStopped",), "stopped", "untaken"),
        (("VisualAgreed", "VisualIdentified", "VisualErased"), "given", "erased"),
        (("VisualAgreed", "VisualIdentified", "PersonalDataErased"), "given", "erased"),
    ],
)
def test_what_became_of_the_pictures_is_told(facts: tuple[str, ...], state: str, kept: str) -> None:
    told = receipt_of(seen("ca", *facts, kept=False))
    assert (told["consents"][-1]["state"], told["images"][0]["kept"]) == (state, kept)
    assert (told["images"][0]["erased_at"] is not None) == (kept == "erased")
    assert told["images"][0]["stills"] == []


def test_of_pictures_that_were_never_taken_no_term_is_told() -> None:
    account = seen("ca", "VisualAgreed", "VisualStopped")
    (purpose,) = receipt_of(account)["consents"][-1]["purposes"]
    assert (purpose["kept_until"], purpose["retention_days"]) == (None, 0)
    assert receipt_of(account)["images"][0]["kept_until"] is None


@pytest.mark.parametrize(
    ("facts", "proved", "identifying"),
    [
        (("VisualAgreed", "VisualStopped"), False, "sight"),
        (("VisualStopped",), False, "sight"),
        (("VisualRefused",), False, "sight"),
        (("VisualLapsed",), False, "sight"),
        (("VisualAgreed", "VisualStopped"), True, "done"),
        (("VisualAgreed", "VisualStopped", "PersonalDataErased"), False, "erased"),
    ],
)
def test_an_identification_that_was_begun_is_told_as_it_ended(
    facts: tuple[str, ...], *, proved: bool, identifying: str
) -> None:
    account = seen("ca", *facts)
    if not proved:
        account = replace(account, attention=replace(account.attention, identification=None))
    told = receipt_of(account)["attention"]
    assert (told["identifying"], told["identified"] is not None) == (identifying, proved)


def test_a_question_that_was_not_answered_is_no_identification_that_was_not_needed() -> None:
    bare = replace(attended(), attention=replace(attended().attention, identification=None))
    assert receipt_of(bare)["attention"]["identifying"] == "none"
    asked = Told(minute(2), "informer:marta", "IdentificationAsked", {"way": "phone"})
    assert receipt_of(replace(bare, told=(*bare.told, asked)))["attention"]["identifying"] == "asked"


def test_what_was_erased_says_when() -> None:
    account = attended()
    gone = replace(account, told=(*account.told, Told(minute(99), "service", "PersonalDataErased", {"entries": 3})))
    told = receipt_of(gone)
    assert told["attention"]["erased_at"] == minute(99).isoformat()
    assert told["attention"]["kept_until"] is None
    assert {one["erased_at"] for one in told["documents"]} == {minute(99).isoformat()}


def test_informative_attention_of_no_days_says_so() -> None:
    bare = replace(attended().attention, level=Level.INFORMATIVE, identification=None, consents=(), ended_at=minute(5))
    account = replace(attended(), attention=bare, recordings=(), deliveries=(), told=())
    told = receipt_of(account)
    assert (told["retention_days"], told["attention"]["kept_until"]) == (0, minute(5).isoformat())
    assert (
        receipt_of(replace(account, visuals=seen().visuals, told=seen().told, notices=seen().notices))["attention"][
            "nothing_stored_beyond_outcome"
        ]
        is False
    )


def test_of_a_consent_that_was_never_given_nothing_is_kept() -> None:
    consents = tuple(replace(one, stage=ConsentStage.REFUSED) for one in attended().attention.consents)
    refused = replace(attended(), attention=replace(attended().attention, consents=consents))
    for consent in receipt_of(refused)["consents"]:
        assert {(one["kept_until"], one["retention_days"]) for one in consent["purposes"]} == {(None, 0)}


def test_the_legal_basis_is_told_in_the_citizen_s_language() -> None:
    for language, words in (("ca", "Llei 39/2015"), ("en", "Law 39/2015")):
        told = receipt_of(attended(language))["consents"][0]["purposes"][0]["legal_basis"]
        assert words in told
        assert words in form_of(attended(language), minute(7))["legal_basis"]
