"""Times, lengths and names as a person of this language writes them: the filters of the templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from babel.numbers import format_decimal
from babel.units import format_unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

_MINUTE = 60
_HOUR = 3600
_YEAR = 365.25


# English as it is written in Europe: a clock of 24 hours, the day before the month
_LOCALES = {"en": "en_GB"}


def filters(language: str, zone: tzinfo) -> dict[str, Callable[..., str | int]]:
    """The filters by the names under which templates use them; a moment is a datetime, or ISO 8601 text."""
    locale = _LOCALES.get(language, language)
    return {
        "day": lambda moment: format_date(_moment(moment).astimezone(zone), "full", locale=locale),
        "long_date": lambda day: format_date(date.fromisoformat(day), "long", locale=locale) if day else "",
        "moment": lambda moment: format_datetime(_moment(moment), "long", tzinfo=zone, locale=locale),
        "short_moment": lambda moment: brief_moment(_moment(moment).astimezone(zone), locale),
        "clock": lambda moment: format_time(_moment(moment), "medium", tzinfo=zone, locale=locale),
        "zone": lambda moment: zone_name(_moment(moment).astimezone(zone), locale),
        "iso": lambda moment: _moment(moment).isoformat(timespec="seconds"),
        "decimal": lambda number: decimal(number, language),
        "hundredths": lambda number: format_decimal(number, "#,##0.##", locale=locale),
        "stopwatch": stopwatch,
        "spoken_length": lambda seconds: spoken_length(seconds, language),
        "whole_years": whole_years,
        "own_name": lambda code: language_name(code, code).capitalize(),
        "language_name": lambda code: language_name(code, language),
    }


def brief_moment(moment: datetime, locale: str) -> str:
    """A day and a time that tell two of a list apart: ``20 Nov 2026, 10:15:30``."""
    return f"{format_date(moment, 'medium', locale=locale)}, {format_time(moment, 'medium', locale=locale)}"


def zone_name(moment: datetime, locale: str) -> str:
    """What the clocks show there and then: ``Central European Standard Time (UTC+01:00)``."""
    offset = moment.strftime("%z")
    return f"{get_timezone_name(moment, locale=locale)} (UTC{offset[:3]}:{offset[3:]})"


def long_day(moment: datetime, language: str) -> str:
    """A day (UTC) with its year: ``22 November 2026``."""
    return format_date(moment.date(), "long", locale=_LOCALES.get(language, language))


def decimal(number: float, language: str) -> str:
    """A number with one decimal at most: ``10,7`` in Catalan."""
    return format_decimal(number, "#,##0.#", locale=_LOCALES.get(language, language))


def stopwatch(seconds: float) -> str:
    """Seconds as a player shows them: ``3:07``, ``1:02:09``."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spoken_length(seconds: float, language: str) -> str:
    """Seconds as one says them, of the greatest two units."""
    whole = int(seconds)
    hours, minutes, rest = whole // _HOUR, whole // _MINUTE % _MINUTE, whole % _MINUTE
    amounts = [(hours, "duration-hour"), (minutes, "duration-minute"), (rest, "duration-second")]
    told = [format_unit(n, unit, "long", locale=language) for n, unit in amounts if n][:2]
    return " ".join(told) if told else format_unit(0, "duration-second", "long", locale=language)


def whole_years(days: int) -> int:
    """The years that so many days of keeping are, whichever leap years are in them; 0 for what are no whole years."""
    years = round(days / _YEAR)
    return years if abs(days - years * _YEAR) <= years / 4 + 1 else 0


def language_name(code: str, language: str) -> str:
    """A language's name in another: ``en`` is “anglès” in Catalan; the code itself when nobody knows it."""
    try:
        name = Locale.parse(code).get_display_name(language)
    except (ValueError, UnknownLocaleError):
        return code
    return name or code


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
