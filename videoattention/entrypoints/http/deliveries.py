"""Files that change hands: handed over in the call by either side, downloaded by the two of them and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from videoattention.domain.deliveries import LARGEST
from videoattention.domain.errors import StepRefused
from videoattention.domain.people import Side
from videoattention.entrypoints.http.signed_in import still_signed_in
from videoattention.entrypoints.visitors import is_genuine
from videoattention.services.deliveries import Handed
from videoattention.services.ports import NotFound
from videoattention.services.work import Acting, acting_as

if TYPE_CHECKING:
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.deliveries import Handing
    from videoattention.services.receipts import Receipts
    from videoattention.services.sessions import Session

_ID: Final = "[A-Za-z0-9_-]{1,64}"
_LONGEST_FIELD: Final = 256
_MOST_FIELDS: Final = 4


class DeliveryPages:
    """Routes of files that change hands."""

    def __init__(self, visitors: Visitors, *, handing: Handing, receipts: Receipts) -> None:
        self._visitors = visitors
        self._handing = handing
        self._receipts = receipts

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.post("/attention/papers", self.citizen_hands_over),
            web.get(f"/attention/papers/{{delivery:{_ID}}}", self.for_citizen),
            web.get(f"/receipt/papers/{{delivery:{_ID}}}", self.for_reader),
            web.post(f"/desk/papers/{{attention:{_ID}}}", self.informer_hands_over),
            web.get(f"/desk/papers/{{attention:{_ID}}}/{{delivery:{_ID}}}", self.for_informer),
        ]

    async def citizen_hands_over(self, request: web.Request) -> web.Response:
        """The citizen gives the informer a file."""
        session = await self._visitors.citizen(request)
        if session is None or not session.attention:
            raise NotFound("this browser has no attention")
        acting = Acting(session.organisation, "citizen")
        return await self._hand_over(request, session, acting, side=Side.CITIZEN, attention=session.attention)

    async def informer_hands_over(self, request: web.Request) -> web.Response:
        """The informer gives the citizen a file."""
        session, person = await still_signed_in(request, self._visitors)
        acting = acting_as("informer", person)
        attention = request.match_info["attention"]
        return await self._hand_over(request, session, acting, side=Side.INFORMER, attention=attention)

    async def _hand_over(
        self, request: web.Request, session: Session, acting: Acting, *, side: Side, attention: str
    ) -> web.Response:
        try:
            await self._handing.hand_over(acting, attention, side, await _file(request, session))
        except StepRefused as refused:
            return web.json_response({"ok": False, "code": refused.code}, status=409)
        return web.json_response({"ok": True})

    async def for_citizen(self, request: web.Request) -> web.Response:
        """A file of the attention that this browser began."""
        session = await self._visitors.citizen(request)
        return await self._for(session, request.match_info["delivery"])

    async def for_reader(self, request: web.Request) -> web.Response:
        """A file of the attention whose papers are open in this browser."""
        return await self._for(await self._visitors.receipt(request), request.match_info["delivery"])

    async def for_informer(self, request: web.Request) -> web.Response:
        """A file of an attention, for its informer, until its outcome is written."""
        _, person = await still_signed_in(request, self._visitors)
        attention = request.match_info["attention"]
        if not await self._handing.informs(person.organisation, person.subject, attention):
            raise NotFound("another informer attends, or nobody")
        delivery, data = await self._receipts.read(person.organisation, attention, request.match_info["delivery"])
        if not delivery.is_shared:
            raise NotFound("receipts are the citizen's")
        return attached(data, delivery.name, delivery.media_type)

    async def _for(self, session: Session | None, delivery: str) -> web.Response:
        if session is None or not session.attention:
            raise NotFound("no papers are open in this browser")
        found, data = await self._receipts.read(session.organisation, session.attention, delivery)
        return attached(data, found.name, found.media_type)


def attached(data: bytes, name: str, media_type: str) -> web.Response:
    """A file to be saved and never shown on this service's own origin."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " -_.,()") else "_" for c in name)
    return web.Response(
        body=data,
        content_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


async def _file(request: web.Request, session: Session) -> Handed:
    """The file of a genuine form; read piece by piece, so that nobody makes the service hold more than one may have."""
    if not request.content_type.startswith("multipart/form-data"):
        raise web.HTTPBadRequest
    try:
        reader, genuine = await request.multipart(), False
        for _ in range(_MOST_FIELDS):
            part = await reader.next()
            if not isinstance(part, BodyPartReader):
                break
            if part.name == "csrf":
                genuine = is_genuine(session, (await _read(part, _LONGEST_FIELD)).decode(errors="replace"))
            elif part.name == "file" and genuine:
                return Handed(part.filename or "", await _read(part, LARGEST))
    except (ValueError, RuntimeError):  # what is no form
        raise web.HTTPBadRequest from None
    raise web.HTTPBadRequest


async def _read(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while piece := await part.read_chunk():
        data += piece
        if len(data) > most:
            raise StepRefused("document_too_large", f"a file has at most {most} bytes")
    return bytes(data)
