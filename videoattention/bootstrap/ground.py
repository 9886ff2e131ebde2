"""What everything stands on: where the pages are, and how things are named."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aiohttp import web


def new_id() -> str:
    """An opaque identifier with 122 random bits."""
    return uuid.uuid4().hex


def web_folder() -> Path:
    """Templates, static files, languages and texts: inside the installed package, else beside it in the source tree."""
    package = Path(__file__).parent.parent
    installed = package / "_web"
    return installed if installed.is_dir() else package.parent / "web"


class Room(Protocol):
    """Pages that belong together."""

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
