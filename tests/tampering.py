"""Random changes to what a recording leaves: its files, its seal and its journal, and whether each is found.

The functions that find them are those of `recordings verify` and `journal verify`. A change that changes nothing is not
one; another is drawn in its place.
"""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, text

from videoattention.adapters.db.evidence import DatabaseEvidence
from videoattention.adapters.db.journal import Verified, verify_seen
from videoattention.adapters.db.seals import DatabaseSeals
from videoattention.adapters.db.tables import data_keys, journal
from videoattention.adapters.vault.checking import VaultChecks, check_file
from videoattention.adapters.vault.format import HEAD_SIZE, RecordCipher, file_path
from videoattention.bootstrap.storage import library
from videoattention.services.media import Track
from videoattention.services.proof import Binding, binding_faults, seal_faults
from videoattention.services.sealed import ManifestUnreadable, SealedFile, read_manifest
from videoattention.services.vault import FileIdentity, MediaTampered

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.recorded import RecordedPlace
    from videoattention.domain.recording import Recording
    from videoattention.services.seals import KeptSeal

    Bytes = Callable[[bytes, random.Random], bytes]
    Row = dict[str, Any]

SHARES: Final = {"media": 5, "seal": 2, "journal": 3}
"""Of ten changes so many are of each kind."""


_MAGIC_AND_VERSION, _PART = 9, 2
_COLUMNS: Final = [column.name for column in journal.c]
# not through the table's own types, which would refuse what the service never writes
_PUT: Final = text(
    f"INSERT INTO journal ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"  # noqa: S608 - our own names
).bindparams(bindparam("at", type_=journal.c.at.type))


@dataclass
class Result:
    """How many changes were tried and found; ``missed`` names the others, ``kinds`` counts what was tried."""

    tried: int = 0
    missed: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def found(self) -> int:
        """Those that were noticed."""
        return self.tried - len(self.missed)

    def note(self, what: str, *, found: bool) -> None:
        """One change was tried."""
        self.tried += 1
        self.kinds[" ".join(what.split()[:2])] += 1
        if not found:
            self.missed.append(what)


# --- changes of bytes ------------------------------------------------------------------------------------------------


def flipped(data: bytes, chance: random.Random) -> bytes:
    """One bit is another."""
    at = chance.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << chance.randrange(8),)) + data[at + 1 :]


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return data[: chance.randrange(len(data))]


