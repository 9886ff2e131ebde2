"""After a commit, the pages that are concerned get a fresh view. A view that is lost is asked for again by `Sync`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from videoattention.domain import facts
from videoattention.entrypoints.signalling import rooms
from videoattention.entrypoints.signalling.messages import to_wire
from videoattention.entrypoints.signalling.protocol import CitizenChanged, DeskChanged
from videoattention.services.reception import PRESENT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    import socketio

    from videoattention.services.ports import Clock, Entry
    from videoattention.services.views import Views

_log = structlog.get_logger()

GATHER = 0.02
"""Seconds in which changes are gathered, so that ten facts of one step make one view."""

MOVES_THE_LINE = (
    facts.AttentionRequested,
    facts.OfferMade,
    facts.OfferLapsed,
    facts.OfferAccepted,
    facts.AttentionAbandoned,
    facts.AttentionConcluded,
    facts.ReadinessChanged,
)
"""Facts that change what everybody who waits, and every desk of the organisation, sees."""


class Announcer:
    """Knows which pages are connected, and sends each its own view."""

    def __init__(self, server: socketio.AsyncServer, views: Views, clock: Clock) -> None:
        self._server = server
        self._views = views
        self._clock = clock
        self._citizens: dict[str, tuple[str, str]] = {}
        self._desks: dict[tuple[str, str], str] = {}
        self._attended: dict[tuple[str, str], str] = {}
        self._line_moved: set[str] = set()
        self._touched: set[str] = set()
        self._wake = asyncio.Event()

    def citizen_arrived(self, organisation: str, attention: str, language: str) -> None:
        """A citizen's page is connected."""
        self._citizens[attention] = (organisation, language)

    def citizen_gone(self, attention: str) -> None:
        """No page of this attention is connected any more."""
        self._citizens.pop(attention, None)

    def desk_arrived(self, organisation: str, subject: str, language: str) -> None:
        """An informer's page is connected."""
        self._desks[organisation, subject] = language

    def desk_gone(self, organisation: str, subject: str) -> None:
        """No page of this informer is connected any more."""
        self._desks.pop((organisation, subject), None)
        self._attended.pop((organisation, subject), None)

    @property
    def connected(self) -> list[str]:
        """Every page that is connected, by the key of its presence."""
        citizens = [f"attention:{attention}" for attention in self._citizens]
        return citizens + [f"desk:{organisation}:{subject}" for organisation, subject in self._desks]

    def committed(self, entries: Sequence[Entry]) -> None:
        """Note whom the facts concern; they are told within `GATHER`."""
        for entry in entries:
            if isinstance(entry.fact, MOVES_THE_LINE):
                self._line_moved.add(entry.organisation)
            if "attention" in entry.fact.__slots__ and entry.fact.attention:
                self._touched.add(entry.fact.attention)
        if entries:
            self._wake.set()

    async def recorded_calls_changed(self) -> None:
        """Something that no fact tells of has changed for everybody who is being recorded."""
        await _surely(self._touch_recorded())

    async def _touch_recorded(self) -> None:
        self._touched |= {attention for _, attention in await self._views.being_recorded()}
        self._wake.set()

    async def run(self) -> None:
        """Tell, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER)
            self._wake.clear()
            organisations, self._line_moved = self._line_moved, set()
            attentions, self._touched = self._touched, set()
            await self._tell(organisations, attentions)

    async def _tell(self, organisations: set[str], attentions: set[str]) -> None:
        for attention, (organisation, _) in list(self._citizens.items()):
            if attention in attentions or organisation in organisations:
                await _surely(self.tell_citizen(attention))
        for organisation, subject in list(self._desks):
            if organisation in organisations or self._attended.get((organisation, subject)) in attentions:
                await _surely(self.tell_desk(organisation, subject))

    async def tell_citizen(self, attention: str) -> None:
        """Send the citizen's pages their view now."""
        organisation, language = self._citizens.get(attention, ("", ""))
        if not organisation:
            return
        since = self._clock.now() - PRESENT
        view = await self._views.citizen(organisation, attention, language, seen_since=since)
        if view is not None:
            name, payload = to_wire(CitizenChanged(view))
            await self._server.emit(name, payload, room=rooms.of_attention(attention), namespace=rooms.CITIZEN)

    async def tell_desk(self, organisation: str, subject: str) -> None:
        """Send the informer's pages their view now."""
        language = self._desks.get((organisation, subject))
        if language is None:
            return
        since = self._clock.now() - PRESENT
        view = await self._views.desk(organisation, subject, language, seen_since=since)
        busy = view.attended or view.offer
        self._attended[organisation, subject] = busy.attention if busy else ""
        name, payload = to_wire(DeskChanged(view))
        await self._server.emit(name, payload, room=rooms.of_desk(organisation, subject), namespace=rooms.DESK)


async def _surely(telling: Awaitable[None]) -> None:
    """Tell one page; what cannot be told to it keeps nobody else waiting."""
    try:
        await telling
    except Exception:  # noqa: BLE001 - a page that could not be told asks again by itself
        _log.exception("announcement_failed")
