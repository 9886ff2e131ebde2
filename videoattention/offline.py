"""Check a package on any machine: this one file, Python 3.10 and the library cryptography are enough.

    python offline.py PACKAGE [--public-key FILE] [--tsa-certificate FILE]

A package is that of a recording, or that of an attention of which there is no recording; the copy of their data that a
citizen was granted is checked too. It imports nothing of the
service and asks nobody. What it relies on is written anew here from the contract
(docs/decisions/0013-seal-package-certificate.md, docs/features/journal.md), so that a fault of the service cannot hide
itself. Exit status: 0 everything holds, 1 something does not, 2 nothing was judged: this is not a package, or
what was given to compare it with cannot be used.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOLDS, WRONG, NOT_JUDGED = 0, 1, 2

UNCHECKED: Final = "not checked: "
"""How a sentence begins that tells of something on which this package has to be believed."""

JOURNAL_FORMAT: Final = "videoattention-journal-1"
MANIFEST_FORMAT: Final = "videoattention-manifest/1"
STATEMENT_FORMAT: Final = "videoattention-statement/1"
PACKAGE_FORMAT: Final = "videoattention-package/1"
COPY_FORMAT: Final = "videoattention-copy/1"

_KIB, _MIB = 1024, 1024 * 1024
_MOST_FILES: Final = 50_000
_LARGEST_DIRECTORY: Final = 16 * _MIB
_LARGEST_TEXT: Final = 16 * _MIB
_LARGEST_STAMP: Final = 64 * _KIB
_LONGEST_LINE: Final = 4 * _MIB
_PIECE: Final = 256 * _KIB
_JWS_PARTS: Final = 3

_REQUIRED: Final = frozenset(
    {"manifest.json", "manifest.sig", "public-key.pem", "journal.jsonl", "package.json", "package.sig"}
)
_ALLOWED: Final = re.compile(
    r"timestamp\.tsr"
    r"|media/[0-9]{1,4}-(?:citizen|informer)-(?:audio|video)\.webm"
    r"|texts/[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.txt"
    r"|receipts/[A-Za-z0-9][A-Za-z0-9._-]{0,199}"
    r"|policy\.json"
    r"|(?:seals|erasures)/[A-Za-z0-9_-]{1,64}\.(?:json|sig)",
    re.ASCII,
)


class NotAPackage(Exception):
    """The file is not a package at all: nothing of it can be judged."""


class NothingToCompare(Exception):
    """What was given to compare the package with cannot be used: the package was not judged."""


class DoesNotHold(Exception):
    """Something is not as it was signed; the sentence says what."""


# --- the ZIP file ----------------------------------------------------------------------------------------------------


class Package:
    """The members of a package, read within limits; only those whose bytes are all accounted for."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the directory; raises `NotAPackage`, and `DoesNotHold` for what a package never has."""
        _bound_directory(file)
        try:
            self._archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise NotAPackage(f"the ZIP file cannot be read: {error}") from None
        self._members = {info.filename: info for info in self._archive.infolist()}
        self._hashed: dict[str, str] = {}
        missing = sorted(_REQUIRED - self._members.keys())
        if missing:
            raise NotAPackage(f"{missing[0]} is missing")
        self._check_members(file)

    @property
    def names(self) -> set[str]:
        """The names of all members."""
        return set(self._members)

    def size(self, name: str) -> int:
        """The bytes of a member."""
        return self._members[name].file_size

    def read(self, name: str, most: int = _LARGEST_TEXT) -> bytes:
        """A small member as a whole; raises `DoesNotHold` if it is larger than ``most`` bytes."""
        if self.size(name) > most:
            raise DoesNotHold(f"{name} is larger than it can be")
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, a few at a time."""
        try:
            with self._archive.open(self._members[name]) as member:
                while piece := member.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise DoesNotHold(f"{name} cannot be read: {error}") from None

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member, without their ends."""
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
            if len(rest) > _LONGEST_LINE:
                raise DoesNotHold(f"{name} has a line that is longer than it can be")
        if rest:
            raise DoesNotHold(f"{name} ends in the middle of a line")

    def sha256(self, name: str) -> str:
        """The SHA-256 of a member, hexadecimal; computed once."""
        if name not in self._hashed:
            digest = hashlib.sha256()
            for piece in self.pieces(name):
                digest.update(piece)
            self._hashed[name] = digest.hexdigest()
        return self._hashed[name]

    def _check_members(self, file: BinaryIO) -> None:
        members = self._archive.infolist()
        if len(members) != len(self._members):
            raise DoesNotHold("the package has two files of the same name")
        for info in members:
            if info.filename not in _REQUIRED and not _ALLOWED.fullmatch(info.filename):
                raise DoesNotHold(f"the package has a file that does not belong there: {info.filename[:80]!r}")
            if info.compress_type != zipfile.ZIP_STORED or info.flag_bits or info.compress_size != info.file_size:
                raise DoesNotHold(f"{info.filename} is compressed or encrypted, which no package is")
        self._check_places(file)

    def _check_places(self, file: BinaryIO) -> None:
        """Every byte before the directory belongs to exactly one member: nothing overlaps, nothing hides."""
        at = 0
        for info in sorted(self._archive.infolist(), key=lambda one: one.header_offset):
            if info.header_offset != at:
                raise DoesNotHold(f"there are bytes before {info.filename} that belong to no file, or to two")
            file.seek(at + 26)
            name, extra = struct.unpack("<HH", file.read(4))
            at += 30 + name + extra + info.compress_size
        if at != self._archive.start_dir:
            raise DoesNotHold("there are bytes behind the last file that belong to none")


