"""Checklists out of a folder: ``<folder>/<version>.json``. A published version is never edited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from videoattention.services.checklists import Checklist

if TYPE_CHECKING:
    from pathlib import Path


class UnreadableChecklist(Exception):
    """A version cannot be used; the message names its file."""

    code = "checklist_unreadable"


def read_checklists(folder: Path) -> dict[str, Checklist]:
    """Every version by its number, oldest first; raises `UnreadableChecklist`."""
    files = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
    found = {path.stem: _read(path) for path in files}
    if not found:
        raise UnreadableChecklist(f"{folder}: there is no checklist")
    return found


def _read(path: Path) -> Checklist:
    words = json.loads(path.read_text(encoding="utf-8"))
    items = {language: list(told) for language, told in words.items()}
    if "ca" not in words or any(told != items["ca"] or not told for told in items.values()):
        raise UnreadableChecklist(f"{path}: every language has the same items, in the same order, Catalan too")
    return Checklist(path.stem, words)
