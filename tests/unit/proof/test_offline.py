"""Whoever is given a package finds any change of it, alone and offline."""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.proof.packages import NAMES, Made, pem, zipped
from videoattention import offline
from videoattention.adapters.db import journal, journal_facts
from videoattention.offline import DoesNotHold, Given, NotAPackage

if TYPE_CHECKING:
    from collections.abc import Callable

STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def said(made: Made | bytes, given: Given | None = None) -> list[str]:
    raw = made if isinstance(made, bytes) else made.bytes()
    return list(offline.check(io.BytesIO(raw), given or Given()))


def wrong(made: Made | bytes, given: Given | None = None) -> str:
    with pytest.raises(DoesNotHold) as found:
        said(made, given)
    return str(found.value)


def test_a_package_as_it_was_made_holds() -> None:
    sentences = " ".join(said(Made()))
    for told in ("incomplete (worker_lost)", "2 files, 1 parts, 10.0 s", "8 entries, 5 of this", "auditor:nuria"):
        assert told in sentences, sentences
    assert "not checked: whether key" in sentences
    assert "not checked: the time of the seal" in sentences


def test_the_key_that_was_got_another_way_is_compared() -> None:
    made = Made()
    assert "it is the key that was given" in said(made, Given(public_key=pem(made.key)))[0]
    assert "is not the key that was given" in wrong(made, Given(public_key=pem(STRANGER)))


@pytest.mark.parametrize("name", [*NAMES, "media/1-citizen-video.webm", "texts/attended-1-ca.txt"])
def test_every_byte_of_every_member_counts(name: str) -> None:
    files = Made().files()
    for at in range(len(files[name])):
        changed = bytearray(files[name])
        changed[at] ^= 1
        wrong(zipped(files | {name: bytes(changed)}))


def test_a_byte_changed_in_the_file_is_found() -> None:
    raw = Made().bytes()
    at = raw.index(b"picturepicture")
    assert "media/1-citizen-video.webm cannot be read" in wrong(raw[:at] + b"P" + raw[at + 1 :])


@pytest.mark.parametrize("name", NAMES)
def test_without_what_it_must_have_it_is_no_package(name: str) -> None:
    files = Made().files()
    del files[name]
    with pytest.raises(NotAPackage, match=name):
        said(zipped(files))


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "media/../x.webm", "media/1-citizen-video.exe", "MANIFEST.JSON", "texts/", "a\\b"],
)
def test_a_name_that_does_not_belong_is_refused(name: str) -> None:
    assert "does not belong" in wrong(zipped({**Made().files(), name: b"x"}))


def test_a_media_file_that_nobody_sealed_is_refused() -> None:
    assert "is not listed" in wrong(zipped({**Made().files(), "media/2-citizen-video.webm": b"x"}))
    added = Made(change_members=lambda members: members.update({"media/2-citizen-video.webm": b"x"}))
    assert "is not in the manifest" in wrong(added)
    gone = Made(change_members=lambda members: _without(members, "media/1-citizen-audio.webm"))
    assert "media/1-citizen-audio.webm is missing" in wrong(gone)


def test_a_compressed_package_is_refused() -> None:
    bomb = Made().files() | {"journal.jsonl": b"\n" * 10_000_000}
    assert "compressed" in wrong(zipped(bomb, zipfile.ZIP_DEFLATED))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    made = io.BytesIO(Made().bytes())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("manifest.json", b"{}")
    assert "two files of the same name" in wrong(made.getvalue())


def test_nothing_hides_in_the_file() -> None:
    raw = Made().bytes()
    assert "belong to no file" in wrong(b"hidden" + raw)
    with pytest.raises(NotAPackage):
        said(raw + b"hidden")
    directory = raw.index(b"PK\1\2")
    moved = struct.pack("<L", directory + 6)
    assert "behind the last file" in wrong(raw[:directory] + b"hidden" + raw[directory:-6] + moved + raw[-2:])


def test_two_members_may_not_share_bytes() -> None:
    raw = bytearray(Made().bytes())
    places = [at for at in range(len(raw)) if raw[at : at + 4] == b"PK\1\2"]
    raw[places[1] + 42 : places[1] + 46] = raw[places[0] + 42 : places[0] + 46]
    assert "belong to no file, or to two" in wrong(bytes(raw))


@pytest.mark.parametrize("raw", [b"", b"PK", b"no package at all" * 10, Made().bytes()[:-40], Made().bytes()[:200]])
def test_what_is_no_package_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(NotAPackage):
        said(raw)


