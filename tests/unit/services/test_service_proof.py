"""What only happens when something odd was sealed, or somebody is faster: proof and packages."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.clock import Clock
from videoattention.domain.recording import Recording, RecordingStage
from videoattention.services.erasing import KeptErasure
from videoattention.services.export import Errand, Exporter, ExportRefused
from videoattention.services.ports import Entry
from videoattention.services.proof import Binding, KeptRecording, Verifier, erasure_faults
from videoattention.services.sealed import ManifestUnreadable, read_manifest
from videoattention.services.seals import KeptSeal, Signature
from videoattention.services.vault import FileSeal, MediaTampered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LINK = "cd" * 32
ERRAND = Errand("Requeriment del jutjat", "nuria")


def track(**changed: object) -> dict[str, object]:
    whole = {f"{name}_{what}": value for name in ("file", "media", "playable") for what, value in _STREAM.items()}
    return {"track": "citizen-video", "duration": None, "complete": True, **whole, **changed}


_STREAM = {"bytes": 3, "sha256": "ab" * 32}
MISSING = {
    f"{name}_{what}": value
    for name in ("file", "media", "playable")
    for what, value in {"bytes": 0, "sha256": None}.items()
}


def manifest(*tracks: dict[str, object], **changed: object) -> bytes:
    told: dict[str, Any] = {
        "format": "videoattention-manifest/1",
        "organisation": "interior",
        "recording": "r1",
        "attention": "a1",
        "complete": True,
        "parts": [{"number": 1, "tracks": tracks}] if tracks else [],
        "consents": [],
        "journal": {"first": 1, "last": 2, "hash": LINK},
    }
    return json.dumps(told | changed).encode()


def seal(raw: bytes) -> KeptSeal:
    return KeptSeal("r1", raw, b"signed", "key", b"public", None, NOW)


def recording(stage: RecordingStage = RecordingStage.SEALED) -> Recording:
    return Recording("r1", "a1", "interior", "c1", NOW, stage=stage)


def binding_of(raw: bytes, *certificates: str) -> Binding:
    return Binding(((hashlib.sha256(raw).hexdigest(), "key"),), certificates, LINK)


class NothingTaken:
    """Nobody took anything home."""

    async def of(self, organisation: str, attention: str) -> list[tuple[str, bytes]]:
        return []


class NothingAsked:
    """The requests about personal data of an attention about which nobody asked for anything."""

    async def of(self, attention: str) -> tuple[()]:
        return ()


class World:
    """Every port of both use cases, with one recording in it."""

    def __init__(self, raw: bytes, stage: RecordingStage = RecordingStage.SEALED) -> None:
        self.raw = raw
        self.now = recording(stage)
        self.clock = Clock(NOW)
        self.key_id = "key"
        self.media = b"abc"
        self.written: list[str] = []

    async def of(self, organisation: str, recording: str) -> Any:  # noqa: ANN401 - seals and erasures alike
        return seal(self.raw)

    async def binding(self, recording: Recording, entry: int) -> Binding:
        return binding_of(self.raw)

    async def find(self, recording: str) -> KeptRecording:
        return KeptRecording(self.now, held=False, complete=True)

    async def words(self, text: object) -> str | None:
        return None

    async def entries(self, organisation: str, attention: str, first: int) -> AsyncIterator[Any]:
        nothing: tuple[Any, ...] = ()
        for entry in nothing:
            yield entry

    def signature(self, public_key: bytes, key_id: str, *, signature: bytes, message: bytes) -> bool:
        return signature == b"signed"

    async def file(self, *_: object) -> None:
        raise AssertionError("a file that was missing at the seal is not asked for")

    async def carry_out(self, acting: Any, action: Any) -> list[Entry]:  # noqa: ANN401 - as Work does
        (fact,) = await action(self, NOW)
        return [Entry("interior", 9, NOW, acting.actor, fact, LINK)]

    async def sign(self, organisation: str, message: bytes) -> Signature:
        return Signature(self.key_id, b"signed")

    async def open(self, identity: object) -> Any:  # noqa: ANN401 - files and media in one
        return self

    size = 3

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        yield self.media

    @property
    def requests(self) -> Any:  # noqa: ANN401 - nobody asked for a restriction
        return NothingAsked()

    @property
    def recordings(self) -> Any:  # noqa: ANN401 - the transaction's
        return self

    async def get(self, recording: str) -> Recording:
        return self.now

    @contextmanager
    def begin(self) -> Iterator[World]:
        yield self

    def add(self, name: str, data: bytes) -> None:
        self.written.append(name)

    async def add_stream(self, name: str, pieces: AsyncIterator[bytes]) -> FileSeal:
        self.written.append(name)
        data = b"".join([piece async for piece in pieces])
        return FileSeal(len(data), hashlib.sha256(data).hexdigest())

    def hashes(self) -> dict[str, str]:
        return dict.fromkeys(self.written, "")

    async def verify(self, kept: Recording) -> list[str]:
        any_of: Any = self
        verifier = Verifier(any_of, self.clock, evidence=any_of, seals=any_of, erasures=any_of, checks=any_of)
        return list(await verifier.verify(KeptRecording(kept, held=False, complete=None), lambda _: None))

    async def export(self, kept: Recording | None = None) -> None:
        any_of: Any = self
        nothing: Any = NothingTaken()
        exporter = Exporter(
            any_of, evidence=any_of, seals=any_of, signer=any_of, files=any_of, taken_home=nothing, software="a test"
        )
        await exporter.export(kept or recording(), ERRAND, any_of, progress=lambda _: None)


async def test_a_recording_that_was_sealed_since_it_was_read_is_verified_as_it_is_now() -> None:
    assert await World(manifest()).verify(recording(RecordingStage.SEALING)) == []
    set_back = World(manifest(), RecordingStage.SEALING)
    assert await set_back.verify(set_back.now) == ["the journal says that it was sealed, and it is kept as sealing"]


async def test_a_file_that_was_missing_at_the_seal_may_be_missing() -> None:
    assert await World(manifest(track(**MISSING))).verify(recording()) == [
        "the recording has other parts than the manifest"
    ]


def test_a_certificate_is_for_its_own_manifest_and_is_in_the_journal() -> None:
    certificate = json.dumps({"manifest_sha256": "00"}).encode()
    erasure = KeptErasure("r1", certificate, b"signed", "key", b"public", NOW)
    checks: Any = World(manifest())
    assert erasure_faults(seal(manifest()), erasure, binding=binding_of(manifest()), checks=checks) == [
        "the certificate of its erasure is for another manifest",
        "the journal does not say that this certificate tells of its erasure",
    ]


@pytest.mark.parametrize(
    "raw", [b"\xff", b"[]", b"{}", b"null", manifest(format="other"), manifest(parts=7), b"[" * 10**5]
)
def test_what_is_no_manifest_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(ManifestUnreadable):
        read_manifest(raw)


async def test_a_manifest_that_cannot_be_read_is_not_given_away() -> None:
    with pytest.raises(ExportRefused, match="its manifest cannot be read"):
        await World(b"{}").export()


async def test_a_recording_erased_meanwhile_is_not_given_away() -> None:
    world = World(manifest(), RecordingStage.ERASED)
    with pytest.raises(ExportRefused, match="was erased"):
        await world.export()
    assert world.written == []


async def test_a_consent_without_its_words_is_not_given_away() -> None:
    consent = {"id": "c1", "text": "attended", "version": "1", "language": "ca", "hash": "00"}
    with pytest.raises(ExportRefused, match="consent text attended 1 are not kept"):
        await World(manifest(consents=[consent])).export()


async def test_media_that_is_not_the_sealed_one_is_not_given_away() -> None:
    with pytest.raises(MediaTampered, match="part 1, citizen-video: the media is not the one that was sealed"):
        await World(manifest(track())).export()


async def test_a_package_bears_the_signature_of_the_key_that_sealed() -> None:
    world = World(manifest(track(**MISSING)))
    world.key_id = "another"
    with pytest.raises(ExportRefused, match="another key"):
        await world.export()
    world.key_id, world.written = "key", []
    await world.export()
    assert world.written == [
        "manifest.json",
        "manifest.sig",
        "public-key.pem",
        "journal.jsonl",
        "package.json",
        "package.sig",
    ]
