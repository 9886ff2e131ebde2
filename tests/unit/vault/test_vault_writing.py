"""The writing side: what is sealed is on disk, durable when it says so, and a fault ends the file cleanly."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from tests.unit.vault.samples import AUDIO, KEY, MARK, VIDEO, path_of
from videoattention.adapters.vault.format import MEDIA_LIMIT, RecordCipher, RecordKind
from videoattention.adapters.vault.records import Record, RecordWalk
from videoattention.adapters.vault.writer import FolderVault
from videoattention.services.vault import FileIdentity, FileSeal, MediaGap, StorageFailed

DESCRIPTORS = Path("/proc/self/fd")


def records(root: Path, identity: FileIdentity = VIDEO) -> tuple[list[Record], RecordWalk]:
    with path_of(root, identity).open("rb") as file:
        walk = RecordWalk(file, identity, cipher=RecordCipher(identity, KEY))
        return list(walk), walk


def test_what_is_sealed_is_in_the_file_at_once_and_what_waits_is_not(tmp_path: Path) -> None:
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    writer.media(b"one")
    writer.media(b"two")
    writer.seal_record()
    writer.media(b"three")
    found, walk = records(tmp_path)
    assert [record.plain for record in found] == [b"onetwo"]
    assert not walk.complete
    assert walk.torn == 0


def test_sealing_nothing_writes_nothing(tmp_path: Path) -> None:
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    writer.seal_record()
    assert records(tmp_path)[0] == []


def test_64_kib_are_sealed_without_being_asked_for(tmp_path: Path) -> None:
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    writer.media(bytes(MEDIA_LIMIT - 1))
    assert records(tmp_path)[0] == []
    writer.media(b"x" * (MEDIA_LIMIT + 2))
    found, _ = records(tmp_path)
    assert [len(record.plain) for record in found] == [MEDIA_LIMIT, MEDIA_LIMIT, 1]


def test_a_closed_file_holds_everything_in_order_and_its_final_record_agrees(tmp_path: Path) -> None:
    gap = MediaGap(start=1.5, end=2.25, cause="leg_lost")
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    writer.media(b"one")
    writer.mark(MARK)
    writer.media(b"two")
    writer.gap(gap)
    writer.media(b"three")
    seal = writer.close()
    found, walk = records(tmp_path)
    kinds = [record.kind for record in found]
    media, mark = RecordKind.MEDIA, RecordKind.CLOCK_MARK
    assert kinds == [media, mark, media, RecordKind.GAP, media, RecordKind.FINAL]
    assert seal == FileSeal(length=11, sha256=hashlib.sha256(b"onetwothree").hexdigest()) == walk.seal
    assert walk.complete


def test_after_closing_every_call_is_an_error(tmp_path: Path) -> None:
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    writer.close()
    for call in (writer.seal_record, writer.close, lambda: writer.media(b"x"), lambda: writer.mark(MARK)):
        with pytest.raises(ValueError, match="closed"):
            call()


def test_files_are_private_and_never_written_over(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path / "recordings")
    vault.create(VIDEO, KEY)
    path = path_of(tmp_path / "recordings")
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    with pytest.raises(StorageFailed) as refused:
        vault.create(VIDEO, KEY)
    assert refused.value.code == "storage_failed"


@pytest.mark.parametrize("name", ["..", "a/b", "", ".hidden", "a.b", "é", "a\n", "-a", "a" * 65, "a\0b"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    vault = FolderVault(tmp_path / "recordings")
    for organisation, recording in ((name, "r1"), ("interior", name)):
        with pytest.raises(StorageFailed):
            vault.create(FileIdentity(organisation, recording, 1, VIDEO.track), KEY)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("part", [-1, 10_000])
def test_a_part_has_four_digits(tmp_path: Path, part: int) -> None:
    with pytest.raises(StorageFailed):
        FolderVault(tmp_path).create(FileIdentity("interior", "r1", part, VIDEO.track), KEY)


def test_a_key_of_another_size_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        FolderVault(tmp_path).create(VIDEO, KEY[:16])
    assert list(tmp_path.rglob("*")) == []


class Disk:
    """Counts what is committed, by path, and can refuse to write or commit."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.committed: list[str] = []
        self.refuse_write: dict[str, OSError] = {}
        self.refuse_commit: dict[str, OSError] = {}
        self.most = 1 << 30
        self.full_after_next = False
        self._write, self._fdatasync = os.write, os.fdatasync
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(os, "fdatasync", self.fdatasync)
        monkeypatch.setattr(os, "fsync", lambda descriptor: self.committed.append(name_of(descriptor)))

    def write(self, descriptor: int, data: bytes) -> int:
        if (error := self.refuse_write.get(name_of(descriptor))) is not None:
            raise error
        if self.full_after_next:
            self.refuse_write[name_of(descriptor)] = OSError(errno.ENOSPC, "full")
        return self._write(descriptor, data[: self.most])

    def fdatasync(self, descriptor: int) -> None:
        name = name_of(descriptor)
        if name in self.refuse_commit:
            raise self.refuse_commit[name]
        self.committed.append(name)
        self._fdatasync(descriptor)


def name_of(descriptor: int) -> str:
    return (DESCRIPTORS / str(descriptor)).readlink().name


def descriptors() -> int:
    return len(list(DESCRIPTORS.iterdir()))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


