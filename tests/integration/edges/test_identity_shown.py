"""Who the citizen is: masked on every page, whole for a moment to who attends; and sign-ins that lead back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from yarl import URL

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.integration.edges.talking import talking

if TYPE_CHECKING:
    from tests.story.running import RunningService

NUMBER = "00000014Z"


async def test_the_number_is_whole_for_who_attends_and_the_journal_tells(service: RunningService) -> None:
    async with talking(service) as talk, Caller(service.url) as colleague:
        asked = {"attention": talk.attention}
        assert await talk.desk.ask("reveal_identity", asked) == {"ok": False, "code": "not_identified"}
        await talk.ask_to_identify()
        assert (await talk.citizen.identify()).status == 200
        before = ledger.heads(service)["gencat-demo"]
        assert await talk.desk.ask("reveal_identity", asked) == {"ok": True, "document": NUMBER, "seconds": 30}
        told = ledger.facts_since(service, before, "gencat-demo")
        # receipts of calls that are over are signed in their own time
        revealed = [(kind, actor) for kind, actor, _ in told if kind != "ReceiptSigned"]
        assert revealed == [("IdentityRevealed", "informer:staff-marta")]
        await colleague.sign_in("staff-joan")
        async with Socket(service.url, "/desk", colleague.identity) as other:
            assert await other.ask("reveal_identity", asked) == {"ok": False, "code": "not_yours"}
        assert await talk.citizen_page.ask("reveal_identity", asked) == {"ok": False, "code": "unknown_message"}
        after = ledger.facts_since(service, before, "gencat-demo")
        assert [kind for kind, _, _ in after].count("IdentityRevealed") == 1


async def test_the_end_of_the_login_says_how_sure_it_is_and_what_is_needed(service: RunningService) -> None:
    async with talking(service) as talk, Caller(service.url) as stranger:
        ended = "/attention/identified?lang=en"
        for nobody in (stranger, talk.citizen):
            assert 'data-identified="no"' in (await nobody.get(ended)).text
        await talk.ask_to_identify()
        for low in (True, False):
            if not low:
                await talk.done(talk.desk, "ask_identification", attention=talk.attention, way="electronic")
            assert (await talk.citizen.identify(assurance="low" if low else "high")).status == 200
            page = " ".join((await talk.citizen.get(ended)).text.split())
            assert (f'data-identified="{"too_low" if low else "yes"}"') in page
            assert ("gives low assurance" in page, "needs substantial assurance or more" in page) == (low, low)
            assert ("Close this window and go back to the call, which goes on." in page) == low
            assert ("Assurance: high" in page) == (not low)


async def test_no_page_is_sent_the_whole_number(service: RunningService) -> None:
    async with talking(service) as talk:
        await talk.ask_to_identify()
        assert (await talk.citizen.identify()).status == 200
        await talk.view(identification_asked=False)
        await talk.desk.pushed(
            "desk_changed", lambda p: bool(p["view"]["attended"] and p["view"]["attended"]["identity"])
        )
        await talk.desk.ask("reveal_identity", {"attention": talk.attention})
        pushed = json.dumps([*talk.desk.pushes, *talk.citizen_page.pushes])
        assert "Clara Ribas" in pushed
        pages = [await talk.informer.get("/desk"), await talk.citizen.get("/attention")]
        for shown in (pushed, *(page.text for page in pages)):
            assert NUMBER not in shown
            assert NUMBER[:5] not in shown


async def test_the_journal_has_no_number_and_the_hash_of_the_proof(service: RunningService) -> None:
    async with talking(service) as talk:
        before = ledger.heads(service)["gencat-demo"]
        await talk.ask_to_identify()
        assert (await talk.citizen.identify()).status == 200
        facts = ledger.facts_since(service, before, "gencat-demo")
        (body,) = [json.loads(body) for kind, _, body in facts if kind == "CitizenIdentified"]
        kept = ledger.value(service, "SELECT hash FROM login_evidence WHERE attention = ?", talk.attention)
        assert body["evidence"] == kept
        assert len(kept) == 64
        assert NUMBER not in json.dumps([body for _, _, body in facts])


@pytest.mark.parametrize("page", ["/archive", "/archive/recordings/r-1", "/desk"])
async def test_a_sign_in_leads_back_to_the_page_that_was_asked_for(service: RunningService, page: str) -> None:
    async with Caller(service.url) as caller:
        asked = await caller.get(page)
        assert asked.status == 303
        assert URL(asked.location).query["to"] == page
        chosen = await caller.choose(await caller.follow(asked.location), person="staff-nuria")
        assert (await caller.get(chosen.location)).location == page


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/archive",
        "//elsewhere.example/archive",
        "/archive//elsewhere.example",
        "/archive/../attention",
        "/archive/%2e%2e/attention",
        "/archive\\elsewhere.example",
        "/archive?x=1",
        "/archives",
        "/sign-out",
        "javascript:alert(1)",
        "/archive/" + "a" * 65,
        "/archive/x\n",
    ],
)
async def test_a_sign_in_leads_nowhere_else(service: RunningService, elsewhere: str) -> None:
    async with Caller(service.url) as caller:
        begun = URL("/staff/sign-in").with_query(to=elsewhere)
        chosen = await caller.choose(await caller.follow(str(begun)), person="staff-joan")
        assert (await caller.get(chosen.location)).location == "/desk"
