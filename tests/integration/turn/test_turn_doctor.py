"""`videoattention doctor turn` against a real coturn: the documented configuration holds, and each hole is named."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.turn import HERE, OUTSIDE, running_open_relay

if TYPE_CHECKING:
    from tests.turn import Change, Coturn, StartCoturn

ROOT = Path(__file__).parents[3]


async def doctor(settings: dict[str, str], *words: str) -> tuple[int, list[str]]:
    """Exit status and sentences of the command as an operator gives it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIDEOATTENTION_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "videoattention", "doctor", "turn", *words),
        env={**kept, "PYTHONPATH": str(ROOT), "VIDEOATTENTION_MEDIA_ADDRESSES": OUTSIDE, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, said.decode().splitlines()


def faults(sentences: list[str]) -> list[str]:
    return [sentence for sentence in sentences if not sentence.startswith("Holds: ")]


def lines_with(*added: str, dropping: tuple[str, ...] = ()) -> Change:
    """The documented lines but for those that begin so, and with others at their end."""
    return lambda lines: [*(line for line in lines if not (dropping and line.startswith(dropping))), *added]


UNGUARDED = ("denied-peer-ip", "allowed-peer-ip")
"""What most guides on the web leave out."""

ALL_CLOSED = ("denied-peer-ip=0.0.0.0-255", "denied-peer-ip=::-")
NETWORK = OUTSIDE.rpartition(".")[0]


async def test_the_documented_configuration_holds_over_every_transport(coturn: Coturn) -> None:
    status, said = await doctor(coturn.settings())
    assert (status, faults(said)) == (0, [])
    for url in coturn.urls:
        assert f"Holds: {url} refuses whoever has no password." in said
        assert f"Holds: {url} relays to no mapped address." in said
        assert f"Holds: {url} relays to the media worker at {OUTSIDE}." in said
    for transport in ("udp", "tcp", "tls"):
        assert any(sentence.endswith(f"a relay to people in calls over {transport}.") for sentence in said)


async def test_an_open_relay_is_named(start_coturn: StartCoturn, tmp_path: Path) -> None:
    with running_open_relay(tmp_path) as server:
        status, said = await doctor(server.settings(server.urls[0]))
    assert status == 1
    (first, *rest) = faults(said)
    said_first = "relays for whoever has no password: no-auth must not be set, and use-auth-secret must."
    assert first == f"Fault: {server.urls[0]} {said_first}"
    kinds = ("for an expired password", "private addresses", "link-local addresses", "public addresses")
    for kind in kinds:
        assert any(f"relays {'' if kind.startswith('for') else 'to '}{kind}" in sentence for sentence in rest), kind


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            lines_with(dropping=UNGUARDED),
            (
                "relays to private addresses (10.0.0.1, 10.255.255.254, 172.16.0.1, 172.31.255.254, 192.168.0.1, ",
                "relays to link-local addresses (169.254.0.1, 169.254.169.254): set denied-peer-ip=169.254.0.0-",
                "relays to carrier's shared addresses (100.64.0.1, 100.127.255.254): set ",
                "relays to addresses beside the workers (",
            ),
        ),
        (
            lines_with(dropping=("denied-peer-ip=172", *ALL_CLOSED)),
            ("private addresses (172.16.0.1, 172.31.",),
        ),
        (
            lines_with("relay-ip=::1", dropping=UNGUARDED),
            (
                "relays to mapped addresses (::ffff:127.0.0.1, ::ffff:10.0.0.1, ::ffff:169.254.169.254, 64:ff9b::7",
                "relays to unique local addresses (fc00::1, fd00::1, fd00:ec2::254): set denied-peer-ip=fc00::-",
            ),
        ),
        (lines_with("allow-loopback-peers", dropping=UNGUARDED), ("relays to loopback addresses (127.0.0.1, ",)),
        (lines_with(dropping=("no-multicast", *UNGUARDED)), ("relays to multicast addresses (224.0.0.1, ",)),
        (lines_with(f"allowed-peer-ip={NETWORK}.0-{NETWORK}.255"), ("relays to addresses beside the workers (",)),
        (lines_with(dropping=("allowed-peer-ip",)), (f"media worker at {OUTSIDE}: set allowed-peer-ip={OUTSIDE}.",)),
        (lines_with(dropping=("no-tcp-relay",)), ("relays connections, which no call needs: set no-tcp-relay.",)),
        (lines_with(f"static-auth-secret={'x' * 32}", dropping=("static-auth",)), ("refuses our password: ",)),
        (lines_with("lt-cred-mech", "user=a:b", dropping=("use-auth", "static-auth")), ("refuses our password: ",)),
        (
            lines_with("no-auth", dropping=("use-auth", "static-auth", "secure-stun")),
            (
                "relays for whoever has no password: ",
                "relays for a wrong password: ",
                "relays for an expired password: ",
            ),
        ),
    ],
)
async def test_each_hole_is_a_fault_with_what_to_change(
    start_coturn: StartCoturn, change: Change, named: tuple[str, ...]
) -> None:
    server = start_coturn(change)
    status, said = await doctor(server.settings(server.urls[1]))
    assert status == 1
    told = [sentence for sentence in said if sentence.startswith("Fault: ")]
    for part in named:
        assert any(part in sentence for sentence in told), "\n".join(said)


