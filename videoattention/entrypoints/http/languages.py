"""In which language a page answers: what was asked for, what was remembered, what the browser accepts."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("ca", "en")
"""The languages that the pages speak, each with a catalogue that is complete."""

DEFAULT: Final = "ca"

_LONGEST_HEADER = 1000
# A browser of this country names Spanish or Occitan first and English behind it, because browsers are installed so:
# until those catalogues are written, Catalan is nearer to such a person than English is.
_UNDERSTOOD: Final = MappingProxyType({"ca": "ca", "en": "en", "es": "ca", "oc": "ca"})
_RANGE = re.compile(r"([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,60})?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")


def choose_language(asked: str | None, remembered: str | None, accepted: str | None) -> str:
    """One of `LANGUAGES`, whatever the browser says.

    ``asked`` is ``?lang=``, ``remembered`` the cookie, ``accepted`` the header Accept-Language (RFC 9110, 12.5.4).
    The first of the three that names a language we speak decides; anything else is passed over.
    """
    for said in (asked, remembered):
        if said in LANGUAGES:
            return said
    return _accepted(accepted or "") or DEFAULT


def _accepted(header: str) -> str | None:
    weighed = []
    for order, part in enumerate(header[:_LONGEST_HEADER].split(",")):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            continue
        weight = float(match[2] or 1)
        language = _UNDERSTOOD.get(match[1].lower())
        if language and 0 < weight <= 1:
            weighed.append((-weight, order, language))
    return min(weighed)[2] if weighed else None
