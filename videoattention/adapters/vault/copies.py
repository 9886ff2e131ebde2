"""How it stands with what a worker keeps: which recordings wait in its folder, and which the object store has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.vault.waiting import closed_at, files_of
from videoattention.services.copies_elsewhere import CopyTold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from videoattention.adapters.vault.uploads import Uploads


class FolderCopies:
    """Looks at the folder that ``uploads`` empties, again and again, from one thread at a time."""

    def __init__(self, root: Path, uploads: Uploads) -> None:
        """Nothing is known before the first look."""
        self._root = root
        self._uploads = uploads
        self._closed: dict[Path, float] = {}

    def look(self) -> Mapping[tuple[str, str], CopyTold]:
        """By organisation and recording, every one of which a file waits here, and those that were moved last.

        A file that cannot be read, or in whose place another lies, waits for nothing.
        """
        found = files_of(self._root)
        # nobody writes again what was closed once: only what is new is asked for its lock
        self._closed = {path: at for path in found if (at := self._closed.get(path) or closed_at(path)) is not None}
        since: dict[tuple[str, str], float] = {}
        for path in self._closed.keys() - self._uploads.stuck:
            whose = (path.parent.parent.name, path.parent.name)
            since[whose] = min(self._closed[path], since.get(whose, self._closed[path]))
        stored = self._uploads.stored
        return {whose: CopyTold(*whose, since.get(whose), whose in stored) for whose in since.keys() | stored}
