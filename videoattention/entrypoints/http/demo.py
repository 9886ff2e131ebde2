"""The phone of a demonstration: the messages that would be on people's phones, for everybody to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.services.sms import ShownMessage

DEMO_PHONE: Final = "/demo/phone"


class Messages(Protocol):
    """What was sent."""

    @property
    def messages(self) -> Sequence[ShownMessage]:
        """The last ones, newest first."""


class DemoPages:
    """Routes of the demonstration; nobody mounts them in production."""

    def __init__(self, rendering: Rendering, phone: Messages) -> None:
        self._rendering = rendering
        self._phone = phone

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [web.get(DEMO_PHONE, self.phone)]

    async def phone(self, request: web.Request) -> web.Response:
        """The last messages."""
        return self._rendering.page(request, "demo_phone.html", messages=self._phone.messages)
