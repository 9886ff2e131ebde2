"""The environment's variables, read one by one; every fault is kept as one plain sentence instead of stopping there."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

PREFIX = "VIDEOATTENTION_"
LAST_PORT = 65535
_LEAST_SECRET = 32


class Reader:
    """Reads variables that begin with `PREFIX`; a faulty one is noted in ``faults`` and gives its default."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.faults: list[str] = []
        self._environment = environment
        self._known: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """What a variable says, without the blanks around it."""
        self._known.add(PREFIX + name)
        return self._environment.get(PREFIX + name, default).strip()

    def port(self, name: str, default: int, *, least: int = 1) -> int:
        """A port."""
        return self.port_said(PREFIX + name, self.text(name, str(default)), default, least=least)

    def port_said(self, variable: str, said: str, default: int, *, least: int = 1) -> int:
        """A port, already taken from its variable."""
        if re.fullmatch("[0-9]{1,5}", said) and least <= int(said) <= LAST_PORT:
            return int(said)
        self.faults.append(f"{variable} is {said[:20]!r}: it must be a port from {least} to {LAST_PORT}.")
        return default

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number."""
        said = self.text(name, str(default))
        if re.fullmatch("[0-9]{1,9}", said) and least <= int(said) <= most:
            return int(said)
        self.faults.append(f"{PREFIX}{name} is {said[:20]!r}: it must be a number from {least} to {most}.")
        return default

    def name(self, name: str) -> str:
        """A short name for programs; empty for one that is not set."""
        said = self.text(name)
        if said and not re.fullmatch("[A-Za-z0-9_.:-]{1,64}", said):
            self.faults.append(f"{PREFIX}{name} is {said[:20]!r}: it must be 1 to 64 of A-Z a-z 0-9 _ . : -")
            return ""
        return said

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed words; the first is the default."""
        said = self.text(name, allowed[0])
        if said not in allowed:
            self.faults.append(f"{PREFIX}{name} is {said!r}: it must be one of {', '.join(allowed)}.")
        return said

    def ip(self, name: str, default: str) -> str:
        """An IP address."""
        said = self.text(name, default)
        if not is_ip(said):
            self.faults.append(f"{PREFIX}{name} is {said!r}: it must be an IP address of this machine, or {default}.")
        return said

    def secret(self, name: str) -> str:
        """A secret, which no sentence ever repeats; empty for one that is not set."""
        said = self.text(name)
        if said and len(said) < _LEAST_SECRET:
            self.faults.append(f"{PREFIX}{name} must have at least {_LEAST_SECRET} characters.")
        return said

    def path(self, name: str, default: Path) -> Path:
        """An absolute path, which need not exist."""
        return Path(self.text(name, str(default))).absolute()

    def file(self, name: str) -> Path | None:
        """A file that exists; None for a variable that is not set."""
        said = self.text(name)
        if said and not Path(said).is_file():
            self.faults.append(f"{PREFIX}{name} is {said!r}: there is no such file.")
        return Path(said).absolute() if said else None

    def refuse_unknown(self) -> None:
        """Note every variable of ours that nobody asked for."""
        for name in sorted(self._environment):
            if name.startswith(PREFIX) and name not in self._known:
                self.faults.append(f"{name} is no setting of this service: check its spelling.")


def address(text: str) -> SplitResult | None:
    """The parts of an address that names a host and no user; nothing for text that is no such address."""
    if not text.isascii() or not text.isprintable() or set(text) & {" ", "#", "@", "\\"}:
        return None
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def origin(text: str) -> SplitResult | None:
    """The parts of scheme, host and port, with nothing behind them."""
    parts = address(text)
    if parts is None or parts.scheme not in {"http", "https"} or parts.path or parts.query:
        return None
    return parts


def is_ip(text: str) -> bool:
    """Whether the text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