def test_an_endless_directory_is_not_read() -> None:
    raw = Made().bytes()
    with pytest.raises(NotAPackage, match="larger than that of any"):
        said(raw[:-10] + struct.pack("<LL", 2**31, 0) + raw[-2:])


@settings(deadline=None)  # a loaded machine may take its time for one
@given(st.integers(0, len(Made().bytes()) - 1), st.integers(1, 255))
def test_a_hostile_file_ends_in_a_sentence(at: int, flip: int) -> None:
    raw = bytearray(Made().bytes())
    raw[at] ^= flip
    with suppress(DoesNotHold, NotAPackage):
        said(bytes(raw))


# --- what somebody who holds the key could write, and the journal or the manifest gives away -------------------------


def at(nth: int, **changed: object) -> Callable[[list[dict[str, Any]]], None]:
    return lambda entries: entries[nth].update(changed)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda entries: entries.pop(2), "entry 4 of the journal is missing"),
        (lambda entries: entries.pop(0), "does not begin with the first"),
        (lambda entries: entries.pop(), "does not say that this manifest"),
        (lambda entries: entries.reverse(), "is missing"),
        (lambda entries: entries.clear(), "does not begin with the first"),
        (at(1, actor="citizen"), "entry 3 of the journal has another"),
        (at(3, attention="a1"), "entry 5 of the journal has another"),
        (at(1, prev="0" * 64), "follows another one"),
        (at(2, body="{}"), "entry 4 of the journal says something else"),
        (at(2, salt="00" * 32), "entry 4 of the journal says something else"),
        (at(2, body=None), "says something else"),
        (at(2, body=None, salt=None), "(ConsentAsked) comes without what it said"),
        (at(-1, body=None, salt=None), "(RecordingSealed) comes without what it said"),
        (at(1, seq="three"), "entry 3 of the journal is missing"),
        (lambda entries: entries[1].pop("kind"), "not built as it must be"),
    ],
)
def test_the_journal_is_walked(change: Callable[[list[dict[str, Any]]], object], sentence: str) -> None:
    assert sentence in wrong(Made(change_entries=lambda entries: _done(change(entries))))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "videoattention-manifest/2"}, "another format"),
        ({"recording": "r2"}, "another recording"),
        ({"attention": "a2"}, "another attention"),
        ({"parts": []}, "not in the manifest"),
        ({"parts": None}, "not built as it must be"),
        ({"journal": {"first": 2, "last": 7, "hash": "0" * 64}}, "not the one that the manifest was made from"),
        ({"journal": {"first": 1, "last": 7, "hash": "0" * 64}}, "does not begin"),
        ({"consents": [{"id": "c1", "hash": "0" * 64, "given_at": None}]}, "the text of consent c1"),
    ],
)
def test_the_manifest_is_compared_with_everything(change: dict[str, Any], sentence: str) -> None:
    assert sentence in wrong(Made(change_manifest=lambda manifest: manifest.update(change)))


def test_a_consent_that_the_journal_does_not_know_is_found() -> None:
    def another(manifest: dict[str, Any]) -> None:
        manifest["consents"][0]["id"] = "c9"

    assert "ConsentAsked of consent c9" in wrong(Made(change_manifest=another))


def test_a_manifest_of_another_key_is_found() -> None:
    def forged(members: dict[str, bytes]) -> None:
        members["manifest.sig"] = STRANGER.sign(members["manifest.json"])

    assert "manifest.json does not bear the signature" in wrong(Made(change_members=forged))
    exchanged = Made(change_files=lambda files: files.update({"public-key.pem": pem(STRANGER)}))
    assert "package.json does not bear the signature" in wrong(exchanged)


def test_a_name_that_stands_twice_is_refused() -> None:
    made = Made()
    files = made.files()
    files["package.json"] = files["package.json"].replace(b'{"format"', b'{"format": "x", "format"', 1)
    files["package.sig"] = made.key.sign(files["package.json"])
    assert "stands twice" in wrong(zipped(files))


def _without(members: dict[str, bytes], name: str) -> None:
    del members[name]


def _done(_: object) -> None:
    """What a change returns does not matter."""


# --- beside the service ----------------------------------------------------------------------------------------------

ANY = st.none() | st.text() | st.integers()


