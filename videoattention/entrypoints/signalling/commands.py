"""The id of a command belongs to who said it and to all that was said: under it nothing else is ever done.

What binds it is computed with the browser's own token, which is stored nowhere: a number or a name that a command
carries cannot be found again by trying, whoever has the database.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import msgspec

from videoattention.entrypoints.signalling.protocol import wire_name
from videoattention.services.ports import BOUND

if TYPE_CHECKING:
    from aiohttp import web


class Speaker:
    """Whoever speaks on a connection: the browser that has this cookie."""

    def __init__(self, request: web.Request, cookie: str) -> None:
        token = request.cookies.get(cookie, "")
        self._key = hashlib.sha256(b"commands " + token.encode(errors="surrogatepass")).digest()

    def own(self, message: object) -> object:
        """The same command under an id that only these words of this browser have; an ask stays as it is."""
        if not hasattr(message, "id"):
            return message
        said = msgspec.json.encode([wire_name(type(message)), message])
        binding = hmac.digest(self._key, said, "sha256").hex()
        command = cast("Any", message)
        return replace(command, id=f"{command.id}{BOUND}{binding}")
