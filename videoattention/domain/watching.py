"""Who was shown or given what is kept of an attention, when and what for, as its citizen reads it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from videoattention.domain.accounts import Told

_GIVING = frozenset({"RecordingExported", "AttentionExported"})
_TOLD = frozenset({"PurposeStated", "LoginProofGiven", *_GIVING})
_WHY = ("purpose", "case", "function")


def watched(told: Sequence[Told]) -> tuple[Told, ...]:
    """Whoever was let see a recording or the pictures of an identification, or was given something of it.

    A package that could not be made is not told of. Who opened the pictures is told with the purpose under which they
    did. A suspicion of fraud, which is kept apart, is told to nobody here.
    """
    seen: list[Told] = []
    for fact in told:
        if fact.kind in _TOLD:
            seen.append(fact)
        elif fact.kind == "IdentificationSeen":
            seen.append(_with_purpose(fact, seen))
        elif fact.kind == "ExportUnmade":
            _take_back(seen, fact, told)
    return tuple(seen)


def _with_purpose(opened: Told, before: Sequence[Told]) -> Told:
    """The same with what its person had said last of this recording: nobody opens anything without."""
    mine = (one for one in reversed(before) if one.kind == "PurposeStated" and one.actor == opened.actor)
    said: Mapping[str, Any] = next((one.body for one in mine if _is_about(one, opened)), {})
    return replace(opened, body={**opened.body, **{name: said[name] for name in _WHY if name in said}})


def _take_back(seen: list[Told], unmade: Told, told: Sequence[Told]) -> None:
    """Nobody got the package of this request; what others were given meanwhile stays."""
    request = unmade.body.get("export", "")
    asked = next((one for one in told if one.kind == "ExportAsked" and one.body.get("export") == request), None)
    for place in range(len(seen) - 1, -1, -1):
        if seen[place].kind in _GIVING and _is_about(seen[place], unmade) and _is_of(seen[place], request, asked):
            del seen[place]
            return


def _is_about(one: Told, other: Told) -> bool:
    """Whether both tell of the same recording; the package of an attention is of none."""
    return bool(one.body.get("recording", "") == other.body.get("recording", ""))


def _is_of(given: Told, request: str, asked: Told | None) -> bool:
    """Whether it was given for this request: it names it, or it is its person's, for its purpose and case."""
    named = given.body.get("export", "")
    if named or asked is None:
        return named in {"", request}
    same = all(given.body.get(name, "") == asked.body.get(name, "") for name in ("purpose", "case"))
    return same and given.actor == asked.actor
