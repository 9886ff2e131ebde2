"""Packages of attentions without a recording, made by hand, so that any part of one can be another."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.proof.packages import AT, HASH, TEXT, chained, pem, sha256, unchanged, zipped
from videoattention.offline import key_id

if TYPE_CHECKING:
    from collections.abc import Callable

Fact = tuple[str | None, str, dict[str, Any]]

ASKED = {"consent": "c1", "hash": HASH, "purposes": ["recording", "representation"]}
REFUSED: tuple[Fact, ...] = (
    ("a1", "AttentionRequested", {"office": "oac", "policy": 3}),
    ("a2", "AttentionRequested", {"office": "oac"}),
    ("a1", "ConsentAsked", ASKED),
    ("a1", "ConsentRefused", {"consent": "c1"}),
    (None, "SignedIn", {"subject": "marta"}),
    ("a1", "CallEnded", {"by": "citizen"}),
    ("a1", "AttentionConcluded", {"outcome": "Ha preferit venir-hi."}),
)
POLICY = b'{"attended": {"recording": "whole_session"}}'
SEAL = b'{"format": "videoattention-manifest/1"}'
MEMBERS = ("manifest.json", "manifest.sig", "public-key.pem", "journal.jsonl", "package.json", "package.sig")


@dataclass
class Stated:
    """One package. Each ``change_…`` is given what it can change before that is signed or written."""

    facts: tuple[Fact, ...] = REFUSED
    answer: str = "refused"
    erased: bool = False
    key: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    change_manifest: Callable[[dict[str, Any]], None] = unchanged
    change_entries: Callable[[list[dict[str, Any]]], None] = unchanged
    change_members: Callable[[dict[str, bytes]], None] = unchanged
    change_package: Callable[[dict[str, Any]], None] = unchanged
    change_certificate: Callable[[dict[str, Any]], None] = unchanged

    def files(self) -> dict[str, bytes]:
        """Every member, in order."""
        before = chained(0, "0" * 64, [("a0", "SignedIn", {})])
        certificate = {"recording": "r1", "attention": "a1", "manifest_sha256": sha256(SEAL)}
        self.change_certificate(certificate)
        gone = json.dumps(certificate).encode()
        entries = chained(1, before[0]["hash"], [*self.facts, *(self._sealed() if self.erased else ())])
        manifest = self._manifest(before[0]["hash"], entries, gone)
        self.change_manifest(manifest)
        self.change_entries(entries)
        raw = json.dumps(manifest, indent=1).encode()
        left = {
            "seals/r1.json": SEAL,
            "seals/r1.sig": self.key.sign(SEAL),
            "erasures/r1.json": gone,
            "erasures/r1.sig": self.key.sign(gone),
        }
        members = {
            "manifest.json": raw,
            "manifest.sig": self.key.sign(raw),
            "public-key.pem": pem(self.key),
            "journal.jsonl": b"".join(json.dumps(entry).encode() + b"\n" for entry in entries),
            "policy.json": POLICY,
            "texts/attended-1-ca.txt": TEXT.encode(),
            **(left if self.erased else {}),
        }
        self.change_members(members)
        package = _package(members)
        self.change_package(package)
        told = json.dumps(package).encode()
        return members | {"package.json": told, "package.sig": self.key.sign(told)}

    def packed(self) -> bytes:
        """The ZIP file."""
        return zipped(self.files())

    def _sealed(self) -> list[Fact]:
        sealed = {"recording": "r1", "manifest": sha256(SEAL), "key": key_id(self.key.public_key())}
        return [("a1", "RecordingSealed", sealed)]

    def _manifest(self, before: str, entries: list[dict[str, Any]], certificate: bytes) -> dict[str, Any]:
        asked = any(kind == "ConsentAsked" for _, kind, _ in self.facts)
        given = AT if any(kind == "ConsentGiven" for _, kind, _ in self.facts) else None
        told = {"recording": "r1", "certificate": sha256(certificate)}
        # years afterwards: what was told in between is not in the package
        (entry,) = chained(90_000, "e" * 64, [("a1", "RecordingErased", told)])
        left = {"id": "r1", "stage": "erased", "certificate_sha256": sha256(certificate), "entry": entry}
        return {
            "format": "videoattention-statement/1",
            "organisation": "interior",
            "recording": None,
            "attention": "a1",
            "arrived_at": AT,
            "ended_at": AT,
            "stated_at": AT,
            "policy": {"version": 3, "sha256": sha256(POLICY)},
            "recordings": [left] if self.erased else [],
            "consent_to_record": self.answer,
            "consents": [{"id": "c1", "text": "attended", "hash": HASH, "given_at": given}] if asked else [],
            "journal": {
                "before": before,
                "first": entries[0]["seq"],
                "last": entries[-1]["seq"],
                "hash": entries[-1]["hash"],
                "entries": sum(entry["attention"] == "a1" for entry in entries),
            },
        }


def _package(members: dict[str, bytes]) -> dict[str, Any]:
    return {
        "format": "videoattention-package/1",
        "organisation": "interior",
        "recording": None,
        "attention": "a1",
        "made_at": AT,
        "made_by": "auditor:nuria",
        "purpose": "Requeriment del jutjat",
        "files": {name: sha256(data) for name, data in members.items()},
    }
