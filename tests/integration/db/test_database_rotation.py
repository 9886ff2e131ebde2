"""Keys that are rotated, whatever is cut short, with a service that goes on: real keys on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.fakes.clock import Clock
from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, record, talking
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.rotation import DatabaseRotation
from videoattention.adapters.db.seals import DatabaseSigningKeys
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import KeyRefused, MasterKey, load_or_make, wrapping_key_id
from videoattention.adapters.vault.masters import MasterKeyFile, old_place, read_master_key
from videoattention.adapters.vault.rotation import NewMaster, NewOrganisationKey
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.bootstrap import rotation
from videoattention.bootstrap.rotation import Wanted, rotate
from videoattention.config import Settings, read
from videoattention.services.vault import FileIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from videoattention.adapters.db.database import Database
    from videoattention.services.media import Track

OLD, NEW = MasterKey(bytes(32)), MasterKey(b"\1" * 32)
OLD_TEXT, NEW_TEXT = "A" * 43 + "=", "AQEB" * 10 + "AQE="
EVERYTHING = Wanted(master=True, everyone=True)


def ring(database: Database, *masters: MasterKey | MasterKeyFile) -> VaultKeyRing:
    return VaultKeyRing(masters[0], DatabaseOrganisationKeys(database))


async def fresh(database: Database, keys: VaultKeyRing, part: int) -> Mapping[Track, bytes]:
    """New keys of the recording's part, kept as the recorder keeps them."""
    await keys.prepare(ORGANISATION)
    async with DatabaseRegister(database).begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.alone()
        under = await transaction.keys.organisation()
        plain, wrapped = keys.fresh(ORGANISATION, "r1", part, under=under)
        await transaction.keys.add("r1", part, wrapped)
        await transaction.commit()
    return plain


async def opened(database: Database, keys: VaultKeyRing, part: int) -> Mapping[Track, bytes]:
    async with DatabaseRegister(database).begin(ORGANISATION, "service", NOW) as transaction:
        wrapped = await transaction.keys.of("r1", part)
    return {
        track: await keys.unwrap(FileIdentity(ORGANISATION, "r1", part, track), text) for track, text in wrapped.items()
    }


async def wrapped_with(database: Database) -> set[str]:
    kept = await DatabaseOrganisationKeys(database).every()
    return {wrapping_key_id(text.decode()) for text in kept.values()}


@pytest.fixture
async def admitted(database: Database) -> Database:
    """A recording that may have keys."""
    register = DatabaseRegister(database)
    await add(register, talking())
    await record(register)
    return database


def settings(folder: Path, database_url: str, **said: str) -> Settings:
    named = {f"VIDEOATTENTION_{name}": value for name, value in said.items()}
    scheme, _, place = database_url.partition("://")
    url = f"{'sqlite+aiosqlite' if scheme.startswith('sqlite') else 'postgresql+asyncpg'}://{place}"
    return read({"VIDEOATTENTION_DATA": str(folder), "VIDEOATTENTION_DATABASE_URL": url, **named})


async def said_by(asked: Settings, wanted: Wanted = EVERYTHING) -> str:
    told: list[str] = []
    await rotate(asked, wanted, say=told.append, progress=lambda _: None)
    return "\n".join(told)


async def test_after_a_rotation_of_everything_only_the_new_keys_open_anything(
    admitted: Database, tmp_path: Path, database_url: str
) -> None:
    before = ring(admitted, OLD)
    plain = await fresh(admitted, before, 1)
    signer = VaultSigner(before, DatabaseSigningKeys(admitted), Clock(NOW))
    signature = await signer.sign(ORGANISATION, b"m")
    asked = settings(tmp_path / "d", database_url, MASTER_KEY=OLD_TEXT, NEW_MASTER_KEY=NEW_TEXT)
    told = await said_by(asked)
    assert f"Set VIDEOATTENTION_MASTER_KEY to the new master key {NEW.key_id}" in told
    assert f"{ORGANISATION} has a new key: 5 keys" in told
    assert NEW_TEXT not in told
    assert await wrapped_with(admitted) == {NEW.key_id}
    assert await opened(admitted, ring(admitted, NEW), 1) == plain
    with pytest.raises(KeyRefused):
        await opened(admitted, ring(admitted, OLD), 1)
    again = VaultSigner(ring(admitted, NEW), DatabaseSigningKeys(admitted), Clock(NOW))
    signed = await again.sign(ORGANISATION, b"m")
    assert signed == signature
    public = load_pem_public_key(await again.public_key(ORGANISATION, signed.key_id))
    assert isinstance(public, Ed25519PublicKey)
    public.verify(signed.signature, b"m")


