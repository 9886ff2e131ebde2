"""Facts as the journal keeps them: the kind is the name of their class, the body their fields as canonical JSON."""

from __future__ import annotations

import json
from dataclasses import MISSING, asdict, fields
from typing import TYPE_CHECKING, Any, Final, get_args

from videoattention.domain.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final[Mapping[str, type[Any]]] = {kind.__name__: kind for kind in get_args(Fact)}
"""Every kind of fact that there is; a class that loses its name loses its history."""


class FactUnknown(Exception):
    """The journal holds a fact that this program cannot read."""

    code = "fact_unknown"


def body_of(fact: Fact) -> str:
    """The fields as canonical JSON: keys in order, no spaces, only ASCII, numbers as Python writes them."""
    return canonical(asdict(fact))


def canonical(value: object) -> str:
    """One text for one value, so that its bytes can be hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def fact_of(kind: str, body: str) -> Fact:
    """The fact again; raises `FactUnknown` for an unknown kind, or fields that are not those of the kind."""
    known = KINDS.get(kind)
    if known is None:
        raise FactUnknown(f"no fact is called {kind!r}")
    kept = json.loads(body)
    if not isinstance(kept, dict) or not _needed(known) <= kept.keys() <= {field.name for field in fields(known)}:
        raise FactUnknown(f"{kind} has other fields than those kept")
    fact: Fact = known(**{name: _immutable(value) for name, value in kept.items()})
    return fact


def _needed(known: type[Any]) -> set[str]:
    """The fields that even the oldest fact of this kind has: those added later have a default."""
    return {field.name for field in fields(known) if field.default is MISSING}


def _immutable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
