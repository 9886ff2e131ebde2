"""Janus under load: Debian's package on loopback, driven over its WebSocket API.

Relay is its videocall plugin (two people through the server, as ours), relay and recording the same with ``record``
set; recording alone is its recordplay plugin. Only these plugins and the WebSocket transport are loaded. It writes
plain ``.mjr`` files: nothing is encrypted, sealed or made a container.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import shutil
import socket
from typing import TYPE_CHECKING, Any

import aiohttp

from benchmarks.media.participant import Participant
from benchmarks.media.processes import pin, weigh
from videoattention.adapters.media.addresses import advertised_by_default

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.media.clip import Clip

_LIBRARIES = "/usr/lib/x86_64-linux-gnu/janus"
_PLUGINS = (
    *("audiobridge", "duktape", "echotest", "lua", "nosip"),
    *("sip", "streaming", "textroom", "videoroom", "voicemail"),
)
_TRANSPORTS = ("http", "mqtt", "nanomsg", "pfunix", "rabbitmq")
_WITHIN = 20.0
_AT_ONCE = 4
_RAMP = 1.0
_MOST_MESSAGE = 1 << 20
_SETTINGS = """\
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{libraries}/plugins"
  transports_folder = "{libraries}/transports"
  events_folder = "{folder}/none"
  loggers_folder = "{folder}/none"
  debug_level = 2
  session_timeout = 0
}}
nat: {{
  ice_lite = true
  full_trickle = false
}}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""


def installed() -> bool:
    """Whether there is a Janus to compare with."""
    return shutil.which("janus") is not None


class JanusRefused(RuntimeError):
    """It answered with an error."""


