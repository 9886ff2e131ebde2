"""One namespace: who may connect, what they may say, and one acknowledgement for each message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import socketio
import structlog

from videoattention.entrypoints.allowances import Allowance, Pace
from videoattention.entrypoints.signalling.commands import Speaker
from videoattention.entrypoints.signalling.errors import DONE, REFUSALS, refusal
from videoattention.entrypoints.signalling.messages import Vocabulary, to_wire
from videoattention.entrypoints.signalling.protocol import SessionEnded
from videoattention.entrypoints.signalling.threshold import admitted

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    from aiohttp import web

_log = structlog.get_logger()

PeerT = TypeVar("PeerT")

_ALLOWANCE = "videoattention.allowance:"


PAGES = Pace(60, 20.0)
WORKERS = Pace(20_000, 5_000.0)
"""A worker tells of hundreds of calls, and each report counts."""


class Attendant(Protocol[PeerT]):
    """Who answers on a namespace."""

    async def admit(self, sid: str, request: web.Request, auth: Mapping[str, object]) -> PeerT | None:
        """Who connects, or ``None`` to refuse."""

    async def arrived(self, peer: PeerT) -> None:
        """The peer is connected; it can be told things from now on."""

    async def holds(self, peer: PeerT) -> bool:
        """Whether what let the peer in still lets it in."""

    async def heard(self, peer: PeerT, message: object) -> Mapping[str, object] | None:
        """Do what a message asks; raises one of `REFUSALS`. ``None`` acknowledges."""

    async def gone(self, peer: PeerT) -> None:
        """The connection ended; may be called twice."""


class Channel(socketio.AsyncNamespace, Generic[PeerT]):  # type: ignore[misc]  # the library has no types
    """A namespace of Socket.IO that understands one vocabulary and refuses everything else."""

    def __init__(
        self,
        namespace: str,
        messages: Sequence[type],
        attendant: Attendant[PeerT],
        *,
        pace: Pace = PAGES,
        cookie: str = "",
    ) -> None:
        super().__init__(namespace)
        self._vocabulary = Vocabulary(messages)
        self._attendant = attendant
        self._pace = pace
        self._cookie = cookie
        self._peers: dict[str, PeerT] = {}
        self._speakers: dict[str, Speaker] = {}
        self._allowances: dict[str, Allowance] = {}

    async def trigger_event(self, event: str, *args: Any) -> Any:  # noqa: ANN401 - the library's signature
        """Every event of the namespace comes through here."""
        if event == "connect":
            return await self._connect(*args)
        if event == "disconnect":
            return await self._disconnect(args[0])
        return await self._hear(event, *args)

    async def _connect(self, sid: str, environ: MutableMapping[str, Any], auth: object = None) -> None:
        # one allowance for the whole connection: who leaves and comes back begins no new one
        allowance: Allowance = environ.setdefault(_ALLOWANCE + self.namespace, Allowance(self._pace))
        said = auth if isinstance(auth, dict) else {}
        peer = await self._attendant.admit(sid, environ["aiohttp.request"], said) if allowance.take() else None
        if peer is None:
            raise socketio.exceptions.ConnectionRefusedError("refused")
        self._peers[sid] = peer
        self._allowances[sid] = allowance
        self._speakers[sid] = Speaker(environ["aiohttp.request"], self._cookie)
        admitted(environ)
        await self._attendant.arrived(peer)
        if not await self._attendant.holds(peer):  # a sign-out that came in between found no socket to close
            await self._disconnect(sid)
            raise socketio.exceptions.ConnectionRefusedError("refused")

    async def _disconnect(self, sid: str) -> None:
        self._allowances.pop(sid, None)
        self._speakers.pop(sid, None)
        peer = self._peers.pop(sid, None)
        if peer is not None:
            await self._attendant.gone(peer)

    async def _hear(self, event: str, sid: str, *args: object) -> Mapping[str, object]:
        peer, allowance, speaker = self._peers.get(sid), self._allowances.get(sid), self._speakers.get(sid)
        if peer is None or allowance is None or speaker is None:
            return refusal("not_connected")
        if not allowance.take():
            return refusal("too_many")
        try:
            message = self._vocabulary.parse(event, args[0] if len(args) == 1 else None)
            if not await self._attendant.holds(peer):
                return await self._let_go(sid)
            return await self._attendant.heard(peer, speaker.own(message)) or DONE
        except REFUSALS as refused:
            return refusal(refused.code)
        except Exception:  # noqa: BLE001 - whatever went wrong, the page gets an answer and the others go on
            _log.exception("message_failed", namespace=self.namespace)
            return refusal("failed")

    async def let_go_of_ended(self) -> None:
        """Let every peer go that nothing lets in any more, also one that says nothing."""
        for sid, peer in list(self._peers.items()):
            if not await self._attendant.holds(peer):
                await self._let_go(sid)

    async def _let_go(self, sid: str) -> Mapping[str, object]:
        """The session ran out: its page is told nothing more."""
        name, payload = to_wire(SessionEnded("expired"))
        await self.emit(name, payload, to=sid)
        await self.disconnect(sid)
        return refusal("session_ended")