def _bound_directory(file: BinaryIO) -> None:
    """Refuse a directory that would fill the memory, before anybody reads it."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 42))
    tail = file.read()
    if tail[-22:-18] != b"PK\5\6" or tail[-2:] != b"\0\0":
        raise NotAPackage("it is not a ZIP file, or it was cut, or something was put behind it")
    count, size = struct.unpack("<HL", tail[-12:-6])
    if tail[:4] == b"PK\6\7":
        count, size = _large_directory(file, struct.unpack("<Q", tail[8:16])[0])
    if count > _MOST_FILES or size > min(end, _LARGEST_DIRECTORY):
        raise NotAPackage("its directory is larger than that of any package")


def _large_directory(file: BinaryIO, at: int) -> tuple[int, int]:
    file.seek(min(at, 2**62))
    record = file.read(56)
    if len(record) != 56 or record[:4] != b"PK\6\6":  # noqa: PLR2004 - the size that ZIP gives it
        raise NotAPackage("its directory cannot be found")
    count, size = struct.unpack("<QQ", record[32:48])
    return count, size


# --- what is signed --------------------------------------------------------------------------------------------------


def read_object(raw: bytes, name: str) -> dict[str, Any]:
    """A JSON object in which no name stands twice; raises `DoesNotHold`."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise DoesNotHold(f"{name} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise DoesNotHold(f"{name} is not an object")
    return found


def load_key(pem: bytes, name: str) -> ed25519.Ed25519PublicKey:
    """An Ed25519 public key; raises `DoesNotHold`."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise DoesNotHold(f"{name} is not a public key: {error}") from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise DoesNotHold(f"{name} is not an Ed25519 key")
    return key


def key_id(key: ed25519.Ed25519PublicKey) -> str:
    """The name of a key: the first half of the SHA-256 of its 32 bytes, hexadecimal."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]


def check_signature(key: ed25519.Ed25519PublicKey, signature: bytes, message: bytes, *, name: str) -> None:
    """Raises `DoesNotHold` unless the key signed the message."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise DoesNotHold(f"{name} does not bear the signature of the key in public-key.pem") from None


# --- the journal: written anew from docs/features/journal.md ---------------------------------------------------------


def canonical(value: object) -> str:
    """One text for one value: keys in order, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def link_of(prev: str, organisation: str, entry: dict[str, Any]) -> str:
    """The link of an entry, hexadecimal."""
    told = [entry[name] for name in ("seq", "actor", "at", "attention", "commitment", "kind")]
    return hashlib.sha256(canonical([JOURNAL_FORMAT, prev, organisation, *told]).encode()).hexdigest()


def commitment_to(body: str, salt: bytes) -> str:
    """What binds an entry to its body, hexadecimal."""
    return hmac.digest(salt, body.encode(), "sha256").hex()


ERASABLE: Final = frozenset(
    {
        "ActionTicked",
        "AttentionConcluded",
        "CitizenIdentified",
        "DocumentDelivered",
        "DocumentRead",
        "FeatureTicked",
        "PhoneCodeAsked",
        "ReceiptLinkReason",
        "StillTaken",
    }
)
"""Kinds of entries that tell who the citizen was: they lose their words when the law erases them, and no others do."""

OF_OTHER_CASES: Final = frozenset(
    {
        "AttentionExported",
        "CitizenLookedUp",
        "CopyFetched",
        "DataRequestDone",
        "DataRequestExtended",
        "DataRequestGranted",
        "DataRequestLapsed",
        "DataRequestRefused",
        "DataRequested",
        "ErasureRefused",
        "ExportAsked",
        "ExportDecided",
        "ExportRejected",
        "ExportUnmade",
        "HoldReleased",
        "IdentificationSeen",
        "LoginProofGiven",
        "PlaybackRefused",
        "PurposeStated",
        "QuarantineBegun",
        "QuarantineEnded",
        "ReceiptLinkGiven",
        "ReceiptLinkReason",
        "RecordingExported",
        "RecordingHeld",
        "RestrictionLifted",
        "ReviewAsked",
        "ReviewClosed",
        "ReviewLeft",
        "ReviewOpened",
        "ReviewSpared",
        "SealChecked",
        "VerdictGiven",
    }
)
"""Kinds whose words are in no package of an attention without a recording: what others did with it, and why."""


@dataclass
class Slice:
    """A stretch of an organisation's chain, walked once: what it says of one attention.

    Only entries of the kinds in ``silent`` may come without what they said. Whatever decides what is said of a package
    is of no such kind: without its words an entry would hold, and nobody would know what was left out.
    """

    organisation: str
    attention: str
    silent: frozenset[str] = ERASABLE
    entries: int = 0
    erased: int = 0
    first: int = 0
    before: str = ""
    link: str = ""
    kinds: list[str] = field(default_factory=list)
    told: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    links: dict[int, str] = field(default_factory=dict)

    def take(self, entry: dict[str, Any]) -> None:
        """The next entry; raises `DoesNotHold`."""
        place = f"entry {entry['seq']} of the journal"
        if self.entries and entry["seq"] != self.first + self.entries:
            raise DoesNotHold(f"entry {self.first + self.entries} of the journal is missing")
        if self.entries and entry["prev"] != self.link:
            raise DoesNotHold(f"{place} follows another one than it did")
        if link_of(entry["prev"], self.organisation, entry) != entry["hash"]:
            raise DoesNotHold(f"{place} has another place, time, actor, kind or attention than it had")
        self.first = self.first or entry["seq"]
        self.before = self.before or entry["prev"]
        self.entries += 1
        self.link = entry["hash"]
        if entry["attention"] == self.attention:
            self.links[entry["seq"]] = entry["hash"]
            self.kinds.append(entry["kind"])
            self._take_told(entry, place)

    def _take_told(self, entry: dict[str, Any], place: str) -> None:
        body, salt = entry.get("body"), entry.get("salt")
        if body is None and salt is None:
            if entry["kind"] not in self.silent:
                raise DoesNotHold(f"{place} ({entry['kind']}) comes without what it said, which is never erased")
            self.erased += 1
            return
        if commitment_to(str(body), bytes.fromhex(str(salt))) != entry["commitment"]:
            raise DoesNotHold(f"{place} says something else than it said")
        self.told.append((entry, read_object(str(body).encode(), place)))

    def facts(self, kind: str, **same: object) -> list[dict[str, Any]]:
        """What was told of a kind with these fields."""
        return [
            body
            for entry, body in self.told
            if entry["kind"] == kind and all(body.get(name) == value for name, value in same.items())
        ]


def walk_journal(package: Package, manifest: dict[str, Any]) -> Slice:
    """Every entry of the slice; raises `DoesNotHold`."""
    others = OF_OTHER_CASES if manifest["format"] == STATEMENT_FORMAT else frozenset[str]()
    found = Slice(manifest["organisation"], manifest["attention"], ERASABLE | others)
    for line in package.lines("journal.jsonl"):
        found.take(read_object(line, "a line of journal.jsonl"))
    return found


