"""Who takes part in an attention, and in which place of the call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


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
    DATA_OFFICER = "data_officer"


@dataclass(frozen=True, slots=True)
class Habilitation:
    """What an informer is entitled to do, until the end of a day; it expires by itself."""

    name: str
    until: date

    def in_force(self, now: datetime) -> bool:
        """Whether it still entitles at this moment."""
        return now.date() <= self.until


def must_be_entitled(held: Iterable[Habilitation], name: str, now: datetime) -> None:
    """Raises ``habilitation_missing``, or ``habilitation_lapsed`` when those of this name are all over."""
    own = [habilitation for habilitation in held if habilitation.name == name]
    if not own:
        raise StepRefused("habilitation_missing", f"this needs the habilitation {name}")
    if not any(habilitation.in_force(now) for habilitation in own):
        last = max(habilitation.until for habilitation in own)
        raise StepRefused("habilitation_lapsed", f"the habilitation lapsed on {last}")


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
    habilitations: tuple[Habilitation, ...] = ()
