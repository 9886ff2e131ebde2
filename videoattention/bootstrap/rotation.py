"""Rotating keys: a new master key, new organisations' keys, and everything below them wrapped anew.

At every moment a key that opens the database is where the service looks for it. A new master key is laid on the disk
before anything is wrapped with it; all is wrapped in one transaction; only then does the new one take the old one's
place. Said again after a crash, the command finishes what was begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from videoattention.adapters.db.database import Database
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.rotation import DatabaseRotation
from videoattention.adapters.vault.keyring import not_at_hand
from videoattention.adapters.vault.keys import KeyRefused, MasterKey, master_key_from_text, new_secret, wrapping_key_id
from videoattention.adapters.vault.masters import (
    MasterKeyFile,
    alone_in,
    lay_master_key,
    old_place,
    old_places,
    read_master_key,
)
from videoattention.adapters.vault.rotation import NewMaster, NewOrganisationKey, opened
from videoattention.bootstrap.keys import master_keys
from videoattention.config import SettingsRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from videoattention.config import Settings

    Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be rotated: the master key, and the keys of these organisations, or of all."""

    master: bool
    organisations: tuple[str, ...] = ()
    everyone: bool = False


async def rotate(settings: Settings, wanted: Wanted, *, say: Say, progress: Say) -> None:
    """Rotate; ``say`` is told what was done, ``progress`` what is being done.

    Raises `KeyRefused` and `SettingsRefused`.
    """
    database = Database(settings.storage.database)
    try:
        rotating = _Rotating(settings, database, say, progress)
        await rotating.check(wanted)
        if wanted.master:
            await rotating.master()
        await rotating.organisations(wanted)
        if not await database.scrub():
            say("The database was busy: its log still holds the keys as they were, until the service writes on.")
    finally:
        await database.close()


