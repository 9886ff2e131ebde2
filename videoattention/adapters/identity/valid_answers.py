"""What VÀLid answers about a person, read strictly: what is missing, of another kind or unknown refuses the login."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from videoattention.adapters.identity.refusals import Refusal, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS: Final = ("low", "substantial", "high")
_LONGEST: Final = 200
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9 .-]{5,32}")
_METHOD: Final = re.compile(r"[A-Za-z0-9_.@-]{1,40}")
_KIND: Final = re.compile(r"[A-Za-z0-9]{0,16}")
_LONGEST_LIFE_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class ValidPerson:
    """Whom the provider vouches for. ``method``: how they logged in, in the provider's word (``idcatmobil`` …)."""

    identifier: str
    identifier_type: str
    name: str
    level: str
    method: str


def valid_person(said: Mapping[str, object]) -> ValidPerson:
    """Read the answer of ``getUserInfo``; raises `SignInRefused`."""
    if said.get("status") != "ok":
        raise refused(Refusal.PROVIDER_REFUSED)
    level = said.get("assuranceLevel")
    if not isinstance(level, str) or level not in LEVELS:
        raise refused(Refusal.ASSURANCE_UNKNOWN)
    return ValidPerson(
        identifier=_of_form(said, "identifier", _IDENTIFIER),
        identifier_type=_kind(said.get("identifierType", "")),
        name=f"{_line(said, 'name')} {_surnames(said)}".strip(),
        level=level,
        method=_of_form(said, "method", _METHOD),
    )


def require_evidence(said: Mapping[str, object], person: ValidPerson) -> None:
    """Raise `SignInRefused` unless this is evidence, and of nobody else's login."""
    if said.get("status") != "ok" or not said.get("evidence"):
        raise refused(Refusal.EVIDENCE)
    same = said.get("identifier", person.identifier) == person.identifier
    if not same or said.get("assuranceLevel", person.level) != person.level:
        raise refused(Refusal.USERINFO)


def require_life(tokens: Mapping[str, object]) -> None:
    """Raise `SignInRefused` for an access token that has ended, or that would never end."""
    seconds = tokens.get("expires_in", 1)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds <= _LONGEST_LIFE_S:
        raise refused(Refusal.TOKEN_RESPONSE)


def _kind(value: object) -> str:
    """A code: text or a whole number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _KIND.fullmatch(text):
        raise refused(Refusal.DETAILS)
    return text


def _surnames(said: Mapping[str, object]) -> str:
    if "surnames" in said:
        return _line(said, "surnames", least=0)
    both = (_line(said, name, least=0) for name in ("surname1", "surname2") if said.get(name) is not None)
    return " ".join(part for part in both if part)


def _line(said: Mapping[str, object], name: str, *, least: int = 1) -> str:
    value = said.get(name)
    text = " ".join(value.split(" ")).strip() if isinstance(value, str) else None
    if text is None or not least <= len(text) <= _LONGEST or not text.isprintable():
        raise refused(Refusal.DETAILS)
    return text


def _of_form(said: Mapping[str, object], name: str, form: re.Pattern[str]) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise refused(Refusal.DETAILS)
    return value
