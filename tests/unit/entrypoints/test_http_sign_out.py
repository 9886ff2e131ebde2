"""Signing out ends the session here first: the provider may take its time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from videoattention.domain.people import Person
from videoattention.entrypoints.http import login
from videoattention.entrypoints.http.login import LoginPages
from videoattention.services.claims import ClaimsMapping
from videoattention.services.identity import Realm
from videoattention.services.sessions import Session

if TYPE_CHECKING:
    import pytest
    from aiohttp import web

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PERSON = Person("marta", "gencat-demo", "Marta", "Informadora", frozenset(), frozenset())


class House:
    """All that a sign-out meets; notes in which order."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def staff(self, _: web.Request) -> Session:
        return Session("k", "csrf", NOW, NOW, "gencat-demo", person=PERSON, id_token="hint")

    def take_back(self, *_: object) -> None:
        self.done.append("cookie")

    async def close(self, key: str) -> bool:
        self.done.append(f"session {key}")
        return True

    async def close_session(self, key: str, cause: str) -> None:
        self.done.append(f"sockets {key} {cause}")

    async def signed_out(self, person: Person, cause: str) -> None:
        self.done.append(f"journal {person.subject} {cause}")

    async def logout_url(self, id_token: str, return_to: str) -> str:
        self.done.append(f"provider {id_token}")
        return return_to


async def test_the_session_and_its_sockets_end_before_the_provider_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def genuine(*_: object) -> dict[str, str]:
        return {}

    monkeypatch.setattr(login, "fields", genuine)
    house: Any = House()
    pages = LoginPages(
        house,
        house,
        providers={Realm.STAFF: house},
        sign_ins=house,
        sessions=house,
        doorkeeper=house,
        identifying=house,
        views=house,
        sockets=house,
        clock=house,
        public_url="https://video.example",
        mapping=ClaimsMapping(),
    )
    request: Any = None
    answer: Any = await pages.sign_out(request)
    assert house.done == ["session k", "sockets k asked", "journal marta asked", "provider hint", "cookie"]
    assert answer.location == "https://video.example/signed-out"
