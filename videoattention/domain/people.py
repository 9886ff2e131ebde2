"""Who takes part in an attention, and in which place of the call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """The two ends of a call."""

    CITIZEN = "citizen"
    INFORMER = "informer"

    @property
    def other(self) -> Side:
        """The end that this one talks with."""
        return Side.INFORMER if self is Side.CITIZEN else Side.CITIZEN


class Role(StrEnum):
    """What a member of staff is entitled to do; a person may hold several."""

    INFORMER = "informer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as the corporate login vouches for them.

    ``subject`` is the provider's stable identifier and is unique inside ``organisation`` only;
    ``name`` and ``position`` are shown to the citizen.
    """

    subject: str
    organisation: str
    name: str
    position: str
    roles: frozenset[Role]
    offices: frozenset[str]
