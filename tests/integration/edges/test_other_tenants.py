"""Recordings: of one's own organisation, with a role, for a purpose; every refusal journalled."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.test_http_headers import check
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.queries.views import DatabaseViews

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.story.running import RunningService

OWNER, OTHER = "gencat-demo", "vila-demo"
PURPOSE = "Complaint 2026/114: what was explained about the deadline"
CASE = "2026/117"


@pytest.fixture
async def auditor(service: RunningService) -> AsyncIterator[Caller]:
    async with Caller(service.url) as caller:
        await caller.sign_in("staff-nuria", "/archive")
        yield caller


async def state_purpose(auditor: Caller, recording: str) -> None:
    page = await auditor.get(f"/archive/recordings/{recording}")
    said = await auditor.post(
        f"/archive/recordings/{recording}/purpose", {"csrf": page.csrf, "purpose": PURPOSE, "case": CASE}
    )
    assert said.status == 303, said.text


def refusals(service: RunningService, since: dict[str, int], organisation: str) -> list[tuple[str, str, str]]:
    """(kind, actor, reason) of the refusals that an organisation's journal got."""
    facts = ledger.facts_since(service, since[organisation], organisation)
    return [(kind, actor, json.loads(body)["reason"]) for kind, actor, body in facts if kind.endswith("Refused")]


async def test_another_organisations_recording_does_not_exist_and_both_hear_of_it(
    service: RunningService, recorded: str
) -> None:
    one = f"/archive/recordings/{recorded}"
    async with Caller(service.url) as stranger:
        page = await stranger.sign_in("staff-ricard", "/archive")
        assert page.status == 200
        assert recorded not in page.text
        csrf = page.csrf
        for method, path, fields in (
            ("GET", one, None),
            ("GET", one + "/parts/1/citizen-video", None),
            ("GET", one + "/parts/1/nothing", None),
            ("GET", one + "/parts/9/citizen-audio", None),
            ("POST", one + "/purpose", {"csrf": csrf, "purpose": PURPOSE, "case": CASE}),
            ("POST", one + "/purpose", {"csrf": csrf, "purpose": "short", "case": CASE}),
            ("POST", one + "/purpose", {"csrf": csrf, "purpose": PURPOSE, "case": ""}),
            ("POST", one + "/review/open", {"csrf": csrf}),
            ("POST", one + "/review/leave", {"csrf": csrf}),
            ("POST", one + "/review/verdict", {"csrf": csrf, "words": ""}),
            ("POST", one + "/check", {"csrf": csrf}),
            ("POST", one + "/exports", {"csrf": csrf, "purpose": PURPOSE}),
        ):
            since = ledger.heads(service)
            answer = await stranger.request(method, path, **({"data": fields} if fields else {}))
            assert (answer.status, answer.headers["X-Reason"]) == (404, "not_found")
            assert recorded not in answer.text
            expected = "PlaybackRefused", "staff:staff-ricard"
            assert refusals(service, since, OTHER) == [(*expected, "not_found")], path
            assert refusals(service, since, OWNER) == [(*expected, "other_organisation")], path
        missing = await stranger.get("/archive/recordings/" + "0" * 32)
        seen = await stranger.get(one)
        # what exists elsewhere and what exists nowhere are told alike
        assert (missing.status, len(missing.body)) == (seen.status, len(seen.body))
    async with ledger.opened(service) as database:
        views, journal = DatabaseViews(database), Journal(database)
        assert await views.recording(OTHER, recorded, "ca") is None
        found = await views.recording(OWNER, recorded, "ca")
        assert found is not None
        assert not await views.journal(OTHER, found[0].attention)
        for organisation in (OWNER, OTHER):
            assert isinstance(await journal.verify(organisation), Verified)


async def test_who_is_not_signed_in_comes_back_to_the_recording_that_was_asked_for(
    service: RunningService, recorded: str
) -> None:
    one = f"/archive/recordings/{recorded}"
    async with Caller(service.url) as nobody:
        for path in (one, "/archive", "/archive/reviews", "/archive/exports"):
            answer = await nobody.get(path)
            assert (answer.status, answer.headers["Location"]) == (303, f"/staff/sign-in?to={path}")
        assert (await nobody.get(one + "/check")).status == 401


async def test_without_a_purpose_no_byte_and_the_refusal_is_in_the_journal_of_the_attention(
    service: RunningService, recorded: str, auditor: Caller
) -> None:
    ledger.change(service, "UPDATE grants SET until = '2020-01-01 00:00:00.000000'")
    since = ledger.heads(service)
    answer = await auditor.get(f"/archive/recordings/{recorded}/parts/1/citizen-video")
    assert (answer.status, answer.headers["X-Reason"]) == (403, "no_purpose")
    assert refusals(service, since, OWNER) == [("PlaybackRefused", "staff:staff-nuria", "no_purpose")]
    async with ledger.opened(service) as database:
        views = DatabaseViews(database)
        found = await views.recording(OWNER, recorded, "ca")
        assert found is not None
        last = (await views.journal(OWNER, found[0].attention))[-1]
    assert (last.kind, last.body["reason"]) == ("PlaybackRefused", "no_purpose")
    page = await auditor.get(f"/archive/recordings/{recorded}")
    for purpose in ("", "because", "a          b"):
        said = await auditor.post(
            f"/archive/recordings/{recorded}/purpose", {"csrf": page.csrf, "purpose": purpose, "case": CASE}
        )
        assert said.status == 422
    assert (await auditor.get(f"/archive/recordings/{recorded}/parts/1/citizen-video")).status == 403


