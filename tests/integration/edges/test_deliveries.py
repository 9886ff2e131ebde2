"""Papers of a call at the service's own edge: whose they are, what is refused, what no address ever has."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from aiohttp import FormData

from tests.integration.edges.callers import Answer, Caller
from tests.integration.edges.talking import Talk, talking

if TYPE_CHECKING:
    from tests.story.running import RunningService

PDF = b"%PDF-1.7\n" + b"el contracte " * 50
TOO_LARGE = b"%PDF-" + bytes(10 * 1024 * 1024)


async def hand_over(caller: Caller, path: str, data: bytes, *, csrf: str, name: str = "x.pdf") -> Answer:
    form = FormData()
    form.add_field("csrf", csrf)
    form.add_field("file", BytesIO(data), filename=name, content_type="text/html")
    return await caller.request("POST", path, data=form)


async def handed_over(talk: Talk) -> tuple[str, str]:
    """The citizen hands over a file; its id and the session's token against forgery."""
    csrf = (await talk.citizen.get("/attention")).csrf
    answer = await hand_over(talk.citizen, "/attention/papers", PDF, csrf=csrf)
    assert (answer.status, answer.text) == (200, '{"ok": true}')
    view = await talk.citizen_page.pushed("citizen_changed", lambda push: push["view"]["deliveries"])
    return view["view"]["deliveries"][-1]["id"], csrf


async def test_a_file_is_for_the_two_sides_and_is_never_shown_here(service: RunningService) -> None:
    async with talking(service) as talk, Caller(service.url) as stranger, Caller(service.url) as colleague:
        paper, csrf = await handed_over(talk)
        await talk.desk.pushed("desk_changed", lambda push: push["view"]["attended"]["deliveries"])
        mine, theirs = f"/attention/papers/{paper}", f"/desk/papers/{talk.attention}/{paper}"
        for caller, path in ((talk.citizen, mine), (talk.informer, theirs)):
            answer = await caller.get(path)
            assert (answer.status, answer.body) == (200, PDF)
            assert answer.headers["Content-Disposition"].startswith("attachment; ")
            assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
        await stranger.take_turn()
        await colleague.sign_in("staff-joan")
        for caller, path, status in (
            (stranger, mine, 404),
            (stranger, f"/receipt/papers/{paper}", 404),
            (stranger, theirs, 401),
            (colleague, theirs, 404),
            (talk.citizen, "/attention/papers/nothing", 404),
            (talk.citizen, f"/receipt/papers/{paper}", 404),
            (talk.citizen, theirs, 401),
        ):
            assert (await caller.get(path)).status == status, path
        refused = await hand_over(colleague, f"/desk/papers/{talk.attention}", PDF, csrf=csrf)
        assert refused.status == 400  # another session's token
        await talk.end()
        assert (await hand_over(talk.citizen, "/attention/papers", PDF, csrf=csrf)).status == 409


async def test_what_is_no_paper_is_refused(service: RunningService) -> None:
    async with talking(service) as talk:
        csrf = (await talk.citizen.get("/attention")).csrf
        for data, code in ((b"<script>", "document_kind"), (b"", "document_kind"), (TOO_LARGE, "document_too_large")):
            answer = await hand_over(talk.citizen, "/attention/papers", data, csrf=csrf)
            assert (answer.status, code in answer.text) == (409, True), answer.text
        assert (await hand_over(talk.citizen, "/attention/papers", PDF, csrf="forged")).status == 400
        assert (await talk.citizen.post("/attention/papers", {"csrf": csrf, "file": "x"})).status == 400
        forged = await talk.citizen.request("POST", "/attention/papers", headers={"Origin": "https://elsewhere"})
        assert forged.status == 403
        named = await hand_over(talk.citizen, "/attention/papers", PDF, csrf=csrf, name='../"<b>.html')
        assert named.status == 200
        view = await talk.citizen_page.pushed("citizen_changed", lambda push: push["view"]["deliveries"])
        assert re.fullmatch(r"[\w ]+\.pdf", view["view"]["deliveries"][0]["name"])
        await talk.end()