async def test_a_commit_covers_every_changed_file_and_the_new_folders_once(tmp_path: Path, disk: Disk) -> None:
    root = tmp_path / "recordings"
    vault = FolderVault(root)
    video, audio = vault.create(VIDEO, KEY), vault.create(AUDIO, KEY)
    await vault.make_durable()
    names = ["0001-citizen-audio.vrec", "0001-citizen-video.vrec", "interior", "r1", "recordings"]
    assert sorted(disk.committed) == names
    disk.committed.clear()
    await vault.make_durable()
    assert disk.committed == []
    audio.media(b"sound")
    audio.seal_record()
    video.media(b"waits")
    await vault.make_durable()
    assert disk.committed == ["0001-citizen-audio.vrec"]


async def test_a_closed_file_is_committed_once_more_and_gives_its_descriptor_back(tmp_path: Path, disk: Disk) -> None:
    before = descriptors()
    vault = FolderVault(tmp_path)
    writer = vault.create(VIDEO, KEY)
    await vault.make_durable()
    disk.committed.clear()
    writer.close()
    await vault.make_durable()
    assert disk.committed == ["0001-citizen-video.vrec"]
    assert descriptors() == before
    await vault.make_durable()
    assert disk.committed == ["0001-citizen-video.vrec"]


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "no_space"), (errno.EDQUOT, "no_space"), (errno.EIO, "storage_failed")],
)
async def test_a_file_that_could_not_be_written_takes_nothing_more(
    tmp_path: Path, disk: Disk, number: int, code: str
) -> None:
    vault = FolderVault(tmp_path)
    writer = vault.create(VIDEO, KEY)
    writer.media(b"kept")
    writer.seal_record()
    writer.media(b"lost")
    disk.refuse_write["0001-citizen-video.vrec"] = OSError(number, os.strerror(number))
    with pytest.raises(StorageFailed) as refused:
        writer.seal_record()
    assert refused.value.code == code
    disk.refuse_write.clear()
    writer.media(b"later")
    for call in (writer.seal_record, lambda: writer.mark(MARK), writer.close):
        with pytest.raises(StorageFailed):
            call()
    await vault.make_durable()
    found, walk = records(tmp_path)
    assert [record.plain for record in found] == [b"kept"]
    assert not walk.complete


async def test_half_a_record_is_never_followed_by_another(tmp_path: Path, disk: Disk) -> None:
    vault = FolderVault(tmp_path)
    writer = vault.create(VIDEO, KEY)
    writer.media(b"kept")
    writer.seal_record()
    disk.most = 10
    disk.full_after_next = True
    writer.media(b"lost")
    with pytest.raises(StorageFailed):
        writer.seal_record()
    disk.full_after_next = False
    disk.refuse_write.clear()
    with pytest.raises(StorageFailed):
        writer.close()
    found, walk = records(tmp_path)
    assert [record.plain for record in found] == [b"kept"]
    assert walk.torn == 10


def test_a_disk_that_takes_little_at_a_time_gets_everything(tmp_path: Path, disk: Disk) -> None:
    disk.most = 7
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    writer.media(b"some media")
    writer.close()
    assert records(tmp_path)[1].complete


async def test_a_file_that_could_not_be_committed_says_so_and_the_others_go_on(tmp_path: Path, disk: Disk) -> None:
    vault = FolderVault(tmp_path)
    video, audio = vault.create(VIDEO, KEY), vault.create(AUDIO, KEY)
    disk.refuse_commit["0001-citizen-video.vrec"] = OSError(errno.EIO, "broken")
    await vault.make_durable()
    assert video.fault
    assert video.fault.code == "storage_failed"
    assert audio.fault is None
    assert "0001-citizen-audio.vrec" in disk.committed
    with pytest.raises(StorageFailed):
        video.mark(MARK)
    with pytest.raises(StorageFailed):
        video.close()
    audio.close()
    await vault.make_durable()
    assert records(tmp_path, AUDIO)[1].complete


async def test_a_file_whose_header_does_not_fit_is_not_begun(tmp_path: Path, disk: Disk) -> None:
    vault = FolderVault(tmp_path)
    await vault.make_durable()
    before = descriptors()
    disk.refuse_write["0001-citizen-video.vrec"] = OSError(errno.ENOSPC, "full")
    with pytest.raises(StorageFailed) as refused:
        vault.create(VIDEO, KEY)
    assert refused.value.code == "no_space"
    await vault.make_durable()
    assert descriptors() == before


def test_a_folder_that_cannot_be_made_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("not a folder")
    with pytest.raises(StorageFailed) as refused:
        FolderVault(tmp_path / "recordings").create(VIDEO, KEY)
    assert refused.value.code == "storage_failed"


@pytest.mark.parametrize(("blocks", "free", "refusal"), [(100, 16, ""), (100, 15, "no_space"), (0, 0, "")])
def test_a_file_is_not_begun_on_the_last_free_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: int, free: int, refusal: str
) -> None:
    told = os.statvfs(tmp_path)
    mebibytes = os.statvfs_result((2**20, 2**20, blocks, free, free, *list(told)[5:]))
    monkeypatch.setattr(os, "statvfs", lambda _: mebibytes)
    if not refusal:
        FolderVault(tmp_path).create(VIDEO, KEY).close()
        return
    with pytest.raises(StorageFailed) as refused:
        FolderVault(tmp_path).create(VIDEO, KEY)
    assert refused.value.code == refusal
    assert list(tmp_path.iterdir()) == []