async def test_a_purpose_opens_that_recording_to_that_person_while_it_lasts(
    service: RunningService, recorded: str, auditor: Caller
) -> None:
    media = f"/archive/recordings/{recorded}/parts/1/citizen-video"
    since = ledger.heads(service)
    await state_purpose(auditor, recorded)
    stated = [(kind, json.loads(body)["purpose"]) for kind, _, body in ledger.facts_since(service, since[OWNER], OWNER)]
    assert stated == [("PurposeStated", PURPOSE)]
    whole = await auditor.get(media)
    assert (whole.status, whole.headers["Content-Type"]) == (200, "video/webm")
    assert whole.body.startswith(b"\x1a\x45\xdf\xa3")
    check(media, whole, public_url=service.url)
    part = await auditor.get(media, headers={"Range": "bytes=0-99"})
    assert (part.status, part.body) == (206, whole.body[:100])
    check(media, part, public_url=service.url)
    beyond = await auditor.get(media, headers={"Range": "bytes=999999999-"})
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole.body)}")
    head = await auditor.request("HEAD", media)
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(whole.body)), b"")
    for odd in ("bytes=1-0", "bytes=a-b", "bytes=" + "1-2," * 90, "lines=1-2", "bytes=--1"):
        assert (await auditor.get(media, headers={"Range": odd})).status == 200
    for subject, status, reason in (("staff-marta", 403, "role"), ("staff-ricard", 404, "not_found")):
        async with Caller(service.url) as other:
            await other.sign_in(subject)
            answer = await other.get(media)
            assert (answer.status, answer.headers["X-Reason"]) == (status, reason)
    async with Caller(service.url) as nobody:
        assert (await nobody.get(media)).status == 401
    ledger.change(service, "UPDATE grants SET until = '2020-01-01 00:00:00.000000'")
    assert (await auditor.get(media)).status == 403


@pytest.mark.parametrize("subject", ["staff-marta", "staff-laia", "staff-pere"])
async def test_who_is_no_auditor_is_refused_and_it_is_written_down(
    service: RunningService, recorded: str, subject: str
) -> None:
    one = f"/archive/recordings/{recorded}"
    async with Caller(service.url) as person:
        await person.sign_in(subject)
        for path, kind in (
            ("/archive", "AccessRefused"),
            (one, "AccessRefused"),
            (one + "/parts/1/citizen-audio", "PlaybackRefused"),
        ):
            since = ledger.heads(service)
            answer = await person.get(path)
            assert (answer.status, answer.headers["X-Reason"]) == (403, "role")
            assert refusals(service, since, OWNER) == [(kind, f"staff:{subject}", "role")]


@pytest.mark.parametrize("told", ["document", "iframe", "empty", "embed", "serviceworker"])
async def test_a_file_is_given_to_the_player_and_not_to_be_taken_away(
    service: RunningService, recorded: str, auditor: Caller, told: str
) -> None:
    """Whoever opens its address beside the page would have it without the watermark, and could save it."""
    await state_purpose(auditor, recorded)
    media = f"/archive/recordings/{recorded}/parts/1/citizen-video"
    since = ledger.heads(service)
    answer = await auditor.get(media, headers={"Sec-Fetch-Dest": told})
    assert (answer.status, answer.headers["X-Reason"]) == (403, "not_played")
    assert refusals(service, since, OWNER) == [("PlaybackRefused", "staff:staff-nuria", "not_played")]
    assert b"webm" not in answer.body
    assert (await auditor.get(media, headers={"Sec-Fetch-Dest": "video"})).status == 200
    asked = await auditor.request("HEAD", media, headers={"Sec-Fetch-Dest": "empty"})
    assert asked.status == 200, "a player that fails asks why"


async def test_bytes_that_were_changed_on_the_disk_end_the_answer_and_nothing_is_put_after_them(
    service: RunningService, recorded: str, auditor: Caller
) -> None:
    await state_purpose(auditor, recorded)
    media = f"/archive/recordings/{recorded}/parts/1/citizen-video"
    whole = (await auditor.get(media)).body
    path = _file(service, recorded)
    sound = path.read_bytes()
    try:
        path.write_bytes(sound[: len(sound) // 2] + bytes([sound[len(sound) // 2] ^ 1]) + sound[len(sound) // 2 + 1 :])
        said = await _said(service, auditor, media)
        # nothing comes after what was begun: no page, no second answer
        assert said.count(b"HTTP/1.") == 1
        assert b"<html" not in said or said.startswith(b"HTTP/1.1 410")
        assert len(said) < len(whole)
        assert '"playback_broken"' in service.log or said.startswith(b"HTTP/1.1 410")
    finally:
        path.write_bytes(sound)
    assert (await auditor.get(media)).body == whole
    assert "Traceback" not in service.log


async def _said(service: RunningService, auditor: Caller, path: str) -> bytes:
    """Everything that a connection brings until the service ends it."""
    reader, writer = await asyncio.open_connection("localhost", service.port)
    cookie = auditor.identity["Cookie"]
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
    said = b""
    with suppress(ConnectionResetError):
        async with asyncio.timeout(10):
            while piece := await reader.read(65536):
                said += piece
    writer.close()
    return said


def _file(service: RunningService, recorded: str) -> Path:
    found = [path for path in service.recordings.rglob("*") if path.is_file() and "citizen-video" in path.name]
    mine = [path for path in found if recorded in str(path)]
    assert len(mine) == 1, found
    return mine[0]