class JanusServer:
    """The process, and a WebSocket to it with one session."""

    def __init__(self, folder: Path, *, core: int | None = None) -> None:
        self.recordings = folder / "recordings"
        self._folder = folder
        self._core = core
        self.host = advertised_by_default("0.0.0.0")[0]  # noqa: S104 - any; it takes no candidates of loopback
        self._port = _free_port()
        self._waiting: list[tuple[Callable[[dict[str, Any]], bool], asyncio.Future[dict[str, Any]]]] = []

    async def start(self) -> None:
        """Start it and open a session; raises `TimeoutError` if it does not come up."""
        self.recordings.mkdir(parents=True)
        self._write_settings()
        self._process = await asyncio.create_subprocess_exec(
            "janus",
            f"--configs-folder={self._folder}",
            f"--config={self._folder}/janus.jcfg",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        weigh(self.pid)
        self._http = aiohttp.ClientSession()
        async with asyncio.timeout(_WITHIN):
            self._socket = await self._connected()
        self._reading = asyncio.create_task(self._read())
        self._session = (await self._ask({"janus": "create"}))["data"]["id"]
        self._keeping = asyncio.create_task(self._keep_alive())

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def pin(self) -> None:
        """Keep it on its core; its threads take it over from the one that makes them."""
        pin(self.pid, self._core)

    async def stop(self) -> None:
        """End it and wait for its end."""
        for task in (self._keeping, self._reading):
            task.cancel()
        await self._socket.close()
        await self._http.close()
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def attach(self, plugin: str) -> int:
        """A handle of a plugin."""
        answer = await self._ask({"janus": "attach", "session_id": self._session, "plugin": f"janus.plugin.{plugin}"})
        return int(answer["data"]["id"])

    async def message(
        self, handle: int, body: dict[str, Any], *, offer: str = "", answer: str = ""
    ) -> tuple[dict[str, Any], str]:
        """Say something to a plugin; gives what it answers and a session description, if one came."""
        request = {"janus": "message", "session_id": self._session, "handle_id": handle, "body": body}
        if offer or answer:
            request["jsep"] = {"type": "offer" if offer else "answer", "sdp": offer or answer}
        return _of_plugin(await self._ask(request))

    async def event(self, handle: int, name: str) -> tuple[dict[str, Any], str]:
        """Wait for the next event of this name; ask before doing what brings it."""

        def holds(message: dict[str, Any]) -> bool:
            result = message.get("plugindata", {}).get("data", {}).get("result", {})
            return message.get("sender") == handle and result.get("event") == name

        return _of_plugin(await self._await(holds))

    async def _connected(self) -> aiohttp.ClientWebSocketResponse:
        while True:
            try:
                return await self._http.ws_connect(
                    f"ws://127.0.0.1:{self._port}", protocols=["janus-protocol"], max_msg_size=_MOST_MESSAGE
                )
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)

    async def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        request["transaction"] = transaction = secrets.token_hex(6)
        answer = asyncio.ensure_future(
            self._await(lambda m: m.get("transaction") == transaction and m.get("janus") != "ack")
        )
        await asyncio.sleep(0)
        await self._socket.send_json(request)
        return await answer

    async def _await(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        wanted: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append((holds, wanted))
        return await asyncio.wait_for(wanted, _WITHIN)

    async def _read(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame.data)
            for entry in list(self._waiting):
                holds, wanted = entry
                if not wanted.done() and holds(message):
                    wanted.set_result(message)
                if wanted.done():
                    self._waiting.remove(entry)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(20)
            await self._socket.send_json({"janus": "keepalive", "session_id": self._session, "transaction": "keep"})

    def _write_settings(self) -> None:
        plugins = ",".join(f"libjanus_{name}.so" for name in _PLUGINS)
        transports = ",".join(f"libjanus_{name}.so" for name in _TRANSPORTS)
        settings = {
            "janus.jcfg": _SETTINGS.format(
                folder=self._folder, libraries=_LIBRARIES, plugins=plugins, transports=transports
            ),
            "janus.transport.websockets.jcfg": (
                f'general: {{ json = "compact" ws = true ws_port = {self._port} ws_ip = "127.0.0.1" }}\n'
            ),
            "janus.plugin.recordplay.jcfg": f'general: {{ path = "{self.recordings}" }}\n',
            "janus.plugin.videocall.jcfg": "general: { events = false }\n",
        }
        for name, text in settings.items():
            (self._folder / name).write_text(text)


class JanusCalls:
    """``senders`` participants in pairs of the videocall plugin; as `OurCalls`, one alone has a silent other end."""

    def __init__(self, server: JanusServer, clip: Clip, senders: int) -> None:
        self.people = [Participant(clip, host=server.host) for _ in range(max(senders, 2))]
        self.senders = self.people[:senders]
        self._server = server
        self._handles: dict[Participant, int] = {}

    async def connect(self) -> None:
        """Bring all in, a few at once."""
        free = asyncio.Semaphore(_AT_ONCE)

        async def pair(caller: Participant, callee: Participant) -> None:
            async with free:
                await self._call(caller, callee)

        await asyncio.gather(*[pair(*self.people[n : n + 2]) for n in range(0, len(self.people), 2)])

    async def record(self) -> None:
        """Record every sender, one after the other within a second."""
        for person in self.senders:
            path = str(self._server.recordings / f"call-{secrets.token_hex(6)}")
            await self._server.message(self._handles[person], {"request": "set", "record": True, "filename": path})
            await asyncio.sleep(_RAMP / len(self.senders))

    async def stop_recording(self) -> None:
        """Close the files."""
        for person in self.senders:
            await self._server.message(self._handles[person], {"request": "set", "record": False})

    async def close(self) -> None:
        """Everybody leaves."""
        await _leave(self.people)

    async def _call(self, caller: Participant, callee: Participant) -> None:
        server, names = self._server, {}
        for person in (caller, callee):
            self._handles[person] = await server.attach("videocall")
            names[person] = secrets.token_hex(6)
            await server.message(self._handles[person], {"request": "register", "username": names[person]})
        incoming = asyncio.ensure_future(server.event(self._handles[callee], "incomingcall"))
        accepted = asyncio.ensure_future(server.event(self._handles[caller], "accepted"))
        await asyncio.sleep(0)
        await server.message(
            self._handles[caller], {"request": "call", "username": names[callee]}, offer=caller.offer()
        )
        _, offer = await incoming
        await server.message(self._handles[callee], {"request": "accept"}, answer=callee.answer(offer))
        _, answer = await accepted
        await asyncio.gather(caller.connect(answer), callee.connect(offer))
        caller.listens_to(callee)
        callee.listens_to(caller)


class JanusRecorders:
    """``senders`` participants, each of which Janus records and sends to nobody."""

    def __init__(self, server: JanusServer, clip: Clip, senders: int) -> None:
        self.people = self.senders = [Participant(clip, host=server.host) for _ in range(senders)]
        self._server = server
        self._handles: dict[Participant, int] = {}

    async def connect(self) -> None:
        """Bring all in; they are recorded from then on."""
        for person in self.people:
            self._handles[person] = handle = await self._server.attach("recordplay")
            body = {"request": "record", "name": "load", "filename": f"alone-{secrets.token_hex(6)}"}
            _, answer = await self._server.message(handle, body, offer=person.offer())
            await person.connect(answer)

    async def stop_recording(self) -> None:
        """Close the files."""
        for person in self.people:
            await self._server.message(self._handles[person], {"request": "stop"})

    async def close(self) -> None:
        """Everybody leaves."""
        await _leave(self.people)


async def _leave(people: list[Participant]) -> None:
    for person in people:
        with contextlib.suppress(ConnectionError):
            await person.close()


def _of_plugin(message: dict[str, Any]) -> tuple[dict[str, Any], str]:
    data = message.get("plugindata", {}).get("data", {})
    if message.get("janus") == "error" or "error" in data:
        raise JanusRefused(str(message.get("error") or data.get("error")))
    return data, message.get("jsep", {}).get("sdp", "")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