def appended(data: bytes, chance: random.Random) -> bytes:
    """Something follows: noise, or some of the bytes once more."""
    more = chance.randbytes(chance.randrange(1, 200))
    return data + (more if chance.random() < 0.5 else data[-chance.randrange(1, len(data)) :])


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two stretches of the same length are in each other's place."""
    size = chance.randrange(1, max(2, len(data) // 4))
    first = chance.randrange(0, len(data) - 2 * size + 1)
    second = chance.randrange(first + size, len(data) - size + 1)
    middle = data[first + size : second]
    return data[:first] + data[second : second + size] + middle + data[first : first + size] + data[second + size :]


BYTES: Final[tuple[Bytes, ...]] = (flipped, cut, appended, swapped)


# --- files -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeptFile:
    """A stored file, with all that its verification takes; ``records`` are its header's and its records' bytes."""

    identity: FileIdentity
    data: bytes
    records: tuple[bytes, ...]
    cipher: RecordCipher
    sealed: SealedFile

    def holds(self, data: bytes) -> bool:
        """Whether verifying says that these bytes are the file that was sealed."""
        try:
            check_file(io.BytesIO(data), self.identity, cipher=self.cipher, sealed=self.sealed, stopped=lambda: False)
        except MediaTampered:
            return False
        return True


def pieces_of(data: bytes) -> tuple[bytes, ...]:
    """The header, then each record; the last may be half of one."""
    at = _MAGIC_AND_VERSION
    for _ in ("organisation", "recording", "track"):
        at += 1 + data[at]
    at += _PART
    pieces = [data[:at]]
    while at < len(data):
        size = HEAD_SIZE + int.from_bytes(data[at : at + 4], "big")
        pieces.append(data[at : at + size])
        at += size
    return tuple(pieces)


def records_changed(one: KeptFile, other: KeptFile, chance: random.Random) -> tuple[str, bytes]:
    """A change that leaves every record whole, which only a file that is verified as a whole gives away."""
    records = list(one.records)
    nth, mth = chance.randrange(1, len(records)), chance.randrange(1, len(records))
    what = chance.choice(["boundary", "swap", "drop", "twice", "reorder", "replay", "inserted", "replaced"])
    match what:
        case "boundary":
            records = records[:nth]
        case "swap":
            records[nth], records[mth] = records[mth], records[nth]
        case "drop":
            del records[nth]
        case "twice":
            records.insert(mth, records[nth])
        case "reorder":
            window = records[nth : nth + 6]
            chance.shuffle(window)
            records[nth : nth + 6] = window
        case "replay":
            records[nth] = other.records[min(nth, len(other.records) - 1)]
        case "inserted":
            records.insert(nth, chance.choice(other.records[1:]))
        case _:
            records = list(other.records)
    return f"record {nth} {what}, of {other.identity}", b"".join(records)


# --- the whole place -------------------------------------------------------------------------------------------------


@dataclass
class Tampering:
    """Tries changes, one at a time, each on the place as it was."""

    place: RecordedPlace
    chance: random.Random
    files: list[KeptFile] = field(default_factory=list)
    seals: list[tuple[Recording, KeptSeal]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    async def begin(self) -> None:
        """Read everything, and see that it holds as it is."""
        evidence, seals = DatabaseEvidence(self.place.database), DatabaseSeals(self.place.database)
        self.checks = VaultChecks(self.place.ring, library(self.place.settings))
        self.bindings: dict[str, Binding] = {}
        for kept in await evidence.recordings():
            seal = await seals.of(kept.recording.organisation, kept.recording.id)
            assert seal is not None
            manifest = read_manifest(seal.manifest)
            self.seals.append((kept.recording, seal))
            self.bindings[seal.recording] = await evidence.binding(kept.recording, manifest.last)
            for sealed in manifest.files:
                self.files.append(await self._file(kept.recording, sealed))
        async with self.place.database.writing() as connection:
            await self._open_to_changes(connection)
        assert all(one.holds(one.data) for one in self.files)
        assert all(self._seal_holds(recording, seal) for recording, seal in self.seals)

    async def _file(self, recording: Recording, sealed: SealedFile) -> KeptFile:
        identity = FileIdentity(recording.organisation, recording.id, sealed.part, Track(sealed.track))
        named = (
            data_keys.c.recording == recording.id,
            data_keys.c.part == sealed.part,
            data_keys.c.track == sealed.track,
        )
        async with self.place.database.reading() as connection:
            wrapped = (await connection.execute(select(data_keys.c.wrapped).where(*named))).scalar_one()
        cipher = RecordCipher(identity, await self.place.ring.unwrap(identity, wrapped))
        data = (self.place.settings.storage.recordings / file_path(identity)).read_bytes()
        return KeptFile(identity, data, pieces_of(data), cipher, sealed)

    async def _open_to_changes(self, connection: AsyncConnection) -> None:
        """Whoever can change the journal's rows took its triggers away before."""
        named = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in (await connection.execute(named)).scalars().all():
            await connection.execute(text(f'DROP TRIGGER "{name}"'))
        await connection.commit()
        await connection.begin()
        rows = await connection.execute(select(journal).order_by(journal.c.organisation, journal.c.seq))
        self.rows = [dict(row._mapping) for row in rows]
        for organisation in {row["organisation"] for row in self.rows}:
            assert isinstance(await verify_seen(connection, organisation), Verified)

    async def run(self, tries: int) -> Result:
        """Make so many changes."""
        result, shares = Result(), [kind for kind, share in SHARES.items() for _ in range(share)]
        while result.tried < tries:
            kind = self.chance.choice(shares)
            if kind == "media":
                self._change_file(result)
            elif kind == "seal":
                self._change_seal(result)
            else:
                await self._change_journal(result)
            if result.tried % 100 == 0:
                await asyncio.sleep(0)
        return result

    # --- media --------------------------------------------------------------------------------------------------------

    def _change_file(self, result: Result) -> None:
        one, other = self.chance.sample(self.files, 2)
        if self.chance.random() < 0.5:
            change = self.chance.choice(BYTES)
            what, changed = change.__name__, change(one.data, self.chance)
        else:
            what, changed = records_changed(one, other, self.chance)
        if changed != one.data:
            result.note(f"media {what}: {one.identity}", found=not one.holds(changed))

    # --- seals --------------------------------------------------------------------------------------------------------

    def _change_seal(self, result: Result) -> None:
        (recording, seal), (_, other) = self.chance.sample(self.seals, 2)
        what = self.chance.choice(["manifest", "manifest", "signature", "replay", "resealed", "key"])
        change = self.chance.choice(BYTES)
        match what:
            case "manifest":
                changed = replace(seal, manifest=change(seal.manifest, self.chance))
            case "signature":
                changed = replace(seal, signature=change(seal.signature, self.chance))
            case "replay":
                changed = replace(seal, manifest=other.manifest)
            case "resealed":
                changed = replace(other, recording=seal.recording)
            case _:
                changed = replace(seal, public_key=change(seal.public_key, self.chance))
        if changed != seal:
            result.note(f"seal {what} ({change.__name__})", found=not self._seal_holds(recording, changed))

    def _seal_holds(self, recording: Recording, seal: KeptSeal) -> bool:
        """As `Verifier.verify` does it; the journal is as it was."""
        try:
            manifest = read_manifest(seal.manifest)
        except ManifestUnreadable:
            return False
        binding = self.bindings[recording.id]
        return not seal_faults(recording, seal, manifest=manifest, checks=self.checks) + binding_faults(
            seal, manifest, binding
        )

    # --- the journal --------------------------------------------------------------------------------------------------

    async def _change_journal(self, result: Result) -> None:
        organisation = self.chance.choice(self.rows)["organisation"]
        ours = [row for row in self.rows if row["organisation"] == organisation]
        what, changed = self._changed_rows(ours, [row for row in self.rows if row["organisation"] != organisation])
        if changed == ours:
            return
        async with self.place.database.writing() as connection:
            # not committed: the next change is made on the journal as it was
            await connection.execute(journal.delete().where(journal.c.organisation == organisation))
            await connection.execute(_PUT, changed)
            verified = await verify_seen(connection, organisation)
        result.note(f"journal {what}", found=not isinstance(verified, Verified))

    def _changed_rows(self, ours: Sequence[Row], theirs: Sequence[Row]) -> tuple[str, list[Row]]:
        rows = [dict(row) for row in ours]
        nth, mth = self.chance.randrange(len(rows)), self.chance.randrange(len(rows))
        what = self.chance.choice(["field", "field", "field", "cut", "drop", "append", "swap", "reorder", "replay"])
        match what:
            case "field":
                what = f"field {self._change_field(rows[nth])}"
            case "cut":
                del rows[max(1, nth) :]
            case "drop" if len(rows) > 1:
                del rows[nth]
            case "append":
                last = rows[-1]
                rows.append({**rows[nth], "seq": last["seq"] + 1, "prev": last["hash"]})
            case "swap":
                rows[nth], rows[mth] = _at(rows[mth], rows[nth]), _at(rows[nth], rows[mth])
            case "reorder":
                window = rows[nth : nth + 5]
                mixed = self.chance.sample(window, len(window))
                rows[nth : nth + 5] = [_at(row, place) for row, place in zip(mixed, window, strict=True)]
            case _:
                rows[nth] = self._replayed(rows[nth], self.chance.choice([*ours, *theirs]))
        return what, rows

    def _replayed(self, row: Row, other: Row) -> Row:
        """Another entry, or just what it says, in the place of this one."""
        if self.chance.random() < 0.5:
            return _at(other, row) | {"organisation": row["organisation"]}
        names = self.chance.choice([("body", "salt"), ("body", "salt", "commitment"), ("kind",), ("attention",)])
        return row | {name: other[name] for name in names}

    def _change_field(self, row: Row) -> str:
        name = self.chance.choice(["at", "actor", "kind", "attention", "body", "salt", "commitment", "prev", "hash"])
        value = row[name]
        if isinstance(value, str) and self.chance.random() < 0.1:
            row[name] = value.encode()  # SQLite keeps any type in any column
        elif isinstance(value, str):
            change = self.chance.choice(BYTES) if len(value) > 1 else flipped
            row[name] = change(value.encode(), self.chance).decode("latin-1")
        elif isinstance(value, bytes):
            row[name] = self.chance.choice(BYTES)(value, self.chance)
        elif value is None:
            row[name] = ""
        else:
            row[name] = value + timedelta(microseconds=1 << self.chance.randrange(40))
        return name


def _at(row: Row, place: Row) -> Row:
    """The entry at the place of another."""
    return row | {"seq": place["seq"]}
