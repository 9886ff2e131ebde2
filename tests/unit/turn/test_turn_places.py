"""Where the probe asks to be relayed to, and what of aioice it stands on."""

from __future__ import annotations

import inspect
import ipaddress
import re
from pathlib import Path

import pytest
from aioice import stun, turn

import videoattention.adapters.turn
from tests.turn import EXAMPLE
from videoattention.adapters.turn.places import FORBIDDEN, PUBLIC, Places, beside, without


@pytest.mark.parametrize("places", FORBIDDEN, ids=lambda places: places.kind)
def test_what_is_forbidden_is_no_address_of_the_public(places: Places) -> None:
    assert places.addresses
    if places.kind not in {"mapped", "multicast"}:  # those lead elsewhere, or to many
        assert not [address for address in places.addresses if ipaddress.ip_address(address).is_global]
    assert all(ipaddress.ip_address(address).is_global for address in PUBLIC.addresses)


@pytest.mark.parametrize("places", [*FORBIDDEN, PUBLIC], ids=lambda places: places.kind)
def test_what_closes_it_is_a_line_of_the_example(places: Places) -> None:
    lines = EXAMPLE.read_text().splitlines()
    for said in re.findall(r"denied-peer-ip=\S*[0-9a-f:]", places.closed_by) or ["no-multicast-peers"]:
        assert said in lines


def test_the_runbook_has_the_lines_of_the_example() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    assert "```\n" + "\n".join(lines) + "\n```\n" in EXAMPLE.with_name("runbook.md").read_text()


def test_a_worker_may_be_anywhere_and_its_neighbours_are_not_workers() -> None:
    workers = ("10.0.0.1", "10.0.0.2", "2001:db8::7")
    assert beside(workers).addresses == ("10.0.0.0", "10.0.0.3", "2001:db8::6", "2001:db8::8")
    (private,) = (places for places in without(FORBIDDEN, workers) if places.kind == "private")
    assert "10.0.0.1" not in private.addresses
    assert "10.255.255.254" in private.addresses


def test_only_one_module_touches_aioice_and_what_it_uses_has_not_moved() -> None:
    folder = Path(videoattention.adapters.turn.__file__).parent
    touching = [path.name for path in folder.glob("*.py") if "aioice" in path.read_text().partition('"""\n\n')[2]]
    assert touching == ["wire.py"]
    for client in (turn.TurnClientUdpProtocol, turn.TurnClientTcpProtocol):
        words = ["self", "server", "username", "password", "lifetime", "channel_refresh_time"]
        assert list(inspect.signature(client.__init__).parameters) == words
        assert list(inspect.signature(client.request_with_retry).parameters) == ["self", "request"]
    assert len(stun.ATTRIBUTES_BY_NAME["XOR-PEER-ADDRESS"]) == 4
