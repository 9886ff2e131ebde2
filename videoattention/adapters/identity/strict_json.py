"""JSON that has one meaning only: what two parsers could read differently is refused."""

from __future__ import annotations

import json
from typing import cast


def parse_object(raw: bytes) -> dict[str, object]:
    """Parse one JSON object; raises `ValueError`.

    Refused: other than UTF-8, repeated keys, NaN and infinities, lone surrogates, depth beyond the parser's.
    """
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        # what cannot be written again as UTF-8 would fail later, in a database or a comparison
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - a fault of the text, not of the caller's types
    return cast("dict[str, object]", value)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
