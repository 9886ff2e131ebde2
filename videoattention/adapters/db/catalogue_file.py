"""The catalogue as an operator writes it: a JSON file of organisations with their offices and procedures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from videoattention.adapters.db.catalogue import Organisation

if TYPE_CHECKING:
    from pathlib import Path


class UnreadableCatalogue(ValueError):
    """The file is not a catalogue; the message names the file and the first fault."""


def read_catalogue(path: Path) -> tuple[Organisation, ...]:
    """The organisations of the file, a list of objects with the fields of `Organisation`.

    Raises `UnreadableCatalogue` for a file that is not one, or in which two offices have one id.
    """
    try:
        organisations = msgspec.json.decode(path.read_bytes(), type=tuple[Organisation, ...])
    except (OSError, msgspec.MsgspecError) as fault:
        raise UnreadableCatalogue(f"the catalogue {path} cannot be read: {fault}") from fault
    offices = [office.id for organisation in organisations for office in organisation.offices]
    twice = sorted({office for office in offices if offices.count(office) > 1})
    if twice:
        raise UnreadableCatalogue(f"the catalogue {path} has the office {twice[0]!r} twice")
    return organisations
