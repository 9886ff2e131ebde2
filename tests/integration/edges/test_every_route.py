"""Every route of the service: nobody gets anything by a role that may not, or is told what there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from videoattention.bootstrap.service import Service
from videoattention.config import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.integration.edges.callers import Answer
    from tests.story.running import RunningService

PLACE = re.compile(r"\{([a-z]+)(?::(?:[^{}]|\{[^{}]*\})*)?\}")
MADE_UP = "0" * 32
ELSEWHERE = {"part": "1", "track": "citizen-video", "version": "0", "level": "attended", "procedure": "consulta"}
OUTSIDERS = {
    "/archive/": ("staff-joan", "staff-laia", "staff-pere", "staff-anna"),
    "/rights": ("staff-joan", "staff-oriol", "staff-pere", "staff-anna"),
    "/settings": ("staff-joan", "staff-oriol", "staff-montse", "staff-anna"),
}
SAID = {
    "purpose": "Complaint 2026/114: the deadline",
    "case": "2026/117",
    "decision": "approve",
    "answer": "as asked",
    "words": "what a citizen asked for",
    "verdict": "in_order",
    "right": "copy",
    "ground": "copy_granted",
    "days": "30",
    "shown": "shown_passport",
    "seen": "yes",
    "understood": "yes",
    "sure": "yes",
    "consent": "c1",
    "reason": "because it must be so",
    "base": "0",
    "step": "make",
    "from": "call",
    "number": "",
    "attention": "",
    "office": "oac-girona",
    "procedure": "consulta",
}
"""What the forms ask for, all at once: each takes what it knows."""
NOTHING = dict.fromkeys(SAID, "") | {"decision": "approve", "right": "copy", "base": "0", "step": "look"}
"""The same forms, wrongly filled in: a fault in a form is told to who may send it, and to nobody else."""
JOURNALLED = {"journal", "journal_heads", "commands", "alembic_version"}


@pytest.fixture(scope="session")
async def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """(method, path) of each, as the program itself has them."""
    folder: Path = tmp_path_factory.mktemp("routes")
    said = {"VIDEOATTENTION_DATA": str(folder / "data"), "VIDEOATTENTION_RECORDINGS": str(folder / "recordings")}
    program = Service(read(said))
    found = {(route.method, _path(route.resource.get_info())) for route in program.application().router.routes()}  # type: ignore[union-attr]  # all have one
    await program.close()
    return sorted(one for one in found if one[0] in {"GET", "POST"})


def _path(told: Mapping[str, object]) -> str:
    """A route's address with its places, or where a whole application begins."""
    return str(told.get("path") or told.get("formatter") or told.get("prefix", ""))


def _at(path: str, ids: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: ids.get(place[1], MADE_UP), path)


async def _csrf(service: RunningService, subject: str) -> str:
    return ledger.value(service, "SELECT csrf FROM sessions WHERE subject = ? ORDER BY ends_at DESC", subject)


def _blank(answer: Answer, ids: Mapping[str, str]) -> str:
    text = answer.text
    for said in ids.values():
        text = text.replace(said, "") if len(said) == len(MADE_UP) else text
    return text


@pytest.mark.parametrize("room", OUTSIDERS)
async def test_a_room_is_closed_to_every_other_role_whatever_is_asked_and_however(
    service: RunningService, recorded: str, routes: list[tuple[str, str]], room: str
) -> None:
    attention = ledger.value(service, "SELECT attention FROM recordings WHERE id = ?", recorded)
    real = {**ELSEWHERE, "recording": recorded, "attention": attention}
    made_up = {**real, "recording": MADE_UP, "attention": MADE_UP}
    mine = [one for one in routes if (one[1] + "/").startswith(room)]
    assert len(mine) > 5
    for subject in OUTSIDERS[room]:
        async with Caller(service.url) as person:
            await person.sign_in(subject)
            csrf = await _csrf(service, subject)
            for method, path in mine:
                for said in (SAID, NOTHING) if method == "POST" else ({},):
                    body = {"data": {**said, "csrf": csrf}} if said else {}
                    answers = [await person.request(method, _at(path, ids), **body) for ids in (real, made_up)]
                    if answers[0].location == "/rights/links":  # it says nothing, and leads where one is refused
                        continue
                    told = {(a.status, a.headers["X-Reason"]) for a in answers}
                    assert told == {(403, "role")}, (subject, method, path, said.get("purpose"))
                    assert len({_blank(a, ids) for a, ids in zip(answers, (real, made_up), strict=True)}) == 1, path


async def test_what_another_organisation_has_and_what_nobody_has_are_told_alike(
    service: RunningService, recorded: str, routes: list[tuple[str, str]]
) -> None:
    attention = ledger.value(service, "SELECT attention FROM recordings WHERE id = ?", recorded)
    real = {**ELSEWHERE, "recording": recorded, "attention": attention}
    made_up = {**real, "recording": MADE_UP, "attention": MADE_UP}
    async with Caller(service.url) as stranger:
        await stranger.sign_in("staff-ricard", "/archive")
        csrf = await _csrf(service, "staff-ricard")
        for method, path in routes:
            if not PLACE.search(path) or not path.startswith(("/archive/", "/rights/", "/desk/")):
                continue
            for said in (SAID, NOTHING) if method == "POST" else ({},):
                body = {"data": {**said, "csrf": csrf}} if said else {}
                answers = [await stranger.request(method, _at(path, ids), **body) for ids in (real, made_up)]
                assert len({(a.status, a.headers.get("X-Reason")) for a in answers}) == 1, (method, path)
                assert len({_blank(a, ids) for a, ids in zip(answers, (real, made_up), strict=True)}) == 1, path
                assert {a.status for a in answers} <= ({200, 400, 403, 404} if method == "GET" else {400, 403, 404})


@pytest.mark.parametrize("subject", ["staff-nuria", "staff-montse", "staff-pere", "staff-marta"])
async def test_no_form_does_anything_without_the_token_of_its_session_or_from_elsewhere(
    service: RunningService, recorded: str, routes: list[tuple[str, str]], subject: str
) -> None:
    attention = ledger.value(service, "SELECT attention FROM recordings WHERE id = ?", recorded)
    ids = {**ELSEWHERE, "recording": recorded, "attention": attention}
    async with Caller(service.url) as person:
        await person.sign_in(subject)
        csrf = await _csrf(service, subject)
        before = {name: rows for name, rows in ledger.everything(service).items() if name not in JOURNALLED}
        for path in (path for method, path in routes if method == "POST"):
            forged = await person.post(_at(path, ids), {**SAID, "csrf": "x" * 43})
            assert forged.status in {400, 403, 404}, path
            assert "Set-Cookie" not in forged.headers, path
            if path == "/staff/back-channel-logout" or path.startswith("/standin/"):
                continue
            for origin in ("https://elsewhere.example", "null", ""):
                sent = {"Origin": origin, "Sec-Fetch-Site": "cross-site" if origin else ""}
                foreign = await person.post(_at(path, ids), {**SAID, "csrf": csrf}, headers=sent)
                assert (foreign.status, foreign.headers["X-Reason"]) == (403, "other_origin"), (path, origin)
        after = {name: rows for name, rows in ledger.everything(service).items() if name not in JOURNALLED}
        assert after == before
