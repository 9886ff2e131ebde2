"""What an operator does with recordings at the terminal."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.tampering import pieces_of
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.queries.views import DatabaseViews

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.proof.conftest import Operator

WHY = ("--purpose", "Requeriment del jutjat", "--by", "núria")


def change(operator: Operator, *statements: str) -> None:
    """What somebody with the database's password can do."""
    with closing(sqlite3.connect(operator.folder / "data" / "videoattention.sqlite3")) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert database.execute(statement).rowcount > 0, statement
        database.commit()


# --- list ------------------------------------------------------------------------------------------------------------


async def test_the_list_is_a_table(operator: Operator) -> None:
    listed = await operator.command("recordings", "list")
    head, *lines = listed.out.splitlines()
    assert head.split()[:3] == ["organisation", "recording", "attention"]
    assert [line.split()[1] for line in lines] == ["r1", "r2", "r3"]
    assert lines[0].split()[5:] == ["sealed", "1", "16.0", "yes", "no"]
    assert lines[1].split()[5:] == ["sealed", "2", "31.6", "no", "no"]


async def test_the_list_can_be_shorter_and_as_json(operator: Operator) -> None:
    listed = await operator.command("recordings", "list", "--organisation", "vila-demo", "--json")
    (one,) = json.loads(listed.out)
    assert (one["recording"], one["seconds"], one["complete"], one["held"]) == ("r3", 16.0, True, False)
    since = await operator.command("recordings", "list", "--since", "2026-03-02T09:30:07", "--json")
    assert [one["recording"] for one in json.loads(since.out)] == ["r2", "r3"]
    nothing = await operator.command("recordings", "list", "--since", "2027-01-01")
    assert len(nothing.out.splitlines()) == 1


async def test_what_cannot_be_listed_is_told(operator: Operator) -> None:
    ended = await operator.command("recordings", "list", "--organisation", "nowhere")
    assert (ended.status, ended.out, ended.err) == (2, "", "There is no organisation 'nowhere'.\n")
    ended = await operator.command("recordings", "list", "--since", "yesterday")
    assert ended.status == 2
    assert ended.err.endswith("argument --since: must be like 2026-11-22 or 2026-11-22T10:00\n"), ended.err


# --- verify ----------------------------------------------------------------------------------------------------------


async def test_what_was_sealed_holds(operator: Operator) -> None:
    ended = await operator.command("recordings", "verify", "--all")
    assert ended.status == 0
    assert ended.out.splitlines()[:3] == [
        "gencat-demo r1: sealed, complete; holds",
        "gencat-demo r2: sealed, sealed as incomplete; holds",
        "vila-demo r3: sealed, complete; holds",
    ]
    assert "vila-demo journal: 11 entries, every link holds" in ended.out
    assert "part 2, informer-video, 30310 bytes" in ended.err


async def test_the_first_wrong_record_is_named(operator: Operator) -> None:
    path = operator.file("r1", "0001-citizen-video")
    data = bytearray(path.read_bytes())
    data[15_000] ^= 4
    path.write_bytes(bytes(data))
    ended = await operator.command("recordings", "verify", "r1")
    assert ended.status == 1
    said = ended.out.splitlines()[0]
    assert said.startswith("gencat-demo r1: WRONG: part 1, citizen-video, record 10"), said
    assert (await operator.command("recordings", "verify", "r2", "r3")).status == 0


@pytest.mark.parametrize(
    ("recording", "name", "sentence"),
    [
        ("r1", "0001-citizen-audio", "part 1, citizen-audio, record 150: the file ends here, 85 bytes before its end"),
        ("r2", "0002-informer-audio", "part 2, informer-audio, record 149: the file ends here"),
    ],
)
async def test_a_file_cut_between_two_records_is_no_crash(
    operator: Operator, recording: str, name: str, sentence: str
) -> None:
    path = operator.file(recording, name)
    *whole, last = pieces_of(path.read_bytes())
    path.write_bytes(b"".join(whole))
    assert last
    ended = await operator.command("recordings", "verify", recording)
    assert ended.status == 1
    assert sentence in ended.out, ended.out


