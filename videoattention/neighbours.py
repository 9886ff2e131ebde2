"""Settings of the services that this one leans on: an object store, TURN, time stamps, messages to phones."""

from __future__ import annotations

import re
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
    """A time-stamping authority (RFC 3161) for the seals of recordings, and for statements that there is none.

    ``url`` is where it is asked; ``ca`` a PEM file with the certificates under one of which its own must be.
    """

    url: str
    ca: Path


@dataclass(frozen=True, slots=True)
class Sms:
    """Codes by SMS. Without a ``host`` there is no message service; a demonstration shows the messages on a page.

    ``host``, ``port``, ``system_id``, ``password`` and ``tls`` are the account at a service that speaks SMPP 3.4;
    ``source`` is what phones show as the sender. ``countries`` (ISO 3166) are those whose mobile numbers are sent
    codes, the first that of numbers without a prefix. ``daily_budget`` and ``hourly_budget`` are of each organisation.
    """

    host: str = ""
    port: int = 3550
    system_id: str = ""
    password: str = field(default="", repr=False)
    source: str = ""
    tls: bool = True
    countries: tuple[str, ...] = ("ES", "AD")
    daily_budget: int = 1000
    hourly_budget: int = 200


def sms(reader: Reader) -> Sms:
    """The message service, all of it or nothing, and what may be sent."""
    countries = tuple(one.strip() for one in reader.text("SMS_COUNTRIES", "ES,AD").split(",") if one.strip())
    if not countries or not all(re.fullmatch("[A-Z]{2}", one) for one in countries):
        reader.faults.append(f"{PREFIX}SMS_COUNTRIES must be country codes in capitals, such as ES,AD.")
    found = Sms(
        host=reader.name("SMS_SMPP_HOST"),
        port=reader.port("SMS_SMPP_PORT", 3550),
        system_id=reader.name("SMS_SMPP_SYSTEM_ID"),
        password=reader.text("SMS_SMPP_PASSWORD"),
        source=reader.text("SMS_SOURCE"),
        tls=reader.choice("SMS_SMPP_TLS", ("yes", "no")) == "yes",
        countries=countries or ("ES",),
        daily_budget=reader.number("SMS_DAILY_BUDGET", 1000, least=0, most=1_000_000),
        hourly_budget=reader.number("SMS_HOURLY_BUDGET", 200, least=0, most=100_000),
    )
    said = (found.host, found.system_id, found.password, found.source)
    if any(said) and not all(said):
        names = ", ".join(f"{PREFIX}SMS_{name}" for name in ("SMPP_HOST", "SMPP_SYSTEM_ID", "SMPP_PASSWORD", "SOURCE"))
        reader.faults.append(f"Of {names} either all are set or none.")
    elif found.source and not re.fullmatch(r"[+]?[0-9]{3,15}|[A-Za-z0-9 .-]{1,11}", found.source):
        reader.faults.append(f"{PREFIX}SMS_SOURCE must be a number, or a name of 11 letters and digits at most.")
    return found


@dataclass(frozen=True, slots=True)
class Papers:
    """The certificate with which PDFs are signed: a PKCS#12 file, and a file that has its password alone."""

    certificate: Path
    password: Path


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


def papers(reader: Reader) -> Papers | None:
    """The certificate and its password; without them PDFs bear no signature of their own."""
    certificate, password = reader.file("PAPERS_CERTIFICATE"), reader.file("PAPERS_PASSWORD_FILE")
    if bool(certificate) != bool(password):
        reader.faults.append(
            f"{PREFIX}PAPERS_CERTIFICATE and {PREFIX}PAPERS_PASSWORD_FILE need each other: set both or neither."
        )
    return Papers(certificate, password) if certificate and password else None
