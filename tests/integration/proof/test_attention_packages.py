"""The package of an attention without a recording: from the tables to whoever checks it, on another machine."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.integration.db import cases
from tests.integration.proof.test_recording_commands import change
from tests.integration.timestamps.authority import Authority
from tests.recorded import OURS, RecordedPlace
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.stories import DatabaseStories
from videoattention.domain.consent import Consent, ConsentStep
from videoattention.domain.facts import VisualStopped
from videoattention.domain.levels import Level

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.proof.conftest import Operator

WHY = ("--purpose", "Requeriment 12/2026 del jutjat", "--by", "núria")
NOTHING = "Nothing was recorded of this attention; the journal of it is whole"


@pytest.fixture(scope="module")
async def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One recording, an attention in which it was refused, and one that goes on; not to be changed."""
    folder = tmp_path_factory.mktemp("recorded")
    place = RecordedPlace(folder)
    await place.begin()
    await place.recorded("a1", "r1")
    await cases.add(place.register, cases.talking("refused", informer="informer-2"))
    await cases.add(place.register, cases.talking("talking", informer="informer-3"))
    async with place.register.begin(OURS, "service", cases.NOW) as transaction:
        talking = await transaction.attentions.get("refused")
        proposed = talking.propose_level("informer-2", Level.ATTENDED, cases.NOW)
        asked = proposed.attention.ask_consent(
            "informer-2", Consent("c9", cases.TEXTS[0].wording, cases.PURPOSES, asked_at=cases.later(100))
        )
        refused = asked.attention.answer_consent("c9", ConsentStep.REFUSE, cases.later(110))
        ended = refused.attention.hang_up("citizen", cases.later(120))
        done = ended.attention.conclude("informer-2", "Vindrà a l'oficina.")
        await transaction.attentions.save(done.attention)
        facts = (*proposed.facts, *asked.facts, *refused.facts)
        await transaction.commit(*facts, VisualStopped("refused", "v1", "0" * 64, "k"), *ended.facts, *done.facts)
    await place.close()
    return folder


async def given(operator: Operator, attention: str, name: str = "package.zip") -> Path:
    to = operator.folder / name
    ended = await operator.command("attentions", "export", attention, "--to", str(to), *WHY)
    assert (ended.status, ended.out.startswith(attention)) == (0, True), ended
    return to


async def test_a_refused_recording_leaves_a_package_that_proves_it(operator: Operator) -> None:
    package = await given(operator, "refused")
    assert package.stat().st_mode & 0o777 == 0o600
    ended = await operator.check(str(package))
    assert ended.status == 0, ended.out
    for told in (NOTHING, "the consent to record was refused, and none was in force", "núria", "12/2026"):
        assert told in ended.out, ended.out
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        policy = json.loads(archive.read("policy.json"))
    assert {name.partition("/")[0] for name in names} == {
        *("manifest.json", "manifest.sig", "public-key.pem", "journal.jsonl", "policy.json", "texts"),
        *("package.json", "package.sig"),
    }
    assert {level["level"] for level in policy["levels"]} == set(Level)