async def test_a_missing_file_and_a_foreign_one_are_told(operator: Operator) -> None:
    operator.file("r1", "0001-citizen-video").unlink()
    audio = operator.file("r1", "0001-citizen-audio")
    audio.write_bytes(operator.file("r2", "0001-citizen-audio").read_bytes())
    ended = await operator.command("recordings", "verify", "r1")
    assert ended.status == 1
    assert "part 1, citizen-video: the file is missing" in ended.out
    assert "part 1, citizen-audio, header: the header is not this file's" in ended.out
    assert "WRONG: part 1, informer" not in ended.out


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        (
            "does not bear the organisation's signature",
            "UPDATE seals SET signature = zeroblob(64) WHERE recording = 'r1'",
        ),
        (
            "the manifest cannot be read",
            "UPDATE seals SET manifest = CAST('{}' AS BLOB) WHERE recording = 'r1'",
        ),
        ("it was sealed, and it is kept as capturing", "UPDATE recordings SET stage = 'capturing' WHERE id = 'r1'"),
        ("kept as erased, and there is no certificate", "UPDATE recordings SET stage = 'erased' WHERE id = 'r1'"),
        ("it has no seal", "DELETE FROM seals WHERE recording = 'r1'"),
        (
            "the manifest is that of another recording",
            """UPDATE seals SET (manifest, signature) = (SELECT manifest, signature FROM seals WHERE recording = 'r2')
            WHERE recording = 'r1'""",
        ),
        (
            "the recording has other parts than the manifest",
            "UPDATE recordings SET parts = '[]' WHERE id = 'r1'",
        ),
        (
            "does not bear the organisation's signature",
            """UPDATE signing_keys SET public = (SELECT public FROM signing_keys WHERE organisation = 'vila-demo')
            WHERE organisation = 'gencat-demo'""",
        ),
        (
            "the journal does not say that this manifest, signed with this key, sealed it",
            "DELETE FROM journal WHERE attention = 'a1' AND kind = 'RecordingSealed'",
        ),
        (
            "the journal does not say that this manifest, signed with this key, sealed it",
            "UPDATE journal SET body = '{}' WHERE attention = 'a1' AND kind = 'RecordingSealed'",
        ),
        (
            "of the journal is not the one that the manifest names",
            "UPDATE journal SET hash = 'x' WHERE attention = 'a1' AND kind = 'RecorderDismissed'",
        ),
        (
            "part 1, citizen-video: a wrapped key was changed, or is for something else",
            """UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE recording = 'r2' AND part = 1
            AND track = 'citizen-video') WHERE recording = 'r1' AND track = 'citizen-video'""",
        ),
        (
            "part 1, citizen-audio: its key is missing",
            "DELETE FROM data_keys WHERE recording = 'r1' AND track = 'citizen-audio'",
        ),
    ],
)
async def test_what_was_changed_in_the_database_is_told(operator: Operator, statement: str, sentence: str) -> None:
    change(operator, statement)
    ended = await operator.command("recordings", "verify", "r1")
    assert ended.status == 1
    assert sentence in ended.out, ended.out


async def test_a_broken_journal_is_wrong_even_if_the_recording_is_not(operator: Operator) -> None:
    change(operator, "UPDATE journal SET actor = 'x' WHERE organisation = 'gencat-demo' AND attention = 'a2-other'")
    ended = await operator.command("recordings", "verify", "r1")
    assert (ended.status, "r1: sealed, complete; holds" in ended.out) == (1, True)
    assert "gencat-demo journal: broken at entry 13 (link)" in ended.out, ended.out


async def test_a_chain_without_its_end_is_not_left_out(operator: Operator) -> None:
    change(operator, "DELETE FROM journal_heads WHERE organisation = 'vila-demo'")
    ended = await operator.command("journal", "verify")
    assert (ended.status, "vila-demo: broken at entry 1 (beyond_the_end)" in ended.out) == (1, True), ended


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "'yesterday'"), ("at", "12"), ("actor", "CAST(x'ff00' AS TEXT)"), ("body", "x'7b7d'"), ("salt", "'salt'")],
)
async def test_an_entry_that_cannot_be_read_is_the_first_wrong_one(operator: Operator, column: str, value: str) -> None:
    change(operator, f"UPDATE journal SET {column} = {value} WHERE seq = 5 AND organisation = 'vila-demo'")  # noqa: S608 - our own
    ended = await operator.command("journal", "verify")
    assert ended.status == 1, ended
    assert "gencat-demo: 24 entries, every link holds" in ended.out
    assert "vila-demo: broken at entry 5 (" in ended.out, ended.out


