"""Why the service erased a recording: a code in the certificate and in the journal, told by pages in each language.

Certificates that were signed before say it as a sentence in English. They stay as they are, and are read as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from videoattention.domain.rights import GROUNDS

REQUEST, RETENTION = "request", "retention"

_CODE: Final = re.compile(rf"({REQUEST}|{RETENTION}):(\S+)", re.ASCII)
_SENTENCES: Final = {
    REQUEST: re.compile(r"Request \S+ of the citizen: (.+)", re.ASCII),
    RETENTION: re.compile(r"The period of keeping is over: (\S+)", re.ASCII),
}


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
    code = _CODE.fullmatch(said)
    if code is not None:
        return _reason(*code.groups())
    asked, kept = (_SENTENCES[kind].fullmatch(said) for kind in (REQUEST, RETENTION))
    if asked is not None:
        ground = next((one.code for one in GROUNDS.values() if one.law == asked[1]), "")
        return _reason(REQUEST, ground)
    return _reason(RETENTION, kept[1]) if kept is not None else None


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
        return ErasureReason(kind, about)
    return ErasureReason(kind, about, GROUNDS[about].law) if about in GROUNDS else None