async def test_a_running_service_loses_no_key_that_it_makes_during_a_rotation(
    admitted: Database, second: Database, tmp_path: Path, database_url: str
) -> None:
    """The service has opened the organisation's key; meanwhile another process rotates everything, more than once."""
    file = MasterKeyFile(tmp_path / "d" / "master.key")
    load_or_make(file.path)
    service = ring(admitted, file)
    signer = VaultSigner(service, DatabaseSigningKeys(admitted), Clock(NOW))
    made = {1: await fresh(admitted, service, 1)}
    asked = settings(tmp_path / "d", database_url)
    for part, wanted in enumerate(
        (EVERYTHING, Wanted(master=False, organisations=(ORGANISATION,)), Wanted(master=True), EVERYTHING), 2
    ):
        await said_by(asked, wanted)
        made[part] = await fresh(admitted, service, part)
        assert (await signer.sign(ORGANISATION, b"m")).key_id
        for keys in (service, ring(second, file)):
            assert {number: await opened(second, keys, number) for number in made} == made


async def test_a_service_with_the_old_key_in_its_environment_goes_on_until_its_restart(
    admitted: Database, tmp_path: Path, database_url: str
) -> None:
    service = ring(admitted, OLD)
    plain = await fresh(admitted, service, 1)
    asked = settings(tmp_path / "d", database_url, MASTER_KEY=OLD_TEXT, NEW_MASTER_KEY=NEW_TEXT)
    await said_by(asked, Wanted(master=True))
    later = await fresh(admitted, service, 2)
    assert await opened(admitted, ring(admitted, NEW), 2) == later
    # of an organisation's new key it knows nothing, and refuses rather than lose what it would wrap
    await said_by(settings(tmp_path / "d", database_url, MASTER_KEY=NEW_TEXT), Wanted(master=False, everyone=True))
    with pytest.raises(KeyRefused, match=NEW.key_id):
        await fresh(admitted, service, 3)
    assert await opened(admitted, ring(admitted, NEW), 1) == plain


class _Killed(BaseException):
    """The process ends here."""


CUTS = ("lay_master_key", "organisation_keys", "committed", "replace")


@pytest.mark.parametrize("cut", CUTS)
async def test_killed_anywhere_everything_opens_and_a_second_run_finishes(
    admitted: Database, tmp_path: Path, database_url: str, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = MasterKeyFile(tmp_path / "d" / "master.key")
    before = load_or_make(file.path).master
    made = await fresh(admitted, ring(admitted, file), 1)
    asked = settings(tmp_path / "d", database_url)
    with monkeypatch.context() as patched:
        _cut(patched, cut)
        with pytest.raises(_Killed):
            await said_by(asked)
    # a service that starts now, and one that runs, open everything
    assert await opened(admitted, ring(admitted, file), 1) == made
    await said_by(asked)
    assert await opened(admitted, ring(admitted, file), 1) == made
    (now,) = file.at_hand()
    assert now != before
    assert await wrapped_with(admitted) == {now.key_id}
    assert read_master_key(old_place(file.path, before)) == before
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.path.parent.iterdir() if path.name.startswith("master")) == [
        "master.key",
        f"master.key.previous-{before.key_id}",
    ]


def _cut(patched: pytest.MonkeyPatch, cut: str) -> None:
    def killed(*_: object, **__: object) -> None:
        raise _Killed

    if cut == "lay_master_key":
        patched.setattr(rotation, "lay_master_key", killed)
    elif cut == "organisation_keys":
        # inside of the transaction, after some keys were wrapped
        anew, calls = NewMaster.anew, []

        def second_time(self: NewMaster, organisation: str, wrapped: bytes | None) -> bytes:
            calls.append(organisation)
            if len(calls) > 1:
                raise _Killed
            return anew(self, organisation, wrapped)

        patched.setattr(NewMaster, "anew", second_time)
    else:
        patched.setattr(MasterKeyFile, "replace", killed)


