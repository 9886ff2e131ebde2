"""What keeps a command from its work, as one sentence for the operator."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import asyncpg  # type: ignore[import-untyped]  # the driver has no types
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from videoattention.adapters.db.catalogue import TextChanged
from videoattention.adapters.identity.standin.settings import StandInForbidden
from videoattention.adapters.texts import UnreadableText
from videoattention.adapters.vault.keys import KeyRefused
from videoattention.config import SettingsRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from videoattention.config import Settings

_DATABASE: Final = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
_OURS: Final = (KeyRefused, UnreadableText, TextChanged, StandInForbidden, ValueError, OSError)


@contextmanager
def told_in_words(settings: Settings) -> Iterator[None]:
    """Turn what an operator can mend into `SettingsRefused`; a fault of the program itself passes as it is."""
    try:
        yield
    except _DATABASE as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise SettingsRefused([f"The database cannot be used: {_first_line(cause)}."]) from error
    except _OURS as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            port = settings.web.port
            raise SettingsRefused(
                [f"Port {port} is taken by another program: end it, or choose another one with PORT=8081."]
            ) from error
        raise SettingsRefused([f"The service cannot begin: {_first_line(error)}."]) from error


def _first_line(error: BaseException | None) -> str:
    """Without what follows: the libraries put queries, hints and addresses there."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