# --- the time stamp: just enough of DER, CMS (RFC 5652) and RFC 3161 -------------------------------------------------

_LONGEST_WAY: Final = 5
_SEQUENCE, _SET, _OID, _OCTETS, _INTEGER, _TIME, _CONTEXT = 0x30, 0x31, 0x06, 0x04, 0x02, 0x18, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TIME_STAMP = bytes.fromhex("2a864886f70d0109100104")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_RSA_PSS = bytes.fromhex("2a864886f70d01010a")
_DIGESTS: Final[dict[bytes, hashes.HashAlgorithm]] = {
    bytes.fromhex("608648016503040201"): hashes.SHA256(),
    bytes.fromhex("608648016503040202"): hashes.SHA384(),
    bytes.fromhex("608648016503040203"): hashes.SHA512(),
}


@dataclass(frozen=True)
class Der:
    """One element: its tag, its content, and both with the length between them."""

    tag: int
    content: bytes
    whole: bytes

    def __iter__(self) -> Iterator[Der]:
        """The elements inside."""
        at = 0
        while at < len(self.content):
            inside = read_der(self.content[at:])
            yield inside
            at += len(inside.whole)

    def inside(self, *tags: int) -> list[Der]:
        """The elements inside; raises `ValueError` unless the first ones have these tags."""
        found = list(self)
        if [one.tag for one in found[: len(tags)]] != list(tags):
            raise ValueError("it is not built as RFC 3161 says")
        return found


def read_der(data: bytes) -> Der:
    """The first element; raises `ValueError`."""
    if len(data) < 2:  # noqa: PLR2004 - a tag and a length
        raise ValueError("it ends too early")
    size, head = data[1], 2
    if size & 0x80:
        head = 2 + (size & 0x7F)
        size = int.from_bytes(data[2:head], "big")
        if not 2 < head <= 6:  # noqa: PLR2004 - lengths of one to four bytes
            raise ValueError("a length is not as DER writes it")
    if len(data) < head + size:
        raise ValueError("it ends too early")
    return Der(data[0], data[head : head + size], data[: head + size])


@dataclass(frozen=True)
class Stamp:
    """A time stamp: ``imprint`` of what it was made for, ``at`` when; ``content`` is what ``signer`` signed.

    ``certificates`` came with it: they lead from the signer to one that somebody trusts.
    """

    digest: hashes.HashAlgorithm
    imprint: bytes
    at: datetime
    content: bytes
    signer: Der
    certificates: tuple[x509.Certificate, ...]


def read_stamp(data: bytes) -> Stamp:
    """Read a response or a token; raises `ValueError`, `LookupError`."""
    outer = list(read_der(data))
    if outer[0].tag == _SEQUENCE:
        (status,) = outer[0].inside(_INTEGER)[:1]
        if int.from_bytes(status.content, "big") > 1:
            raise ValueError("the authority refused it")
        outer = outer[1].inside(_OID)
    if outer[0].content != _SIGNED_DATA:
        raise ValueError("it is not signed data")
    _, _, encapsulated, *between, signers = outer[1].inside(_SEQUENCE)[0].inside(_INTEGER, _SET, _SEQUENCE)
    kind, wrapped = encapsulated.inside(_OID, _CONTEXT)
    if kind.content != _TIME_STAMP:
        raise ValueError("it is not a time stamp")
    content = wrapped.inside(_OCTETS)[0].content
    told = read_der(content).inside(_INTEGER, _OID, _SEQUENCE, _INTEGER, _TIME)
    algorithm, imprint = told[2].inside(_SEQUENCE, _OCTETS)
    return Stamp(
        digest=_DIGESTS[algorithm.inside(_OID)[0].content],
        imprint=imprint.content,
        at=_generalised(told[4].content.decode("ascii")),
        content=content,
        signer=signers.inside(_SEQUENCE)[0],
        certificates=tuple(
            x509.load_der_x509_certificate(one.whole)
            for certificates in between
            if certificates.tag == _CONTEXT
            for one in certificates
        ),
    )


def _generalised(said: str) -> datetime:
    whole, _, fraction = said.removesuffix("Z").partition(".")
    return datetime.strptime(f"{whole}.{(fraction or '0')[:6]}+0000", "%Y%m%d%H%M%S.%f%z")


def _hashed(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def check_authority(stamp: Stamp, given: x509.Certificate) -> None:
    """Raises `DoesNotHold` unless the stamp's authority has this certificate, or one that this one vouches for.

    Every certificate on the way must have been valid when the stamp was made; the signer's must be for time stamps.
    """
    signers = [one for one in (given, *stamp.certificates) if _has_signed(stamp, one)]
    if not signers:
        raise DoesNotHold("the time stamp was not made by the authority of the certificate that was given")
    signer = signers[0]
    try:
        uses = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        raise DoesNotHold("the certificate of the time stamp is not one of a time-stamping authority") from None
    if x509.oid.ExtendedKeyUsageOID.TIME_STAMPING not in uses:
        raise DoesNotHold("the certificate of the time stamp is not one of a time-stamping authority")
    for one in _way(signer, given, stamp.certificates):
        if not one.not_valid_before_utc <= stamp.at <= one.not_valid_after_utc:
            raise DoesNotHold("the time stamp was made when the authority's certificate was not valid")


def _way(
    signer: x509.Certificate, given: x509.Certificate, between: tuple[x509.Certificate, ...]
) -> list[x509.Certificate]:
    """The certificates from the signer's to the one that was given; raises `DoesNotHold` if there is no way."""
    way = [signer]
    while way[-1] != given and len(way) < _LONGEST_WAY:
        issuers = [one for one in (given, *between) if one not in way and _issued(one, way[-1])]
        if not issuers:
            break
        way.append(issuers[0])
    if way[-1] != given:
        raise DoesNotHold("the certificate that was given does not vouch for the authority of the time stamp")
    return way


def _issued(issuer: x509.Certificate, issued: x509.Certificate) -> bool:
    try:
        issued.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False


def _has_signed(stamp: Stamp, certificate: x509.Certificate) -> bool:
    """Whether this certificate's key signed the stamp; raises `DoesNotHold` if what was signed is something else."""
    _, _, digest, attributes, algorithm, signature = stamp.signer.inside(
        _INTEGER, stamp.signer.inside(_INTEGER)[1].tag, _SEQUENCE, _CONTEXT, _SEQUENCE, _OCTETS
    )[:6]
    told = {one.inside(_OID, _SET)[0].content: next(iter(one.inside(_OID, _SET)[1])).content for one in attributes}
    hashing = _DIGESTS[digest.inside(_OID)[0].content]
    if told[_CONTENT_TYPE] != _TIME_STAMP or told[_MESSAGE_DIGEST] != _hashed(hashing, stamp.content):
        raise DoesNotHold("the time stamp does not say what its authority signed")
    # what is signed is the set of attributes under the tag of a set (RFC 5652, 5.4)
    signed = bytes((_SET,)) + attributes.whole[1:]
    pss = algorithm.inside(_OID)[0].content == _RSA_PSS
    try:
        _verify_with(certificate, signature.content, signed, hashing=hashing, pss=pss)
    except InvalidSignature:
        return False
    return True


def _verify_with(
    certificate: x509.Certificate, signature: bytes, signed: bytes, *, hashing: hashes.HashAlgorithm, pss: bool
) -> None:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        salted = padding.PSS(padding.MGF1(hashing), padding.PSS.AUTO)
        key.verify(signature, signed, salted if pss else padding.PKCS1v15(), hashing)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(hashing))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, signed)
    else:
        raise InvalidSignature