class _Rotating:
    def __init__(self, settings: Settings, database: Database, say: Say, progress: Say) -> None:
        self._settings = settings
        self._rotation = DatabaseRotation(database)
        self._kept = DatabaseOrganisationKeys(database)
        self._source = master_keys(settings)
        self._masters = self._source.at_hand()
        self._say = say
        self._progress = progress

    async def check(self, wanted: Wanted) -> None:
        """Refuse what cannot be done before anything is."""
        if not self._masters:
            raise KeyRefused(await self._no_master())
        there = await self._rotation.organisations()
        unknown = [f"There is no organisation {name!r}." for name in wanted.organisations if name not in there]
        if unknown:
            raise SettingsRefused(unknown)

    async def _no_master(self) -> str:
        for kept in (await self._kept.every()).values():
            return not_at_hand(self._source, wrapping_key_id(kept.decode()))
        return (
            f"there is no master key at {self._source.place}, and no key of this database needs one yet: start the "
            "service to make one"
        )

    async def master(self) -> None:
        """Give the database a new master key."""
        if isinstance(self._source, MasterKeyFile):
            with alone_in(self._source.path.parent):
                # as they are now: another rotation may have ended since they were read
                self._masters = self._source.at_hand()
                await self._in_file(self._source)
        else:
            with alone_in(self._new_place.parent):
                await self._in_environment()

    @property
    def _new_place(self) -> Path:
        """Where a key lies that takes the place of one in the environment."""
        return self._settings.storage.new_master_key_file or self._settings.storage.data / "master.key.new"

    async def _in_file(self, source: MasterKeyFile) -> None:
        before, begun = self._masters[0], read_master_key(source.next)
        given = self._given()
        if begun is not None and given not in {None, begun}:
            raise KeyRefused(
                f"a rotation to the master key {begun.key_id} was begun: finish it without a new key in the settings"
            )
        new = begun or given or MasterKey(new_secret())
        await self._refuse(new)
        if begun is None:
            lay_master_key(source.next, new)
        else:
            self._progress(f"finishing the rotation to {new.key_id} that was begun")
        await self._wrap(new)
        source.replace()
        self._masters = source.at_hand()
        self._say(
            f"The new master key {new.key_id} is in {source.path}: keep a copy of it in a safe place. A running "
            f"service uses it by itself. The one before, {before.key_id}, is in {old_place(source.path, before)}."
        )
        self._say_old(source.path)

    async def _in_environment(self) -> None:
        place = self._new_place
        new, text = self._given(), bool(self._settings.storage.new_master_key)
        if new is None:
            new = self._left(place) or MasterKey(new_secret())
        await self._refuse(new)
        if self._given() is None:
            self._lay(place, new)
        await self._wrap(new)
        self._masters = (new, *self._masters)
        where = "that was given in VIDEOATTENTION_NEW_MASTER_KEY" if text else f"in {place}"
        self._say(
            f"Set VIDEOATTENTION_MASTER_KEY to the new master key {new.key_id}, {where}, and start the service again "
            "soon: a running one goes on with what it opened before. Keep the one before as long as backups of the "
            "database from before."
        )
        self._say_old(place)

    def _say_old(self, path: Path) -> None:
        """Tell every old key that is kept beside this file."""
        kept = "".join(f" {each}" for each in old_places(path))
        if kept:
            self._say(
                f"Old master keys are kept in:{kept}. A backup of the database is opened by exactly the one that was in"
                " use when it was made, and they open nothing else: destroy each together with its backups."
            )

    def _given(self) -> MasterKey | None:
        """The key that the operator named, if they did and it is there."""
        said = self._settings.storage
        if said.new_master_key:
            return master_key_from_text(said.new_master_key)
        return read_master_key(said.new_master_key_file) if said.new_master_key_file else None

    def _left(self, place: Path) -> MasterKey | None:
        """The key that an earlier try left there, unless it is the one in use."""
        left = read_master_key(place)
        return None if left in self._masters else left

    def _lay(self, place: Path, new: MasterKey) -> None:
        """Lay the key there, unless it is there already; the one in use, which it replaces, is kept."""
        there = read_master_key(place)
        if there == new:
            return
        if there is not None:
            place.replace(old_place(place, there))
        lay_master_key(place, new)

    async def _refuse(self, new: MasterKey) -> None:
        """Refuse a key that is in use, and old ones that do not open this database, before anything is written."""
        if new == self._masters[0]:
            raise KeyRefused(f"the new master key {new.key_id} is the one in use: give another one")
        for organisation, wrapped in (await self._kept.every()).items():
            opened(organisation, wrapped, (*self._masters, new))

    async def _wrap(self, new: MasterKey) -> None:
        kept = (await self._kept.every()).values()
        if kept and all(wrapping_key_id(each.decode()) == new.key_id for each in kept):
            self._say(f"Every organisation's key is wrapped with the master key {new.key_id} already.")
        before = tuple(each for each in self._masters if each != new)
        count = await self._rotation.organisation_keys(NewMaster(new, before).anew)
        self._say(f"Wrapped with the master key {new.key_id}: the keys of {count} organisations.")

    async def organisations(self, wanted: Wanted) -> None:
        """Give organisations new keys, one after the other; those that are done stay done."""
        chosen: Sequence[str] = await self._rotation.organisations() if wanted.everyone else wanted.organisations
        for organisation in chosen:
            renew, counted = partial(self._renewed, organisation), partial(self._counted, organisation)
            done = await self._rotation.organisation(organisation, renew, counted)
            if done is not None:
                self._say(f"{organisation} has a new key: {done} keys of files and signatures are wrapped with it.")

    def _renewed(self, organisation: str, wrapped: bytes) -> NewOrganisationKey:
        return NewOrganisationKey(organisation, wrapped, self._masters)

    def _counted(self, organisation: str, done: int, of_all: int) -> None:
        self._progress(f"{organisation}: {done} of {of_all} keys of files")
