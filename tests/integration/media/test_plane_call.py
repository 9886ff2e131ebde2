from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.media.peers import AiortcPerson
from tests.integration.media.talk import conversation, decoded, record
from videoattention.services.media import (
    CloseCall,
    LegChanged,
    Negotiate,
    PartClosed,
    PartOpened,
    RecordedUntil,
    StopRecording,
)

if TYPE_CHECKING:
    from pathlib import Path


async def test_two_people_hear_and_see_each_other_and_are_recorded(tmp_path: Path) -> None:
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.join()
        await talk.heard()
        assert {(r.side, r.connected) for r in talk.reports.of(LegChanged)} == {("citizen", True), ("informer", True)}
        await talk.plane.obey(record())
        opened = await talk.reports.wait(PartOpened)
        until = await talk.reports.wait(RecordedUntil, lambda r: r.at > opened.at + 2)
        await talk.plane.obey(StopRecording("call", "rec"))
        closed = talk.reports.of(PartClosed)[0]
        assert closed.cause == "stopped"
        assert closed.at >= until.at
        for kept in closed.tracks:
            times = decoded(tmp_path / f"rec-1-{kept.track}.webm")
            assert kept.frames > 30, kept
            # sound that came late because the machine was busy is made up for with silence, a picture is not
            made_up = len(times) - kept.frames
            assert -1 <= made_up <= (kept.duration / 0.02 if kept.track.kind == "audio" else 1)
            assert 0 <= kept.start < 1.5
        await talk.plane.obey(CloseCall("call"))
        assert talk.plane.calls() == ()


async def test_who_joins_again_on_a_living_connection_is_told_of_again(tmp_path: Path) -> None:
    """A service that was restarted knows of no connection, and asks like this."""
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.join()
        await talk.heard()
        told = talk.reports.of(LegChanged)
        await talk.join()
        assert sorted(talk.reports.of(LegChanged)[len(told) :], key=str) == sorted(told, key=str)
        assert len(talk.reports.of(Negotiate)) == 2
        await talk.heard()
