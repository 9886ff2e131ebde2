"""What a command is: its words, a sentence, its arguments, and what it does with the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from videoattention.config import Settings


def _none(_: ArgumentParser) -> None:
    """A command without arguments."""


@dataclass(frozen=True, slots=True)
class Command:
    """``words`` is one word, or a group and a word: ``journal verify``; ``run`` exits itself if not with status 0."""

    words: str
    sentence: str
    run: Callable[[Settings, Namespace], None]
    arguments: Callable[[ArgumentParser], None] = _none
