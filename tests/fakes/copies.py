"""Which recordings' files are on their way to the object store: none, until a test says so."""

from __future__ import annotations


class Copies:
    """Put organisation and recording into ``on_the_way``."""

    def __init__(self) -> None:
        self.on_the_way: set[tuple[str, str]] = set()
        self.store_away = False

    def on_their_way(self, organisation: str, recording: str) -> bool:
        return (organisation, recording) in self.on_the_way
