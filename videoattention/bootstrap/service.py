"""The web process, assembled by plain constructor calls."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.adapters.clock import SystemClock
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.sessions import DatabaseSessions, DatabaseSignIns
from videoattention.adapters.identity.fetching import provider_session
from videoattention.adapters.identity.standin.app import standin_app
from videoattention.adapters.media.lag import LoopLag
from videoattention.adapters.texts import TextsFolder
from videoattention.bootstrap import identity
from videoattention.bootstrap.archive import ArchiveRoom
from videoattention.bootstrap.deliveries import DeliveryRoom
from videoattention.bootstrap.forgetting import forgetting
from videoattention.bootstrap.ground import Room, new_id, web_folder
from videoattention.bootstrap.keys import key_ring
from videoattention.bootstrap.local_workers import LocalWorkers
from videoattention.bootstrap.phone import demo_pages, demo_phone, phone_identity
from videoattention.bootstrap.preparing import prepare
from videoattention.bootstrap.recording import RecordingRoom
from videoattention.bootstrap.rights import RightsRoom
from videoattention.bootstrap.settings import settings_pages
from videoattention.bootstrap.visual import VisualRoom
from videoattention.entrypoints.http.citizen import CitizenPages
from videoattention.entrypoints.http.desk import DeskPages
from videoattention.entrypoints.http.health import HealthPages
from videoattention.entrypoints.http.login import LoginPages
from videoattention.entrypoints.http.pages import Pages
from videoattention.entrypoints.http.rendering import Rendering
from videoattention.entrypoints.http.security import Guard
from videoattention.entrypoints.http.unreadable import Runner
from videoattention.entrypoints.signalling.announcer import Announcer
from videoattention.entrypoints.signalling.calls import CallPages
from videoattention.entrypoints.signalling.citizen import CitizenAttendant
from videoattention.entrypoints.signalling.desk import DeskAttendant
from videoattention.entrypoints.signalling.live import LiveCalls
from videoattention.entrypoints.signalling.presence import Presence
from videoattention.entrypoints.signalling.server import Sockets, new_server, register
from videoattention.entrypoints.signalling.workers import WorkerAttendant, Workers
from videoattention.entrypoints.visitors import Visitors
from videoattention.services.archive import Archive
from videoattention.services.call import Call
from videoattention.services.clips import Clips
from videoattention.services.doorkeeper import Doorkeeper
from videoattention.services.pairing import Pairing
from videoattention.services.reactions import Reactions
from videoattention.services.reception import Reception
from videoattention.services.rounds import Rounds
from videoattention.services.switchboard import Switchboard
from videoattention.services.turn import TurnPasses
from videoattention.services.work import Announcer as Listener
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.config import Settings
    from videoattention.services.ports import Entry


class Heard:
    """Passes committed facts to those who must hear of them; they are named after the use cases exist."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def committed(self, entries: Sequence[Entry]) -> None:
        """Tell each, in the order in which they were named."""
        for listener in self.listeners:
            listener.committed(entries)


