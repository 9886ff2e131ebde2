"""Requests for packages of attentions are told with names, and a package says what it is when it is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock
from zoneinfo import ZoneInfo

import pytest

from tests.unit.pages import made_up_archive, made_up_unrecorded
from videoattention.domain.exporting import Signatory
from videoattention.entrypoints.http.languages import LANGUAGES
from videoattention.entrypoints.http.packages_asked import OF_ATTENTION, OF_RECORDING, asked_by_name, saved_as
from videoattention.entrypoints.http.pages import Pages
from videoattention.services.views.unrecorded import AskedSeen

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
BY, ANSWERED_BY = (Signatory(who, who, "Auditora") for who in ("staff-nuria", "staff-oriol"))
JOURNALLED = AskedSeen(
    replace(made_up_archive.APPROVED, asked_by=BY, decided_by=ANSWERED_BY), made_up_unrecorded.PLAIN, lapsed=False
)
PAGES = Pages(Path(__file__).parents[3] / "web")


async def seen_by(names: dict[str, str], *asked: AskedSeen) -> tuple[Any, Mock]:
    views, archive_views = Mock(asked=AsyncMock(return_value=asked)), Mock(names=AsyncMock(return_value=names))
    session = Mock(issuer="https://login.example", person=Mock(organisation="gencat"))
    found = await asked_by_name(views, archive_views, session, "ca", now=NOW, attention="a1")
    views.asked.assert_awaited_once_with("gencat", "ca", now=NOW, attention="a1")
    return found, archive_views


async def test_people_are_told_by_name_and_whoever_is_not_known_by_the_subject() -> None:
    (seen,), views = await seen_by({"staff-nuria": "Núria Vidal"}, JOURNALLED)
    views.names.assert_awaited_once_with("gencat", "https://login.example", {"staff-nuria", "staff-oriol"})
    assert seen.export.asked_by == Signatory("staff-nuria", "Núria Vidal", "Auditora")
    assert seen.export.decided_by == ANSWERED_BY


async def test_nobody_is_looked_up_where_nothing_was_asked() -> None:
    found, views = await seen_by({})
    assert list(found) == []
    views.names.assert_not_awaited()


@pytest.mark.parametrize(("of", "begins"), [(OF_RECORDING, "paquet-gravacio"), (OF_ATTENTION, "paquet-atencio")])
def test_a_package_says_what_it_is_the_day_at_the_office_and_the_id(of: str, begins: str) -> None:
    rendering = Mock(zone=ZoneInfo("Europe/Madrid"), translate=lambda _, message: PAGES.translate(message, "ca"))
    assert saved_as(rendering, Mock(), of, at=NOW, name="a1b2") == f"{begins}-2026-11-23-a1b2.zip"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", [OF_RECORDING, OF_ATTENTION])
def test_a_name_of_a_file_is_plain_in_every_language(language: str, of: str) -> None:
    said = PAGES.translate(of, language)
    assert said.isascii()
    assert set(said) <= set("abcdefghijklmnopqrstuvwxyz-")
