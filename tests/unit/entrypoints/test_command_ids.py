"""An id is a command's own: whose words it came with is bound to it, and cannot be found again by trying."""

from __future__ import annotations

import hashlib
from typing import Any

from aiohttp.test_utils import make_mocked_request

from videoattention.entrypoints.signalling import protocol
from videoattention.entrypoints.signalling.commands import Speaker
from videoattention.services.ports import BOUND


def speaker(token: str) -> Speaker:
    return Speaker(make_mocked_request("GET", "/", headers={"Cookie": f"__Host-citizen={token}"}), "__Host-citizen")


def bound(speaking: Speaker, message: object) -> str:
    said: Any = speaking.own(message)
    return str(said.id)


ASKED = protocol.AskPhoneCode("1", "Clara", "600 000 000")


def test_the_same_words_of_the_same_browser_are_the_same_command() -> None:
    assert bound(speaker("a" * 43), ASKED) == bound(speaker("a" * 43), ASKED)
    assert bound(speaker("a" * 43), ASKED).startswith(f"1{BOUND}")


def test_any_other_words_and_any_other_browser_are_another() -> None:
    ours = speaker("a" * 43)
    others = [
        bound(ours, protocol.AskPhoneCode("1", "Clara", "600 000 001")),
        bound(ours, protocol.AskPhoneCode("2", "Clara", "600 000 000")),
        bound(ours, protocol.HangUp("1")),
        bound(ours, protocol.LeaveLine("1")),
        bound(speaker("b" * 43), ASKED),
        bound(speaker(""), ASKED),
    ]
    assert len({bound(ours, ASKED), *others}) == len(others) + 1


def test_what_was_said_is_not_found_again_without_the_browsers_token() -> None:
    token = "a" * 43
    known = hashlib.sha256(token.encode()).hexdigest()  # all that is stored of it
    assert bound(speaker(known), ASKED) != bound(speaker(token), ASKED)
    assert "600" not in bound(speaker(token), ASKED).partition(BOUND)[0]


def test_an_ask_stays_as_it_is() -> None:
    asked = protocol.Sync(3)
    assert speaker("a" * 43).own(asked) is asked
