"""`keys rotate` and what keeps recordings or lets them go, as an operator types it."""

from __future__ import annotations

import asyncio
import base64
import json
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select

from tests.integration.db.cases import NOW, ORGANISATION, add, talking
from videoattention import cli
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.tables import consent_texts, consents, recordings
from videoattention.adapters.vault.masters import MasterKeyFile, old_place, read_master_key

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.adapters.vault.keys import MasterKey

WHO = ("--by", "arxiu")
WHY = ("--reason", "The period of keeping is over")


class Typed:
    """A service that does not run, and what is typed at its terminal; each command is a call in a thread of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.recordings = folder, folder / "recordings"
        self.extra: dict[str, str] = {}
        self._monkeypatch, self._capsys = monkeypatch, capsys

    async def command(self, *words: str) -> tuple[int, str]:
        """The status that it ends with, and what it said."""
        said = {"VIDEOATTENTION_DATA": self.folder / "data", "VIDEOATTENTION_RECORDINGS": self.recordings, **self.extra}
        with self._monkeypatch.context() as patched:
            for name, value in said.items():
                patched.setenv(name, str(value))
            patched.setattr("sys.stdin", StringIO())
            self._capsys.readouterr()
            status = await asyncio.to_thread(_ended, words)
        told = self._capsys.readouterr()
        return status, told.err + told.out


def _ended(words: tuple[str, ...]) -> int:
    try:
        cli.main(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
async def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """A service that does not run, with one sealed recording."""
    made = Typed(tmp_path, monkeypatch, capsys)
    assert (await made.command("migrate"))[0] == 0
    database = Database(f"sqlite:///{made.folder / 'data' / 'videoattention.sqlite3'}")
    await add(DatabaseRegister(database), talking())
    async with database.writing() as connection:
        text = (await connection.execute(select(consent_texts).limit(1))).one()
        wording = {"text": text.text, "version": text.version, "language": text.language, "hash": text.hash}
        consent = {"attention": "a1", "id": "c1", "place": 0, "purposes": [], "asked_at": NOW, "stage": "given"}
        kept = {"id": "r1", "attention": "a1", "consent": "c1", "requested_at": NOW, "parts": [], "version": 0}
        await connection.execute(consents.insert().values(organisation=ORGANISATION, **consent, **wording))
        await connection.execute(recordings.insert().values(organisation=ORGANISATION, stage="sealed", **kept))
        await connection.commit()
    await database.close()
    (made.recordings / "gencat-demo" / "r1").mkdir(parents=True)
    (made.recordings / "gencat-demo" / "r1" / "0001-citizen-audio.vrec").write_bytes(b"x")
    return made


def _in_words(said: str) -> str:
    assert "Traceback" not in said
    return said


async def test_a_recording_is_held_released_and_erased(program: Typed) -> None:
    status, said = await program.command("recordings", "hold", "r1", "--reason", "Proceedings 214/2026", *WHO)
    assert status == 0, said
    assert "is on hold" in said
    status, said = await program.command("recordings", "erase", "r1", *WHY, *WHO, "--yes")
    assert (status, "a hold is in force" in _in_words(said)) == (1, True)
    status, said = await program.command("recordings", "release", "r1", *WHY, *WHO)
    assert (status, said) == (0, "1 hold was released.\n")
    status, said = await program.command("recordings", "erase", "r1", *WHY, *WHO)
    assert (status, "say --yes" in _in_words(said)) == (2, True)
    assert [path.name for path in program.recordings.rglob("*.vrec")]
    status, said = await program.command("recordings", "erase", "r1", *WHY, *WHO, "--yes")
    assert status == 0, said
    assert not [path.name for path in program.recordings.rglob("*.vrec")]
    status, said = await program.command("recordings", "certificate", "r1")
    assert status == 0, said
    words, _, told = said.partition("\n")
    assert words.endswith("by arxiu: The period of keeping is over.")
    kept = json.loads(told)
    public = load_pem_public_key(kept["public_key"].encode())
    assert isinstance(public, Ed25519PublicKey)
    public.verify(base64.b64decode(kept["signature"]), kept["certificate"].encode())
    status, said = await program.command("journal", "verify")
    assert status == 0, said
    package = str(program.folder / "package.zip")
    status, said = await program.command("recordings", "export", "r1", "--to", package, "--purpose", "A claim", *WHO)
    assert (status, "was erased at" in _in_words(said)) == (1, True), said


@pytest.mark.parametrize(
    ("words", "status", "answer"),
    [
        (("hold", "nothing", *WHY, *WHO), 2, "There is no recording or hold 'nothing'."),
        (("hold", "r1", "--reason", "short", *WHO), 1, "say why in at least 10 characters"),
        (("hold", "r1", *WHY, "--by", " "), 2, "who answers for it"),
        (("release", "r1", *WHY, *WHO), 1, "it has no hold in force"),
        (("certificate", "r1"), 1, "was not erased"),
    ],
)
async def test_what_cannot_be_done_is_told(program: Typed, words: tuple[str, ...], status: int, answer: str) -> None:
    ended, said = await program.command("recordings", *words)
    assert (ended, answer in _in_words(said)) == (status, True), said


async def test_keys_are_rotated_and_everything_goes_on(program: Typed) -> None:
    file = MasterKeyFile(program.folder / "data" / "master.key")
    (before,) = file.at_hand()
    status, said = await program.command("keys", "rotate", "--all")
    assert status == 0, said
    (now,) = file.at_hand()
    assert now != before
    previous = old_place(file.path, before)
    assert read_master_key(previous) == before
    assert f"The new master key {now.key_id} is in {file.path}" in said
    assert "gencat-demo has a new key" in said
    assert not {key.read_text().strip() for key in (file.path, previous)} & set(said.split())
    assert (await program.command("recordings", "erase", "r1", *WHY, *WHO, "--yes"))[0] == 0
    for words, answer in (
        (("--organisation", "nowhere"), "There is no organisation 'nowhere'."),
        (("--keep-master",), "say whose keys"),
    ):
        status, said = await program.command("keys", "rotate", *words)
        assert (status, answer in _in_words(said)) == (2, True), said
    assert file.at_hand() == (now,)


async def test_every_old_master_key_is_kept_and_told(program: Typed) -> None:
    file = MasterKeyFile(program.folder / "data" / "master.key")
    earlier = file.path.with_name("master.key.previous")  # what one version left, under no key's name
    earlier.write_text("A" * 43 + "=")
    old: list[MasterKey] = []
    said = ""
    for _ in range(3):
        old += file.at_hand()
        status, said = await program.command("keys", "rotate")
        assert status == 0, said
    assert len(set(old)) == 3
    for key in old:
        kept = old_place(file.path, key)
        assert key.key_id in kept.name
        assert read_master_key(kept) == key
        assert kept.stat().st_mode & 0o777 == 0o600
        assert str(kept) in said
    assert f"{earlier} " in said
    assert "exactly the one that was in use when it was made" in said


@pytest.mark.parametrize("in_environment", [False, True], ids=["file", "environment"])
async def test_a_refused_rotation_leaves_nothing_behind(program: Typed, *, in_environment: bool) -> None:
    """With a wrong key nothing is begun, so that the right one can be rotated to any other afterwards."""
    file = program.folder / "data" / "master.key"
    assert (await program.command("keys", "rotate"))[0] == 0  # now every organisation has a key that is wrapped
    right, wrong, wanted = file.read_text(), "A" * 43 + "=", "AQEB" * 10 + "AQE="
    if in_environment:
        program.extra = {"VIDEOATTENTION_MASTER_KEY": wrong}
    else:
        file.write_text(wrong)
    before = {path.name for path in file.parent.iterdir() if path.name.startswith(("master", "."))}
    status, said = await program.command("keys", "rotate")
    assert (status, "nothing was changed" in _in_words(said)) == (2, True), said
    assert {path.name for path in file.parent.iterdir() if path.name.startswith(("master", "."))} == before
    file.write_text(right)
    program.extra = {"VIDEOATTENTION_NEW_MASTER_KEY": wanted}
    status, said = await program.command("keys", "rotate")
    assert (status, file.read_text().strip()) == (0, wanted), said


async def test_a_rotation_without_the_key_file_is_told_what_helps(program: Typed) -> None:
    file = program.folder / "data" / "master.key"
    file.unlink()
    status, said = await program.command("keys", "rotate")
    assert (status, "start the service to make one" in _in_words(said), str(file) in said) == (2, True, True), said
    assert (await program.command("migrate"))[0] == 0
    assert (await program.command("keys", "rotate"))[0] == 0
    kept = file.rename(file.with_name("elsewhere"))
    (key,) = MasterKeyFile(kept).at_hand()
    status, said = await program.command("keys", "rotate")
    assert (status, f"put its copy back at {file}" in _in_words(said), key.key_id in said) == (2, True, True), said
    assert "start the service to make one" not in said


async def test_a_key_in_the_environment_is_rotated_by_saying_what_to_set(program: Typed) -> None:
    file = program.folder / "data" / "master.key"
    old = file.read_text().strip()
    program.extra = {"VIDEOATTENTION_MASTER_KEY": old}
    status, said = await program.command("keys", "rotate")
    assert status == 0, said
    new = program.folder / "data" / "master.key.new"
    assert f"in {new}" in said
    assert new.stat().st_mode & 0o777 == 0o600
    # said again, it finds that it was done
    status, said = await program.command("keys", "rotate")
    assert (status, "already" in said) == (0, True), said
    status, said = await program.command("migrate")
    assert (status, "VIDEOATTENTION_MASTER_KEY" in _in_words(said)) == (2, True)
    program.extra = {"VIDEOATTENTION_MASTER_KEY": new.read_text().strip()}
    assert (await program.command("migrate"))[0] == 0
