"""Random changes to what recordings leave are found; `make tamper-test` tries ten thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tamper import tampered
from videoattention.adapters.vault import records

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TRIES, SEED = 300, 20261122


async def test_every_change_is_found(tmp_path: Path) -> None:
    result = await tampered(tmp_path, TRIES, SEED)
    assert (result.tried, result.missed) == (TRIES, [])
    assert len(result.kinds) > 10


async def test_a_verification_that_looks_away_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("videoattention.adapters.vault.checking._difference", lambda *_: "")
    monkeypatch.setattr(records, "looks_final", lambda _: False)
    result = await tampered(tmp_path, TRIES, SEED)
    assert any("boundary" in what for what in result.missed)
