"""A file that was missing when its recording was sealed, and came later: it is compared with what its worker told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.proof.conftest import Operator
from tests.recorded import RecordedPlace, settings_in
from tests.unit.vault.samples import let_go

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LATE = "0001-citizen-video"


@pytest.fixture
async def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    """A recording that was sealed while one of its files was on another machine; it is here now."""
    for name, value in settings_in(tmp_path).items():
        monkeypatch.setenv(name, value)
    place = RecordedPlace(tmp_path)
    await place.begin()
    seal = place.sealing.seal

    async def without_the_file(organisation: str, recording: str) -> None:
        path = tmp_path / "recordings" / organisation / recording / f"{LATE}.vrec"
        elsewhere = path.rename(tmp_path / "elsewhere.vrec")
        await seal(organisation, recording)
        elsewhere.rename(path)

    place.sealing.seal = without_the_file  # type: ignore[method-assign]
    await place.recorded("a1", "r1")
    let_go(place.vault)
    await place.close()
    return Operator(tmp_path, capsys)


async def test_a_late_file_that_is_what_its_worker_told_is_found_so(late: Operator) -> None:
    ended = await late.command("recordings", "verify", "r1")
    assert ended.status == 0, ended
    assert "part 1, citizen-video: it came after the seal, and is what its worker told" in ended.err


async def test_one_that_is_still_missing_is_no_news(late: Operator) -> None:
    late.file("r1", LATE).unlink()
    ended = await late.command("recordings", "verify", "r1")
    assert ended.status == 0, ended
    assert "came after the seal" not in ended.err


def _flipped(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes((raw[middle] ^ 1,)) + raw[middle + 1 :]


@pytest.mark.parametrize("change", [_flipped, lambda raw: raw[:-85], lambda raw: raw[:-2000]])
async def test_one_that_is_something_else_is_found(late: Operator, change: Callable[[bytes], bytes]) -> None:
    path = late.file("r1", LATE)
    path.write_bytes(change(path.read_bytes()))
    ended = await late.command("recordings", "verify", "r1")
    assert ended.status == 1, ended
    assert "part 1, citizen-video" in ended.out


async def test_it_is_erased_with_its_recording(late: Operator) -> None:
    path = late.file("r1", LATE)
    words = ("--reason", "The period of keeping is over", "--by", "arxiu", "--yes")
    assert (await late.command("recordings", "erase", "r1", *words)).status == 0
    assert not path.exists()
    assert (await late.command("recordings", "verify", "r1")).status == 0