async def test_a_relay_to_anybody_in_public_is_a_warning(start_coturn: StartCoturn) -> None:
    server = start_coturn(lines_with(dropping=ALL_CLOSED))
    _, said = await doctor(server.settings(server.urls[1]))
    (warning,) = (sentence for sentence in said if sentence.startswith("Warning: "))
    assert "relays to public addresses that are no worker of ours (8.8.8.8)" in warning


async def test_workers_of_other_machines_are_named_with_the_command(coturn: Coturn) -> None:
    status, said = await doctor(coturn.settings(coturn.urls[0]), "--worker", "192.0.2.77")
    assert status == 1
    (fault,) = faults(said)
    assert fault.endswith("does not relay to the media worker at 192.0.2.77: set allowed-peer-ip=192.0.2.77.")


@pytest.mark.parametrize("number", range(3))
async def test_nobody_there_is_one_sentence(coturn: Coturn, number: int) -> None:
    url = coturn.urls[number].replace(str(coturn.port), "9").replace(str(coturn.tls_port), "9")
    status, said = await doctor(coturn.settings(url))
    assert status == 1
    (fault,) = said
    assert fault.startswith(f"Fault: {url} cannot be reached: ")


async def test_a_certificate_that_nobody_signed_is_one_sentence(coturn: Coturn) -> None:
    status, said = await doctor({**coturn.settings(coturn.urls[2]), "SSL_CERT_FILE": os.devnull})
    assert status == 1
    (fault,) = said
    assert "certificate verify failed" in fault


async def test_what_the_command_needs_is_said() -> None:
    status, said = await doctor({})
    assert (status, said) == (2, ["There is no TURN server to examine: set VIDEOATTENTION_TURN_URLS and _TURN_SECRET."])
    there = {"VIDEOATTENTION_TURN_URLS": f"turn:{HERE}:9", "VIDEOATTENTION_TURN_SECRET": "x" * 32}
    assert await doctor(there, "--worker", "media-1") == (2, ["--worker 'media-1' is no IP address."])


async def test_neither_the_secret_nor_a_client_s_address_is_written_anywhere(coturn: Coturn) -> None:
    settings = coturn.settings()
    _, said = await doctor(settings)
    assert settings["VIDEOATTENTION_TURN_SECRET"] not in "\n".join(said) + coturn.log
    told = [line for line in coturn.log.splitlines() if HERE in line and "Listener address" not in line]
    assert [line for line in told if "denied in the range" not in line] == []
