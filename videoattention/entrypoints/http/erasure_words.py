"""Why a recording was erased, in the language of whoever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.erasure_reasons import REQUEST, read_reason

if TYPE_CHECKING:
    from collections.abc import Callable


def erasure_in_words(said: str, phrase: Callable[[str], str], translate: Callable[[str], str]) -> str:
    """The reason of a certificate or of an entry; what an operator wrote stays in their own words.

    ``phrase`` tells a code, ``translate`` a source string.
    """
    reason = read_reason(said)
    if reason is None:
        return said
    if reason.kind == REQUEST:
        about, law = f": {phrase(reason.about)}", reason.law.replace("GDPR", translate("GDPR"))
    else:
        about, law = "", phrase(reason.about.rpartition("/")[2])
    words = f"{phrase(reason.kind)}{about} ({law})"
    return words[:1].upper() + words[1:]
