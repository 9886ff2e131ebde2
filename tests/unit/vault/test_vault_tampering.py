"""Whatever is done to a stored file is found; a cut at its end, which a crash makes too, is reported as incomplete."""

from __future__ import annotations

import hashlib
import io
import random
from typing import TYPE_CHECKING

import pytest

from tests.unit.vault.samples import AUDIO, KEY, VIDEO, in_pieces, path_of, video_stream, write_file
from videoattention.adapters.vault.format import HEAD_SIZE, RecordCipher, RecordKind, pack_final
from videoattention.adapters.vault.recorded import StoredFile, index_file
from videoattention.adapters.vault.records import RecordWalk
from videoattention.adapters.vault.stored import FolderBytes
from videoattention.services.vault import FileIdentity, MediaMissing, MediaTampered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from videoattention.adapters.vault.recorded import VaultMedia

CHANGES = 6000
STREAM = video_stream(4)
SAME_KEY_OTHER_PART = FileIdentity("interior", "r1", 2, VIDEO.track)


class Original:
    """A stored file as it should be, where its records begin, and a file of another recording beside it."""

    def __init__(self, root: Path) -> None:
        self.path = write_file(root, in_pieces(STREAM, 300))
        self.stored = self.path.read_bytes()
        self.starts = record_starts(self.path, VIDEO)
        foreign = [write_file(root, in_pieces(STREAM, 300), identity) for identity in (AUDIO, SAME_KEY_OTHER_PART)]
        self.foreign = [(path.read_bytes(), record_starts(path, of)) for path, of in zip(foreign, FOREIGN, strict=True)]

    @property
    def edges(self) -> list[int]:
        return [*self.starts, len(self.stored)]

    def record(self, nth: int) -> bytes:
        return self.stored[self.edges[nth] : self.edges[nth + 1]]


FOREIGN = (AUDIO, SAME_KEY_OTHER_PART)


def record_starts(path: Path, identity: FileIdentity) -> list[int]:
    with path.open("rb") as file:
        return [record.position for record in RecordWalk(file, identity, cipher=RecordCipher(identity, KEY))]


def flip(original: Original, rng: random.Random) -> bytes:
    changed = bytearray(original.stored)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwrite(original: Original, rng: random.Random) -> bytes:
    at = rng.randrange(len(original.stored))
    length = rng.randrange(1, 40)
    return (original.stored[:at] + rng.randbytes(length) + original.stored[at + length :])[: len(original.stored)]


def cut_out(original: Original, rng: random.Random) -> bytes:
    """Bytes are taken out before the last record."""
    start, end = sorted(rng.sample(range(original.starts[-1] + 1), 2))
    return original.stored[:start] + original.stored[end:]


def append(original: Original, rng: random.Random) -> bytes:
    return original.stored + rng.randbytes(rng.randrange(1, 200))


def append_record(original: Original, rng: random.Random) -> bytes:
    return original.stored + original.record(rng.randrange(len(original.starts)))


def swap(original: Original, rng: random.Random) -> bytes:
    first, second = sorted(rng.sample(range(len(original.starts)), 2))
    records = [original.record(nth) for nth in range(len(original.starts))]
    records[first], records[second] = records[second], records[first]
    return original.stored[: original.starts[0]] + b"".join(records)


def drop_record(original: Original, rng: random.Random) -> bytes:
    nth = rng.randrange(len(original.starts) - 1)
    return original.stored[: original.edges[nth]] + original.stored[original.edges[nth + 1] :]


def repeat_record(original: Original, rng: random.Random) -> bytes:
    nth = rng.randrange(len(original.starts))
    return original.stored[: original.edges[nth + 1]] + original.stored[original.edges[nth] :]


def foreign_record(original: Original, rng: random.Random) -> bytes:
    """The record of the same number and size of another file, under the same key."""
    stored, starts = rng.choice(original.foreign)
    nth = rng.randrange(len(starts))
    moved = stored[starts[nth] : [*starts, len(stored)][nth + 1]]
    return original.stored[: original.edges[nth]] + moved + original.stored[original.edges[nth + 1] :]


