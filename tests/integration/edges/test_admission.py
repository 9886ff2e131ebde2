"""Who may connect, and of what a connected page may speak: its own, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import WSServerHandshakeError

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.integration.edges.talking import command, talking

if TYPE_CHECKING:
    from tests.story.running import RunningService

ABOUT_AN_ATTENTION: dict[str, dict[str, Any]] = {
    "accept_offer": {},
    "decline_offer": {},
    "take_citizen": {},
    "propose_level": {"level": "attended"},
    "drop_proposal": {},
    "lower_level": {},
    "ask_identification": {"way": "electronic"},
    "ask_consent": {},
    "end_call": {},
    "conclude": {"outcome": "Done.", "kind": "informed"},
}
OFFER = {"epoch": 1, "kind": "offer", "sdp": "v=0"}


async def admitted(service: RunningService, namespace: str, auth: object = None, **headers: str) -> bool:
    async with Socket(service.url, namespace, headers, auth) as socket:
        return socket.admitted


@pytest.mark.parametrize("namespace", ["/citizen", "/desk", "/media", "/", "/admin"])
async def test_nobody_without_a_session(service: RunningService, namespace: str) -> None:
    assert not await admitted(service, namespace, Origin=service.url)
    assert not await admitted(service, namespace, Origin=service.url, Cookie="__Host-citizen=x; __Host-staff=y")
    assert not await admitted(service, namespace)


async def test_only_pages_of_this_service(service: RunningService) -> None:
    async with Caller(service.url) as citizen, Caller(service.url) as informer:
        await citizen.take_turn("oac-terres-ebre")
        await informer.sign_in("staff-joan")
        for caller, namespace in ((citizen, "/citizen"), (informer, "/desk")):
            cookie = caller.identity["Cookie"]
            assert await admitted(service, namespace, Cookie=cookie, Origin=service.url)
            # a WebSocket without an origin is no page of ours, whatever cookie it has
            assert not await admitted(service, namespace, Cookie=cookie)
            for origin in ("https://evil.example", "http://localhost", service.url + ".evil.example", "null"):
                refused = False
                try:
                    refused = not await admitted(service, namespace, Cookie=cookie, Origin=origin)
                except WSServerHandshakeError as error:
                    refused = error.status == 400
                assert refused, origin
            assert not await admitted(service, namespace, **{"Cookie": cookie, "Sec-Fetch-Site": "cross-site"})


async def test_each_kind_of_person_at_their_own_place(service: RunningService) -> None:
    async with Caller(service.url) as citizen, Caller(service.url) as visitor:
        await citizen.take_turn("oac-terres-ebre")
        assert await admitted(service, "/citizen", **citizen.identity)
        assert not await admitted(service, "/desk", **citizen.identity)
        # who only looked at a page has a session, and no attention
        await visitor.get("/start/oac-girona/consulta")
        assert visitor.cookies
        assert not await admitted(service, "/citizen", **visitor.identity)
    for subject in ("staff-nuria", "staff-laia", "staff-pere", "staff-ricard"):
        async with Caller(service.url) as person:
            refused = await person.sign_in(subject)
            assert (refused.status, refused.headers["X-Reason"]) == (403, "role")
            assert not await admitted(service, "/desk", **person.identity)
            assert not await admitted(service, "/citizen", **person.identity)


@pytest.mark.parametrize("cookie", ["__Host-citizen", "__Host-staff"])
async def test_a_token_of_one_kind_is_none_of_the_other(service: RunningService, cookie: str) -> None:
    async with Caller(service.url) as caller:
        await caller.take_turn("oac-terres-ebre")
        await caller.sign_in("staff-joan")
        other = {"__Host-citizen": "__Host-staff", "__Host-staff": "__Host-citizen"}[cookie]
        namespace = "/desk" if cookie == "__Host-staff" else "/citizen"
        swapped = {"Cookie": f"{cookie}={caller.cookies[other]}", "Origin": service.url}
        assert not await admitted(service, namespace, **swapped)


async def test_a_worker_needs_the_secret(service: RunningService) -> None:
    no_text = {"secret": "\ud800"}
    for auth in (None, {}, {"secret": ""}, {"secret": "x" * 43}, {"secret": 1}, {"secret": None}, ["secret"], no_text):
        assert not await admitted(service, "/media", auth)
    assert '"event": "worker_refused"' in service.log
    async with Caller(service.url) as caller:
        assert (await caller.get("/readyz")).text == '{"ok": true, "workers": 1}'


@pytest.mark.parametrize("which", ["idle", "ended"])
async def test_a_session_that_ran_out_admits_nobody_and_lets_its_pages_go(service: RunningService, which: str) -> None:
    column = {"idle": "idle_until", "ended": "ends_at"}[which]
    async with Caller(service.url) as citizen:
        attention = await citizen.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", citizen.identity) as page:
            assert page.admitted
            ledger.change(
                service,
                f"UPDATE sessions SET {column} = '2020-01-01 00:00:00.000000' WHERE attention = ?",  # noqa: S608 - ours
                attention,
            )
            before = ledger.everything(service)
            assert await page.ask("leave_line", command()) == {"ok": False, "code": "session_ended"}
            assert await page.pushed("session_ended") == {"cause": "expired"}
            await page.ended()
            assert ledger.everything(service) == before
        assert not await admitted(service, "/citizen", **citizen.identity)
        assert (await citizen.get("/attention")).status == 404


@pytest.mark.parametrize("informer", ["staff-joan", "staff-anna"])
async def test_a_desk_cannot_act_on_the_attention_of_another(service: RunningService, informer: str) -> None:
    """Joan works beside Marta, Anna in another organisation: the one hears `not_yours`, the other `not_found`."""
    async with talking(service, informer="staff-marta") as talk, Caller(service.url) as stranger:
        await stranger.sign_in(informer)
        async with Socket(service.url, "/desk", stranger.identity) as desk:
            assert desk.admitted
            before = ledger.everything(service)
            for name, more in ABOUT_AN_ATTENTION.items():
                answer = await desk.ask(name, command(attention=talk.attention, **more))
                assert answer["ok"] is False
                expected = {"not_found"} if informer == "staff-anna" else {"not_yours", "illegal_step", "stale"}
                assert answer["code"] in expected, (name, answer)
            for name, more in (("join_media", {}), ("describe_media", OFFER)):
                answer = await desk.ask(name, {"attention": talk.attention, "peer": "p", **more})
                assert answer == {"ok": False, "code": "not_found"}
            assert ledger.everything(service) == before
            assert not [name for name, _ in desk.pushes if name != "desk_changed"]


async def test_a_desk_cannot_take_a_citizen_of_an_office_that_is_not_theirs(service: RunningService) -> None:
    async with Caller(service.url) as citizen, Caller(service.url) as informer:
        attention = await citizen.take_turn("oac-terres-ebre")
        await informer.sign_in("staff-marta")
        async with Socket(service.url, "/desk", informer.identity) as desk:
            answer = await desk.ask("take_citizen", command(attention=attention))
            assert answer == {"ok": False, "code": "other_office"}


async def test_a_citizen_cannot_speak_for_another(service: RunningService) -> None:
    async with talking(service) as talk, Caller(service.url) as other:
        await other.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", other.identity) as page:
            before = ledger.everything(service)
            for attention in (talk.attention, "nobody", f"attention:{talk.attention}"):
                for name, more in (("join_media", {}), ("describe_media", OFFER)):
                    answer = await page.ask(name, {"attention": attention, "peer": "p", **more})
                    assert answer == {"ok": False, "code": "not_found"}
            consent = {"consent": "c", "answer": "accept"}
            assert (await page.ask("answer_consent", command(**consent)))["ok"] is False
            assert (await page.ask("hang_up", command()))["ok"] is False
            assert ledger.everything(service) == before
            told = {name for name, _ in page.pushes}
            assert told <= {"citizen_changed"}
            assert all(push["view"]["attention"] != talk.attention for _, push in page.pushes)


async def test_no_room_can_be_asked_for(service: RunningService) -> None:
    async with talking(service) as talk, Caller(service.url) as other:
        await other.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", other.identity) as page:
            for name in ("join", "enter_room", "subscribe", "room", "join_room"):
                answer = await page.ask(name, {"room": f"attention:{talk.attention}"})
                assert answer == {"ok": False, "code": "unknown_message"}
            await page.raw(f'40/citizen?room=attention:{talk.attention},{{"room":"attention:{talk.attention}"}}')
            await talk.done(talk.desk, "propose_level", attention=talk.attention, level="attended")
            await talk.view(proposed="attended")
            assert await page.ask("sync", {"revision": 0}) == {"ok": True}
            assert all(push["view"]["attention"] != talk.attention for _, push in page.pushes)


async def test_a_worker_cannot_be_imitated_by_a_page(service: RunningService) -> None:
    async with Caller(service.url) as citizen:
        await citizen.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", citizen.identity) as page:
            for name in ("worker_ready", "leg_changed", "part_opened", "part_closed", "record"):
                assert await page.ask(name, {"call": "c"}) == {"ok": False, "code": "unknown_message"}
