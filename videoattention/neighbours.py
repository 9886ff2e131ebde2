"""Settings of the services that this one leans on: an object store, TURN servers, a time-stamping authority."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from videoattention.environment import PREFIX, Reader, address, origin
from videoattention.services.turn import turn_server

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Objects:
    """A bucket of an object store that speaks S3. ``url`` is the store's address, without the bucket."""

    url: str
    bucket: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """The TURN servers for people whose network lets no UDP through.

    ``urls`` are told to browsers, comma-separated in the variable: ``turn:turn.example.cat?transport=tcp``,
    ``turns:turn.example.cat:443``; none means that there is no such server. ``secret`` is its ``static-auth-secret``.
    """

    urls: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Timestamps:
    """A time-stamping authority (RFC 3161) for the seals of recordings.

    ``url`` is where it is asked; ``ca`` a PEM file with the certificates under one of which its own must be.
    """

    url: str
    ca: Path


def objects(reader: Reader) -> Objects | None:
    """Where recordings go when they are closed; all of it is said, or nothing."""
    url, bucket = reader.text("OBJECT_STORE_URL").rstrip("/"), reader.name("OBJECT_STORE_BUCKET")
    keys = reader.text("OBJECT_STORE_ACCESS_KEY"), reader.text("OBJECT_STORE_SECRET_KEY")
    region = reader.name("OBJECT_STORE_REGION") or "us-east-1"
    said = (url, bucket, *keys)
    if any(said) and not all(said):
        names = ", ".join(f"{PREFIX}OBJECT_STORE_{name}" for name in ("URL", "BUCKET", "ACCESS_KEY", "SECRET_KEY"))
        reader.faults.append(f"Of {names} either all are set or none.")
    elif url and origin(url) is None:
        reader.faults.append(f"{PREFIX}OBJECT_STORE_URL must be like https://objects.example.cat.")
    return Objects(url, bucket, region, *keys) if all(said) else None


def turn(reader: Reader) -> Turn:
    """The TURN servers, and the secret that they share with the service."""
    urls = tuple(url.strip() for url in reader.text("TURN_URLS").split(",") if url.strip())
    found = Turn(urls, reader.secret("TURN_SECRET"))
    reader.faults += [
        f"{PREFIX}TURN_URLS has {'one that names a user' if '@' in url else repr(url)}: each must be like "
        "turn:turn.example.cat:3478?transport=tcp or turns:turn.example.cat:5349."
        for url in urls
        if turn_server(url) is None
    ]
    if bool(urls) != bool(found.secret):
        reader.faults.append(f"{PREFIX}TURN_URLS and {PREFIX}TURN_SECRET need each other: set both or neither.")
    return found


def timestamps(reader: Reader) -> Timestamps | None:
    """The authority and whom it must be vouched for by: a stamp that nobody can check is worth nothing."""
    url, ca = reader.text("TIMESTAMP_URL"), reader.file("TIMESTAMP_CA")
    parts = address(url) if url else None
    if url and (parts is None or parts.scheme not in {"http", "https"}):
        reader.faults.append(f"{PREFIX}TIMESTAMP_URL must be like https://stamps.example.cat/tsa, without a user.")
    elif bool(url) != bool(ca):
        reader.faults.append(f"{PREFIX}TIMESTAMP_URL and {PREFIX}TIMESTAMP_CA need each other: set both or neither.")
    return Timestamps(url, ca) if url and ca else None
