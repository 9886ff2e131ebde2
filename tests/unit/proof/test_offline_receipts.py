"""What a citizen took home is checked with the package: signed, about this attention, each file named by its hash."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.proof.packages import Made, sha256
from videoattention import offline
from videoattention.offline import DoesNotHold, Given, key_id

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
PDF, FORM = b"%PDF-1.7 the receipt", b"%PDF-1.7 the form"
RECEIPT = "receipts/receipt-1.jws"


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def told() -> dict[str, Any]:
    return {
        "organisation": "interior",
        "number": 1,
        "attention": {"id": "a1"},
        "consents": [{"consent_id": "c1", "events": [{"event_state": "requested"}, {"event_state": "given"}]}],
        "documents": [{"sha256": sha256(FORM)}],
        "pdf": {"sha256": sha256(PDF)},
    }


def jws(receipt: dict[str, Any], key: Ed25519PrivateKey = KEY, **header: str) -> bytes:
    said = {"alg": "EdDSA", "kid": key_id(KEY.public_key()), **header}
    message = encoded(json.dumps(said).encode()) + b"." + encoded(json.dumps(receipt).encode())
    return message + b"." + encoded(key.sign(message))


def members(change: Callable[[dict[str, bytes]], object] = lambda _: None, signed: bytes | None = None) -> Made:
    def add(files: dict[str, bytes]) -> None:
        files[RECEIPT] = jws(told()) if signed is None else signed
        files["receipts/receipt-1.pdf"] = PDF
        files["receipts/form-f1.pdf"] = FORM
        change(files)

    return Made(change_members=add)


def said(made: Made) -> str:
    return " ".join(offline.check(io.BytesIO(made.bytes()), Given()))


def test_receipts_that_were_signed_and_named_hold() -> None:
    told = said(members())
    assert "The receipts hold: 3 files" in told
    assert "not checked: what the journal says of receipt no. 1, made after the part of it in the package." in told
    assert "receipts hold" not in said(Made())


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        (jws(told(), STRANGER), "is not signed"),
        (jws(told(), alg="none"), "signed in another way"),
        (jws(told(), kid="another"), "with another key"),
        (jws(told() | {"attention": {"id": "a2"}}), "about another attention"),
        (jws(told() | {"organisation": "exterior"}), "about another attention"),
        (jws(told() | {"pdf": {"sha256": sha256(b"another")}}), "the PDF of receipts/receipt-1.jws is missing"),
        (jws(told() | {"documents": []}), "receipts/form-f1.pdf is bound by no receipt"),
        (
            jws(told() | {"consents": [{"consent_id": "c9", "events": [{"event_state": "given"}]}]}),
            "consent c9 was given; the journal does not",
        ),
        (b"no receipt", "is no signed receipt"),
        (b"a.b.*", "is no signed receipt"),
    ],
)
def test_what_is_wrong_with_a_receipt_is_named(signed: bytes, why: str) -> None:
    with pytest.raises(DoesNotHold) as found:
        said(members(signed=signed))
    assert why in str(found.value) or why == "is not signed", str(found.value)


@pytest.mark.parametrize("name", [RECEIPT, "receipts/receipt-1.pdf", "receipts/form-f1.pdf"])
def test_every_byte_of_what_was_taken_home_counts_even_where_the_package_was_signed_anew(name: str) -> None:
    files: dict[str, bytes] = {}
    members(files.update).files()
    for at in range(len(files[name])):
        changed = bytearray(files[name])
        changed[at] ^= 1
        with pytest.raises(DoesNotHold):
            said(members(lambda them, now=bytes(changed): them.update({name: now})))  # type: ignore[misc]


def test_a_paper_that_nobody_named_does_not_belong() -> None:
    with pytest.raises(DoesNotHold, match="bound by no receipt"):
        said(members(lambda files: files.update({"receipts/other.pdf": b"%PDF-1.7"})))


def test_the_consent_to_images_stands_on_its_own_facts() -> None:
    images = {"consent_id": "v1", "events": [{"event_state": "requested"}, {"event_state": "given"}]}
    with pytest.raises(DoesNotHold, match="consent v1 was requested; the journal does not"):
        said(members(signed=jws(told() | {"consents": [images]})))
    journal = offline.Slice("interior", "a1")
    journal.told = [({"kind": kind}, {"visual": "v1"}) for kind in ("VisualBegun", "VisualAgreed")]
    for event in images["events"]:
        offline._check_event(journal, RECEIPT, images, event["event_state"])  # type: ignore[index]  # a dict of strings
