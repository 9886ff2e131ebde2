"""Fails when a new aiortc, aioice or pylibsrtp moves what `internals` relies on."""

from __future__ import annotations

import inspect
import re
from importlib.metadata import version
from pathlib import Path

from aioice import stun
from aiortc import rtcdtlstransport as dtls
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Session

import videoattention.adapters.media
from videoattention.adapters.media import internals
from videoattention.adapters.media.internals import binding_request


def test_the_versions_are_those_that_were_read() -> None:
    assert {name: version(name) for name in internals.PINNED} == internals.PINNED


def test_the_pins_are_exact() -> None:
    project = Path(__file__).parents[3].joinpath("pyproject.toml").read_text()
    for name, number in internals.PINNED.items():
        assert f'"{name}=={number}"' in project


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


def test_nothing_that_is_used_has_moved() -> None:
    transport = dtls.RTCDtlsTransport
    assert parameters(transport.__init__) == ["self", "transport", "certificates"]
    assert parameters(transport.start) == ["self", "remoteParameters"]
    assert parameters(transport._set_role) == ["self", "role"]
    session = inspect.getsource(Session)
    for name in ("lib.srtp_protect,", "lib.srtp_protect_rtcp,", "lib.srtp_unprotect)", "lib.srtp_unprotect_rtcp)"):
        assert name in session, name
    assert "func(self._srtp[0], self._cdata, len_p)" in session
    source = inspect.getsource(transport)
    for name in (
        "self._srtp_profiles = SRTP_PROFILES",
        "self._rx_srtp = Session(rx_policy)",
        "self._tx_srtp = Session(tx_policy)",
        "await self.transport._recv()",
        "await self.transport._send(data)",
        'self.emit("statechange")',
    ):
        assert name in source, name
    # what is not read from the wire must not be needed from it
    used = set(re.findall(r"self\.transport\.(\w+)|self\._transport\.(\w+)", source))
    assert {a or b for a, b in used} == {"role", "_recv", "_send"}
    assert parameters(stun.parse_message) == ["data"]
    assert parameters(stun.Message.check_message_integrity) == ["self", "key"]
    assert parameters(stun.Message.add_message_integrity) == ["self", "key"]


def test_only_one_module_touches_them() -> None:
    folder = Path(videoattention.adapters.media.__file__).parent
    for path in folder.glob("*.py"):
        imports = re.search(r"^\s*(?:from|import) (?:aiortc|aioice|pylibsrtp)", path.read_text(), re.MULTILINE)
        assert (imports is not None) == (path.name == "internals.py"), path.name


def test_aead_is_preferred() -> None:
    names = [profile.openssl_profile for profile in internals.PROFILES]
    assert names == [b"SRTP_AEAD_AES_256_GCM", b"SRTP_AEAD_AES_128_GCM", b"SRTP_AES128_CM_SHA1_80"]
    assert set(internals.PROFILES) == set(dtls.SRTP_PROFILES)


def test_a_certificate_tells_its_sha_256() -> None:
    certificate = internals.WorkerCertificate()
    assert re.fullmatch(r"sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}", certificate.fingerprint)


SECRET = "secret"


def request(username: str = "ours:theirs", password: str = SECRET, *, nominates: bool = False) -> bytes:
    attributes: dict[str, object] = {"USERNAME": username, "PRIORITY": 1, "ICE-CONTROLLING": 2}
    if nominates:
        attributes["USE-CANDIDATE"] = None
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
    message.add_message_integrity(password.encode())
    return bytes(message)


def test_a_check_is_read_proved_and_answered() -> None:
    read = binding_request(request(nominates=True))
    assert read is not None
    assert (read.ufrag, read.nominates) == ("ours", True)
    assert read.proves(SECRET)
    assert not read.proves("other")
    answer = stun.parse_message(read.answer(("192.0.2.9", 77), SECRET))
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.9", 77)
    assert answer.check_message_integrity(b"secret")


@settings(deadline=None)
@given(st.binary(max_size=120), st.integers(0, 60))
def test_no_datagram_breaks_the_reader(noise: bytes, at: int) -> None:
    good = request()
    binding_request(noise)
    binding_request(good[:at] + noise + good[at:])
    binding_request(good[: 20 + at] + noise)
    twisted = bytearray(good)
    for n, byte in enumerate(noise[:8]):
        twisted[(at + n * 7) % len(good)] = byte
    binding_request(bytes(twisted))
