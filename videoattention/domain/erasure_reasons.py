"""Why the service erased a recording: a code in the certificate and in the journal, told by pages in each language.

Certificates that were signed before say it as a sentence in English. They stay as they are, and are read as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from videoattention.domain.rights import GROUNDS

REQUEST, RETENTION = "request", "retention"

_ASKED: Final = ("Request ", " of the citizen: ")
_KEPT: Final = "The period of keeping is over: "
"""The sentences of older certificates: before and after the request's id, and before the rule."""


@dataclass(frozen=True, slots=True)
class ErasureReason:
    """``kind`` is ``request`` or ``retention``; ``about`` the ground of the answer, or the rule of the period.

    ``law`` is where a ground is written, and empty for a rule.
    """

    kind: str
    about: str
    law: str = ""


def for_request(ground: str) -> str:
    """The code of an erasure that a citizen asked for, granted with this ground."""
    return f"{REQUEST}:{ground}"


def for_retention(rule: str) -> str:
    """The code of an erasure at the end of a period of keeping: its rule, as `Period.rule`."""
    return f"{RETENTION}:{rule}"


def read_reason(said: str) -> ErasureReason | None:
    """What a reason means; nothing for one that somebody wrote in their own words."""
    kind, _, about = said.partition(":")
    if kind in {REQUEST, RETENTION}:
        return _reason(kind, about)
    name, of_the_citizen, law = said.removeprefix(_ASKED[0]).partition(_ASKED[1])
    if said.startswith(_ASKED[0]) and of_the_citizen and _is_word(name):
        return _reason(REQUEST, next((one.code for one in GROUNDS.values() if one.law == law), ""))
    return _reason(RETENTION, said.removeprefix(_KEPT)) if said.startswith(_KEPT) else None


def in_english(said: str) -> str:
    """A reason for an operator's terminal; words of somebody stay as they are."""
    reason = read_reason(said)
    if reason is None:
        return said
    if reason.kind == REQUEST:
        return f"the citizen asked for it and it was granted ({reason.law})"
    return f"the period of keeping is over ({reason.about})"


def _reason(kind: str, about: str) -> ErasureReason | None:
    if kind == RETENTION:
        return ErasureReason(kind, about) if _is_word(about) else None
    return ErasureReason(kind, about, GROUNDS[about].law) if about in GROUNDS else None


def _is_word(text: str) -> bool:
    return text.split() == [text]
