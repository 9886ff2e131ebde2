"""Where the master key is: in the environment, or in a file beside which a rotation lays the next one.

A rotation of a key file writes ``<file>.next``, wraps everything anew, and only then puts it in the place of the file,
keeping the old one as ``<file>.previous-<key id>``, which no later rotation replaces. Whatever moment a crash chooses,
the key that opens the database is one of those `MasterKeyFile.at_hand` tells.
"""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from videoattention.adapters.vault.keys import KeyRefused, MasterKey, load_or_make, make_durable, master_key_from_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class MasterKeys(Protocol):
    """The master keys that this process can use."""

    @property
    def place(self) -> str:
        """Where the operator gives the key, for a sentence to them."""

    def at_hand(self) -> tuple[MasterKey, ...]:
        """The one in use first, then one that a rotation brings; none if there is no key yet. Raises `KeyRefused`."""


class MasterKeyFile:
    """A master key in a file; it is read anew whenever it is asked for, so that a rotation needs no restart."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def next(self) -> Path:
        """Where a rotation lays the key that it brings."""
        return self.path.with_name(f"{self.path.name}.next")

    @property
    def place(self) -> str:
        """The file, and the setting that names it."""
        return f"{self.path} (VIDEOATTENTION_MASTER_KEY_FILE)"

    def at_hand(self) -> tuple[MasterKey, ...]:
        """The key in the file, then the next one; none without a file. Raises `KeyRefused` if it cannot be read."""
        found = (read_master_key(path) for path in (self.path, self.next))
        return tuple(key for key in found if key is not None)

    def make(self) -> bool:
        """Make the file unless there is one; whether it was made. Raises `KeyRefused`."""
        try:
            return load_or_make(self.path).made
        except OSError as error:
            raise KeyRefused(f"the master key file {self.path} cannot be made: {error.strerror}") from None

    def replace(self) -> None:
        """Put the next key in the place of the file, which is kept under its key's name; both survive the machine."""
        before = read_master_key(self.path)
        if before is not None:
            kept = old_place(self.path, before)
            draft = kept.with_name(f".{kept.name}.{secrets.token_hex(8)}")
            # a link, so that there is no moment without a key in the file's place
            os.link(self.path, draft)
            draft.replace(kept)
        self.next.replace(self.path)
        make_durable(self.path.parent)


def old_place(path: Path, key: MasterKey) -> Path:
    """Where a key is kept that lay in this file: its name has the key's id, so that no other old key has the same."""
    return path.with_name(f"{path.name}.previous-{key.key_id}")


def old_places(path: Path) -> tuple[Path, ...]:
    """Every file in which a key is kept that lay in this one, also the one ``.previous`` of earlier versions."""
    begins = f"{path.name}.previous"
    return tuple(sorted(each for each in path.parent.iterdir() if each.name.startswith(begins)))


def read_master_key(path: Path) -> MasterKey | None:
    """The key in a file, or ``None`` if there is no such file; raises `KeyRefused` for any other fault."""
    try:
        return master_key_from_text(path.read_text("ascii", "replace"))
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except OSError as error:
        raise KeyRefused(f"the master key file {path} cannot be read: {error.strerror}") from None
    except KeyRefused as error:
        raise KeyRefused(f"the master key file {path} holds no key: {error}") from None


def lay_master_key(path: Path, key: MasterKey) -> None:
    """Write the key to a file with mode 0600, whole or not at all, so that it survives the machine.

    A file that is there already is replaced.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(key.secret) + b"\n")
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)
        make_durable(path.parent)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let no other rotation lay a key in this folder meanwhile: it could replace the one that was just wrapped with.

    Raises `KeyRefused` if another one is under way. The lock goes with the process, whatever ends it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # a file system without locks does too: then two rotations at once are the operator's to avoid
        with suppress(OSError):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise KeyRefused("another rotation is under way: say the command again when it has ended") from None
        yield
    finally:
        os.close(descriptor)