async def test_a_byte_changed_anywhere_in_a_package_is_found(operator: Operator) -> None:
    package = await given(operator, "refused")
    whole = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        members = archive.infolist()
    for member in members:
        at = whole.index(member.filename.encode(), member.header_offset)
        changed = bytearray(whole)
        changed[at + len(member.filename) + len(member.extra) + member.file_size // 2] ^= 1
        package.write_bytes(bytes(changed))
        assert (await operator.check(str(package))).status == 1, member.filename


async def test_the_journal_binds_the_statement_before_it_is_given_away(operator: Operator) -> None:
    package = await given(operator, "refused")
    with zipfile.ZipFile(package) as archive:
        told, slice_ = json.loads(archive.read("package.json")), archive.read("journal.jsonl").decode()
    database = Database(f"sqlite:///{operator.folder / 'data' / 'videoattention.sqlite3'}")
    last = (await DatabaseViews(database).journal(OURS, "refused"))[-1]
    await database.close()
    assert (last.kind, last.actor) == ("AttentionExported", "operator:núria")
    assert last.body["manifest"] == told["files"]["manifest.json"]
    assert told["journalled"] == {"entry": last.seq, "hash": last.hash}
    assert "AttentionExported" not in slice_, "giving it away is no part of its story"
    assert (await operator.command("journal", "verify")).status == 0
    again = await operator.check(str(await given(operator, "refused", "again.zip")))
    assert (again.status, NOTHING in again.out) == (0, True)


async def test_after_the_erasure_the_package_has_its_certificate(operator: Operator) -> None:
    kept = await operator.command("attentions", "export", "a1", "--to", str(operator.folder / "no.zip"), *WHY)
    assert (kept.status, "there is a recording of it" in kept.err) == (1, True)
    hold = ("--reason", "Diligències 214/2026 del jutjat 3", "--by", "jutjat")
    for word in ("hold", "release"):
        assert (await operator.command("recordings", word, "r1", *hold)).status == 0
    erased = await operator.command("recordings", "erase", "r1", "--reason", "Ho ha demanat", "--by", "núria", "--yes")
    assert erased.status == 0, erased
    package = await given(operator, "a1")
    ended = await operator.check(str(package))
    assert ended.status == 0, ended.out
    assert "which tells of the erasure of recording r1; compare that link with the journal" in ended.out
    with zipfile.ZipFile(package) as archive:
        story = [json.loads(line)["kind"] for line in archive.read("journal.jsonl").splitlines()]
        (left,) = json.loads(archive.read("manifest.json"))["recordings"]
    assert story[-1] == "AttentionConcluded", "of what came later there is one entry, and it stands alone"
    database = Database(f"sqlite:///{operator.folder / 'data' / 'videoattention.sqlite3'}")
    told = {line.kind: line for line in await DatabaseViews(database).journal(OURS, "a1")}
    await database.close()
    assert left["entry"]["hash"] == told["RecordingErased"].hash
    assert "No recording of this attention exists any more; the journal of it is whole." in ended.out
    assert "a consent to record was given" in ended.out


async def test_what_cannot_be_given_away_is_refused_in_a_sentence(operator: Operator, tmp_path: Path) -> None:
    to = ("--to", str(tmp_path / "package.zip"))
    unknown = await operator.command("attentions", "export", "nowhere", *to, *WHY)
    assert (unknown.status, unknown.err) == (2, "There is no attention 'nowhere'.\n")
    talking = await operator.command("attentions", "export", "talking", *to, *WHY)
    assert (talking.status, "it is not over yet" in talking.err) == (1, True)
    short = await operator.command("attentions", "export", "refused", *to, "--purpose", "why", "--by", "me")
    assert (short.status, "say in a few words" in short.err) == (1, True)
    assert not (tmp_path / "package.zip").exists()


async def test_what_cannot_be_made_was_not_given_away(operator: Operator) -> None:
    change(operator, "DELETE FROM consent_texts")
    for noun, name in (("attentions", "refused"), ("recordings", "r1")):
        to = str(operator.folder / "package.zip")
        ended = await operator.command(noun, "export", name, "--to", to, *WHY)
        assert (ended.status, "the words of the consent text" in ended.err) == (1, True), ended
    with closing(sqlite3.connect(operator.folder / "data" / "videoattention.sqlite3")) as database:
        given_away = "SELECT count(*) FROM journal WHERE kind IN ('AttentionExported', 'RecordingExported')"
        assert database.execute(given_away).fetchone() == (0,)


@pytest.fixture(scope="module")
async def founded(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("authority"))
    await made.found()
    return made


def named(monkeypatch: pytest.MonkeyPatch, authority: Authority, url: str) -> None:
    """The operator names an authority for time stamps."""
    monkeypatch.setenv("VIDEOATTENTION_TIMESTAMP_URL", url)
    monkeypatch.setenv("VIDEOATTENTION_TIMESTAMP_CA", str(authority.root))


async def test_an_authority_says_when_there_was_no_recording(
    operator: Operator, founded: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with founded.serving():
        named(monkeypatch, founded, founded.url)
        package = await given(operator, "refused")
    alone = await operator.check(str(package))
    assert alone.status == 0, alone.out
    assert "The time stamp is for this statement and says 20" in alone.out
    assert "not checked: who made the time stamp" in alone.out
    compared = await operator.check(str(package), "--tsa-certificate", str(founded.root))
    assert (compared.status, "made by an authority for which" in compared.out) == (0, True), compared


async def test_an_authority_that_is_away_keeps_nobody_from_a_package(
    operator: Operator, founded: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, founded, "http://127.0.0.1:9/tsa")
    to = operator.folder / "package.zip"
    ended = await operator.command("attentions", "export", "refused", "--to", str(to), *WHY)
    assert (ended.status, "not_time_stamped" in ended.err) == (0, True), ended
    checked = await operator.check(str(to))
    assert checked.status == 0, checked.out
    assert "not checked: the time of the statement, for the package has no time stamp" in checked.out


async def test_no_story_of_another_organisation_is_told(operator: Operator) -> None:
    database = Database(f"sqlite:///{operator.folder / 'data' / 'videoattention.sqlite3'}")
    stories = DatabaseStories(database)
    assert await stories.owner_of("refused") == OURS
    assert await stories.of("vila-demo", "refused") is None
    assert await stories.of(OURS, "nowhere") is None
    await database.close()
