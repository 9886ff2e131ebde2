"""What this machine must give before the service can begin: folders, the browser's library, and an address."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, Final

from videoattention.bootstrap.ground import web_folder
from videoattention.environment import LAST_PORT, PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from videoattention.config import Settings, Web

_ANOTHER_PORT: Final = 8080


def missing(settings: Settings) -> list[str]:
    """One sentence for each thing that is not as it must be; what can be made is made."""
    folders = {"DATA": settings.storage.data, "RECORDINGS": settings.storage.recordings}
    return [*_unwritable(folders), *_libraries(), *_unheard(settings.web)]


def _unwritable(folders: Mapping[str, Path]) -> list[str]:
    faults = []
    for name, folder in folders.items():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = folder / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            faults.append(f"The folder {folder} ({PREFIX}{name}) cannot be written: {error.strerror}.")
    return faults


def _libraries() -> list[str]:
    library = web_folder() / "static" / "vendor" / "socket.io.esm.min.js"
    if library.is_file():
        return []
    return [f"The browser library {library.name} is missing: run make run, which installs it."]


def _unheard(web: Web) -> list[str]:
    """Why nobody could be heard where the pages are to be served; a port may still be taken before it is opened."""
    try:
        places = socket.getaddrinfo(web.host or None, web.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return [f"{PREFIX}WEB_HOST is {web.host!r}: it is no address of this machine."]
    found = (_refused(kind, place) for kind, _, _, _, place in places)
    return [cannot_be_heard(web, error) for error in found if error is not None][:1]


def _refused(kind: int, place: object) -> OSError | None:
    """What keeps this place from being opened; a kind of network that the machine has not is nobody's fault."""
    try:
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the service does
            if kind == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(place)  # type: ignore[arg-type]  # as the system told it
    except OSError as error:
        return None if error.errno == errno.EAFNOSUPPORT else error
    return None


def cannot_be_heard(web: Web, error: OSError) -> str:
    """The sentence for an address that cannot be opened."""
    if error.errno == errno.EADDRINUSE:
        another = web.port + 1 if web.port < LAST_PORT else _ANOTHER_PORT
        return f"Port {web.port} is taken by another program: end it, or choose another one with PORT={another}."
    if error.errno == errno.EACCES:
        return f"Port {web.port} may not be opened by this user: choose another one with PORT={_ANOTHER_PORT}."
    return f"{PREFIX}WEB_HOST is {web.host!r}: it is no address of this machine."
