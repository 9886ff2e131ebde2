"""From what came over the wire to a frozen dataclass, or a refusal; a dict never travels further inwards."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from videoattention.entrypoints.signalling.protocol import wire_name
from videoattention.entrypoints.signalling.wire import TOO_LARGE, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

MessageT = TypeVar("MessageT")

LARGEST = 65536
"""Bytes of one message as JSON; a session description of a browser has about 6,000."""


_WITHOUT_MESSAGE = {UNREADABLE: "bad_message", TOO_LARGE: "too_large"}


class MessageRefused(Exception):
    """The message is not one of the protocol's; ``code`` is ``bad_message``, ``unknown_message`` or ``too_large``."""

    def __init__(self, code: str) -> None:
        """Keep the code; what was sent is not repeated anywhere."""
        super().__init__(code)
        self.code = code


class Vocabulary:
    """The messages that one kind of peer may send."""

    def __init__(self, messages: Sequence[type]) -> None:
        self._types = {wire_name(message): message for message in messages}

    def parse(self, name: str, payload: object) -> object:
        """The message; raises `MessageRefused` for an unknown name or field, a wrong type, or too much of it."""
        message = self._types.get(name)
        if message is None:
            raise MessageRefused(_WITHOUT_MESSAGE.get(name, "unknown_message"))
        if not isinstance(payload, dict):
            raise MessageRefused("bad_message")
        if _size(payload) > LARGEST:
            raise MessageRefused("too_large")
        return convert(payload, message)


def convert(payload: dict[Any, Any], message: type[MessageT]) -> MessageT:
    """Check names, types and bounds; raises `MessageRefused`."""
    if not payload.keys() <= {field.name for field in fields(message)}:  # type: ignore[arg-type]
        raise MessageRefused("bad_message")
    try:
        return msgspec.convert(payload, message, strict=True)
    except (msgspec.ValidationError, RecursionError):
        raise MessageRefused("bad_message") from None


def _size(payload: dict[Any, Any]) -> int:
    try:
        return len(msgspec.json.encode(payload))
    except (msgspec.MsgspecError, RecursionError, TypeError, ValueError):
        raise MessageRefused("bad_message") from None


def to_wire(message: object) -> tuple[str, dict[str, Any]]:
    """The name and the payload of a message of ours."""
    return wire_name(type(message)), msgspec.to_builtins(message)
