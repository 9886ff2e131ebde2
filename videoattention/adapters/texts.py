"""Consent texts out of a folder: ``<folder>/<text>/<version>/<language>.json``. A published version is never edited."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from videoattention.domain.consent import ConsentText
from videoattention.domain.levels import Purpose  # noqa: TC001 - msgspec resolves it at run time
from videoattention.services.texts import ShownText

if TYPE_CHECKING:
    from pathlib import Path

_FALLBACK: Final = "ca"


class UnreadableText(Exception):
    """A text of the folder cannot be used; the message names its file and the fault."""

    code = "text_unreadable"


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    paragraphs: tuple[str, ...]
    purposes: frozenset[Purpose]


class TextsFolder:
    """The consent texts of a folder, all read and checked when it is made.

    Raises `UnreadableText` for a file that is not as it must be, a version that is not a whole number, a text without
    its Catalan words, or languages of one version that are for different purposes.
    """

    def __init__(self, folder: Path) -> None:
        self._newest = {text.name: _newest_version(text) for text in sorted(folder.iterdir()) if text.is_dir()}

    @property
    def in_force(self) -> tuple[ShownText, ...]:
        """The newest version of every text, in each of its languages."""
        return tuple(shown for by_language in self._newest.values() for shown in by_language.values())

    def current(self, text: str, language: str) -> ShownText:
        """The newest version of a text, in Catalan where the language is missing; `KeyError` for an unknown text."""
        by_language = self._newest[text]
        return by_language.get(language) or by_language[_FALLBACK]


def _newest_version(text: Path) -> dict[str, ShownText]:
    versions = [folder for folder in text.iterdir() if folder.is_dir()]
    strange = [folder for folder in versions if not folder.name.isdecimal()]
    if strange or not versions:
        raise UnreadableText(f"{text}: every version is a folder named by a whole number")
    newest = max(versions, key=lambda folder: int(folder.name))
    shown = {path.stem: _read(path, text.name, newest.name) for path in sorted(newest.glob("*.json"))}
    if _FALLBACK not in shown:
        raise UnreadableText(f"{newest}: {_FALLBACK}.json is missing")
    if len({one.purposes for one in shown.values()}) > 1:
        raise UnreadableText(f"{newest}: the languages are not for the same purposes")
    return shown


def _read(path: Path, text: str, version: str) -> ShownText:
    try:
        written = msgspec.json.decode(path.read_bytes(), type=_Written)
    except (OSError, msgspec.MsgspecError) as fault:
        raise UnreadableText(f"{path}: {fault}") from fault
    if not (written.title and written.paragraphs and written.purposes):
        raise UnreadableText(f"{path}: title, paragraphs and purposes must not be empty")
    words = "\n".join((written.title, *written.paragraphs))
    return ShownText(
        wording=ConsentText(text, version, path.stem, hashlib.sha256(words.encode()).hexdigest()),
        title=written.title,
        paragraphs=written.paragraphs,
        purposes=written.purposes,
    )
