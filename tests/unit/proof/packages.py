"""Packages made by hand, as the contract says them, so that any part of one can be another."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from videoattention.adapters.db.journal import commitment_to, link_of
from videoattention.adapters.db.journal_facts import canonical
from videoattention.offline import key_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

TEXT = "Autorització\nAutoritzo la gravació."
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
AT = "2026-03-02T09:30:00.123456+00:00"
NAMES = ("manifest.json", "manifest.sig", "public-key.pem", "journal.jsonl", "package.json", "package.sig")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def unchanged(_: Any) -> None:  # noqa: ANN401 - what is changed is of many kinds
    """Nothing is another."""


@dataclass
class Made:
    """One package. Each ``change_…`` is given what it can change before that is signed or written.

    ``added`` are further facts of the attention, from before its recording was sealed.
    """

    key: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    change_manifest: Callable[[dict[str, Any]], None] = unchanged
    change_entries: Callable[[list[dict[str, Any]]], None] = unchanged
    change_members: Callable[[dict[str, bytes]], None] = unchanged
    change_package: Callable[[dict[str, Any]], None] = unchanged
    change_files: Callable[[dict[str, bytes]], None] = unchanged
    stamp: Callable[[bytes], bytes] | None = None
    added: tuple[tuple[str, dict[str, Any]], ...] = ()

    def files(self) -> dict[str, bytes]:
        """Every member, in order."""
        media = {"media/1-citizen-video.webm": b"picture" * 50, "media/1-citizen-audio.webm": b"sound" * 30}
        added = [("a1", *fact) for fact in self.added]
        before = chained(0, "0" * 64, [("a0", "SignedIn", {}), *_FACTS, *added])
        manifest = _manifest(media, before)
        self.change_manifest(manifest)
        raw = json.dumps(manifest, indent=1).encode()
        sealed = {
            "recording": "r1",
            "manifest": sha256(raw),
            "key": key_id(self.key.public_key()),
            "parts": 1,
            "seconds": 10.0,
        }
        last = before[-1]
        entries = before[1:] + chained(last["seq"], last["hash"], [("a2", "CallEnded", {}), ("a1", _SEALED, sealed)])
        self.change_entries(entries)
        signature = self.key.sign(raw)
        members = {
            "manifest.json": raw,
            "manifest.sig": signature,
            "public-key.pem": pem(self.key),
            **({"timestamp.tsr": self.stamp(signature)} if self.stamp else {}),
            **media,
            "journal.jsonl": b"".join(json.dumps(entry).encode() + b"\n" for entry in entries),
            "texts/attended-1-ca.txt": TEXT.encode(),
        }
        self.change_members(members)
        package = _package(members)
        self.change_package(package)
        told = json.dumps(package).encode()
        files = members | {"package.json": told, "package.sig": self.key.sign(told)}
        self.change_files(files)
        return files

    def bytes(self) -> bytes:
        """The ZIP file."""
        return zipped(self.files())


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return made.getvalue()


_SEALED = "RecordingSealed"
_CONSENT = {"consent": "c1", "hash": HASH}
_FACTS = [
    ("a1", "AttentionRequested", {"office": "oac"}),
    ("a2", "AttentionRequested", {"office": "oac"}),
    ("a1", "ConsentAsked", _CONSENT),
    (None, "SignedIn", {"subject": "marta"}),
    ("a1", "ConsentGiven", _CONSENT),
    ("a1", "RecorderDismissed", {"recording": "r1"}),
]


def chained(seq: int, prev: str, facts: list[tuple[str | None, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Entries of one chain after a place and its link; only those of the attention a1 have a body."""
    made = []
    for attention, kind, said in facts:
        seq += 1
        body, salt = canonical({"attention": attention, **said}), bytes([seq % 256]) * 32
        told = {"at": AT, "actor": "service", "kind": kind, "attention": attention}
        told["commitment"] = commitment_to(body, salt)
        link = link_of(prev, "interior", seq, **told)
        entry = {"seq": seq, **told, "prev": prev, "hash": link}
        made.append(entry | ({"body": body, "salt": salt.hex()} if attention == "a1" else {}))
        prev = link
    return made


def _manifest(media: dict[str, bytes], chain: list[dict[str, Any]]) -> dict[str, Any]:
    tracks = [
        {
            "track": name.partition("-")[2].removesuffix(".webm"),
            "duration": 10.0,
            "playable_bytes": len(data),
            "playable_sha256": sha256(data),
        }
        for name, data in media.items()
    ]
    silent = {"track": "informer-audio", "duration": 0.0, "playable_bytes": 0, "playable_sha256": ""}
    return {
        "format": "videoattention-manifest/1",
        "organisation": "interior",
        "recording": "r1",
        "attention": "a1",
        "sealed_at": AT,
        "complete": False,
        "causes": ["worker_lost"],
        "parts": [{"number": 1, "tracks": [*tracks, silent]}],
        "consents": [{"id": "c1", "text": "attended", "hash": HASH, "given_at": AT}],
        "journal": {"first": chain[1]["seq"], "last": chain[-1]["seq"], "hash": chain[-1]["hash"]},
    }


def _package(members: dict[str, bytes]) -> dict[str, Any]:
    return {
        "format": "videoattention-package/1",
        "organisation": "interior",
        "recording": "r1",
        "attention": "a1",
        "made_at": AT,
        "made_by": "auditor:nuria",
        "purpose": "Requeriment del jutjat",
        "files": {name: sha256(data) for name, data in members.items()},
    }
