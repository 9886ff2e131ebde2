"""What the use cases need of the world, in their own words.

An organisation's data is reached through one door, `Register.begin`, which adds the organisation to everything; nothing
outside it exists for the caller. Reading for pages is `views.Views`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.domain.informers import Desk
    from videoattention.domain.queueing import FreeInformer, Turn
    from videoattention.domain.recording import Recording
    from videoattention.services.delivery_ports import Deliveries, ReceiptLinks
    from videoattention.services.erasing import Erasures
    from videoattention.services.identifying import Logins
    from videoattention.services.keeping import Holds
    from videoattention.services.media import Track
    from videoattention.services.policies import Policies
    from videoattention.services.reviews import Exports, Reviews
    from videoattention.services.rights_ports import DataRequests, Keepings, PersonalData
    from videoattention.services.seals import Seals
    from videoattention.services.sms import PhoneChecks
    from videoattention.services.stories import AskedPackages
    from videoattention.services.vault import FileIdentity
    from videoattention.services.visual_ports import Visuals

BOUND: Final = "#"
"""What stands in a command's id between the id itself and what binds it to whose words it was; no id has it."""


class Clock(Protocol):
    """The only reader of the time."""

    def now(self) -> datetime:
        """The wall time, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed fact: its place in the organisation's chain and its link (hexadecimal SHA-256)."""

    organisation: str
    seq: int
    at: datetime
    actor: str
    fact: Fact
    hash: str


class Attentions(Protocol):
    """The attentions of one organisation, inside a transaction."""

    async def get(self, attention: str) -> Attention:
        """The attention as it is now; raises `NotFound`."""

    async def add(self, attention: Attention) -> None:
        """Keep a new one."""

    async def save(self, attention: Attention) -> None:
        """Keep a change if nobody changed it since it was read, else raise `Stale`; its version grows by one.

        Also raises `Stale` when the change would give an informer a second busy attention.
        """


class Recordings(Protocol):
    """The recordings of one organisation, inside a transaction."""

    async def get(self, recording: str) -> Recording:
        """The recording as it is now; raises `NotFound`."""

    async def active_of(self, attention: str) -> Recording | None:
        """The one that is requested or capturing, if any; an attention has at most one."""

    async def of(self, attention: str) -> Sequence[Recording]:
        """Every recording of an attention, in no order."""

    async def add(self, recording: Recording) -> None:
        """Keep a new one; raises `Stale` if the attention has an active one already."""

    async def save(self, recording: Recording) -> None:
        """Keep a change if nobody changed it since it was read, else raise `Stale`."""


class Desks(Protocol):
    """The informers' desks of one organisation, inside a transaction."""

    async def get(self, subject: str) -> Desk | None:
        """The desk, or ``None`` for an informer who never came."""

    async def save(self, desk: Desk) -> None:
        """Keep it, new or changed; raises `Stale`."""


class Line(Protocol):
    """What pairing needs to see, inside a transaction."""

    async def turns(self, *, seen_since: datetime) -> Sequence[Turn]:
        """Everyone who waits; present are those whose page was heard of since then."""

    async def free(self, *, seen_since: datetime) -> Sequence[FreeInformer]:
        """Available informers with no busy attention, whose page was heard of since then."""

    async def lapsed(self, now: datetime) -> Sequence[str]:
        """Attentions whose offer ended before now."""


class DataKeys(Protocol):
    """The keys of a recording's files, wrapped; nothing here can open them."""

    async def organisation(self) -> bytes | None:
        """The organisation's own key, wrapped, as it is now: what `KeyRing.fresh` wraps ``under``.

        It stays so until the transaction ends, if that is `alone`. There is none before `KeyRing.prepare`.
        """

    async def add(self, recording: str, part: int, wrapped: Mapping[Track, bytes]) -> None:
        """Keep the wrapped keys of a part's files."""

    async def of(self, recording: str, part: int) -> Mapping[Track, bytes]:
        """The wrapped keys of a part's files; empty when there are none."""

    async def destroy(self, recording: str) -> None:
        """Delete the keys of all its files: from the commit on nobody can read them."""

    async def last_part(self, recording: str) -> int:
        """The highest number of a part that has keys; 0 when none has."""


