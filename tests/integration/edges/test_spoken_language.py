"""Whoever takes the page on in another language is asked in it; over the running service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.integration.edges import ledger
from tests.integration.edges.talking import talking

if TYPE_CHECKING:
    from tests.story.running import RunningService

TEXTS = Path(__file__).parents[3] / "web/texts/attended"


def title(language: str) -> str:
    """Of the newest text of the level."""
    newest = max(TEXTS.iterdir(), key=lambda folder: int(folder.name))
    words: str = json.loads((newest / f"{language}.json").read_text())["title"]
    return words


def told(view: dict[str, Any]) -> list[tuple[str, str]]:
    """Every text that was put before the citizen, and what became of it."""
    return [(consent["stage"], consent["title"]) for consent in view["consents"]]


async def test_a_citizen_who_changes_the_language_in_the_call_is_asked_in_the_new_one(service: RunningService) -> None:
    async with talking(service) as talk:
        await talk.ask_to_identify()
        assert (await talk.citizen.identify()).status == 200
        await talk.done(talk.desk, "ask_consent", attention=talk.attention)
        asked = [("asked", title("ca"))]
        await talk.citizen_page.pushed("citizen_changed", lambda p: told(p["view"]) == asked)
        before = ledger.heads(service)["gencat-demo"]
        for path in ("/attention?lang=en", "/attention", "/attention?lang=klingon"):
            assert '<html lang="en">' in (await talk.citizen.get(path)).text
        lapsed = [("lapsed", title("ca"))]
        await talk.citizen_page.pushed("citizen_changed", lambda p: told(p["view"]) == lapsed)
        await talk.done(talk.desk, "ask_consent", attention=talk.attention)
        again = [*lapsed, ("asked", title("en"))]
        await talk.citizen_page.pushed("citizen_changed", lambda p: told(p["view"]) == again)
        since = [kind for kind, _, _ in ledger.facts_since(service, before, "gencat-demo") if kind != "ReceiptSigned"]
        assert since == ["LanguageChosen", "ConsentAsked"]