async def test_a_recording_that_is_gone_is_missed(operator: Operator) -> None:
    change(operator, "DELETE FROM recordings WHERE id = 'r3'")
    ended = await operator.command("recordings", "verify", "--all")
    assert (ended.status, "vila-demo r3: WRONG: it was sealed, and is not kept" in ended.out) == (1, True), ended


async def test_a_seal_cannot_be_hidden_by_erasing_what_the_journal_says_of_it(operator: Operator) -> None:
    """That is the one change which the chain survives, and the triggers allow it."""
    silenced = "UPDATE journal SET body = NULL, salt = NULL WHERE attention = 'a1' AND kind = 'RecordingSealed'"
    change(operator, silenced, "UPDATE recordings SET stage = 'capturing' WHERE id = 'r1'")
    ended = await operator.command("recordings", "verify", "r1")
    assert (ended.status, "r1: WRONG: an entry of the journal that told of a seal" in ended.out) == (1, True), ended
    change(operator, "DELETE FROM seals WHERE recording = 'r1'", "DELETE FROM data_keys WHERE recording = 'r1'")
    change(operator, "DELETE FROM recordings WHERE id = 'r1'")
    ended = await operator.command("recordings", "verify", "--all")
    assert (ended.status, "told of a seal or an erasure, and says nothing any more" in ended.out) == (1, True), ended
    assert "gencat-demo journal: 24 entries, 1 of them erased, every link holds" in ended.out


async def test_what_is_left_of_an_erased_recording_is_verified(operator: Operator) -> None:
    why = ("--reason", "Termini exhaurit", "--by", "núria")
    erased = await operator.command("recordings", "erase", "r1", "--yes", *why)
    assert erased.status == 0, erased
    ended = await operator.command("recordings", "verify", "r1")
    assert (ended.status, "r1: erased, complete; holds" in ended.out) == (0, True), ended
    change(operator, "UPDATE erasures SET certificate = CAST('{}' AS BLOB)")
    forged = await operator.command("recordings", "verify", "r1")
    assert (forged.status, "certificate of its erasure does not bear" in forged.out) == (1, True), forged
    for command in (("certificate", "r1"), ("export", "r1", "--to", str(operator.folder / "p.zip"), *WHY)):
        refused = await operator.command("recordings", *command)
        assert (refused.status, "changed" in refused.err, refused.out) == (1, True, ""), refused
    change(operator, "UPDATE recordings SET stage = 'sealed' WHERE id = 'r1'")
    restored = await operator.command("recordings", "verify", "r1")
    assert "the journal says that it was erased, and it is kept as sealed" in restored.out


async def test_the_service_s_own_faults_are_told_in_a_sentence(operator: Operator) -> None:
    unknown = await operator.command("recordings", "verify", "r1", "nowhere")
    assert (unknown.status, unknown.err) == (2, "There is no recording 'nowhere'.\n")
    none = await operator.command("recordings", "verify")
    assert (none.status, none.err) == (2, "Name the recordings to verify, or say --all.\n")
    key = operator.folder / "data" / "master.key"
    key.write_text("A" * 43 + "=")
    other = await operator.command("recordings", "verify", "--all")
    assert (other.status, len(other.err.splitlines())) == (2, 1), other
    key.unlink()
    lost = await operator.command("recordings", "verify", "--all")
    assert (lost.status, len(lost.err.splitlines())) == (2, 1), lost
    assert not key.exists()
    assert (await operator.command("recordings", "list")).status == 0


def nothing_is_left(folder: Path) -> bool:
    return [path.name for path in folder.iterdir()] == ["service"]


# --- export ----------------------------------------------------------------------------------------------------------


