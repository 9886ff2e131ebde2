"""What every answer bears, whatever became of the request."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges.callers import Answer, Caller

if TYPE_CHECKING:
    from tests.story.running import RunningService

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PUBLIC = [
    ("GET", "/", 200),
    ("GET", "/start/oac-girona/consulta", 200),
    ("GET", "/start/oac-girona/nothing", 404),
    ("GET", "/attention", 404),
    ("GET", "/attention/identify", 404),
    ("GET", "/attention/identified", 200),
    ("GET", "/desk", 303),
    ("GET", "/archive", 303),
    ("GET", "/archive/recordings/abc", 303),
    ("GET", "/archive/recordings/abc/parts/1/citizen-audio", 401),
    ("GET", "/archive/recordings/abc/parts/x/citizen-audio", 404),
    ("GET", "/settings", 303),
    ("GET", "/settings/levels/attended", 303),
    ("GET", "/settings/versions/0/again", 303),
    ("POST", "/settings/levels/attended", 303),
    ("GET", "/staff/sign-in", 303),
    ("GET", "/staff/callback", 403),
    ("GET", "/citizens/callback", 404),
    ("GET", "/signed-out", 200),
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/nothing", 404),
    ("GET", "/static/nothing.js", 404),
    ("GET", "/static/vendor/socket.io.esm.min.js", 200),
    ("GET", "/socket.io/?EIO=4&transport=polling", 200),
    ("GET", "/socket.io/?EIO=3&transport=polling", 400),
    ("POST", "/attentions", 400),
    ("POST", "/sign-out", 400),
    ("POST", "/staff/back-channel-logout", 400),
    ("POST", "/nothing", 404),
    ("DELETE", "/", 405),
    ("OPTIONS", "/", 405),
    ("HEAD", "/", 200),
]
WITH_CAMERA = ("/start/", "/attention", "/desk")


def check(path: str, answer: Answer, *, public_url: str) -> None:
    assert {name: answer.headers.get(name) for name in FIXED} == FIXED
    assert answer.headers["Server"] == "videoattention"
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    wanted = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
    assert all(part in policy for part in wanted), policy
    assert "require-trusted-types-for 'script'" in policy
    assert public_url.replace("http", "ws", 1) in policy
    camera = "camera=(self)" if path.startswith(WITH_CAMERA) else "camera=()"
    assert camera in answer.headers["Permissions-Policy"]
    if not path.startswith("/static/"):
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "path", "status"), PUBLIC)
async def test_every_answer_is_dressed(service: RunningService, method: str, path: str, status: int) -> None:
    async with Caller(service.url) as caller:
        answer = await caller.request(method, path)
    assert answer.status == status
    check(path, answer, public_url=service.url)


async def test_private_pages_and_refusals_are_dressed(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        desk = await caller.sign_in("staff-joan")
        assert desk.status == 200
        check("/desk", desk, public_url=service.url)
        for path in ("/archive", "/archive/recordings/abc", "/archive/recordings/abc/parts/1/citizen-audio"):
            answer = await caller.get(path)
            assert answer.status in {403, 404}
            check(path, answer, public_url=service.url)
        left = await caller.post("/sign-out", {"csrf": desk.csrf})
        assert left.status == 303
        check("/sign-out", left, public_url=service.url)


async def test_the_pages_of_the_stand_in_cannot_be_framed_or_scripted(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        page = await caller.follow("/staff/sign-in")
    assert page.status == 200
    policy = page.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for name in ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Permissions-Policy"):
        assert page.headers[name]
    assert page.headers["Cache-Control"] == "no-store"


async def test_every_cookie_is_of_this_host_only_and_out_of_reach_of_scripts(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        await caller.get("/?lang=en")
        await caller.take_turn()
        desk = await caller.sign_in("staff-joan")
        await caller.post("/sign-out", {"csrf": desk.csrf})
        names = set()
        for given in caller.given:
            for name, cookie in SimpleCookie(given).items():
                names.add(name)
                assert name.startswith("__Host-"), given
                said = (cookie["path"], cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["domain"])
                assert said == ("/", True, True, "Lax", ""), given
        assert names == {"__Host-citizen", "__Host-staff", "__Host-sign-in", "__Host-language"}


async def test_the_language_is_remembered(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        await caller.get("/?lang=en")
        answer = await caller.get("/", headers={"Accept-Language": "ca"})
    assert answer.headers["Content-Language"] == "en"