class Service:
    """The web process: made from settings, prepared once, run until cancelled."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clock = SystemClock()
        self._lag = LoopLag()
        self._secret = settings.media.secret or secrets.token_urlsafe(32)
        self._texts = TextsFolder(web_folder() / "texts")
        self._pages = Pages(web_folder(), keeping=settings.visual)
        self._database = Database(settings.storage.database)
        self._keys = key_ring(settings, self._database)
        self._http = provider_session()
        self._tell = Heard()
        self._use_cases()
        self._entry_points()

    def _use_cases(self) -> None:
        self._register = DatabaseRegister(self._database)
        self._views = DatabaseViews(self._database, lambda: self._recording.copies.store_away)
        work = self._work = Work(self._register, self._clock, self._tell)
        self._recording = RecordingRoom(
            self._settings,
            work,
            register=self._register,
            views=self._views,
            database=self._database,
            keys=self._keys,
            http=self._http,
        )
        self._reception = Reception(work, self._views, new_id)
        self._pairing = Pairing(work)
        self._call = Call(work, self._texts, new_id)
        self._clips = Clips(work, self._views)
        self._identifying = identity.identifying(work, self._keys)
        self._archive = Archive(work, self._views, new_id)
        self._doorkeeper = Doorkeeper(work)
        self._side_rooms(work)
        self._reactions = Reactions(self._pairing, self._recording.recorder, self._recording.sealers)
        self._rounds = Rounds(
            self._views,
            self._pairing,
            reception=self._reception,
            call=self._call,
            recorder=self._recording.recorder,
            reactions=self._reactions,
            clock=self._clock,
        )

    def _side_rooms(self, work: Work) -> None:
        """What an attention has beside the call: papers, reviews, rights, and the ways of identification."""
        files, keys = self._recording.files, self._keys
        self._deliveries = DeliveryRoom(self._settings, work, database=self._database, keys=keys, pages=self._pages)
        self._archive_room = ArchiveRoom(
            self._settings,
            work,
            self._archive,
            views=self._views,
            files=files,
            database=self._database,
            keys=keys,
            authority=self._recording.authority,
        )
        self._rights_room = RightsRoom(
            self._settings, work, self._archive, files=files, database=self._database, keys=keys
        )
        self._demo_phone = demo_phone(self._settings, self._clock.now)
        self._phone = phone_identity(self._settings, work, self._keys, self._demo_phone)
        self._visual = VisualRoom(
            self._settings, work, self._phone, texts=self._texts, database=self._database, keys=keys
        )

    def _entry_points(self) -> None:
        self._server = new_server(self._settings.web.public_url)
        self._switch()
        self._announcer = Announcer(self._server, self._views, self._clock)
        self._visual_watch = self._visual.watch(self._is_whole)
        self._tell.listeners = [
            self._reactions,
            self._clips,
            self._announcer,
            self._archive_room.considering,
            self._visual_watch,
            self._deliveries.deliverer,
        ]
        self._sessions = DatabaseSessions(self._database)
        self._visitors = Visitors(self._sessions, self._clock, self._settings.web.public_url)
        live = LiveCalls(
            self._register, self._clock, views=self._views, switchboard=self._switchboard, reactions=self._reactions
        )
        self._sockets = Sockets(self._server, live)
        self._presence = Presence(self._register, self._clock, self._announcer, sockets=self._sockets)
        self._attendants(live)

    def _attendants(self, live: LiveCalls) -> None:
        """Who answers the pages and the workers."""
        register(
            self._server,
            CitizenAttendant(
                self._server,
                self._visitors,
                self._announcer,
                reception=self._reception,
                call=self._call,
                phone=self._phone,
                live=live,
                visual=self._visual.commands,
            ),
            desks=DeskAttendant(
                self._server,
                self._visitors,
                self._announcer,
                pairing=self._pairing,
                call=self._call,
                clips=self._clips,
                live=live,
                views=self._views,
                clock=self._clock,
                visual=self._visual.commands,
                identifying=self._identifying,
            ),
            workers=WorkerAttendant(self._secret, self._switchboard, self._recording.elsewhere),
        )

    def _switch(self) -> None:
        """The way of sound and picture: workers, and the relays to them."""
        self._workers = Workers(self._server)
        turn = TurnPasses(self._settings.turn.urls, self._settings.turn.secret, self._clock)
        self._switchboard = Switchboard(self._workers, CallPages(self._server, turn), self._reactions)
        self._local_workers = LocalWorkers(self._settings, self._secret, self._switchboard)
        self._reactions.attach(self._switchboard)

    def _is_whole(self, call: str) -> bool:
        """Whether both people are in the call, with sound and picture and with their page."""
        return self._switchboard.is_connected(call) and f"attention:{call}" in self._announcer.connected

    def application(self) -> web.Application:
        """Every route, behind the guard."""
        rendering = Rendering(self._pages, self._visitors)
        url = self._settings.web.public_url
        guard = Guard(rendering, public_url=url, form_targets=identity.issuers(self._settings))
        application = web.Application(client_max_size=65536, middlewares=[guard.middleware])
        application.on_response_prepare.append(guard.dress)
        for room in self._rooms(rendering):
            application.add_routes(room.routes())
        application.router.add_static("/static", web_folder() / "static", append_version=False)
        if self._settings.stand_in:
            standing = standin_app(identity.stand_in_settings(self._settings), now=self._clock.now)
            application.add_subapp(identity.STAND_IN, standing)
        self._server.attach(application)
        return application

    def _rooms(self, rendering: Rendering) -> tuple[Room, ...]:
        views, visitors, clock = self._views, self._visitors, self._clock
        return (
            CitizenPages(rendering, visitors, reception=self._reception, views=views, clock=clock),
            DeskPages(rendering, visitors, archive=self._archive, pairing=self._pairing, views=views, clock=clock),
            *self._archive_room.pages(rendering, visitors, copies=self._recording.copies),
            *self._deliveries.pages(rendering, visitors),
            *self._rights_room.pages(rendering, visitors),
            *settings_pages(
                rendering, visitors, work=self._work, archive=self._archive, database=self._database, texts=self._texts
            ),
            *self._visual.pages(rendering, visitors, self._archive),
            LoginPages(
                rendering,
                visitors,
                providers=identity.providers(self._settings, self._http, now=clock.now),
                sign_ins=DatabaseSignIns(self._database),
                sessions=self._sessions,
                doorkeeper=self._doorkeeper,
                identifying=self._identifying,
                views=self._views,
                sockets=self._sockets,
                clock=clock,
                public_url=self._settings.web.public_url,
                mapping=identity.claims_mapping(self._settings),
            ),
            *demo_pages(rendering, self._demo_phone),
            HealthPages(self._switchboard, self._lag.p99_ms, self._recording.copies, self._database.answers),
        )

    async def prepare(self) -> None:
        """Bring the tables to this version, open the keys, and set up the organisations and the texts."""
        await prepare(self._settings, self._database, self._keys, texts=self._texts)

    async def run(self, started: asyncio.Event) -> None:
        """Serve until cancelled; ``started`` is set when browsers are answered."""
        await self._rounds.after_restart()
        runner = Runner(self.application(), self._settings.web.public_url)
        try:
            await runner.listen(self._settings.web.host, self._settings.web.port)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._reactions.run())
                tasks.create_task(self._announcer.run())
                tasks.create_task(self._rounds.run())
                tasks.create_task(self._clips.run())
                tasks.create_task(self._workers.run())
                tasks.create_task(self._presence.run())
                tasks.create_task(forgetting(self._database, self._clock.now))
                tasks.create_task(self._visual_watch.run())
                self._recording.run(tasks, self._announcer.recorded_calls_changed)
                tasks.create_task(self._archive_room.run())
                tasks.create_task(self._deliveries.run())
                tasks.create_task(self._rights_room.run())
                tasks.create_task(self._lag.measure())
                tasks.create_task(self._local_workers.run())
                started.set()
        finally:
            await runner.cleanup()

    def replace_workers(self) -> None:
        """Let every media worker of this machine be replaced by a new one; the calls go on."""
        self._local_workers.replace()

    async def close(self) -> None:
        """Let everything go."""
        await self._http.close()
        await self._database.close()
