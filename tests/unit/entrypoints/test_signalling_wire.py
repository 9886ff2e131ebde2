from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio import packet

from videoattention.entrypoints.allowances import Allowance, Pace
from videoattention.entrypoints.signalling.channel import WORKERS
from videoattention.entrypoints.signalling.messages import LARGEST, MessageRefused, Vocabulary
from videoattention.entrypoints.signalling.protocol import CITIZEN_MESSAGES, Conclude, Sync
from videoattention.entrypoints.signalling.server import new_server
from videoattention.entrypoints.signalling.wire import (
    LARGEST_TEXT,
    TOO_LARGE,
    UNREADABLE,
    Json,
    TextFrames,
    TextPacket,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def read(text: object) -> TextPacket:
    return TextPacket(encoded_packet=text)


def test_an_event_is_read_as_it_was_said() -> None:
    heard = read('2/citizen,7["sync",{"revision":3}]')
    assert (heard.packet_type, heard.namespace, heard.id) == (packet.EVENT, "/citizen", 7)
    assert heard.data == ["sync", {"revision": 3}]


def test_what_the_service_says_is_written_as_the_library_does() -> None:
    said = TextPacket(packet.ACK, namespace="/desk", id=4, data=[{"ok": True}])
    assert said.encode() == '3/desk,4[{"ok":true}]'


@pytest.mark.parametrize(
    "text",
    [
        '2/citizen,7["sync",' + "[" * 5000 + "]" * 5000 + "]",
        '2/citizen,7["sync",{"revision":' + "9" * 5000 + "}]",
        '2/citizen,7["sync",',
        "2/citizen,7",
        "2/citizen,7[]",
        '2/citizen,7{"sync":1}',
        '2/citizen,7[["sync"],{}]',
        '2/citizen,7"sync"',
        '2/citizen,7["connect",{}]',
        '2/citizen,7["disconnect"]',
        '51-/citizen,7["sync",{"_placeholder":true,"num":0}]',
        '59999999999-/citizen,7["sync"]',
        '61-/citizen,7["sync",{"_placeholder":true,"num":0}]',
        '4/citizen,7{"message":"refused"}',
    ],
)
def test_what_cannot_be_read_is_an_event_that_can_be_answered(text: str) -> None:
    heard = read(text)
    assert (heard.packet_type, heard.namespace, heard.id) == (packet.EVENT, "/citizen", 7)
    assert heard.data == [UNREADABLE]
    assert heard.attachment_count == 0


@pytest.mark.parametrize(
    "what", ["", "x", "7", "9", b"2", b"", {"a": 1}, ["2"], 5, "59999999999999-[]", "2" + "1" * 200]
)
def test_what_is_no_packet_is_nothing_that_anybody_hears(what: object) -> None:
    heard = read(what)
    assert (heard.packet_type, heard.namespace, heard.data) == (packet.EVENT, None, [UNREADABLE])


@given(st.text() | st.binary() | ANY_JSON.map(json.dumps).map("2/citizen,1{}".format))
def test_reading_never_raises_and_never_waits(what: str | bytes) -> None:
    heard = read(what)
    assert heard.attachment_count == 0
    assert heard.packet_type in {packet.CONNECT, packet.DISCONNECT, packet.ACK, packet.EVENT}


def test_what_no_message_can_be_is_not_read_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = read('2/citizen,7["sync","' + "x" * LARGEST_TEXT + '"]')
    assert (heard.packet_type, heard.id, heard.data) == (packet.EVENT, 7, [TOO_LARGE])
    monkeypatch.setattr(json, "loads", lambda *_, **__: pytest.fail("it was read"))
    assert read("2/citizen,8[" + "9" * LARGEST_TEXT + "]").data == [TOO_LARGE]


def test_a_message_as_large_as_allowed_is_read_even_if_it_is_written_in_escapes() -> None:
    outcome = "é" * (2 * (LARGEST // 8))
    assert len(outcome.encode()) < LARGEST < len(json.dumps(outcome)) < LARGEST_TEXT
    assert read("2/desk,1" + json.dumps(["conclude", {"outcome": outcome}])).data[0] == "conclude"


def test_a_connection_that_says_rubbish_of_itself_says_nothing() -> None:
    assert read("0/media,[").data is None
    assert read('0/media,{"secret":"x"}').data == {"secret": "x"}


def test_the_json_raises_only_what_the_libraries_expect() -> None:
    with pytest.raises(ValueError, match="too deep"):
        Json.loads("[" * 5000)


@given(ANY_JSON)
def test_whatever_is_sent_is_a_message_or_refused(payload: object) -> None:
    with suppress(MessageRefused):
        assert isinstance(Vocabulary(CITIZEN_MESSAGES).parse("sync", payload), Sync)


@pytest.mark.parametrize(
    ("name", "payload", "code"),
    [
        ("dance", {}, "unknown_message"),
        (UNREADABLE, {}, "bad_message"),
        (TOO_LARGE, None, "too_large"),
        ("sync", {"revision": 0, "more": 1}, "bad_message"),
        ("sync", {}, "bad_message"),
        ("sync", {"revision": "0"}, "bad_message"),
        ("sync", {"revision": True}, "bad_message"),
        ("sync", {"revision": -1}, "bad_message"),
        ("sync", {"revision": 2**70}, "bad_message"),
        ("sync", None, "bad_message"),
        ("sync", [{"revision": 0}], "bad_message"),
        ("sync", {"revision": b"0"}, "bad_message"),
        ("sync", {"revision": 0, 1: 2}, "bad_message"),
        ("leave_line", {"id": "\ud800"}, "bad_message"),
        ("leave_line", {"id": "a b"}, "bad_message"),
        ("leave_line", {"id": "a\n"}, "bad_message"),
        ("leave_line", {"id": "x" * 65}, "bad_message"),
        ("leave_line", {"id": "x" * LARGEST}, "too_large"),
    ],
)
def test_each_fault_has_its_code(name: str, payload: object, code: str) -> None:
    with pytest.raises(MessageRefused) as refused:
        Vocabulary(CITIZEN_MESSAGES).parse(name, payload)
    assert refused.value.code == code


@pytest.mark.parametrize("outcome", ["with a \0 in it", "\x1b[2J", "a\x7f"])
def test_an_outcome_has_no_control_characters(outcome: str) -> None:
    with pytest.raises(MessageRefused):
        Vocabulary((Conclude,)).parse("conclude", {"id": "1", "attention": "a", "outcome": outcome})


def test_an_outcome_may_have_lines() -> None:
    said = "Explained.\n\tShe will come back: l'endemà, «a les 9»."
    told = {"id": "1", "attention": "a", "outcome": said, "kind": "informed"}
    assert Vocabulary((Conclude,)).parse("conclude", told)


def test_an_allowance_is_used_up_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    allowance = Allowance(Pace(3, 2.0))
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]
    now[0] += 0.5
    assert [allowance.take() for _ in range(2)] == [True, False]
    now[0] += 3600
    assert [allowance.take() for _ in range(4)] == [True, True, True, False]


def test_a_worker_that_carries_hundreds_of_calls_is_heard() -> None:
    allowance = Allowance(WORKERS)
    assert all(allowance.take() for _ in range(500 * 10))


async def test_the_server_reads_frames_and_packets_our_way() -> None:
    server = new_server("https://video.example.cat")
    assert server.packet_class is TextPacket
    assert server.eio._async["websocket"] is TextFrames
    # where the library looks when somebody connects
    assert "self.server._async['websocket']" in _source_of(server)


def _source_of(server: object) -> str:
    import inspect

    from engineio.async_socket import AsyncSocket

    assert server
    return inspect.getsource(AsyncSocket._upgrade_websocket)


class _Sock:
    def __init__(self, data: object) -> None:
        self.data = data

    async def receive(self) -> _Sock:
        await asyncio.sleep(0)
        return self


@pytest.mark.parametrize("frame", ["2", "42[]", b"\x01"])
async def test_a_packet_of_the_transport_is_passed_on(frame: object) -> None:
    assert await _frames(frame).wait() == frame


@pytest.mark.parametrize("frame", ["", "hello", "b!!", "9", None])
async def test_a_frame_that_is_no_packet_ends_the_connection(frame: object) -> None:
    with pytest.raises(OSError, match=r"^$|not a packet"):
        await _frames(frame).wait()


def _frames(frame: object) -> TextFrames:
    frames = TextFrames(None, None)
    frames._sock = _Sock(frame)
    return frames
