"""What seals recordings and, where an authority is named, has their seals stamped with the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from videoattention import __version__
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.timestamps.authority import HttpAuthority
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.services.sealers import Sealers
from videoattention.services.sealing import PASSING, PASSING_ELSEWHERE, Sealing
from videoattention.services.stamping import Stamping

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.config import Settings
    from videoattention.services.copies_elsewhere import CopiesElsewhere
    from videoattention.services.files import Files
    from videoattention.services.ports import Clock
    from videoattention.services.stamping import TimestampAuthority
    from videoattention.services.views import Views
    from videoattention.services.waiting_copies import WaitingCopies
    from videoattention.services.work import Work

SOFTWARE: Final = f"videoattention {__version__}"
"""Who seals recordings, as their manifests say it."""


def sealers(
    settings: Settings,
    work: Work,
    *,
    views: Views,
    files: Files,
    keys: VaultKeyRing,
    database: Database,
    copies: WaitingCopies,
    elsewhere: CopiesElsewhere,
) -> Sealers:
    """Who seals what has ended; what waited for files on their way is sealed as soon as they have arrived."""
    signer = VaultSigner(keys, DatabaseSigningKeys(database), work.clock)
    passing = PASSING if settings.storage.objects is None else PASSING_ELSEWHERE
    sealing = Sealing(work, views, files=files, copies=copies, signer=signer, software=SOFTWARE, passing=passing)
    made = Sealers(sealing.seal)

    def arrived(organisation: str, recording: str) -> None:
        if sealing.waits(organisation, recording):
            made.soon(organisation, recording)

    elsewhere.arrived = arrived
    return made


def authority_of(settings: Settings, http: ClientSession) -> TimestampAuthority | None:
    """Who says when something was signed, if named; raises `ValueError` or `OSError` for its certificates."""
    if settings.timestamps is None:
        return None
    return HttpAuthority(http, settings.timestamps.url, settings.timestamps.ca)


def stamping(
    authority: TimestampAuthority | None, *, register: DatabaseRegister, database: Database, clock: Clock
) -> Stamping | None:
    """Who gets time stamps for seals, if there is an authority."""
    if authority is None:
        return None
    return Stamping(register, clock, seals=DatabaseSeals(database), authority=authority)
