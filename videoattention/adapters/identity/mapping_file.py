"""Where the providers' tokens have what, as an operator writes it: a JSON file with the fields of `ClaimsMapping`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from videoattention.domain.identification import Assurance
from videoattention.services.claims import ClaimsMapping

if TYPE_CHECKING:
    from pathlib import Path


class UnreadableMapping(ValueError):
    """The file is not a mapping; the message names the file and the first fault."""


def read_mapping(path: Path) -> ClaimsMapping:
    """The mapping of the file; what it leaves out is as the stand-in says it.

    Assurances are named: ``{"assurance_values": {"https://…/substantial": "substantial"}}``. Raises
    `UnreadableMapping`.
    """
    try:
        written = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
        unknown = sorted(written.keys() - ClaimsMapping.__dataclass_fields__.keys())
        if unknown:
            raise msgspec.ValidationError(f"{unknown[0]!r} is no part of a mapping")
        named = written.get("assurance_values")
        if named is not None:
            words = msgspec.convert(named, dict[str, str])
            written["assurance_values"] = {said: Assurance[word.upper()].value for said, word in words.items()}
        return msgspec.convert(written, ClaimsMapping)
    except (OSError, msgspec.MsgspecError, KeyError) as fault:
        raise UnreadableMapping(f"the mapping of claims {path} cannot be read: {fault}") from fault