@given(seq=st.integers(), told=st.fixed_dictionaries(dict.fromkeys(("at", "actor", "kind", "attention"), ANY)))
def test_both_say_the_same_link(seq: int, told: dict[str, Any]) -> None:
    prev, told = "0" * 64, told | {"commitment": "c" * 64}
    assert offline.link_of(prev, "interior", {"seq": seq, **told}) == journal.link_of(prev, "interior", seq, **told)


@given(body=st.text(), salt=st.binary(min_size=1))
def test_both_say_the_same_commitment(body: str, salt: bytes) -> None:
    try:
        theirs = journal.commitment_to(body, salt)
    except UnicodeEncodeError:
        return
    assert offline.commitment_to(body, salt) == theirs


@given(st.recursive(ANY | st.booleans(), lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside)))
def test_both_write_a_value_the_same(value: object) -> None:
    assert offline.canonical(value) == journal_facts.canonical(value)


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """The one file, in a folder of its own, with a package."""
    shutil.copy(Path(offline.__file__), tmp_path / "verify.py")
    (tmp_path / "package.zip").write_bytes(Made().bytes())
    (tmp_path / "key.pem").write_bytes(pem(Made().key))
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "verify.py", *words]
    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(  # noqa: S603 - our own arguments
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=30
    )


def test_it_runs_alone(alone: Path) -> None:
    ended = run(alone, "package.zip", "--public-key", "key.pem")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("in short: Everything that was checked holds.\n")


@pytest.mark.parametrize(
    ("option", "held"),
    [
        ("--public-key", b"-----"),
        ("--public-key", b"\xff"),
        ("--public-key", ec.generate_private_key(ec.SECP256R1())),
        ("--tsa-certificate", b"no certificate"),
        ("--tsa-certificate", Ed25519PrivateKey.from_private_bytes(bytes(32))),
    ],
    ids=["no key", "no text", "another kind of key", "no certificate", "a key"],
)
def test_with_nothing_to_compare_no_package_is_judged(
    alone: Path, option: str, held: bytes | Ed25519PrivateKey | ec.EllipticCurvePrivateKey
) -> None:
    (alone / "given").write_bytes(held if isinstance(held, bytes) else pem(held))
    ended = run(alone, "package.zip", option, "given")
    assert (ended.returncode, ended.stderr) == (2, "")
    assert ended.stdout.startswith(f"not checked: {option} names a file that holds no ")
    assert ended.stdout.endswith("the package was not judged.\n")
    assert len(ended.stdout.splitlines()) == 1


def test_it_loads_nothing_but_python_and_cryptography(alone: Path) -> None:
    tried = (
        "import sys; sys.path.insert(0, '.'); import verify\n"
        "try: verify.main(['package.zip'])\n"
        "except SystemExit as ended: assert ended.code == 0\n"
        "foreign = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "print(sorted(name for name in foreign if not name.startswith('_')))"
    )
    command = [sys.executable, "-I", "-c", tried]
    ended = subprocess.run(command, cwd=alone, check=True, capture_output=True, text=True, timeout=30)  # noqa: S603
    assert ended.stdout.splitlines()[-1] == "['cryptography', 'verify']"


def test_what_does_not_hold_ends_with_one(alone: Path) -> None:
    files = Made().files() | {"media/1-citizen-video.webm": b"another picture"}
    (alone / "package.zip").write_bytes(zipped(files))
    ended = run(alone, "package.zip")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.splitlines()[-1] == "DOES NOT HOLD: media/1-citizen-video.webm is not what package.json says."


def test_what_is_no_package_ends_with_two(alone: Path) -> None:
    assert run(alone, "key.pem").returncode == 2
    missing = run(alone, "nowhere.zip")
    assert (missing.returncode, missing.stderr) == (2, "")
    assert missing.stdout == "cannot be read: nowhere.zip: No such file or directory.\n"


def test_what_a_package_says_commands_no_terminal(alone: Path) -> None:
    made = Made(change_package=lambda package: package.update(purpose="\x1b[2Jnothing\nholds: all"))
    (alone / "package.zip").write_bytes(made.bytes())
    ended = run(alone, "package.zip")
    assert "\x1b" not in ended.stdout
    assert "?[2Jnothing?holds: all" in ended.stdout


def test_the_formats_are_those_of_the_contract() -> None:
    contract = Path(offline.__file__).parents[1] / "docs" / "decisions" / "0013-seal-package-certificate.md"
    assert offline.MANIFEST_FORMAT in contract.read_text(encoding="utf-8")
    assert json.loads(Made().files()["package.json"])["format"] == offline.PACKAGE_FORMAT