# --- the whole -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What the person who checks knows from elsewhere."""

    public_key: bytes | None = None
    tsa_certificate: bytes | None = None


def check(file: BinaryIO, given: Given) -> Iterator[str]:
    """What holds, one sentence after the other; raises `DoesNotHold` at the first that does not.

    Raises `NotAPackage`, and `NothingToCompare`, before anything was judged.
    """
    _refuse_unusable(given)
    try:
        yield from _check_copy(Copy(file), given) if is_copy(file) else _checks(Package(file), given)
    except (NotAPackage, DoesNotHold, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - a stranger's file ends in a sentence, whatever it is
        raise DoesNotHold(f"something is not built as it must be: {error!r}") from None


def _refuse_unusable(given: Given) -> None:
    try:
        if given.public_key is not None:
            load_key(given.public_key, "the key that was given")
    except DoesNotHold:
        raise NothingToCompare("--public-key names a file that holds no Ed25519 public key (PEM)") from None
    try:
        if given.tsa_certificate is not None:
            x509.load_pem_x509_certificate(given.tsa_certificate)
    except ValueError:
        raise NothingToCompare("--tsa-certificate names a file that holds no certificate (PEM)") from None


def _checks(package: Package, given: Given) -> Iterator[str]:
    key = load_key(package.read("public-key.pem"), "public-key.pem")
    yield from _check_key(key, given)
    told = _check_package(package, key)
    yield f"The package is whole: {len(told['files'])} files, each as it was signed at {told['made_at']}."
    manifest = _check_manifest(package, key, told)
    if manifest["format"] == STATEMENT_FORMAT:
        yield from _check_statement(package, manifest, key)
    else:
        yield _introduced(manifest)
        yield _check_media(package, manifest)
        yield _check_texts(package, manifest)
        yield _check_journal(package, manifest, key)
        yield from _stills_apart(manifest)
    yield from _check_receipts(package, manifest, key)
    yield from _check_stamp(package, given, "seal" if manifest["format"] == MANIFEST_FORMAT else "statement")
    yield f"It was given away by {told['made_by']} for this purpose: {told['purpose']}"
    if "approved_by" in told:
        yield f"{told['approved_by']['name']} approved that, for the case {told['case']}."


def _check_key(key: ed25519.Ed25519PublicKey, given: Given) -> Iterator[str]:
    if given.public_key is None:
        yield (
            f"{UNCHECKED}whether key {key_id(key)}, which signed this package, is the organisation's; "
            "--public-key compares it with the one that you got from the organisation."
        )
    elif load_key(given.public_key, "the key that was given").public_bytes_raw() != key.public_bytes_raw():
        raise DoesNotHold(f"the package was signed with key {key_id(key)}, which is not the key that was given")
    else:
        yield f"Key {key_id(key)} signed this package, and it is the key that was given."


def _check_package(package: Package, key: ed25519.Ed25519PublicKey) -> dict[str, Any]:
    raw = package.read("package.json")
    check_signature(key, package.read("package.sig"), raw, name="package.json")
    told = read_object(raw, "package.json")
    if told["format"] != PACKAGE_FORMAT:
        raise DoesNotHold(f"package.json has another format: {told['format']!r}")
    listed = package.names - {"package.json", "package.sig"}
    for name in sorted(listed ^ told["files"].keys()):
        raise DoesNotHold(f"{name} is {'not listed in package.json' if name in listed else 'missing'}")
    for name, wanted in told["files"].items():
        if package.sha256(name) != wanted:
            raise DoesNotHold(f"{name} is not what package.json says")
    return told


def _check_manifest(package: Package, key: ed25519.Ed25519PublicKey, told: dict[str, Any]) -> dict[str, Any]:
    raw = package.read("manifest.json")
    check_signature(key, package.read("manifest.sig"), raw, name="manifest.json")
    manifest = read_object(raw, "manifest.json")
    if manifest["format"] not in {MANIFEST_FORMAT, STATEMENT_FORMAT}:
        raise DoesNotHold(f"manifest.json has another format: {manifest['format']!r}")
    for name in ("organisation", "recording", "attention"):
        if manifest[name] != told[name]:
            raise DoesNotHold(f"package.json is about another {name} than manifest.json")
    belong = ("media/",) if manifest["format"] == MANIFEST_FORMAT else ("policy.json", "seals/", "erasures/")
    for name in sorted(package.names):
        if name.startswith(("media/", "policy.json", "seals/", "erasures/")) and not name.startswith(belong):
            raise DoesNotHold(f"{name} does not belong in a package of this kind")
    return manifest


def _introduced(manifest: dict[str, Any]) -> str:
    whole = "complete" if manifest["complete"] else f"incomplete ({', '.join(map(str, manifest['causes']))})"
    return (
        f"The manifest holds: recording {manifest['recording']} of attention {manifest['attention']}, "
        f"{manifest['organisation']}, sealed at {manifest['sealed_at']}, {whole}."
    )


def _check_media(package: Package, manifest: dict[str, Any]) -> str:
    wanted = {
        f"media/{part['number']}-{track['track']}.webm": track
        for part in manifest["parts"]
        for track in part["tracks"]
        if track["playable_bytes"]
    }
    present = {name for name in package.names if name.startswith("media/")}
    for name in sorted(present ^ wanted.keys()):
        raise DoesNotHold(f"{name} is {'not in the manifest' if name in present else 'missing'}")
    for name, track in wanted.items():
        if package.size(name) != track["playable_bytes"] or package.sha256(name) != track["playable_sha256"]:
            raise DoesNotHold(f"{name} is not what was sealed")
    seconds = sum(max((t["duration"] or 0.0 for t in part["tracks"]), default=0.0) for part in manifest["parts"])
    return f"The media is what was sealed: {len(wanted)} files, {len(manifest['parts'])} parts, {seconds:.1f} s."


def _check_texts(package: Package, manifest: dict[str, Any]) -> str:
    shown = {package.sha256(name) for name in package.names if name.startswith("texts/")}
    for consent in manifest["consents"]:
        if consent["hash"] not in shown:
            raise DoesNotHold(f"the text of consent {consent['id']} is missing, or is not the one that was shown")
    return f"The texts are those that were shown: {len(manifest['consents'])} consents."


def _check_journal(package: Package, manifest: dict[str, Any], key: ed25519.Ed25519PublicKey) -> str:
    journal, said = walk_journal(package, manifest), manifest["journal"]
    if journal.first != said["first"] or said["first"] not in journal.links:
        raise DoesNotHold("the journal does not begin with the first entry of the attention")
    if journal.links.get(said["last"]) != said["hash"]:
        raise DoesNotHold("the journal is not the one that the manifest was made from")
    sealed = journal.facts("RecordingSealed", recording=manifest["recording"])
    if [(fact["manifest"], fact["key"]) for fact in sealed] != [(package.sha256("manifest.json"), key_id(key))]:
        raise DoesNotHold("the journal does not say that this manifest, signed with this key, sealed the recording")
    for consent in manifest["consents"]:
        _check_consent(journal, consent)
    for still in manifest.get("stills", ()):
        _check_still(journal, still)
    erased = f", {journal.erased} of them erased" if journal.erased else ""
    return (
        f"The journal holds: {journal.entries} entries, {len(journal.links)} of this attention{erased}; it binds the "
        f"manifest, the consents and the stills. Its last link is {journal.link}."
    )


def _check_consent(journal: Slice, consent: dict[str, Any]) -> None:
    same = {"consent": consent["id"], "hash": consent["hash"]}
    kinds = ("ConsentAsked", "ConsentGiven") if consent["given_at"] else ("ConsentAsked",)
    for kind in kinds:
        if not journal.facts(kind, **same):
            raise DoesNotHold(f"the journal does not say {kind} of consent {consent['id']}")


def _check_still(journal: Slice, still: dict[str, Any]) -> None:
    """A still that the manifest names: its entry is there, and says the same unless the law erased what it said."""
    if journal.links.get(still["entry"]) != still["link"]:
        raise DoesNotHold(f"the journal does not have the entry that told of still {still['id']}")
    same = {"still": still["id"], **{name: still[name] for name in ("kind", "width", "height", "shown_at")}}
    for body in (body for entry, body in journal.told if entry["seq"] == still["entry"]):
        if any(body.get(name) != value for name, value in same.items()):
            raise DoesNotHold(f"the journal says something else of still {still['id']} than the manifest")


def _stills_apart(manifest: dict[str, Any]) -> Iterator[str]:
    if stills := manifest.get("stills", ()):
        yield (
            f"{UNCHECKED}{len(stills)} still pictures by which the citizen was identified; no package has them, the "
            "journal has their SHA-256."
        )


def _check_receipts(package: Package, manifest: dict[str, Any], key: ed25519.Ed25519PublicKey) -> Iterator[str]:
    """The receipts and forms that the citizen took home; a package from before there were any has none."""
    present = {name for name in package.names if name.startswith("receipts/")}
    journal = walk_journal(package, manifest)
    papers = {package.sha256(name): name for name in present if name.endswith(".pdf")}
    bound, later = set(), set()
    for name in sorted(name for name in present if name.endswith(".jws")):
        receipt = _check_receipt(package, name, manifest, key=key, journal=journal)
        printed = papers.get(receipt["pdf"]["sha256"])
        if printed is None:
            raise DoesNotHold(f"the PDF of {name} is missing, or is not the one that the receipt names")
        bound |= {name, printed}
        later |= set() if journal.facts("ReceiptSigned", number=receipt["number"]) else {receipt["number"]}
        bound |= {papers[one["sha256"]] for one in receipt["documents"] if one["sha256"] in papers}
    bound |= {papers[fact["hash"]] for fact in journal.facts("FormDelivered") if fact["hash"] in papers}
    for name in sorted(present - bound):
        raise DoesNotHold(f"{name} is bound by no receipt and not by the journal")
    if present:
        yield f"The receipts hold: {len(present)} files, signed or named by their hash."
    for number in sorted(later):
        yield f"{UNCHECKED}what the journal says of receipt no. {number}, made after the part of it in the package."
    yield from _not_there(package, present, papers, journal)


def _check_receipt(
    package: Package, name: str, manifest: dict[str, Any], *, key: ed25519.Ed25519PublicKey, journal: Slice
) -> dict[str, Any]:
    """One signed receipt: a JWS in compact form (RFC 7515) with EdDSA (RFC 8037)."""
    header, payload, signature = _parts_of(package.read(name), name)
    told = read_object(header, f"the header of {name}")
    if (told.get("alg"), told.get("kid")) != ("EdDSA", key_id(key)):
        raise DoesNotHold(f"{name} says that it was signed in another way, or with another key than the package")
    message = package.read(name).rpartition(b".")[0]
    check_signature(key, signature, message, name=name)
    receipt = read_object(payload, name)
    if (receipt["organisation"], receipt["attention"]["id"]) != (manifest["organisation"], manifest["attention"]):
        raise DoesNotHold(f"{name} is about another attention than manifest.json")
    for fact in journal.facts("ReceiptSigned", number=receipt["number"]):  # none of one made after the slice ends
        if fact["hash"] != hashlib.sha256(payload).hexdigest() or fact["pdf"] != receipt["pdf"]["sha256"]:
            raise DoesNotHold(f"{name} is not the receipt that the journal says was signed")
    for consent in receipt["consents"]:
        for event in consent["events"]:
            _check_event(journal, name, consent, event["event_state"])
    return receipt


# --- an attention of which there is no recording ---------------------------------------------------------------------

_OVER: Final = frozenset({"AttentionConcluded", "AttentionAbandoned"})
"""After these nobody talks any more: there is no call into which a recorder could be let."""

_TO_RECORD: Final = {
    "never_asked": "nobody asked for a consent to record",
    "refused": "the consent to record was refused",
    "unanswered": "the consent to record was asked for and not answered",
    "given": "a consent to record was given",
}


def _check_statement(package: Package, manifest: dict[str, Any], key: ed25519.Ed25519PublicKey) -> Iterator[str]:
    yield (
        f"The statement holds: attention {manifest['attention']}, {manifest['organisation']}, from "
        f"{manifest['arrived_at']} to {manifest['ended_at']}, stated at {manifest['stated_at']}."
    )
    yield _check_texts(package, manifest)
    journal = _check_story(package, manifest)
    erased = f", {journal.erased} of them without words (erased, or of other cases)" if journal.erased else ""
    yield (
        f"The journal of the attention is whole: {journal.entries} entries from link {journal.before} to link "
        f"{journal.link}, {len(journal.links)} of this attention{erased}; none is missing, changed or put in."
    )
    yield _check_policy(package, manifest, journal)
    left = _check_left(package, manifest, key=key, journal=journal)
    yield f"{left}. As to consent, {_check_consents(manifest, journal)}."
    yield from _beyond(manifest, journal)
    stills = journal.kinds.count("StillTaken")
    if stills:
        yield f"{UNCHECKED}{stills} still pictures that were taken to identify the citizen; no package has them."
    yield (
        f"{UNCHECKED}that nobody wrote the whole journal anew before this was signed; compare its links with those "
        "that were kept elsewhere. Of other devices, such as a camera in the room, no journal of the service can tell."
    )


def _check_story(package: Package, manifest: dict[str, Any]) -> Slice:
    """Everything of the attention, from its first entry on until it was over."""
    journal, said = walk_journal(package, manifest), manifest["journal"]
    if (journal.first, journal.before) != (said["first"], said["before"]) or said["first"] not in journal.links:
        raise DoesNotHold("the journal does not begin with the first entry of the attention")
    if journal.first + journal.entries - 1 != said["last"] or journal.links.get(said["last"]) != said["hash"]:
        raise DoesNotHold("the journal does not end where the statement says")
    if journal.kinds[0] != "AttentionRequested" or not _OVER & set(journal.kinds):
        raise DoesNotHold("the journal does not tell of the attention from its beginning until it was over")
    if len(journal.links) != said["entries"]:
        raise DoesNotHold("the journal has more or fewer entries of the attention than the statement says")
    return journal


def _check_policy(package: Package, manifest: dict[str, Any], journal: Slice) -> str:
    said = manifest["policy"]
    if package.sha256("policy.json") != said["sha256"]:
        raise DoesNotHold("policy.json is not the policy that the statement names")
    read_object(package.read("policy.json"), "policy.json")
    if journal.facts("AttentionRequested")[0].get("policy", 0) != said["version"]:
        raise DoesNotHold("the journal names another version of the policy")
    return (
        f"It ran under version {said['version']} of the policy, which the journal names and the package has; what that "
        "version says, the organisation signed."
    )


def _check_left(package: Package, manifest: dict[str, Any], *, key: ed25519.Ed25519PublicKey, journal: Slice) -> str:
    """What is left of each recording that there was, in words."""
    told = {body["recording"] for entry, body in journal.told if entry["kind"].startswith("Record")}
    named = {left["id"] for left in manifest["recordings"]}
    if told != named or (not named and any(kind.startswith("Record") for kind in journal.kinds)):
        raise DoesNotHold("the journal tells of a recorder or a recording of which the statement says nothing")
    wanted: set[str] = set()
    for left in manifest["recordings"]:
        wanted |= _check_one_left(package, left, manifest, key=key, journal=journal)
    present = {name for name in package.names if name.startswith(("seals/", "erasures/"))}
    for name in sorted(present ^ wanted):
        raise DoesNotHold(f"{name} is {'bound by nothing' if name in present else 'missing'}")
    erased = sum(left["stage"] == "erased" for left in manifest["recordings"])
    if not named:
        return "Nothing was recorded of this attention; the journal of it is whole and lets no recorder in"
    return (
        f"No recording of this attention exists any more; the journal of it is whole. Of {len(named)} that there were, "
        f"{erased} were erased, each with its signed certificate, and of {len(named) - erased} nothing could be kept"
    )


def _check_one_left(
    package: Package,
    left: dict[str, Any],
    manifest: dict[str, Any],
    *,
    key: ed25519.Ed25519PublicKey,
    journal: Slice,
) -> set[str]:
    """The seal of one recording, and the certificate that it was erased: signed, and bound by the journal."""
    one, seal = left["id"], f"seals/{left['id']}"
    kinds = {"erased": ("RecordingSealed", "RecordingLost"), "lost": ("RecordingLost",)}[left["stage"]]
    this = {"recording": one, "manifest": package.sha256(f"{seal}.json"), "key": key_id(key)}
    sealed = [fact for kind in kinds for fact in journal.facts(kind, **this)]
    check_signature(key, package.read(f"{seal}.sig"), package.read(f"{seal}.json"), name=f"{seal}.json")
    if not sealed:
        raise DoesNotHold(f"the journal does not say that {seal}.json closed recording {one}")
    if left["stage"] == "lost":
        return {f"{seal}.json", f"{seal}.sig"}
    gone = f"erasures/{one}"
    check_signature(key, package.read(f"{gone}.sig"), package.read(f"{gone}.json"), name=f"{gone}.json")
    certified = package.sha256(f"{gone}.json")
    told = _told_later(left, manifest, journal) if "entry" in left else journal
    erased = told.facts("RecordingErased", recording=one, certificate=certified)
    if left["certificate_sha256"] != certified or not erased:
        raise DoesNotHold(f"the journal does not say that {gone}.json certifies the erasure of recording {one}")
    certificate = read_object(package.read(f"{gone}.json"), f"{gone}.json")
    about = certificate["recording"], certificate["attention"], certificate["manifest_sha256"]
    if about != (one, manifest["attention"], package.sha256(f"{seal}.json")):
        raise DoesNotHold(f"{gone}.json certifies the erasure of something else")
    return {f"{name}.{end}" for name in (seal, gone) for end in ("json", "sig")}


def _told_later(left: dict[str, Any], manifest: dict[str, Any], journal: Slice) -> Slice:
    """The one entry that tells of an erasure: it came years after the end of the slice, and bears a link of its own."""
    alone = Slice(manifest["organisation"], manifest["attention"])
    alone.take(left["entry"])
    if alone.first < journal.first + journal.entries:
        raise DoesNotHold(f"entry {alone.first} of the journal is not the one of that place")
    return alone


def _beyond(manifest: dict[str, Any], journal: Slice) -> Iterator[str]:
    """What was told after the slice ends, of which the chain is not in the package."""
    last = journal.first + journal.entries - 1
    for left in manifest["recordings"]:
        if "entry" in left:
            yield (
                f"{UNCHECKED}the way from entry {last} of the journal, where the package ends, to entry "
                f"{left['entry']['seq']} with link {left['entry']['hash']}, which tells of the erasure of recording "
                f"{left['id']}; compare that link with the journal, or with the links that were kept elsewhere."
            )


def _check_consents(manifest: dict[str, Any], journal: Slice) -> str:
    """What the citizen was asked and answered, as the journal tells it; in words as to being recorded."""
    asked = journal.facts("ConsentAsked")
    if sorted(one["consent"] for one in asked) != sorted(one["id"] for one in manifest["consents"]):
        raise DoesNotHold("the journal tells of other consents than the statement")
    for consent in manifest["consents"]:
        _check_consent(journal, consent)
    to_record = [one["consent"] for one in asked if "recording" in one["purposes"]]
    answers = {
        "given": any(journal.facts("ConsentGiven", consent=one) for one in to_record),
        "refused": any(journal.facts("ConsentRefused", consent=one) for one in to_record),
        "unanswered": bool(to_record),
    }
    answer = next((answer for answer, so in answers.items() if so), "never_asked")
    if answer != manifest["consent_to_record"]:
        raise DoesNotHold("the journal tells of another answer about being recorded than the statement")
    return _TO_RECORD[answer] if answer == "given" else f"{_TO_RECORD[answer]}, and none was in force"


_EVENTS: Final = {
    "requested": (("ConsentAsked", "consent"), ("VisualBegun", "visual")),
    "given": (("ConsentGiven", "consent"), ("VisualAgreed", "visual")),
    "refused": (("ConsentRefused", "consent"), ("VisualRefused", "visual")),
}
"""What belongs to the attention's own time; a consent may be withdrawn after the journal of the package ends.

The consent to images of an identification by sight has facts of its own, which name it otherwise.
"""


def _check_event(journal: Slice, name: str, consent: dict[str, Any], state: str) -> None:
    if state in _EVENTS and not any(
        journal.facts(kind, **{field: consent["consent_id"]}) for kind, field in _EVENTS[state]
    ):
        raise DoesNotHold(f"{name} says that consent {consent['consent_id']} was {state}; the journal does not")


def _parts_of(raw: bytes, name: str) -> list[bytes]:
    parts = raw.split(b".")
    if len(parts) != _JWS_PARTS:
        raise DoesNotHold(f"{name} is no signed receipt")
    try:
        decoded = [base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True) for part in parts]
    except ValueError:
        raise DoesNotHold(f"{name} is no signed receipt") from None
    for part, data in zip(parts, decoded, strict=True):
        if base64.urlsafe_b64encode(data).rstrip(b"=") != part:  # bits that mean nothing could be changed unseen
            raise DoesNotHold(f"{name} is not spelt as it was signed")
    return decoded


