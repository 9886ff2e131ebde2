"""Consent texts: versioned, per language, shown in full and kept for ever as they were shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from videoattention.domain.consent import ConsentText
    from videoattention.domain.levels import Purpose


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as the citizen reads it; ``wording.hash`` is the SHA-256 of title and paragraphs joined by newlines."""

    wording: ConsentText
    title: str
    paragraphs: tuple[str, ...]
    purposes: frozenset[Purpose]


class ConsentTexts(Protocol):
    """The texts in force."""

    def current(self, text: str, language: str) -> ShownText:
        """The newest version of a text in this language, or in Catalan where the language is missing."""
