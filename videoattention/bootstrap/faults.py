"""What keeps a command from its work, as one sentence for the operator."""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import asyncpg  # type: ignore[import-untyped]  # the driver has no types
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from videoattention.adapters.db.catalogue import TextChanged
from videoattention.adapters.identity.standin.settings import StandInForbidden
from videoattention.adapters.texts import UnreadableText
from videoattention.adapters.vault.keys import KeyRefused
from videoattention.bootstrap.beginning import cannot_be_heard
from videoattention.config import SettingsRefused
from videoattention.environment import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from videoattention.config import Settings

_DATABASE: Final = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
_UNREACHED: Final = (ConnectionRefusedError, TimeoutError, socket.gaierror)
_OURS: Final = (KeyRefused, UnreadableText, TextChanged, StandInForbidden, ValueError, OSError)


@contextmanager
def told_in_words(settings: Settings, *, beginning: bool = False) -> Iterator[None]:
    """Turn what an operator can mend into `SettingsRefused`; a fault of the program itself passes as it is.

    ``beginning`` is for the commands that the service begins with.
    """
    try:
        make_url(settings.storage.database)
    except (ArgumentError, ValueError):  # what it says may have a password in it
        fault = f"{PREFIX}DATABASE_URL cannot be read as an address; it is not shown here."
        raise SettingsRefused([fault]) from None
    try:
        yield
    except _DATABASE as error:
        raise SettingsRefused([_of_database(settings, error)]) from error
    except _OURS as error:
        if isinstance(error, _UNREACHED) and _sqlite_file(settings) is None:
            raise SettingsRefused([_of_database(settings, error)]) from error
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise SettingsRefused([cannot_be_heard(settings.web, error)]) from error
        what = "The service cannot begin" if beginning else "This cannot be done"
        raise SettingsRefused([f"{what}: {_first_line(error)}."]) from error


def _of_database(settings: Settings, error: Exception) -> str:
    """Names the file; of an address nothing, for it has a password."""
    cause, file = _first_line(error.orig if isinstance(error, DBAPIError) else error), _sqlite_file(settings)
    if file is None:
        return f"The database cannot be used: {cause}. VIDEOATTENTION_DATABASE_URL says where it is."
    return (
        f"The database {file} cannot be used: {cause}. VIDEOATTENTION_DATA or VIDEOATTENTION_DATABASE_URL says where "
        "it is."
    )


def _sqlite_file(settings: Settings) -> str | None:
    """The file of the database; ``None`` if it is on a server."""
    address = make_url(settings.storage.database)
    return address.database or "in memory" if address.get_backend_name() == "sqlite" else None


def _first_line(error: BaseException | None) -> str:
    """Without what follows: the libraries put queries, hints and addresses there."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