def foreign_file(original: Original, rng: random.Random) -> bytes:
    stored, starts = rng.choice(original.foreign)
    head = rng.choice([stored[: starts[0]], original.stored[: original.starts[0]]])
    return head + stored[starts[0] :]


def longer_claim(original: Original, rng: random.Random) -> bytes:
    """A record says that it goes on past the end of the file, as one that a crash cut would."""
    at = rng.choice(original.starts)
    return original.stored[:at] + rng.randrange(60_000).to_bytes(4, "big") + original.stored[at + 4 :]


CHANGE_KINDS: list[Callable[[Original, random.Random], bytes]] = [
    flip,
    overwrite,
    cut_out,
    append,
    append_record,
    swap,
    drop_record,
    repeat_record,
    foreign_record,
    foreign_file,
    longer_claim,
]


@pytest.fixture
def original(tmp_path: Path) -> Original:
    return Original(tmp_path)


def opened(original: Original, changed: bytes) -> VaultMedia:
    original.path.write_bytes(changed)
    return index_file(StoredFile(source=FolderBytes(original.path), identity=VIDEO, cipher=RecordCipher(VIDEO, KEY)))


@pytest.mark.parametrize("change", CHANGE_KINDS)
def test_every_change_is_found(original: Original, change: Callable[[Original, random.Random], bytes]) -> None:
    rng = random.Random(change.__name__)  # noqa: S311 - the same changes each time
    tried = 0
    for _ in range(CHANGES // len(CHANGE_KINDS)):
        changed = change(original, rng)
        if changed == original.stored:
            continue
        with pytest.raises(MediaTampered, match=r"^part 1, citizen-video, "):
            opened(original, changed)
        tried += 1
    assert tried > CHANGES // len(CHANGE_KINDS) // 2


def test_a_cut_at_any_byte_leaves_what_was_whole_before_and_says_so(original: Original) -> None:
    for end in range(len(original.stored)):
        whole_records = sum(edge <= end for edge in original.edges[1:])
        try:
            media = opened(original, original.stored[:end])
        except MediaMissing:
            continue
        assert not media.complete
        media_records = whole_records - (whole_records >= 2)  # the second record is the clock mark
        assert media.seal.length == min(300 * media_records, len(STREAM))
        assert media.torn == end - max(edge for edge in original.edges if edge <= end)


def test_a_header_cut_short_is_a_crash_and_another_header_is_not(original: Original) -> None:
    with pytest.raises(MediaMissing):
        opened(original, original.stored[:10])
    with pytest.raises(MediaTampered, match="header"):
        opened(original, b"x" + original.stored[1:10])


@pytest.mark.parametrize(
    ("offset", "final", "what"),
    [
        (5, pack_final(3, hashlib.sha256(b"one").digest()), "record 1: it does not continue"),
        (3, pack_final(3, hashlib.sha256(b"two").digest()), "record 1: the media is not what"),
        (3, pack_final(2, hashlib.sha256(b"one").digest()), "record 1: the media is not what"),
    ],
)
def test_records_that_verify_must_also_agree(tmp_path: Path, offset: int, final: bytes, what: str) -> None:
    """Nobody without the key can make these: it is a writer's fault that is found."""
    cipher = RecordCipher(VIDEO, KEY)
    records = cipher.seal(0, RecordKind.MEDIA, offset=0, plain=b"one")
    records += cipher.seal(1, RecordKind.FINAL, offset=offset, plain=final)
    file = io.BytesIO(cipher.header + records)
    with pytest.raises(MediaTampered, match=what):
        list(RecordWalk(file, VIDEO, cipher=cipher))


def test_the_place_of_a_change_is_named(original: Original) -> None:
    changed = bytearray(original.stored)
    changed[original.starts[5] + HEAD_SIZE + 3] ^= 1
    with pytest.raises(MediaTampered, match="record 5: its content does not verify"):
        opened(original, bytes(changed))
    assert path_of(original.path.parent.parent.parent) == original.path
