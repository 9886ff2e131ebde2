"""Requests that no browser of ours makes: each is answered with 4xx and in words, and nothing is done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.edges.callers import Answer, Caller

if TYPE_CHECKING:
    from tests.story.running import RunningService

FORM = "application/x-www-form-urlencoded"
POSTS = ("/attentions", "/sign-out", "/staff/back-channel-logout", "/archive/recordings/abc/purpose")


def in_words(answer: Answer) -> bool:
    return answer.headers["Content-Type"].startswith("text/html") and "<h1>" in answer.text


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://localhost", "http://localhost.evil.example", "file://", "*"],
)
@pytest.mark.parametrize("path", ["/attentions", "/sign-out", "/archive/recordings/abc/purpose", "/nothing"])
async def test_a_form_of_another_site_is_refused(service: RunningService, path: str, origin: str) -> None:
    async with Caller(service.url) as caller:
        page = await caller.get("/start/oac-girona/consulta")
        fields = {"csrf": page.csrf, "office": "oac-girona", "procedure": "consulta"}
        for site in ("", "cross-site", "same-site", "none"):
            answer = await caller.post(path, fields, headers={"Origin": origin, "Sec-Fetch-Site": site})
            assert (answer.status, answer.headers["X-Reason"]) == (403, "other_origin")
            assert in_words(answer)
        assert (await caller.get("/attention")).status == 404


async def test_a_form_of_a_page_without_referrer_is_taken_when_the_browser_vouches_for_it(
    service: RunningService,
) -> None:
    async with Caller(service.url) as caller:
        page = await caller.get("/start/oac-girona/consulta")
        fields = {"csrf": page.csrf, "office": "oac-girona", "procedure": "consulta"}
        vouched = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        assert (await caller.post("/attentions", fields, headers=vouched)).status == 303
        # a foreign origin is foreign whatever else is said
        foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}
        assert (await caller.post("/attentions", fields, headers=foreign)).status == 403


async def test_a_form_needs_the_token_of_its_own_session(service: RunningService) -> None:
    async with Caller(service.url) as caller, Caller(service.url) as other:
        page = await caller.get("/start/oac-girona/consulta")
        foreign = (await other.get("/start/oac-girona/consulta")).csrf
        good = {"csrf": page.csrf, "office": "oac-girona", "procedure": "consulta"}
        without_session = Caller(service.url)
        async with without_session:
            assert (await without_session.post("/attentions", good)).status == 400
        for wrong in ("", "x", foreign, page.csrf + "x", page.csrf[:-1], "é", "\ud7ff"):
            answer = await caller.post("/attentions", {**good, "csrf": wrong})
            assert answer.status == 400
            assert in_words(answer)
        for missing in good:
            fields = {name: value for name, value in good.items() if name != missing}
            assert (await caller.post("/attentions", fields)).status == 400
        assert (await caller.get("/attention")).status == 404
        assert (await caller.post("/attentions", good)).status == 303


UNREADABLE: list[dict[str, Any]] = [
    {"data": b"csrf=\xff\xfe", "type": FORM},
    {"data": b"csrf=a", "type": FORM + "; charset=klingon"},
    {"data": b"csrf=\\ud800", "type": FORM + "; charset=raw_unicode_escape"},
    {"data": b"csrf=+2AA-", "type": FORM + "; charset=utf-7"},
    {"data": b"{}", "type": "application/json"},
    {"data": b"csrf=a", "type": "text/plain"},
    {"data": b"garbage", "type": "multipart/form-data"},
    {"data": b"garbage", "type": "multipart/form-data; boundary=x"},
    {"data": b"", "type": ""},
    {"data": b"&" * 60_000, "type": FORM},
    {"data": b"=" * 60_000, "type": FORM},
    {"data": b"%" * 60_000, "type": FORM},
    {"data": b"csrf=a&csrf=b&office=a%00b&procedure=c", "type": FORM},
    {
        "data": b'--x\r\nContent-Disposition: form-data; name="csrf"; filename="f"\r\n\r\na\r\n--x--\r\n',
        "type": "multipart/form-data; boundary=x",
    },
    {
        "data": b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\xff\r\n--x--\r\n',
        "type": "multipart/form-data; boundary=x",
    },
]


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: f"{body['type']}-{body['data'][:12]!r}")
@pytest.mark.parametrize("path", POSTS)
async def test_a_body_that_is_no_form_of_text_is_refused(
    service: RunningService, path: str, body: dict[str, Any]
) -> None:
    async with Caller(service.url) as caller:
        await caller.get("/start/oac-girona/consulta")
        answer = await caller.request("POST", path, data=body["data"], headers={"Content-Type": body["type"]})
    # the archive asks who one is before it reads
    assert answer.status in ({303} if path.startswith("/archive") else {400, 413})


async def test_an_auditors_form_is_read_as_strictly(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        await caller.sign_in("staff-nuria", "/archive")
        for body in UNREADABLE:
            answer = await caller.request(
                "POST",
                "/archive/recordings/abc/purpose",
                data=body["data"],
                headers={"Content-Type": body["type"]},
            )
            assert answer.status in {400, 413}, body
            assert in_words(answer)


@pytest.mark.parametrize("path", POSTS[:3])
async def test_a_body_of_a_megabyte_is_too_large(service: RunningService, path: str) -> None:
    async with Caller(service.url) as caller:
        answer = await caller.request("POST", path, data=b"a" * 1_000_000, headers={"Content-Type": FORM})
        assert answer.status == 413
        assert in_words(answer)

        async def pieces() -> Any:  # noqa: ANN401 - an asynchronous generator of bytes
            for _ in range(20):
                yield b"a" * 50_000

        answer = await caller.request("POST", path, data=pieces(), headers={"Content-Type": FORM})
        assert answer.status == 413


@pytest.mark.parametrize(
    "path",
    [
        "/static/../templates/base.html",
        "/static/%2e%2e/templates/base.html",
        "/static/..%2ftemplates%2fbase.html",
        "/static/....//templates/base.html",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/css/../../templates/base.html",
        "/static/%00",
        "/static/css",
        "/static/css/",
        "/static/" + "a" * 300,
        "/static/" + "a" * 5000,
        "/static/%c3%28",
        "/archive/recordings/../../etc/parts/1/citizen-audio",
        "/archive/recordings/%2e%2e%2f%2e%2e/parts/1/citizen-audio",
        "/archive/recordings/a%00b/parts/1/citizen-audio",
        "/archive/recordings/abc/parts/1/..%2f..%2fmaster.key",
        "/archive/recordings/abc/parts/-1/citizen-audio",
        "/archive/recordings/abc/parts/99999999999999999999/citizen-audio",
        "/archive/recordings/abc/parts/%D9%A1/citizen-audio",
        "/archive/recordings/abc/parts/1/citizen-audio%00",
        "/archive/recordings/" + "a" * 65,
        "/start/%00/%00",
        "/start/oac-girona/padro",
        "/start/oac-vila/lloguer",
        "/start/../desk/x",
        "/start/%ff/%fe",
        "/start/" + "a" * 4000 + "/b",
        "/staff/callback?state=%00&code=%00",
        "/staff/callback?state=" + "a" * 4000,
        "/staff/callback?state=%ff&code=%ff",
        "/?lang=%00",
        "//evil.example/",
        "/%0d%0aSet-Cookie:a=b",
        "/standin/../desk",
        "/standin/nothing",
        "/socket.io/../desk",
    ],
)
async def test_an_address_that_leads_nowhere_is_told_so(service: RunningService, path: str) -> None:
    async with Caller(service.url) as caller:
        await caller.sign_in("staff-nuria", "/archive")
        answer = await caller.get(path)
    assert 400 <= answer.status < 500
    assert b"root:" not in answer.body
    assert b"{% block" not in answer.body
    assert "Set-Cookie" not in answer.headers


async def test_where_a_sign_in_leads_is_not_chosen_by_the_address(service: RunningService) -> None:
    for to in ("https://evil.example/", "//evil.example", "/desk@evil.example", "/archive%0d%0aX:%20y", "javascript:1"):
        async with Caller(service.url) as caller:
            page = await caller.follow(f"/staff/sign-in?to={to}")
            chosen = await caller.choose(page, person="staff-joan")
            assert (await caller.get(chosen.location)).location == "/desk"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/desk", "/attentions", "/healthz", "/static/vendor/socket.io.esm.min.js"])
async def test_a_method_that_is_not_ours_is_refused(service: RunningService, method: str, path: str) -> None:
    origin = "" if method == "TRACE" else service.url
    status, _ = await said_plainly(
        service, f"{method} {path} HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n".encode()
    )
    assert status in {400, 403, 404, 405}


async def test_head_tells_what_get_would_and_sends_nothing(service: RunningService) -> None:
    async with Caller(service.url) as caller:
        for path, status in (("/", 200), ("/desk", 303), ("/nothing", 404), ("/healthz", 200)):
            answer = await caller.request("HEAD", path)
            assert (answer.status, answer.body) == (status, b"")


RAW = {
    "a path that is no text": b"GET /start/\xff\xfe/x HTTP/1.1\r\nHost: x\r\n\r\n",
    "a path of 20 kB": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header of 20 kB": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    "five thousand headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 5_000 + b"\r\n",
    "a null in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "a null in the path": b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a broken address": b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length and chunks": (
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "a length that is none": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    "an expectation": b"GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
async def test_what_is_no_request_is_refused(service: RunningService, name: str) -> None:
    status, answer = await said_plainly(service, RAW[name])
    assert 400 <= status < 500, answer
    assert b"Traceback" not in answer
    assert b"aiohttp" not in answer, "which library it is and of which version is told to nobody"
    assert all(header in answer for header in (b"X-Content-Type-Options: nosniff", b"Content-Security-Policy: "))


COOKIES = [
    b"__Host-staff=\xff\xfe",
    b"__Host-staff=\xed\xa0\x80",
    b';;;=;a=b=c;"";__Host-staff',
    b"__Host-staff=" + b"a" * 7000,
    b'__Host-staff="; HttpOnly; __Host-staff=x',
    b"__Host-citizen=../../x; __Host-staff=%00; __Host-language=\xff",
    b"a" * 4000,
]


@pytest.mark.parametrize("cookie", COOKIES, ids=range(len(COOKIES)))
async def test_a_malformed_cookie_is_no_session(service: RunningService, cookie: bytes) -> None:
    pages = {"/desk": 303, "/attention": 404, "/": 200, "/staff/callback?state=x&code=y": 403}
    for path, status in pages.items():
        request = b"GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nConnection: close\r\n\r\n" % (path.encode(), cookie)
        assert (await said_plainly(service, request))[0] == status


async def said_plainly(service: RunningService, request: bytes) -> tuple[int, bytes]:
    """Send bytes as they are; returns the status and the answer's beginning."""
    reader, writer = await asyncio.open_connection("localhost", service.port)
    try:
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(4096), 10)
    finally:
        writer.close()
    assert answer.startswith(b"HTTP/1."), answer
    return int(answer.split(b" ", 2)[1]), answer


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.binary(max_size=60), query=st.binary(max_size=60))
def test_no_address_is_an_error_of_ours(service: RunningService, path: bytes, query: bytes) -> None:
    quoted = b"/" + b"".join(b"%%%02x" % byte for byte in path) + b"?" + b"".join(b"%%%02x" % byte for byte in query)
    request = b"GET " + quoted + b" HTTP/1.0\r\nHost: x\r\n\r\n"
    assert _status(service.port, request) < 500


def _status(port: int, request: bytes) -> int:
    import socket

    with socket.create_connection(("localhost", port), timeout=10) as line:
        line.sendall(request)
        return int(line.recv(4096).split(b" ", 2)[1])


async def test_nothing_of_this_was_an_error_of_the_service(service: RunningService) -> None:
    """The last of this file: what came before left no failure and no traceback in the log."""
    assert "Traceback" not in service.log
    assert '"request_failed"' not in service.log