async def test_a_package_proves_itself_offline(operator: Operator) -> None:
    package = await operator.exported("r2")
    assert package.stat().st_mode & 0o777 == 0o600
    ended = await operator.check(str(package))
    assert ended.status == 0, ended.out
    for told in ("r2 of attention a2", "incomplete (worker_lost, torn)", "2 parts", "8 files", "núria", "12/2026"):
        assert told in ended.out, ended.out


async def test_a_byte_changed_anywhere_in_a_package_is_found(operator: Operator) -> None:
    package = await operator.exported("r2")
    whole = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        members = archive.infolist()
    assert len(members) > 13
    for member in members:
        at = whole.index(member.filename.encode(), member.header_offset)
        changed = bytearray(whole)
        changed[at + len(member.filename) + len(member.extra) + member.file_size // 2] ^= 1
        package.write_bytes(bytes(changed))
        assert (await operator.check(str(package))).status == 1, member.filename


async def test_that_it_was_given_away_is_in_the_journal(operator: Operator) -> None:
    await operator.exported()
    database = Database(f"sqlite:///{operator.folder / 'data' / 'videoattention.sqlite3'}")
    last = (await DatabaseViews(database).journal("gencat-demo", "a1"))[-1]
    await database.close()
    assert (last.kind, last.actor) == ("RecordingExported", "operator:núria")
    assert last.body["purpose"] == "Requeriment 12/2026 del jutjat"
    assert (await operator.command("journal", "verify")).status == 0


async def test_what_cannot_be_given_away_is_refused_in_a_sentence(operator: Operator, tmp_path: Path) -> None:
    to = ("--to", str(tmp_path / "package.zip"))
    unknown = await operator.command("recordings", "export", "nowhere", *to, *WHY)
    assert (unknown.status, unknown.err) == (2, "There is no recording 'nowhere'.\n")
    short = await operator.command("recordings", "export", "r1", *to, "--purpose", "why", "--by", "me")
    assert (short.status, "say in a few words" in short.err) == (1, True)
    nowhere = await operator.command("recordings", "export", "r1", "--to", str(tmp_path / "no" / "x.zip"), *WHY)
    assert (nowhere.status, "nothing can be written in the folder" in nowhere.err) == (1, True)
    there = await operator.command(
        "recordings", "export", "r1", "--to", str(operator.file("r1", "0001-citizen-video")), *WHY
    )
    assert (there.status, "is there already" in there.err) == (1, True)
    for stage, sentence in (("sealing", "not sealed yet"), ("erased", "was erased"), ("lost", "nothing of it")):
        change(operator, f"UPDATE recordings SET stage = '{stage}'")  # noqa: S608 - our own words
        refused = await operator.command("recordings", "export", "r1", *to, *WHY)
        assert (refused.status, sentence in refused.err) == (1, True), refused
    assert nothing_is_left(tmp_path)


async def test_changed_media_is_not_given_away(operator: Operator, tmp_path: Path) -> None:
    path = operator.file("r1", "0001-informer-video")
    data = bytearray(path.read_bytes())
    data[20_000] ^= 1
    path.write_bytes(bytes(data))
    refused = await operator.command("recordings", "export", "r1", "--to", str(tmp_path / "package.zip"), *WHY)
    assert refused.status == 1
    assert "r1 is not given away: part 1, informer-video, record" in refused.err
    assert nothing_is_left(tmp_path)
    operator.file("r2", "0001-informer-video").unlink()
    missing = await operator.command("recordings", "export", "r2", "--to", str(tmp_path / "package.zip"), *WHY)
    assert (missing.status, "there is no such file" in missing.err) == (1, True), missing
    change(operator, "DELETE FROM data_keys WHERE recording = 'r3'")
    keyless = await operator.command("recordings", "export", "r3", "--to", str(tmp_path / "package.zip"), *WHY)
    assert (keyless.status, "r3 is not given away: no key for part 1" in keyless.err) == (1, True), keyless
    change(operator, "UPDATE data_keys SET wrapped = CAST('v1.x' AS BLOB) WHERE recording = 'r1'")
    refused = await operator.command("recordings", "export", "r1", "--to", str(tmp_path / "package.zip"), *WHY)
    assert (refused.status, "r1 is not given away: " in refused.err) == (1, True), refused
