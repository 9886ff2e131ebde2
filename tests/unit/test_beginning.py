"""What keeps the service from beginning is told all at once, each in a sentence that names what to change."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

import pytest

from tests.story.running import free_port
from videoattention.bootstrap.beginning import cannot_be_heard, missing
from videoattention.bootstrap.faults import told_in_words
from videoattention.config import SettingsRefused, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from videoattention.config import Settings

PASSWORD = "canary-canary"


def settings_of(folder: Path, said: Mapping[str, str]) -> Settings:
    places = {"DATA": str(folder / "data"), "RECORDINGS": str(folder / "recordings"), **said}
    return read({"PORT": str(free_port()), **{f"VIDEOATTENTION_{name}": value for name, value in places.items()}})


def test_a_machine_that_gives_everything_lacks_nothing(tmp_path: Path) -> None:
    for host in ("localhost", "127.0.0.1", ""):
        assert missing(settings_of(tmp_path, {"WEB_HOST": host})) == []
    assert list((tmp_path / "data").iterdir()) == []


def test_every_fault_of_the_machine_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    below = str(tmp_path / "file" / "below")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = {"DATA": below, "RECORDINGS": below, "WEB_PORT": str(port), "WEB_HOST": "127.0.0.1"}
        faults = missing(settings_of(tmp_path, said))
    assert len(faults) == 3
    for fault, names in zip(faults, ("VIDEOATTENTION_DATA", "VIDEOATTENTION_RECORDINGS", f"Port {port}"), strict=True):
        assert names in fault
        assert fault.endswith(".")
    assert f"PORT={port + 1}" in faults[2]


@pytest.mark.parametrize("host", ["203.0.113.9", "a..b", "x" * 70 + ".example"])
def test_a_host_that_is_not_this_machine_is_named(tmp_path: Path, host: str) -> None:
    assert missing(settings_of(tmp_path, {"WEB_HOST": host})) == [
        f"VIDEOATTENTION_WEB_HOST is {host!r}: it is no address of this machine."
    ]


def test_a_port_that_only_root_may_open_and_the_last_one(tmp_path: Path) -> None:
    web = settings_of(tmp_path, {"WEB_PORT": "65535"}).web
    assert "PORT=8080" in cannot_be_heard(web, OSError(errno.EADDRINUSE, "in use"))
    assert "may not be opened by this user" in cannot_be_heard(web, OSError(errno.EACCES, "denied"))


@pytest.mark.parametrize("where", ["db:port/video", "[::1/video", "db:54 32/video"])
def test_an_address_of_a_database_that_cannot_be_read_is_named_and_not_shown(tmp_path: Path, where: str) -> None:
    settings = settings_of(tmp_path, {"DATABASE_URL": f"postgresql+asyncpg://video:{PASSWORD}@{where}"})
    with pytest.raises(SettingsRefused) as refused, told_in_words(settings, beginning=True):
        raise AssertionError("nothing may be tried")
    assert refused.value.faults == ["VIDEOATTENTION_DATABASE_URL cannot be read as an address; it is not shown here."]
