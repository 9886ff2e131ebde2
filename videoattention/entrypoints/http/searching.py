"""What the form of the search says, as what is sought; and the way to the next page."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from videoattention.services.views.archive import Sought

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

FIELDS: Final = ("from", "to", "office", "procedure", "level", "informer", "outcome", "number")
"""The fields of the form."""

_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)


def sought_in(said: Mapping[str, str], after: str, zone: tzinfo) -> tuple[Sought, dict[str, str]]:
    """What is sought, and the code of what is wrong in each field; a field that is wrong restricts nothing."""
    faults: dict[str, str] = {}
    days = {name: _day(said[name]) for name in ("from", "to")}
    faults |= {name: "day_unclear" for name, day in days.items() if said[name] and day is None}
    since, until = days["from"], days["to"]
    if since and until and since > until:
        faults["to"] = "days_reversed"
    sought = Sought(
        since=_begin(since, zone) if since else None,
        until=_begin(until + timedelta(days=1), zone) if until else None,
        after=place_in(after),
        **{name: said[name] for name in FIELDS if name not in days},
    )
    return sought, faults


def next_page(said: Mapping[str, str], after: tuple[datetime, str] | None, address: str = "/archive") -> str:
    """The address of the next page; empty when this is the last."""
    if after is None:
        return ""
    at, name = after
    place = urlsafe_b64encode(f"{at.isoformat()} {name}".encode()).decode()
    return f"{address}?" + urlencode({**{name: value for name, value in said.items() if value}, "after": place})


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if _EARLIEST <= day < _LATEST else None


def _begin(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def place_in(said: str) -> tuple[datetime, str] | None:
    """Where the page before ended; what is none begins at the beginning."""
    try:
        at, name = urlsafe_b64decode(said[:300].encode("ascii")).decode().split(" ")
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, name) if moment.tzinfo else None