async def test_a_link_never_stands_in_an_address_and_wrong_ones_are_all_alike(service: RunningService) -> None:
    async with talking(service) as talk, Caller(service.url) as later, Caller(service.url) as stranger:
        csrf = (await talk.citizen.get("/attention")).csrf
        await talk.end()
        page = await talk.citizen.post("/attention/receipt-link", {"csrf": csrf, "from": "goodbye"})
        token, pin = re.search(r"/receipt#([\w-]{22})", page.text), re.search(r">([2-9A-Z]{4}-[2-9A-Z]{4})<", page.text)
        assert token
        assert pin
        assert (await later.get("/receipt")).status == 200
        opened = await later.post("/receipt", {"token": token[1], "pin": pin[1]})
        assert (opened.status, opened.location) == (303, "/receipt")
        papers = await later.get("/receipt")
        assert talk.attention in papers.text
        for form, begins in (("pdf", b"%PDF-"), ("json", b'{"attention"'), ("jws", b"eyJ")):
            assert (await later.get(f"/receipt/receipt.{form}")).body.startswith(begins)
        for sent in ({"csrf": "forged", "consent": "c", "sure": "yes"}, {"consent": "c", "sure": "yes"}):
            assert (await later.post("/receipt/withdrawals", sent)).status == 400
        unknown = {"csrf": papers.csrf, "consent": "nothing"}
        assert (await later.post("/receipt/withdrawals", unknown)).status == 303  # they are not sure
        assert (await later.post("/receipt/withdrawals", unknown | {"sure": "yes"})).status == 409
        # that session reads and takes back, and does nothing else
        assert "__Host-citizen" not in later.cookies
        later.cookies["__Host-citizen"] = later.cookies["__Host-receipt"]
        assert (await later.get("/attention")).status == 404
        wrong = [
            await stranger.post("/receipt", {"token": said, "pin": typed})
            for said, typed in ((token[1], "AAAA-AAAA"), ("A" * 22, pin[1]), ("A" * 22, "AAAA-AAAA"))
        ]
        assert {answer.status for answer in wrong} == {403}
        told = {re.sub(r'value="[^"]*"', "", answer.text) for answer in wrong}
        assert len(told) == 1
        # what cannot be one is told at its field, of a link that is there and of one that is not alike
        for said, typed, field in (("", "", "token"), (token[1], "AAAA-AAA0", "pin"), ("A" * 22, "AAAA-AAA0", "pin")):
            misspelt = await stranger.post("/receipt", {"token": said, "pin": typed, "tried": "4"})
            assert (misspelt.status, f'id="{field}-fault"' in misspelt.text) == (422, True)
            assert 'name="tried" value="4"' in misspelt.text
        for counted, then in (("3", "4"), ("4", "5"), ("5", "6"), ("6", "6"), ("777", "1"), ("-1", "1")):
            refused = await stranger.post("/receipt", {"token": "A" * 22, "pin": "AAAA-AAAA", "tried": counted})
            assert (refused.status, f'name="tried" value="{then}"' in refused.text) == (403, True)
        assert (await stranger.get("/receipt/receipt.pdf")).status == 404
        left = await later.post("/receipt/leave", {"csrf": papers.csrf})
        assert left.status == 303
        later.cookies.pop("__Host-citizen", None)
        assert (await later.get("/receipt/receipt.pdf")).status == 404
        assert token[1] not in service.log
        assert pin[1] not in service.log


async def test_on_a_shared_browser_nobody_is_given_the_receipt_of_another(service: RunningService) -> None:
    async with talking(service) as talk:
        csrf = (await talk.citizen.get("/attention")).csrf
        await talk.end()
        page = await talk.citizen.post("/attention/receipt-link", {"csrf": csrf, "from": "goodbye"})
        token, pin = re.search(r"/receipt#([\w-]{22})", page.text), re.search(r">([2-9A-Z]{4}-[2-9A-Z]{4})<", page.text)
        assert token
        assert pin
        first = talk.attention
    async with Caller(service.url) as other:
        await other.post("/receipt", {"token": token[1], "pin": pin[1]})
        assert first in (await other.get("/receipt/receipt.json")).text
        assert (await other.get("/attention/receipt.json")).status == 404
        await other.take_turn()  # somebody else sits down before the same browser
        assert (await other.get("/receipt/receipt.json")).status == 404
        assert first not in (await other.get("/receipt")).text
