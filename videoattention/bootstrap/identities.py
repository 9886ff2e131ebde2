"""What proves who citizens were shown to be, as an operator gives it away, without serving."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from videoattention.adapters.clock import SystemClock
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.vault.logins import EncryptedLogins
from videoattention.bootstrap.keys import key_ring
from videoattention.config import SettingsRefused
from videoattention.domain.errors import StepRefused
from videoattention.services.archive import LEAST_PURPOSE
from videoattention.services.identifying import LoginProofs, hash_of
from videoattention.services.vault import KeyUnusable, MediaTampered
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from videoattention.config import Settings
    from videoattention.services.ports import Entry
    from videoattention.services.work import Acting


_WHY_NOT: Final = {
    "purpose_too_short": f"Say what it is for in at least {LEAST_PURPOSE} characters.",
    "restricted": "The citizen's data are restricted (GDPR, article 18), and no hold needs them.",
}


class _NobodyListens:
    """The command runs beside the service, and nothing follows from what it journals."""

    def committed(self, entries: Sequence[Entry]) -> None:
        """Nothing follows."""


def write_proofs(settings: Settings, acting: Acting, attention: str, *, purpose: str, to: Path) -> list[Path]:
    """Write every answer that is kept of an attention into a new folder, each under its hash.

    Raises `SettingsRefused` in words, and `OSError` when the folder cannot be made; either leaves no folder.
    """
    to.mkdir(mode=0o700)
    try:
        given = asyncio.run(_given(settings, acting, attention, purpose))
    except BaseException:
        to.rmdir()
        raise
    return [_written(answer, to) for answer in given]


async def _given(settings: Settings, acting: Acting, attention: str, purpose: str) -> Sequence[bytes]:
    database = Database(settings.storage.database)
    vault = EncryptedLogins(key_ring(settings, database))
    try:
        proofs = LoginProofs(Work(DatabaseRegister(database), SystemClock(), _NobodyListens()), vault)
        given = await proofs.give(acting, attention, purpose)
    except StepRefused as refused:
        raise SettingsRefused([_WHY_NOT[refused.code]]) from refused
    except (KeyUnusable, MediaTampered) as fault:
        raise SettingsRefused([f"What is kept cannot be read: {fault}."]) from fault
    finally:
        await database.close()
    if not given:
        where = f"attention {attention!r} of the organisation {acting.organisation!r}"
        raise SettingsRefused([f"No proof of an electronic identity is kept of {where}."])
    return given


def _written(answer: bytes, to: Path) -> Path:
    path = to / f"{hash_of(answer)}.json"
    path.touch(mode=0o600)
    path.write_bytes(answer)
    return path
