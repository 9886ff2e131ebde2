"""Signing in and out: a new session each time, and none left behind."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from yarl import URL

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.integration.edges.talking import command, talking
from videoattention.adapters.identity.standin.signing import open_keys

if TYPE_CHECKING:
    from tests.story.running import RunningService

LOGOUT = "/staff/back-channel-logout"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


async def test_signing_in_begins_a_new_session_whatever_there_was(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        for planted in ("planted-by-somebody", ""):
            caller.cookies["__Host-staff"] = planted
            await caller.sign_in("staff-joan")
            assert caller.cookies["__Host-staff"] not in {planted, ""}
        first = caller.cookies["__Host-staff"]
        await caller.sign_in("staff-joan")
        second = caller.cookies["__Host-staff"]
        assert first != second
        caller.cookies["__Host-staff"] = first
        assert (await caller.get("/desk")).status == 303
        caller.cookies["__Host-staff"] = second
        assert (await caller.get("/desk")).status == 200


async def test_signing_in_again_lets_the_pages_of_the_session_before_go(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        await caller.sign_in("staff-joan")
        async with Socket(service.url, "/desk", caller.identity) as page:
            await caller.sign_in("staff-joan")
            await page.ended(within=1)
            assert page.pushes[-1] == ("session_ended", {"cause": "signed_in_again"})


async def test_taking_a_turn_begins_a_new_session(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        await caller.get("/start/oac-girona/consulta")
        before = caller.cookies["__Host-citizen"]
        await caller.take_turn("oac-terres-ebre")
        after = caller.cookies["__Host-citizen"]
        assert before != after
        caller.cookies["__Host-citizen"] = before
        assert (await caller.get("/attention")).status == 404


async def test_the_start_leads_back_to_a_turn_for_as_long_as_there_is_one(service: RunningService) -> None:
    way = 'href="/attention"'
    async with Caller(service.url) as caller, Caller(service.url) as stranger:
        assert way not in (await caller.get("/")).text
        await caller.take_turn("oac-terres-ebre")
        assert way in (await caller.get("/")).text
        assert way not in (await stranger.get("/")).text
        async with Socket(service.url, "/citizen", caller.identity) as page:
            assert (await page.ask("leave_line", command()))["ok"]
        assert way not in (await caller.get("/")).text


async def test_no_token_is_stored(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        await caller.take_turn("oac-terres-ebre")
        await caller.sign_in("staff-joan")
        stored = b"".join(path.read_bytes() for path in (service.folder / "data").glob("videoattention.sqlite3*"))
        for name in ("__Host-citizen", "__Host-staff", "__Host-sign-in"):
            assert caller.cookies[name].encode() not in stored


async def test_signing_out_ends_the_session_and_its_sockets(service: RunningService) -> None:
    async with Caller(service.url) as caller, Caller(service.url) as colleague:
        desk = await caller.sign_in("staff-joan")
        await colleague.sign_in("staff-marta")
        cookies = dict(caller.cookies)
        async with (
            Socket(service.url, "/desk", caller.identity) as one,
            Socket(service.url, "/desk", caller.identity) as two,
            Socket(service.url, "/desk", colleague.identity) as other,
        ):
            left = await caller.post("/sign-out", {"csrf": desk.csrf})
            assert URL(left.location).path == "/standin/staff/end_session"
            for page in (one, two):
                await page.ended(within=1)
                assert page.pushes[-1] == ("session_ended", {"cause": "asked"})
            assert await other.ask("sync", {"revision": 0}) == {"ok": True}
            await one.raw('42/desk,99["set_readiness",{"id":"late","readiness":"available"}]')
        assert "__Host-staff" not in caller.cookies
        caller.cookies = cookies
        assert (await caller.get("/desk")).status == 303
        assert (await caller.get("/archive/recordings/x/parts/1/citizen-audio")).status == 401
        async with Socket(service.url, "/desk", caller.identity) as again:
            assert not again.admitted
        assert (await caller.post("/sign-out", {"csrf": desk.csrf})).status == 400


async def test_a_sign_out_elsewhere_ends_the_session_and_its_sockets(service: RunningService) -> None:
    """The person confirms at the provider's page, and the provider tells the service."""
    async with Caller(service.url) as caller, Caller(service.url) as second:
        desk = await caller.sign_in("staff-joan")
        await second.sign_in("staff-joan")
        async with (
            Socket(service.url, "/desk", caller.identity) as page,
            Socket(service.url, "/desk", second.identity) as other,
        ):
            hint = _id_token(service)
            farewell = await caller.get(f"/standin/staff/end_session?id_token_hint={hint}")
            assert farewell.status == 200
            assert (await caller.choose(farewell, confirm="yes")).status in {200, 303}
            # the newest session of the table is the second's
            await other.ended(within=1)
            assert other.pushes[-1] == ("session_ended", {"cause": "back_channel"})
            assert await page.ask("sync", {"revision": 0}) == {"ok": True}
        assert (await second.get("/desk")).status == 303
        assert (await caller.get("/desk")).status == 200
        assert desk.status == 200


