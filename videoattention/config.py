"""Every setting, read once from the environment: frozen, grouped, and every fault told at the start.

A setting ``web.port`` is the variable ``VIDEOATTENTION_WEB_PORT``; ``PORT`` alone is understood too. Secrets never show
in a repr. In production there are no defaults for secrets, providers and addresses.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from videoattention.environment import LAST_PORT, PREFIX, Reader, is_ip, origin
from videoattention.neighbours import Objects, Papers, Sms, Timestamps, Turn, objects, papers, sms, timestamps, turn
from videoattention.providers import THIS_MACHINE, Provider, citizens, provider
from videoattention.services.reviewing import Sampling
from videoattention.services.visual_decision import Keeping

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "PREFIX",
    "Media",
    "Objects",
    "Papers",
    "Provider",
    "Settings",
    "SettingsRefused",
    "Sms",
    "Storage",
    "Timestamps",
    "Turn",
    "Web",
    "read",
]

_MOST_WORKERS, _MOST_BY_DEFAULT = 64, 16
_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on


class SettingsRefused(Exception):
    """The settings cannot work; ``faults`` has one plain sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        """Keep every fault."""
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Web:
    """Where the pages are served. ``public_url`` is what browsers open: scheme, host and port, nothing after."""

    host: str
    port: int
    public_url: str

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service by HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def here(self) -> str:
        """Where programs of this machine reach the service: as localhost, unless it listens on another address only."""
        host = "localhost" if self.host in _EVERYWHERE else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Storage:
    """Where things are kept. ``master_key`` is base64 text and wins over ``master_key_file``.

    ``objects`` is where closed recordings go from the folder ``recordings``; without it they stay there.
    """

    data: Path
    recordings: Path
    database: str = field(repr=False)
    master_key: str = field(repr=False)
    master_key_file: Path = Path()
    objects: Objects | None = None
    new_master_key: str = field(default="", repr=False)  # what a rotation brings; without one it makes it
    new_master_key_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """The media workers.

    ``addresses`` are told to browsers; empty means those of this machine. ``secret`` lets a worker connect; ``service``
    is where a worker of its own machine finds the service. ``local`` is whether `serve` starts workers itself, and
    ``workers`` how many; with a ``port`` they use that one and the next ones, two for each worker, for one that takes
    its leave still holds its own. ``capacity`` is how many calls a worker carries, of which a recorded one counts
    double; ``drain`` the seconds that calls have to end by themselves when their worker takes its leave; ``name`` what
    the log calls a worker.
    """

    host: str
    port: int
    addresses: tuple[str, ...]
    secret: str = field(repr=False)
    service: str = ""
    local: bool = True
    workers: int = 1
    capacity: int = 128
    drain: int = 900
    name: str = ""

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports of the workers that `serve` starts, two for each of them; 0 means a free one."""
        return tuple(self.port + n if self.port else 0 for n in range(2 * self.workers))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator can say.

    ``catalogue`` is a JSON file of organisations, offices and procedures (docs/runbook.md), set up at every start;
    ``claims`` is one that says where the providers' tokens have what (`videoattention.services.claims`).
    """

    production: bool
    web: Web
    storage: Storage
    media: Media
    staff: Provider
    citizens: Provider
    catalogue: Path | None = None
    claims: Path | None = None
    turn: Turn = field(default_factory=Turn)
    timestamps: Timestamps | None = None
    papers: Papers | None = None
    sms: Sms = field(default_factory=Sms)
    sampling: Sampling = field(default_factory=Sampling)
    visual: Keeping = field(default_factory=Keeping)

    @property
    def stand_in(self) -> bool:
        """Whether any realm is served by the stand-in provider."""
        return not (self.staff.issuer and self.citizens.issuer)

    @property
    def provider_names(self) -> dict[str, str]:
        """How the providers are called, by issuer: those that were given a name."""
        return {one.issuer: one.name for one in (self.staff, self.citizens) if one.issuer and one.name}


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment says; raises `SettingsRefused` with every fault."""
    reader = Reader(environment)
    production = reader.choice("MODE", ("development", "production")) == "production"
    settings = Settings(
        production=production,
        web=_web(reader, environment),
        storage=_storage(reader),
        media=_media(reader),
        staff=provider(reader, "STAFF", production=production),
        citizens=citizens(reader, production=production),
        catalogue=reader.file("CATALOGUE"),
        claims=reader.file("CLAIMS"),
        turn=turn(reader),
        sampling=Sampling(
            100 * reader.number("REVIEW_SHARE", 5, least=0, most=100),
            reader.number("REVIEW_RISK", 3, least=1, most=99),
        ),
        timestamps=timestamps(reader),
        papers=papers(reader),
        sms=sms(reader),
        visual=Keeping(
            timedelta(days=reader.number("VISUAL_KEEP_DAYS", 5475, least=1, most=36500)),
            timedelta(days=reader.number("VISUAL_STOPPED_KEEP_DAYS", 1826, least=1, most=36500)),
        ),
    )
    anywhere = reader.choice("STAND_IN", ("local", "public")) == "public"
    if production:
        reader.faults.extend(_in_production(settings))
    elif not reader.faults:
        reader.faults.extend(_in_development(settings, anywhere=anywhere))
    reader.refuse_unknown()
    if reader.faults:
        raise SettingsRefused(reader.faults)
    return settings


def _web(reader: Reader, environment: Mapping[str, str]) -> Web:
    short = reader.port_said("PORT", environment.get("PORT", "8080").strip(), 8080)
    port = reader.port("WEB_PORT", short)
    public_url = reader.text("WEB_PUBLIC_URL", f"http://localhost:{port}").rstrip("/")
    parts = origin(public_url)
    shown = "not shown here, for it names a user" if "@" in public_url else repr(public_url)
    if parts is None:
        reader.faults.append(f"{PREFIX}WEB_PUBLIC_URL is {shown}: it must be like https://video.example.cat.")
    elif parts.scheme == "http" and parts.hostname not in THIS_MACHINE:
        reader.faults.append(
            f"{PREFIX}WEB_PUBLIC_URL is {shown}: browsers give camera and microphone to https:// only."
        )
    return Web(reader.text("WEB_HOST", "localhost"), port, public_url)


def _storage(reader: Reader) -> Storage:
    data = reader.path("DATA", Path("data"))
    database = reader.text("DATABASE_URL", f"sqlite+aiosqlite:///{data / 'videoattention.sqlite3'}")
    if not database.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        reader.faults.append(
            f"{PREFIX}DATABASE_URL must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://; it is not shown here."
        )
    new_file = reader.text("NEW_MASTER_KEY_FILE")
    return Storage(
        data,
        reader.path("RECORDINGS", Path("recordings")),
        database,
        reader.text("MASTER_KEY"),
        reader.path("MASTER_KEY_FILE", data / "master.key"),
        objects(reader),
        reader.text("NEW_MASTER_KEY"),
        Path(new_file).absolute() if new_file else None,
    )


def _media(reader: Reader) -> Media:
    addresses = tuple(a.strip() for a in reader.text("MEDIA_ADDRESSES").split(",") if a.strip())
    reader.faults += [
        f"{PREFIX}MEDIA_ADDRESSES has {one!r}: each must be an IP address." for one in addresses if not is_ip(one)
    ]
    service = reader.text("MEDIA_SERVICE").rstrip("/")
    if service and origin(service) is None:
        reader.faults.append(f"{PREFIX}MEDIA_SERVICE is {service!r}: it must be like http://localhost:8080.")
    media = Media(
        host=reader.ip("MEDIA_HOST", "0.0.0.0"),  # noqa: S104 - media comes from anywhere; each packet proves itself
        port=reader.port("MEDIA_PORT", 0, least=0),
        addresses=addresses,
        secret=reader.secret("MEDIA_SECRET"),
        service=service,
        local=reader.choice("MEDIA_LOCAL", ("yes", "no")) == "yes",
        workers=reader.number("MEDIA_WORKERS", min(os.cpu_count() or 1, _MOST_BY_DEFAULT), least=1, most=_MOST_WORKERS),
        capacity=reader.number("MEDIA_CAPACITY", 128, least=1, most=10_000),
        drain=reader.number("MEDIA_DRAIN", 900, least=0, most=86_400),
        name=reader.name("MEDIA_NAME"),
    )
    if media.local and media.ports[-1] > LAST_PORT:
        reader.faults.append(
            f"{PREFIX}MEDIA_PORT is {media.port}: {media.workers} workers need {len(media.ports)} ports from there on."
        )
    return media


def _in_development(settings: Settings, *, anywhere: bool) -> list[str]:
    """The stand-in lets anybody in as anybody, so it is served to this machine only unless that is wanted."""
    if anywhere or not settings.stand_in or urlsplit(settings.web.public_url).hostname in THIS_MACHINE:
        return []
    fault = f"{PREFIX}WEB_PUBLIC_URL is open to others while anybody can sign in at the stand-in as anybody: "
    return [fault + f"set {PREFIX}MODE=production, or {PREFIX}STAND_IN=public for a demonstration."]


def _in_production(settings: Settings) -> list[str]:
    demands = (
        (settings.web.secure, f"In production {PREFIX}WEB_PUBLIC_URL must begin with https://."),
        (bool(settings.staff.issuer), f"In production {PREFIX}STAFF_ISSUER must name the corporate login."),
        (bool(settings.citizens.issuer), f"In production {PREFIX}CITIZENS_ISSUER must name the citizens' login."),
        (bool(settings.media.secret), f"In production {PREFIX}MEDIA_SECRET must be set."),
        (
            settings.storage.objects is None or settings.storage.objects.url.startswith("https://"),
            f"In production {PREFIX}OBJECT_STORE_URL must begin with https://.",
        ),
    )
    return [sentence for holds, sentence in demands if not holds]
