"""What a citizen takes home: the page of an attention's papers, and the link and PIN that lead to it later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.domain.deliveries import TRIES
from videoattention.domain.errors import StepRefused
from videoattention.domain.rights import GROUNDS, Right
from videoattention.entrypoints.http.deliveries import attached
from videoattention.entrypoints.http.faults import NO_FAULT, Fault
from videoattention.entrypoints.http.forms import fields, posted
from videoattention.entrypoints.visitors import RECEIPT
from videoattention.services.ports import NotFound
from videoattention.services.receipt_links import LinkRefused, may_be_pin, may_be_token
from videoattention.services.receipts import told_by

if TYPE_CHECKING:
    from videoattention.domain.accounts import Account
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Opened, Visitors
    from videoattention.services.delivery_ports import Accounts
    from videoattention.services.receipt_links import Links
    from videoattention.services.receipts import Receipts
    from videoattention.services.rights_ports import KeptRights
    from videoattention.services.sessions import Session
    from videoattention.services.withdrawing import Withdrawing


_FIGURES: Final = 2
"""Of the page's own count of refusals, at most."""


class ReceiptPages:
    """Routes of receipts."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        links: Links,
        receipts: Receipts,
        accounts: Accounts,
        rights: KeptRights,
        withdrawing: Withdrawing,
        public_url: str,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._links = links
        self._receipts = receipts
        self._accounts = accounts
        self._rights = rights
        self._withdrawing = withdrawing
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/receipt", self.show),
            web.post("/receipt", self.open),
            web.post("/receipt/leave", self.leave),
            web.post("/receipt/withdrawals", self.withdraw),
            web.get("/receipt/receipt.{form:pdf|json|jws}", self.for_reader),
            web.get("/attention/receipt.{form:pdf|json|jws}", self.for_citizen),
            web.get("/receipt/key.pem", self.key_for_reader),
            web.get("/attention/key.pem", self.key_for_citizen),
            web.post("/attention/receipt-link", self.make_link),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The papers of the attention whose link was opened with this browser, else the form that opens one."""
        session = await self._visitors.receipt(request)
        if session is None:  # also the citizen's own browser: the link opens beside the call, not instead of it
            return self._form(request, NO_FAULT)
        account = await self._account(request, session)
        return self._rendering.page(
            request,
            "receipts/papers.html",
            account=account,
            csrf=session.csrf,
            requests=await self._rights.requests_of(session.organisation, session.attention),
            keeping=await self._rights.keeping_of(session.organisation, session.attention),
            link_given=max((fact.at for fact in account.told if fact.kind == "ReceiptLinkGiven"), default=None),
            laws=GROUNDS,
            rights=tuple(Right),
        )

    async def _account(self, request: web.Request, session: Session) -> Account:
        language = self._rendering.language(request)
        account = await self._accounts.of(session.organisation, session.attention, language)
        if account is None:
            raise NotFound("no such attention")
        return account

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Exchange token and PIN for a session; whatever is wrong of a link, the answer is the same.

        What no link and no PIN can look like is told at its field, and is no try: nothing of a link is looked at.
        """
        said = await posted(request, "token", "pin", optional=("tried",))
        token = said["token"].strip()
        field = "token" if not may_be_token(token) else "" if may_be_pin(said["pin"]) else "pin"
        if field:
            return self._form(request, Fault("open", field, f"{field}_misspelt", said), status=422)
        try:
            opened = await self._opened_by(token, said["pin"])
        except LinkRefused:
            return self._form(request, Fault("open", "", "link_refused", said), status=403)
        answer = web.HTTPSeeOther("/receipt")
        before = await self._visitors.receipt(request)
        if before is not None:
            await self._visitors.close(before)
        opened.give_to(answer)
        return answer

    def _form(self, request: web.Request, fault: Fault, *, status: int = 200) -> web.Response:
        """The form that opens papers; how often it was refused is what its own page counted, not what a link says."""
        said = fault.said
        counted = said.get("tried", "")
        before = min(int(counted), TRIES) if counted.isdecimal() and len(counted) <= _FIGURES else 0
        return self._rendering.page(
            request,
            "receipts/open.html",
            status=status,
            fault=fault,
            token=said.get("token", "")[:64],
            tried=before + (fault.code == LinkRefused.code),
            most=TRIES,
        )

    async def _opened_by(self, token: str, pin: str) -> Opened:
        """A session that the link opens; an officer who gave another link meanwhile may not have found it to close."""
        organisation, attention = await self._links.open(token, pin)
        opened = await self._visitors.open(RECEIPT, organisation=organisation, attention=attention)
        if not await self._links.leads(token):
            await self._visitors.close(opened.session)
            raise LinkRefused
        return opened

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Close the papers on this browser."""
        session = await self._visitors.receipt(request)
        await fields(request, session)
        if session is not None:
            await self._visitors.close(session)
        answer = web.HTTPSeeOther("/receipt")
        self._visitors.take_back(answer, RECEIPT)
        return answer

    async def withdraw(self, request: web.Request) -> web.StreamResponse:
        """Take back a consent of the attention whose link was opened, if they say that they are sure."""
        session = await self._visitors.receipt(request)
        said = await fields(request, session, "consent", optional=("sure",))
        opened = _opened(session)
        if said["sure"] == "yes":
            try:
                await self._withdrawing.withdraw(opened.organisation, opened.attention, said["consent"])
            except StepRefused as refused:
                return self._rendering.notice(request, refused.code, status=409)
        return web.HTTPSeeOther("/receipt#consents-title")

    async def for_reader(self, request: web.Request) -> web.Response:
        """The receipt of the attention whose link was opened with this browser."""
        return await self._receipt(_opened(await self._visitors.receipt(request)), request.match_info["form"])

    async def for_citizen(self, request: web.Request) -> web.Response:
        """The receipt of the attention that this browser began."""
        return await self._receipt(_opened(await self._visitors.citizen(request)), request.match_info["form"])

    async def _receipt(self, session: Session, form: str) -> web.Response:
        """The receipt as it stands now: to read, as it was signed, or what was signed."""
        kept = await self._receipts.current(session.organisation, session.attention)
        wanted = kept.pdf if form == "pdf" else kept.signed
        found, data = await self._receipts.read(session.organisation, session.attention, wanted)
        if form == "json":
            return attached(told_by(data), found.name.replace(".jws", ".json"), "application/json")
        return attached(data, found.name, found.media_type)

    async def key_for_reader(self, request: web.Request) -> web.Response:
        """The key of the receipt whose link was opened with this browser."""
        return await self._key(_opened(await self._visitors.receipt(request)))

    async def key_for_citizen(self, request: web.Request) -> web.Response:
        """The key of the receipt of the attention that this browser began."""
        return await self._key(_opened(await self._visitors.citizen(request)))

    async def _key(self, session: Session) -> web.Response:
        """The public half of the key that signed the receipt, PEM."""
        kept = await self._receipts.current(session.organisation, session.attention)
        _, jws = await self._receipts.read(session.organisation, session.attention, kept.signed)
        pem = await self._receipts.public_key(session.organisation, jws)
        return attached(pem, "key.pem", "application/x-pem-file")

    async def make_link(self, request: web.Request) -> web.Response:
        """A link and a PIN for the citizen, shown this once."""
        session = await self._visitors.citizen(request)
        said = await fields(request, session, "from")
        if session is None or not session.attention:
            raise NotFound("this browser has no attention")
        link = await self._links.make(session.organisation, session.attention)
        if await self._visitors.citizen(request) is None:  # an officer gave a link meanwhile, and closed this browser
            raise NotFound("this browser has no attention any more")
        address = f"{self._public_url}/receipt#{link.token}"
        in_call = said["from"] == "call"
        return self._rendering.page(request, "receipts/link.html", link=link, address=address, in_call=in_call)


def _opened(session: Session | None) -> Session:
    if session is None or not session.attention:
        raise NotFound("no papers are open in this browser")
    return session