def _id_token(service: RunningService) -> str:
    return ledger.value(service, "SELECT id_token FROM sessions WHERE subject = 'staff-joan' ORDER BY ends_at DESC")


def logout_token(service: RunningService, **changes: Any) -> str:  # noqa: ANN401 - claims
    """A logout token of the stand-in, or one that differs from it."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": f"{service.url}/standin/staff",
        "aud": "videoattention",
        "sub": "staff-joan",
        "iat": now,
        "exp": now + 120,
        "jti": f"logout-{time.monotonic_ns()}",
        "events": {EVENT: {}},
        **changes,
    }
    keys = open_keys(service.folder / "data" / "stand-in")
    return keys.sign({k: v for k, v in claims.items() if v is not None}, algorithm="RS256", kind="logout+jwt")


FORGED: dict[str, dict[str, Any]] = {
    "expired": {"iat": 1_600_000_000, "exp": 1_600_000_120},
    "of the future": {"iat": 4_000_000_000, "exp": 4_000_000_120},
    "old, and good for ever": {"iat": 1_600_000_000, "exp": 4_000_000_000},
    "for somebody else": {"aud": "another"},
    "of somebody else": {"iss": "https://evil.example"},
    "of the other realm": {"iss": "{url}/standin/citizens"},
    "without an event": {"events": {}},
    "with a nonce": {"nonce": "n"},
    "without a person": {"sub": None},
    "without an id": {"jti": None},
}


@pytest.mark.parametrize("how", FORGED)
async def test_a_logout_token_that_is_not_right_ends_nothing(service: RunningService, how: str) -> None:
    changes = {k: v.format(url=service.url) if isinstance(v, str) else v for k, v in FORGED[how].items()}
    async with Caller(service.url) as caller, Caller(service.url) as provider:
        await caller.sign_in("staff-joan")
        async with Socket(service.url, "/desk", caller.identity) as page:
            answer = await provider.post(LOGOUT, {"logout_token": logout_token(service, **changes)})
            assert answer.status == 400
            assert "error" in answer.text
            assert await page.ask("sync", {"revision": 0}) == {"ok": True}
        assert (await caller.get("/desk")).status == 200


async def test_forged_logout_tokens_end_nothing(service: RunningService) -> None:
    good = logout_token(service)
    header, body, signature = good.split(".")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(good, options={"verify_signature": False})
    kid = jwt.get_unverified_header(good)["kid"]
    forged = [
        f"{header}.{body}.{signature[:-4]}AAAA",
        f"{header}.{body}.",
        jwt.encode(claims, "", algorithm="none", headers={"typ": "logout+jwt", "kid": kid}),
        jwt.encode(claims, key, algorithm="RS256", headers={"typ": "logout+jwt", "kid": kid}),
        jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"typ": "logout+jwt", "kid": kid}),
        jwt.encode(claims, key, algorithm="RS256", headers={"typ": "logout+jwt", "kid": "../../master.key"}),
        _id_token_of_somebody(service),
        "",
        "a.b.c",
        "x" * 50_000,
    ]
    async with Caller(service.url) as caller, Caller(service.url) as provider:
        await caller.sign_in("staff-joan")
        for token in forged:
            answer = await provider.post(LOGOUT, {"logout_token": token})
            assert answer.status == 400, token[:80]
        assert (await provider.post(LOGOUT, {"other": "x"})).status == 400
        assert (await provider.get(LOGOUT)).status == 405
        assert (await caller.get("/desk")).status == 200


def _id_token_of_somebody(service: RunningService) -> str:
    return ledger.value(service, "SELECT id_token FROM sessions WHERE subject != '' ORDER BY ends_at DESC") or "none"


async def test_a_logout_token_is_good_once_and_for_every_session_of_the_person(service: RunningService) -> None:
    token = logout_token(service)
    async with Caller(service.url) as one, Caller(service.url) as two, Caller(service.url) as provider:
        await one.sign_in("staff-joan")
        await two.sign_in("staff-joan")
        async with Socket(service.url, "/desk", one.identity) as page:
            # a provider has no page of ours behind it
            answer = await provider.post(LOGOUT, {"logout_token": token}, headers={"Origin": ""})
            assert (answer.status, answer.body) == (200, b"")
            await page.ended(within=1)
        assert (await two.get("/desk")).status == 303
        await one.sign_in("staff-joan")
        replayed = await provider.post(LOGOUT, {"logout_token": token})
        assert (replayed.status, replayed.text) == (400, '{"error": "logout_replayed"}')
        assert (await one.get("/desk")).status == 200


async def test_a_sign_in_ends_in_the_browser_that_began_it(service: RunningService) -> None:
    async with Caller(service.url) as caller, Caller(service.url) as other:
        chosen = await caller.choose(await caller.follow("/staff/sign-in"), person="staff-joan")
        await other.get("/staff/sign-in")
        for thief in (other, Caller(service.url, {"__Host-sign-in": "guessed"}), Caller(service.url)):
            async with thief:
                stolen = await thief.get(chosen.location)
                assert (stolen.status, stolen.headers["X-Reason"]) == (403, "sign_in_unknown")
                assert "__Host-staff" not in thief.cookies
        assert (await caller.get(chosen.location)).status == 303


@pytest.mark.parametrize(
    "change",
    [
        {"state": "another"},
        {"code": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"code": None},
        {"state": None},
    ],
    ids=str,
)
async def test_an_answer_that_was_changed_signs_nobody_in(
    service: RunningService, change: dict[str, str | None]
) -> None:
    async with Caller(service.url) as caller:
        chosen = await caller.choose(await caller.follow("/staff/sign-in"), person="staff-joan")
        location = URL(chosen.location)
        query = {name: value for name, value in {**location.query, **change}.items() if value is not None}
        answer = await caller.get(str(location.with_query(query)))
        assert answer.status == 403
        assert "__Host-staff" not in caller.cookies


async def test_an_answer_is_good_once(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        chosen = await caller.choose(await caller.follow("/staff/sign-in"), person="staff-joan")
        assert (await caller.get(chosen.location)).status == 303
        session = caller.cookies["__Host-staff"]
        again = await caller.get(chosen.location)
        assert (again.status, again.headers["X-Reason"]) == (403, "sign_in_unknown")
        assert caller.cookies["__Host-staff"] == session


async def test_an_answer_of_one_realm_is_none_of_the_other(service: RunningService) -> None:
    async with talking(service) as talk:
        caller = talk.citizen
        await talk.ask_to_identify()
        chosen = await caller.choose(
            await caller.follow("/attention/identify"), person="citizen-clara", assurance="high"
        )
        crossed = chosen.location.replace("/citizens/callback", "/staff/callback")
        assert (await caller.get(crossed)).status == 403
        assert "__Host-staff" not in caller.cookies


async def test_who_cancels_at_the_provider_is_told_so(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        chosen = await caller.choose(await caller.follow("/staff/sign-in"), cancel="yes")
        answer = await caller.get(chosen.location)
        assert (answer.status, answer.headers["X-Reason"]) == (403, "sign_in_cancelled")


async def test_an_identification_begins_only_when_it_is_asked_for(service: RunningService) -> None:
    async with talking(service) as talk:
        early = await talk.citizen.get("/attention/identify")
        assert (early.status, early.headers["X-Reason"]) == (409, "not_asked")
        assert 'data-identified="no"' in early.text
        await talk.ask_to_identify()
        chosen = await talk.citizen.choose(
            await talk.citizen.follow("/attention/identify"), person="citizen-clara", assurance="high"
        )
        await talk.done(talk.desk, "drop_proposal", attention=talk.attention)
        late = await talk.citizen.get(chosen.location)
        assert (late.status, late.headers["X-Reason"]) == (403, "not_asked")
        assert 'data-identified="no"' in late.text
        again = await talk.citizen.get("/attention/identify")
        assert (again.status, again.headers["X-Reason"]) == (409, "not_asked")


async def test_an_identification_ends_in_the_attention_for_which_it_was_begun(service: RunningService) -> None:
    """The same browser, and another turn: at a public point, another person."""
    async with talking(service) as first:
        await first.ask_to_identify()
        chosen = await first.citizen.choose(
            await first.citizen.follow("/attention/identify"), person="citizen-clara", assurance="high"
        )
        browser = first.citizen.cookies["__Host-sign-in"]
    async with talking(service) as second:
        await second.ask_to_identify()
        second.citizen.cookies["__Host-sign-in"] = browser
        stolen = await second.citizen.get(chosen.location)
        assert (stolen.status, stolen.headers["X-Reason"]) == (403, "sign_in_unknown")
        assert (await second.citizen.identify("citizen-omar")).status == 200


async def test_two_windows_of_one_browser_may_sign_in_at_once(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        one = await caller.choose(await caller.follow("/staff/sign-in?to=/desk"), person="staff-joan")
        two = await caller.choose(await caller.follow("/staff/sign-in?to=/archive"), person="staff-joan")
        assert [(await caller.get(chosen.location)).location for chosen in (one, two)] == ["/desk", "/archive"]


async def test_many_forms_of_one_browser_are_one_turn(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        page = await caller.get("/start/oac-terres-ebre/consulta")
        before = int(ledger.value(service, "SELECT count(*) FROM attentions"))
        form = {"csrf": page.csrf, "office": "oac-terres-ebre", "procedure": "consulta"}
        answers = await asyncio.gather(*(caller.post("/attentions", form) for _ in range(6)))
        assert int(ledger.value(service, "SELECT count(*) FROM attentions")) == before + 1
        assert {answer.status for answer in answers} <= {303, 400}
        assert sum("Set-Cookie" in answer.headers for answer in answers) == 1
        assert 'data-attention="' in (await caller.get("/attention")).text


async def test_what_anybody_can_say_is_not_journalled(service: RunningService) -> None:
    good = logout_token(service)
    header, body, signature = good.split(".")
    async with Caller(service.url) as anybody:
        before = ledger.heads(service)
        for _ in range(3):
            assert (await anybody.get("/staff/callback?state=x")).status == 403
        for token in ("", "x", f"{header}.{body}.{signature[:-4]}AAAA"):
            assert (await anybody.post(LOGOUT, {"logout_token": token})).status == 400
        assert ledger.heads(service) == before
        # what the provider itself signed, and what ends a sign-in that was begun here, is
        seq = before.get("platform", 0)
        assert (await anybody.post(LOGOUT, {"logout_token": logout_token(service, events={})})).status == 400
        chosen = await anybody.choose(await anybody.follow("/staff/sign-in"), cancel="yes")
        assert (await anybody.get(chosen.location)).status == 403
        facts = ledger.facts_since(service, seq, "platform")
        assert [kind for kind, *_ in facts] == ["SignInFailed"] * 2
        assert "logout_event_missing" in facts[0][2]
        assert "sign_in_cancelled" in facts[1][2]


@pytest.mark.parametrize("state", [{"state": "another"}, {"state": None}], ids=["wrong", "missing"])
async def test_a_citizen_who_comes_back_with_an_answer_to_no_question_is_journalled(
    service: RunningService, state: dict[str, str | None]
) -> None:
    async with talking(service) as talk:
        await talk.ask_to_identify()
        chosen = await talk.citizen.choose(
            await talk.citizen.follow("/attention/identify"), person="citizen-clara", assurance="high"
        )
        location = URL(chosen.location)
        query = {name: value for name, value in {**location.query, **state}.items() if value is not None}
        seq = ledger.heads(service).get("platform", 0)
        for _ in range(3):
            refused = await talk.citizen.get(str(location.with_query(query)))
            assert (refused.status, refused.headers["X-Reason"]) == (403, "sign_in_unknown")
        facts = ledger.facts_since(service, seq, "platform")
        assert [kind for kind, *_ in facts] == ["SignInFailed"], "told once a minute, however often it is said"
        assert json.loads(facts[0][2]) == {"attention": None, "code": "sign_in_unknown", "realm": "citizens"}
        assert (await talk.citizen.get(chosen.location)).status == 303, "the right answer still holds"
