"""What a reviewer goes through: items of a published version, in words of each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version: the words of every item by language; the ids of the items are the same in each."""

    version: str
    words: Mapping[str, Mapping[str, str]]

    @property
    def items(self) -> tuple[str, ...]:
        """The items in order."""
        return tuple(self.words["ca"])

    def in_words(self, language: str) -> Mapping[str, str]:
        """Each item's words, in Catalan where the language is missing."""
        return self.words.get(language) or self.words["ca"]
