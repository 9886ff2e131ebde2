"""What everything stands on: where the pages are, how things are named, and the master key."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from videoattention.adapters.vault.keys import load_or_make, master_key_from_text

if TYPE_CHECKING:
    from videoattention.adapters.vault.keys import MasterKey
    from videoattention.config import Settings


def new_id() -> str:
    """An opaque identifier with 122 random bits."""
    return uuid.uuid4().hex


def web_folder() -> Path:
    """Templates, static files, languages and texts: inside the installed package, else beside it in the source tree."""
    package = Path(__file__).parent.parent
    installed = package / "_web"
    return installed if installed.is_dir() else package.parent / "web"


def master_key(settings: Settings) -> MasterKey:
    """The master key that the operator gave, or the one in the file; it is made the first time, and that is said."""
    if settings.storage.master_key:
        return master_key_from_text(settings.storage.master_key)
    loaded = load_or_make(settings.storage.master_key_file)
    if loaded.made:
        print(f"A master key was made: keep a copy of {settings.storage.master_key_file} in a safe place.")  # noqa: T201 - said once to the operator
    return loaded.master
