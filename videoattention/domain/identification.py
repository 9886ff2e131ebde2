"""Proof of who a citizen is, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Assurance(IntEnum):
    """How sure the office may be of who the citizen is; ordered, so that ``>=`` reads as "at least".

    The last three are the levels of Regulation (EU) 910/2014 (eIDAS), article 8.
    """

    NONE = 0
    DECLARED = 1
    LOW = 2
    SUBSTANTIAL = 3
    HIGH = 4


class Way(StrEnum):
    """How a citizen shows who they are."""

    ELECTRONIC = "electronic"
    PHONE = "phone"
    VISUAL = "visual"


WAYS = {Way.ELECTRONIC: Assurance.HIGH, Way.PHONE: Assurance.DECLARED, Way.VISUAL: Assurance.SUBSTANTIAL}
"""The most that each way can prove."""


@dataclass(frozen=True, slots=True)
class Identification:
    """Who the citizen proved to be.

    ``subject`` is the stable identifier that ``provider`` (an issuer's URL, or the name of another way of
    identification) gives to the person; ``at`` is when the proof was accepted, with its time zone.
    """

    assurance: Assurance
    name: str
    document: str
    subject: str
    provider: str
    at: datetime
    way: Way = Way.ELECTRONIC
