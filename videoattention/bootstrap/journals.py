"""Checking the journals without serving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.db.database import Database
from videoattention.adapters.db.journal import Broken, Journal, Verified

if TYPE_CHECKING:
    from videoattention.config import Settings


async def verify_journals(settings: Settings) -> list[tuple[str, bool]]:
    """One sentence for each organisation's journal, and whether it holds."""
    database = Database(settings.storage.database)
    try:
        journal = Journal(database)
        found = [(organisation, await journal.verify(organisation)) for organisation in await journal.organisations()]
    finally:
        await database.close()
    return [
        (f"{organisation}: {journal_in_words(result)}", isinstance(result, Verified)) for organisation, result in found
    ]


def journal_in_words(result: Verified | Broken) -> str:
    """What was found of a chain."""
    if isinstance(result, Verified):
        erased = f", {result.erased} of them erased" if result.erased else ""
        return f"{result.entries} entries{erased}, every link holds up to {result.hash[:16]}"
    return f"broken at entry {result.seq} ({result.what})"
