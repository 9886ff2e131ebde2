"""What requests about personal data, and their keeping, need of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.levels import Level
    from videoattention.domain.own_work import Hands
    from videoattention.domain.recording import Recording
    from videoattention.domain.retention import Keeping, Period
    from videoattention.domain.rights import DataRequest


class DataRequests(Protocol):
    """The requests of one organisation, inside a transaction."""

    async def get(self, request: str) -> DataRequest:
        """One request; raises `NotFound`."""

    async def of(self, attention: str) -> Sequence[DataRequest]:
        """Every request about an attention, the oldest first."""

    async def hands(self, request: DataRequest) -> Hands:
        """Through whose hands it went, as the journal has it."""

    async def add(self, request: DataRequest) -> None:
        """Keep a new one; raises `NotFound` without such an attention."""

    async def save(self, request: DataRequest) -> None:
        """Keep a change; raises `Stale` if somebody changed it since it was read."""


class Keepings(Protocol):
    """Until when data are kept, inside a transaction."""

    async def of(self, attention: str) -> Keeping | None:
        """The keeping of this attention's data; none before it was looked at for the first time."""

    async def add(self, keeping: Keeping) -> None:
        """Keep a new one; raises `Stale` if there is one."""

    async def save(self, keeping: Keeping) -> None:
        """Keep a change; raises `Stale` if somebody changed it since it was read."""


class PersonalData(Protocol):
    """What tells who a citizen is, in every table, inside a transaction."""

    async def recordings(self, attention: str) -> Sequence[Recording]:
        """Every recording of the attention."""

    async def held(self, attention: str) -> bool:
        """Whether a hold on one of its recordings is in force."""

    async def levels(self, attention: str) -> Sequence[Level]:
        """The levels that were in force, as the journal has them."""

    async def periods(self, attention: str) -> Sequence[Period]:
        """The periods with a rule of their own: visual identifications and suspicions of fraud."""

    async def erase(self, attention: str) -> int:
        """Blank or delete all of it, in the tables and in the journal; returns how many entries lost their words.

        Words of requests stay, for they are the answer to the citizen; a suspicion of fraud has its own period.
        """

    async def erase_words(self, attention: str) -> None:
        """Blank the words of its requests too."""


@dataclass(frozen=True, slots=True)
class DueSeen:
    """An attention whose keeping has to be looked at, and when its stage ends (none if it was never looked at)."""

    attention: str
    stage: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request in the officer's list, beside what it is about; ``hands`` are told of one that waits for an answer."""

    request: DataRequest
    office: str
    procedure: str
    held: bool
    hands: Hands


@dataclass(frozen=True, slots=True)
class QuarantineSeen:
    """Data that will be erased at ``until``."""

    attention: str
    office: str
    procedure: str
    ended_at: datetime | None
    rule: str
    until: datetime
    held: bool


class KeptRights(Protocol):
    """The reading side."""

    async def organisations(self) -> Sequence[str]:
        """Every organisation."""

    async def unseen(self, organisation: str, *, limit: int) -> Sequence[str]:
        """Attentions that ended and whose keeping was never looked at."""

    async def due(self, organisation: str, now: datetime) -> Sequence[DueSeen]:
        """Those whose stage ended before now: kept, quarantined, or erased but for the words of their requests."""

    async def late(self, organisation: str, now: datetime) -> Sequence[str]:
        """Requests whose time to answer is over and that do not say so yet."""

    async def granted(self, organisation: str) -> Sequence[str]:
        """Requests that were granted and not carried out."""

    async def requests(self, organisation: str, language: str) -> Sequence[RequestSeen]:
        """The newest 200 requests; those that wait for an answer first, the most urgent before the others."""

    async def requests_of(self, organisation: str, attention: str) -> Sequence[DataRequest]:
        """Every request about an attention, the oldest first."""

    async def quarantined(self, organisation: str, language: str) -> Sequence[QuarantineSeen]:
        """What will be erased and is more than the words of an outcome, the next one first."""

    async def words_quarantined(self, organisation: str) -> int:
        """How many attentions wait to be erased of which nothing is kept but the words of the outcome."""

    async def keeping_of(self, organisation: str, attention: str) -> Keeping | None:
        """Until when the data of an attention are kept, if it was looked at."""