def _not_there(package: Package, present: set[str], papers: dict[str, str], journal: Slice) -> Iterator[str]:
    """What the journal tells of and the package has not: it may have been erased as the law demands."""
    signed = {hashlib.sha256(_parts_of(package.read(one), one)[1]).hexdigest() for one in present if one[-4:] == ".jws"}
    for fact in journal.facts("ReceiptSigned"):
        if fact["hash"] not in signed:
            yield f"{UNCHECKED}receipt no. {fact['number']}, which the journal tells of and the package has not."
    for fact in journal.facts("FormDelivered"):
        if fact["hash"] not in papers:
            yield f"{UNCHECKED}the form of the consent to be represented, which the package has not."


def _check_stamp(package: Package, given: Given, what: str) -> Iterator[str]:
    if "timestamp.tsr" not in package.names:
        yield f"{UNCHECKED}the time of the {what}, for the package has no time stamp of an authority."
        return
    try:
        stamp = read_stamp(package.read("timestamp.tsr", _LARGEST_STAMP))
    except (ValueError, LookupError) as error:
        raise DoesNotHold(f"timestamp.tsr cannot be read: {error}") from None
    if stamp.imprint != _hashed(stamp.digest, package.read("manifest.sig")):
        raise DoesNotHold(f"the time stamp was made for something else than this {what}")
    yield f"The time stamp is for this {what} and says {stamp.at.isoformat()}."
    if given.tsa_certificate is None:
        yield f"{UNCHECKED}who made the time stamp; --tsa-certificate compares it with the authority's certificate."
        return
    try:
        check_authority(stamp, x509.load_pem_x509_certificate(given.tsa_certificate))
    except ValueError as error:
        raise DoesNotHold(f"the time stamp cannot be compared with the certificate: {error}") from None
    yield "The time stamp was made by an authority for which the certificate that was given vouches."


