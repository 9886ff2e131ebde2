"""A package that cannot be made ends in a sentence, on the page of whoever wanted to fetch it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING
from unittest.mock import ANY, AsyncMock, Mock

import pytest

from videoattention.entrypoints.http import reviews, unrecorded
from videoattention.entrypoints.http.reviews import ReviewPages
from videoattention.entrypoints.http.unrecorded import UnrecordedPages
from videoattention.services.export import ExportRefused
from videoattention.services.vault import KeyUnusable, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from types import ModuleType

NAMED = {"attention": "a1", "package": "e1", "export": "e1"}
FAULTS = [
    ExportRefused("no words"),
    KeyUnusable("another key"),
    MediaTampered("a paper"),
    MediaMissing("a track"),
    StorageFailed("storage_failed", "the disk failed"),
    OSError(errno.ENOSPC, "No space left on device"),
]


def signed_in(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "auditor", AsyncMock(return_value=(Mock(), Mock())))
    monkeypatch.setattr(module, "fields", AsyncMock(return_value={}))


@pytest.mark.parametrize("fault", FAULTS)
async def test_of_an_attention(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(unrecorded, monkeypatch)
    packages, passing, shown = Mock(enter=AsyncMock(), give=AsyncMock(side_effect=fault)), Mock(), AsyncMock()
    pages = UnrecordedPages(
        Mock(), Mock(), packages=packages, views=Mock(), archive_views=Mock(), passing=lambda: passing, clock=Mock()
    )
    monkeypatch.setattr(pages, "_show", shown)
    assert await pages.give(Mock(match_info=NAMED)) is shown.return_value
    shown.assert_awaited_once_with(ANY, ANY, ANY, wrong={"form": "e1", "problem": "export_failed"})
    passing.close.assert_called_once_with()


@pytest.mark.parametrize("fault", FAULTS)
async def test_of_a_recording(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(reviews, monkeypatch)
    passing, shown = Mock(), AsyncMock()
    pages = Mock(_exporting=Mock(give=AsyncMock(side_effect=fault)), _passing=lambda: passing, _exports=shown)
    assert await ReviewPages.give_export(pages, Mock(match_info=NAMED)) is shown.return_value
    shown.assert_awaited_once_with(ANY, ANY, ANY, wrong={"export": "e1", "problem": "export_failed"})
    passing.close.assert_called_once_with()
