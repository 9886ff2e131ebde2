"""Master key -> organisation key -> data key: each opens only what it wrapped, for what it wrapped it for."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.unit.vault.samples import AUDIO, VIDEO
from videoattention.adapters.vault.keys import (
    KeyRefused,
    MasterKey,
    OrganisationKey,
    load_or_make,
    master_key_from_text,
    new_secret,
    unwrap_data_key,
    unwrap_organisation_key,
    wrap_data_key,
    wrap_organisation_key,
    wrapping_key_id,
)

MASTER = MasterKey(bytes(32))
ORGANISATION = OrganisationKey(bytes(range(32)))


def test_the_whole_chain_gives_back_what_went_in() -> None:
    data_key = new_secret()
    wrapped = wrap_organisation_key(ORGANISATION, "interior", master=MASTER)
    organisation_key = unwrap_organisation_key(wrapped, "interior", master=MASTER)
    wrapped_data = wrap_data_key(data_key, VIDEO, organisation_key=organisation_key)
    assert unwrap_data_key(wrapped_data, VIDEO, organisation_key=organisation_key) == data_key


def test_a_wrapped_key_names_the_key_that_wrapped_it() -> None:
    wrapped = wrap_organisation_key(ORGANISATION, "interior", master=MASTER)
    assert wrapping_key_id(wrapped) == MASTER.key_id != ORGANISATION.key_id


def test_wrapping_twice_gives_two_texts() -> None:
    texts = {wrap_data_key(bytes(32), VIDEO, organisation_key=ORGANISATION) for _ in range(2)}
    assert len(texts) == 2


def test_another_master_key_is_told_by_name() -> None:
    wrapped = wrap_organisation_key(ORGANISATION, "interior", master=MASTER)
    other = MasterKey(b"\1" * 32)
    with pytest.raises(KeyRefused, match=f"{MASTER.key_id}.*{other.key_id}"):
        unwrap_organisation_key(wrapped, "interior", master=other)


def test_a_wrapped_key_is_worth_nothing_in_the_place_of_another() -> None:
    wrapped = wrap_organisation_key(ORGANISATION, "interior", master=MASTER)
    with pytest.raises(KeyRefused):
        unwrap_organisation_key(wrapped, "justice", master=MASTER)
    wrapped_data = wrap_data_key(new_secret(), VIDEO, organisation_key=ORGANISATION)
    with pytest.raises(KeyRefused):
        unwrap_data_key(wrapped_data, AUDIO, organisation_key=ORGANISATION)


@given(at=st.integers(0, 200), replacement=st.characters(codec="utf-8"))
def test_a_changed_text_is_refused(at: int, replacement: str) -> None:
    wrapped = wrap_data_key(bytes(32), VIDEO, organisation_key=ORGANISATION)
    at %= len(wrapped)
    changed = wrapped[:at] + replacement + wrapped[at + 1 :]
    if changed != wrapped:
        with pytest.raises(KeyRefused):
            unwrap_data_key(changed, VIDEO, organisation_key=ORGANISATION)


@pytest.mark.parametrize("text", ["", "v1", "v1.", "v2.a.b", "v1..", f"v1.{ORGANISATION.key_id}.", "\0"])
def test_what_is_not_a_wrapped_key_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused):
        unwrap_data_key(text, VIDEO, organisation_key=ORGANISATION)


def test_the_first_start_makes_a_private_master_key_and_the_next_one_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "master.key"
    first, second = load_or_make(path), load_or_make(path)
    assert (first.made, second.made) == (True, False)
    assert first.master == second.master
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["master.key"]
    assert base64.b64decode(path.read_text()) == first.master.secret


def test_the_name_of_a_new_master_key_survives_the_machine_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrapped with it is committed next, durably: a key whose file is gone after a power cut opens nothing."""
    synced: list[Path] = []

    def noted(descriptor: int) -> None:
        there = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append(there)
        if there == tmp_path:
            assert (tmp_path / "master.key").exists()

    monkeypatch.setattr(os, "fsync", noted)
    load_or_make(tmp_path / "master.key")
    assert synced[-1] == tmp_path
    assert len(synced) == 2


def test_of_many_that_start_at_once_one_makes_the_key_and_all_have_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(load_or_make, [tmp_path / "master.key"] * 8))
    assert len({each.master for each in loaded}) == 1
    assert sum(each.made for each in loaded) == 1


@pytest.mark.parametrize("text", ["", "not base64!", base64.b64encode(bytes(31)).decode(), "é" * 44])
def test_a_file_that_holds_no_key_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text)
    with pytest.raises(KeyRefused):
        load_or_make(path)
    assert path.read_text() == text


def test_a_master_key_that_others_can_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    load_or_make(path)
    with capture_logs() as told:
        load_or_make(path)
        path.chmod(0o640)
        load_or_make(path)
    assert [(line["event"], line["mode"]) for line in told] == [("master_key_open_to_others", "0o640")]


def test_a_master_key_out_of_the_environment_is_the_same_text() -> None:
    assert master_key_from_text(f" {base64.b64encode(bytes(32)).decode()}\n") == MASTER


def test_a_key_does_not_show_itself() -> None:
    assert MASTER.secret.hex() not in repr(MASTER) + str(MASTER) + MASTER.key_id
    assert "secret" not in repr(MASTER)


def test_a_key_of_another_size_is_refused() -> None:
    with pytest.raises(KeyRefused):
        OrganisationKey(bytes(16))