# --- the copy of a citizen's data -------------------------------------------------------------------------------------


def is_copy(file: BinaryIO) -> bool:
    """Whether it is a copy and no package; raises `NotAPackage` for what is no ZIP file."""
    _bound_directory(file)
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise NotAPackage(f"the ZIP file cannot be read: {error}") from None
    return "attention.json" in names and not names & _REQUIRED


class Copy:
    """The members of a copy, read within limits. Only its receipts are signed; they name its papers and pictures."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the directory; raises `DoesNotHold`, and `NotAPackage` for a copy of another format."""
        self._archive = zipfile.ZipFile(file)
        self.names = self._archive.namelist()
        if len(set(self.names)) != len(self.names):
            raise DoesNotHold("the copy has two files of the same name")
        self.told = read_object(self.read("attention.json"), "attention.json")
        if self.told.get("format") != COPY_FORMAT:
            raise NotAPackage(f"attention.json has another format: {self.told.get('format')!r}")

    def read(self, name: str) -> bytes:
        """A small member as a whole; raises `DoesNotHold`."""
        if name not in self.names:
            raise DoesNotHold(f"{name} is missing")
        if self._archive.getinfo(name).file_size > _LARGEST_TEXT:
            raise DoesNotHold(f"{name} is larger than it can be")
        try:
            return self._archive.read(name)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise DoesNotHold(f"{name} cannot be read: {error}") from None

    def under(self, *folders: str) -> list[str]:
        """The members in these folders."""
        return sorted(name for name in self.names if name.startswith(folders))


