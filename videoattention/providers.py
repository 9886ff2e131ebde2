"""Settings of the two providers of identity: the corporate login of staff and the login of citizens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from videoattention.environment import PREFIX, Reader, address

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class Provider:
    """One realm's OpenID provider. An empty ``issuer`` means the stand-in.

    ``userinfo``: the claims that its ID tokens leave out are fetched from its userinfo endpoint. The citizens' may
    speak another ``dialect`` (``oidc``, ``valid``); ``evidence_path`` is where, under the issuer, the evidence of a
    login is asked for in the dialect of VÀLid; empty means the usual place. ``name`` is how people call it.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    dialect: str = "oidc"
    evidence_path: str = ""
    userinfo: bool = False
    name: str = ""


def provider(reader: Reader, realm: str, *, production: bool) -> Provider:
    """What is said of a realm's provider; plain HTTP is for one on this machine, and never in production."""
    issuer = reader.text(f"{realm}_ISSUER").rstrip("/")
    said = Provider(
        issuer,
        reader.text(f"{realm}_CLIENT_ID"),
        reader.text(f"{realm}_CLIENT_SECRET"),
        userinfo=reader.choice(f"{realm}_USERINFO", ("no", "yes")) == "yes",
        name=reader.text(f"{realm}_NAME"),
    )
    if issuer and not (said.client_id and said.client_secret):
        reader.faults.append(f"{PREFIX}{realm}_ISSUER needs {realm}_CLIENT_ID and {realm}_CLIENT_SECRET beside it.")
    parts = address(issuer) if issuer else None
    near = not production and parts is not None and parts.scheme == "http" and parts.hostname in THIS_MACHINE
    if issuer and (parts is None or parts.query or (parts.scheme != "https" and not near)):
        reader.faults.append(
            f"{PREFIX}{realm}_ISSUER must be an https:// address without user, query or fragment, as the provider "
            "writes it."
        )
    return said


def citizens(reader: Reader, *, production: bool) -> Provider:
    """What is said of the citizens' provider, and of its dialect."""
    dialect = reader.choice("CITIZENS_DIALECT", ("oidc", "valid"))
    path = reader.text("CITIZENS_EVIDENCE_PATH")
    if path and (dialect != "valid" or not _PATH.fullmatch(path)):
        reader.faults.append(
            f"{PREFIX}CITIZENS_EVIDENCE_PATH is {path!r}: it is a path such as serveis-rest/getEvidence, and only a "
            f"provider of {PREFIX}CITIZENS_DIALECT=valid has one."
        )
    return replace(provider(reader, "CITIZENS", production=production), dialect=dialect, evidence_path=path)
