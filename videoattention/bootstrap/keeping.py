"""Holds and erasures as an operator asks for them, without serving."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.keeping import DatabaseErasures, DatabaseHoldings
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.vault.checking import signature_holds
from videoattention.adapters.vault.removal import Removal
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.bootstrap.ground import new_id
from videoattention.bootstrap.keys import key_ring
from videoattention.bootstrap.storage import object_store
from videoattention.config import SettingsRefused
from videoattention.domain.errors import StepRefused
from videoattention.services.erasing import Erasing
from videoattention.services.keeping import Keeping
from videoattention.services.vault import StorageFailed
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from videoattention.config import Settings
    from videoattention.services.erasing import KeptErasure
    from videoattention.services.ports import Entry

_REFUSALS = {
    "reason_too_short": "say why in at least 10 characters",
    "already_erased": "it was erased",
    "not_on_hold": "it has no hold in force",
    "not_sealed": "it is not sealed yet",
    "restricted": "the person's data are restricted: the data officer ends it",
    "request_open": "a request of the person waits for an answer",
    "copy_ready": "a copy that was granted to the person can still be downloaded",
    "on_hold": "a hold is in force: videoattention recordings release ends it",
}


class NotDone(Exception):
    """The rules, or the disk, refused it; the sentence says why."""


class _NobodyListens:
    """Commands run beside the service; its rounds find what they changed."""

    def committed(self, entries: Sequence[Entry]) -> None:
        """Nothing follows from it here."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an operator must say: about which recording or hold, why, and who they are."""

    name: str
    reason: str
    by: str


class KeepingRoom:
    """What holds and erases; opened by `keeping_room`. Every method raises `NotDone` and `SettingsRefused`."""

    def __init__(self, settings: Settings, database: Database) -> None:
        clock = SystemClock()
        work = Work(DatabaseRegister(database), clock, _NobodyListens())
        self.ring = key_ring(settings, database)
        self._database = database
        self._holdings = DatabaseHoldings(database)
        self._keeping = Keeping(work, new_id)
        self._erasing = Erasing(
            work,
            VaultSigner(self.ring, DatabaseSigningKeys(database), clock),
            seals=DatabaseSeals(database),
            removal=Removal(settings.storage.recordings, object_store(settings)),
            scrub=database.scrub,
            software=f"videoattention {__version__}",
        )

    async def hold(self, said: Said) -> str:
        """Put a recording on hold; a sentence."""
        with _told(said.name):
            hold = await self._keeping.hold(await self._owner(said.name), said.name, reason=said.reason, by=said.by)
        return f"Recording {said.name} is on hold and cannot be erased. To release it: hold {hold}."

    async def release(self, said: Said) -> str:
        """Release a hold, or all of a recording; a sentence."""
        with _told(said.name):
            owner = await self._owner(said.name)
            released = await self._keeping.release(owner, said.name, reason=said.reason, by=said.by)
        return f"{released} {'hold was' if released == 1 else 'holds were'} released."

    async def erase(self, said: Said) -> str:
        """Erase a recording for good; what it comes to, in sentences."""
        with _told(said.name):
            owner = await self._owner(said.name)
            scrubbed = await self._erasing.erase(owner, said.name, reason=said.reason, by=said.by)
        told = [f"Recording {said.name} was erased: its keys are destroyed and its files deleted."]
        if not scrubbed:
            told.append("The database was busy: its log still holds the destroyed keys until the service writes on.")
        told.append(f"Its certificate: videoattention recordings certificate {said.name}")
        return "\n".join(told)

    async def certificate(self, recording: str) -> KeptErasure:
        """What is left of an erased recording."""
        found = await DatabaseErasures(self._database).of(await self._owner(recording), recording)
        if found is None:
            raise NotDone(f"Recording {recording} was not erased: there is no certificate.")
        signature, message = found.signature, found.certificate
        if not signature_holds(found.public_key, found.key_id, signature=signature, message=message):
            raise NotDone(f"The certificate of {recording} does not bear the organisation's signature: it was changed.")
        return found

    async def _owner(self, name: str) -> str:
        owner = await self._holdings.owner_of(name)
        if owner is None:
            raise SettingsRefused([f"There is no recording or hold {name!r}."])
        return owner


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what refuses into `NotDone`, as a sentence about ``name``."""
    try:
        yield
    except StepRefused as refused:
        raise NotDone(f"Nothing was done with {name}: {_REFUSALS.get(refused.code, refused)}.") from refused
    except StorageFailed as failed:
        raise NotDone(
            f"Recording {name} was erased and nobody can read it any more, but {failed}: the service tries again "
            "every few seconds."
        ) from failed


@asynccontextmanager
async def keeping_room(settings: Settings) -> AsyncIterator[KeepingRoom]:
    """Open the database and the keys; raises `KeyRefused` for a master key that is not the one."""
    database = Database(settings.storage.database)
    try:
        room = KeepingRoom(settings, database)
        await room.ring.ready()
        yield room
    finally:
        await database.close()