def _check_copy(copy: Copy, given: Given) -> Iterator[str]:
    """Every paper and picture is a signed receipt, or named by one; what nobody signed is said."""
    yield f"This is the copy of a citizen's data, of attention {copy.told['attention']}."
    papers = copy.under("receipts/", "documents/", "pictures/")
    hashes = {name: hashlib.sha256(copy.read(name)).hexdigest() for name in papers}
    signed = [name for name in papers if name.endswith(".jws")]
    named: set[str] = set()
    for name in signed:
        receipt = _check_copied_receipt(copy, name, given)
        if receipt["pdf"]["sha256"] not in hashes.values():
            raise DoesNotHold(f"the PDF of {name} is missing, or is not the one that the receipt names")
        stills = [still for images in receipt.get("images", ()) for still in images["stills"]]
        named |= {one["sha256"] for one in (receipt["pdf"], *receipt["documents"], *stills)}
    for name in papers:
        if name not in signed and hashes[name] not in named:
            raise DoesNotHold(f"{name} is named by no receipt, or is not as it was")
    yield f"The papers hold: {len(signed)} signed receipts, and {len(papers) - len(signed)} files that they name."
    if given.public_key is None and signed:
        yield f"{UNCHECKED}whose the keys in keys/ are; compare them with the organisation's, got another way."
    yield from _left_in_copy(copy)


