"""What identifications by sight left, as auditors see it: for a purpose that is in the journal before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain.access import Action
from videoattention.domain.facts import SuspicionsRead
from videoattention.services.archive import purpose_said
from videoattention.services.ports import NotFound
from videoattention.services.vault import KeyUnusable, MediaTampered
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.domain.visual import Visual
    from videoattention.services.archive import Archive
    from videoattention.services.ports import Transaction
    from videoattention.services.visual_ports import SealedStill, StillVault, Suspicion
    from videoattention.services.work import Work


_log = structlog.get_logger()

MOST: Final = 50
"""How many suspicions are shown at once."""


@dataclass(frozen=True, slots=True)
class SeenStill:
    """A still that was opened; ``picture`` is empty for one that cannot be."""

    kind: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class SeenSuspicion:
    """A suspicion with its stills, opened."""

    suspicion: Suspicion
    stills: tuple[SeenStill, ...]


class Suspicions:
    """What was kept apart."""

    def __init__(self, work: Work, archive: Archive, vault: StillVault) -> None:
        self._work = work
        self._archive = archive
        self._vault = vault

    async def enter(self, person: Person) -> None:
        """Whether the person may ask for them; raises `AccessDenied`, journalled."""
        await self._archive.enter(person, Action.READ_SUSPICIONS, "suspicions")

    async def read(self, person: Person, purpose: str) -> Sequence[SeenSuspicion]:
        """The newest `MOST` of the organisation, the newest first; raises `AccessDenied` or ``purpose_too_short``.

        Each is read in a transaction of its own: nobody who writes waits for all of them.
        """
        await self.enter(person)
        said = purpose_said(purpose)
        found: list[Suspicion] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            found[:] = (await transaction.visuals.suspicions())[:MOST]
            return (SuspicionsRead(person.subject, said),)

        await self._work.carry_out(Acting(person.organisation, f"auditor:{person.subject}", person.subject), action)
        return [SeenSuspicion(one, await self._of(person.organisation, one)) for one in found]

    async def _of(self, organisation: str, suspicion: Suspicion) -> tuple[SeenStill, ...]:
        """Its stills; one that cannot be opened hides none of the others."""
        found: list[tuple[str, SealedStill]] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            with suppress(NotFound):  # its term ended meanwhile
                found[:] = await _stills(transaction, suspicion.visual)
            return ()

        await self._work.carry_out(Acting(organisation, "service"), action)
        return tuple([await self._tried(organisation, kind, still) for kind, still in found])

    async def _tried(self, organisation: str, kind: str, still: SealedStill) -> SeenStill:
        try:
            return SeenStill(kind, await self._vault.open(organisation, still))
        except (KeyUnusable, MediaTampered):
            _log.exception("still_not_opened", organisation=organisation, still=still.id)
            return SeenStill(kind, b"")

    async def of_recording(self, person: Person, recording: str) -> tuple[Visual, tuple[SeenStill, ...]]:
        """How the citizen of a recording was identified by sight, to who may play it now.

        Raises `AccessDenied`, `NotFound` (also when they were identified in another way) or `MediaErased`.
        """
        await self._archive.play(person, recording)
        found: list[tuple[Visual, tuple[tuple[str, SealedStill], ...]]] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            attention = (await transaction.recordings.get(recording)).attention
            visual = await transaction.visuals.accepted_of(attention)
            if visual is None:
                raise NotFound("nobody was identified by sight in this recording")
            found[:] = [(visual, await _stills(transaction, visual.id))]
            return ()

        await self._work.carry_out(Acting(person.organisation, "service"), action)
        ((visual, stills),) = found
        return visual, await self._opened(person.organisation, stills)

    async def _opened(self, organisation: str, stills: Sequence[tuple[str, SealedStill]]) -> tuple[SeenStill, ...]:
        return tuple([SeenStill(kind, await self._vault.open(organisation, still)) for kind, still in stills])


async def _stills(transaction: Transaction, name: str) -> tuple[tuple[str, SealedStill], ...]:
    visual = await transaction.visuals.get(name)
    return tuple([(still.kind.value, await transaction.visuals.still(visual.id, still.id)) for still in visual.stills])
