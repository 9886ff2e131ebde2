"""The seal of a real call, as `serve` and its media worker leave it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from tests.integration.edges import ledger

if TYPE_CHECKING:
    from tests.story.running import RunningService


async def test_a_real_call_is_sealed_complete_and_the_journal_binds_the_seal(
    service: RunningService, recorded: str
) -> None:
    query = "SELECT CAST(manifest AS TEXT) FROM seals WHERE recording = ?"
    manifest = ledger.value(service, query, recorded).encode()
    told = json.loads(manifest)
    body = ledger.value(
        service, "SELECT body FROM journal WHERE kind = 'RecordingSealed' AND body LIKE ?", f"%{recorded}%"
    )
    sealed = json.loads(body)
    assert sealed["manifest"] == hashlib.sha256(manifest).hexdigest()
    assert (told["complete"], told["causes"], sealed["complete"]) == (True, [], True)
    (part,) = told["parts"]
    assert [track["reported_sha256"] == track["media_sha256"] for track in part["tracks"]] == [True] * 4
    assert all(track["playable_bytes"] for track in part["tracks"])