class OrganisationKeys(Protocol):
    """Where each organisation's own key is kept, wrapped by the master key."""

    async def kept(self, organisation: str) -> bytes | None:
        """The wrapped key, if there is one."""

    async def every(self) -> Mapping[str, bytes]:
        """Every organisation's wrapped key."""

    async def keep(self, organisation: str, wrapped: bytes) -> bytes:
        """Keep it unless there is one already; returns the one that is kept."""


class KeyRing(Protocol):
    """Makes and opens the keys of recordings."""

    async def prepare(self, organisation: str) -> None:
        """Have the organisation's own key at hand; makes it the first time. Not to be awaited inside a transaction."""

    def fresh(
        self, organisation: str, recording: str, part: int, *, under: bytes | None
    ) -> tuple[Mapping[Track, bytes], Mapping[Track, bytes]]:
        """A new key for each file of a part: plain for the worker, wrapped for the database. After `prepare`.

        ``under`` is the organisation's own key as `DataKeys.organisation` told it in the same transaction, so that no
        key is wrapped under one that a rotation has just replaced. Raises `KeyRefused`.
        """

    async def unwrap(self, identity: FileIdentity, wrapped: bytes) -> bytes:
        """The plain key of a file; raises `KeyRefused` when it was wrapped under another master key."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's leave to play one recording, for a stated purpose and the number of a case, until a time."""

    id: str
    recording: str
    subject: str
    purpose: str
    until: datetime
    case: str = ""


class Grants(Protocol):
    """Leaves to play, inside a transaction."""

    async def add(self, grant: Grant) -> None:
        """Keep it."""

    async def held(self, recording: str, subject: str, now: datetime) -> Grant | None:
        """The person's leave for this recording that still lasts."""


class Transaction(Protocol):
    """One organisation's data, read and changed together with the facts that tell of it.

    Write order inside `commit` is the same everywhere, so that transactions cannot wait for each other in a ring.
    """

    attentions: Attentions
    recordings: Recordings
    desks: Desks
    line: Line
    keys: DataKeys
    grants: Grants
    seals: Seals
    holds: Holds
    erasures: Erasures
    phones: PhoneChecks
    logins: Logins
    visuals: Visuals
    deliveries: Deliveries
    links: ReceiptLinks
    policies: Policies
    reviews: Reviews
    exports: Exports
    asked: AskedPackages
    requests: DataRequests
    keepings: Keepings
    personal: PersonalData

    async def alone(self) -> None:
        """Wait until no other transaction of this organisation writes: what is read from here on holds at the commit.

        For decisions about something that is read and not changed itself, such as a consent that admits a recorder.
        """

    async def done_before(self, command: str) -> bool:
        """Whether this command (its id) was committed already; remembers it in this transaction if not.

        What follows `BOUND` in the id says whose words it was: raises `StepRefused` (``bad_message``) when under the
        same id others were committed.
        """

    async def commit(self, *facts: Fact) -> tuple[Entry, ...]:
        """Save everything and append the facts to the journal, in one step; returns them with their links."""


class Register(Protocol):
    """The door to the data."""

    def begin(self, organisation: str, actor: str, now: datetime) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that writes; leaving it without a commit changes nothing.

        ``actor`` is who acts, as the journal shows it: ``citizen``, ``informer:<subject>``, ``auditor:<subject>`` or
        ``service``.
        """

    def look(self, organisation: str, now: datetime) -> AbstractAsyncContextManager[Transaction]:
        """See what is committed, beside whoever writes and without waiting for them; nothing can be changed."""

    async def seen(self, *keys: str, now: datetime) -> None:
        """Pages were heard of: ``attention:<id>`` or ``desk:<organisation>:<subject>``. Not journalled, no version."""


class NotFound(Exception):
    """No such thing in this organisation. It may exist in another: nobody is told."""

    code = "not_found"


class Stale(Exception):
    """Somebody else changed it in between; load it again and ask again."""

    code = "stale"