@pytest.mark.parametrize("said", [{}, {"MASTER_KEY": OLD_TEXT}], ids=["file", "environment"])
async def test_two_rotations_at_once_lose_no_key(
    admitted: Database, tmp_path: Path, database_url: str, said: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins after the first has laid its key, and before anything is wrapped with that."""
    file = MasterKeyFile(tmp_path / "d" / "master.key")
    load_or_make(file.path)
    made = await fresh(admitted, ring(admitted, OLD if said else file), 1)
    asked = settings(tmp_path / "d", database_url, **said)
    wrap, refused = DatabaseRotation.organisation_keys, []

    async def meanwhile(self: DatabaseRotation, anew: Callable[[str, bytes | None], bytes]) -> int:
        monkeypatch.setattr(DatabaseRotation, "organisation_keys", wrap)
        with pytest.raises(KeyRefused, match="another rotation is under way"):
            await said_by(asked)
        refused.append(True)
        return await wrap(self, anew)

    monkeypatch.setattr(DatabaseRotation, "organisation_keys", meanwhile)
    await said_by(asked)
    assert refused == [True]
    new = MasterKeyFile(tmp_path / "d" / "master.key.new") if said else file
    assert await opened(admitted, ring(admitted, new), 1) == made


async def test_an_organisation_s_rotation_that_is_cut_short_changed_nothing(
    admitted: Database, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {part: await fresh(admitted, ring(admitted, OLD), part) for part in (1, 2)}
    asked = settings(tmp_path / "d", database_url, MASTER_KEY=OLD_TEXT)
    kept = await DatabaseOrganisationKeys(admitted).every()
    wrap, calls = NewOrganisationKey.data_key, []

    def sixth_time(self: NewOrganisationKey, identity: FileIdentity, wrapped: bytes) -> bytes:
        calls.append(identity)
        if len(calls) > 5:
            raise _Killed
        return wrap(self, identity, wrapped)

    with monkeypatch.context() as patched:
        patched.setattr(NewOrganisationKey, "data_key", sixth_time)
        with pytest.raises(_Killed):
            await said_by(asked, Wanted(master=False, everyone=True))
    assert await DatabaseOrganisationKeys(admitted).every() == kept
    await said_by(asked, Wanted(master=False, everyone=True))
    assert {part: await opened(admitted, ring(admitted, OLD), part) for part in made} == made


async def test_a_rotation_says_no_in_words(admitted: Database, tmp_path: Path, database_url: str) -> None:
    await fresh(admitted, ring(admitted, OLD), 1)
    for said, words in (
        ({"MASTER_KEY": OLD_TEXT, "NEW_MASTER_KEY": OLD_TEXT}, "is the one in use"),
        ({"MASTER_KEY": NEW_TEXT}, OLD.key_id),
        ({}, f"{OLD.key_id}.*put its copy back at"),
    ):
        with pytest.raises(KeyRefused, match=words):
            await said_by(settings(tmp_path / "d", database_url, **said))
        begun = (read_master_key(tmp_path / "d" / f"master.key.{name}") for name in ("next", "new"))
        assert not any(begun), "nothing is begun"
    assert await wrapped_with(admitted) == {OLD.key_id}


async def test_every_organisation_has_a_key_of_the_new_master_s_afterwards(
    admitted: Database, tmp_path: Path, database_url: str
) -> None:
    """So that no process with the old one can make another: the first key that is kept stays."""
    await fresh(admitted, ring(admitted, OLD), 1)
    slow = DatabaseOrganisationKeys(admitted)
    asked = settings(tmp_path / "d", database_url, MASTER_KEY=OLD_TEXT, NEW_MASTER_KEY=NEW_TEXT)
    await said_by(asked, Wanted(master=True))
    assert set(await slow.every()) == set(await DatabaseRotation(admitted).organisations())
    kept = await slow.keep(OTHER, b"v1.made.under.theoldone")
    assert wrapping_key_id(kept.decode()) == NEW.key_id