def _left_in_copy(copy: Copy) -> Iterator[str]:
    for one in copy.told["files"]:
        if one["path"] is not None and one["path"] not in copy.names:
            yield f"{UNCHECKED}{one['path']}, which could not be read when the copy was made."
    yield f"{UNCHECKED}what else is in the copy (attention.json, journal.json, recordings): it bears no signature."


def _check_copied_receipt(copy: Copy, name: str, given: Given) -> dict[str, Any]:
    """One signed receipt, with the key that it names; raises `DoesNotHold`."""
    raw = copy.read(name)
    header, payload, signature = _parts_of(raw, name)
    told = read_object(header, f"the header of {name}")
    wanted = f"keys/{told.get('kid')}.pem"
    key = load_key(copy.read(wanted), wanted)
    if (told.get("alg"), told.get("kid")) != ("EdDSA", key_id(key)):
        raise DoesNotHold(f"{name} says that it was signed in another way, or with another key than {wanted}")
    if given.public_key is not None and key_id(load_key(given.public_key, "the key that was given")) != key_id(key):
        raise DoesNotHold(f"{name} was signed with another key than the one that was given")
    try:
        key.verify(signature, raw.rpartition(b".")[0])
    except InvalidSignature:
        raise DoesNotHold(f"{name} does not bear the signature of {wanted}") from None
    receipt = read_object(payload, name)
    if (receipt["organisation"], receipt["attention"]["id"]) != (copy.told["organisation"], copy.told["attention"]):
        raise DoesNotHold(f"{name} is about another attention than attention.json")
    return receipt


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Check the package that is named; says what holds and the first thing that does not."""
    said = _parser().parse_args(arguments)
    try:
        given = Given(said.public_key and said.public_key.read_bytes(), _read(said.tsa_certificate))
        with said.package.open("rb") as file:
            for sentence in check(file, given):
                _say("not checked" if sentence.startswith(UNCHECKED) else "holds", sentence.removeprefix(UNCHECKED))
    except OSError as error:
        _end("cannot be read", f"{error.filename}: {error.strerror}.", NOT_JUDGED)
    except NotAPackage as error:
        _end("not a package", f"{said.package.name}: {error}.", NOT_JUDGED)
    except NothingToCompare as error:
        _end("not checked", f"{error}; the package was not judged.", NOT_JUDGED)
    except DoesNotHold as error:
        _end("DOES NOT HOLD", f"{error}.", WRONG)
    _end("in short", "Everything that was checked holds.", HOLDS)


def _read(path: Path | None) -> bytes | None:
    return path.read_bytes() if path else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Check a package, without the service and offline.")
    parser.add_argument("package", type=Path, metavar="PACKAGE", help="the file that was given to you")
    parser.add_argument("--public-key", type=Path, metavar="FILE", help="the organisation's key, got another way (PEM)")
    parser.add_argument(
        "--tsa-certificate", type=Path, metavar="FILE", help="the time-stamping authority's, or its root (PEM)"
    )
    return parser


def _say(word: str, sentence: str) -> None:
    """What a package says may not command the terminal that shows it."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in sentence)
    encoding = sys.stdout.encoding or "ascii"
    print(f"{word}: {shown}".encode(encoding, "replace").decode(encoding))  # noqa: T201 - what was asked for


def _end(word: str, sentence: str, status: int) -> NoReturn:
    _say(word, sentence)
    sys.exit(status)


if __name__ == "__main__":
    main()
