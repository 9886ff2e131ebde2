"""Where recordings are kept and read: the folder alone, or the folder and the object store behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.vault.copies import FolderCopies
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.adapters.vault.object_store import Bucket, ObjectStore
from videoattention.adapters.vault.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from videoattention.config import Settings
    from videoattention.services.copies_elsewhere import CopyTold


def object_store(settings: Settings) -> ObjectStore | None:
    """The operator's object store, if one is named; nothing is asked of it yet."""
    said = settings.storage.objects
    if said is None:
        return None
    return ObjectStore(Bucket(said.url, said.bucket, said.region, said.access_key, said.secret_key))


def library(settings: Settings) -> FolderLibrary:
    """What opens recordings, wherever they are now."""
    return FolderLibrary(settings.storage.recordings, store=object_store(settings))


def uploads(settings: Settings) -> Uploads | None:
    """What moves closed files out of this machine's folder, if there is an object store to move them to."""
    store = object_store(settings)
    return Uploads(settings.storage.recordings, store) if store is not None else None


def copies(settings: Settings, moving: Uploads) -> Callable[[], Mapping[tuple[str, str], CopyTold]]:
    """What looks at the recordings that wait in this machine's folder while ``moving`` empties it."""
    return FolderCopies(settings.storage.recordings, moving).look
