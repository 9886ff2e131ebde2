"""What orders, reports and sessions are made of."""

from __future__ import annotations

from tests.unit.services.town import NOW
from videoattention.domain.people import Side
from videoattention.services.media import Track
from videoattention.services.sessions import Session


def test_a_track_says_whose_and_what_it_is() -> None:
    assert {track: (track.side, track.kind) for track in Track} == {
        Track.CITIZEN_AUDIO: (Side.CITIZEN, "audio"),
        Track.CITIZEN_VIDEO: (Side.CITIZEN, "video"),
        Track.INFORMER_AUDIO: (Side.INFORMER, "audio"),
        Track.INFORMER_VIDEO: (Side.INFORMER, "video"),
    }


def test_a_session_is_nobodys_until_it_says_whose() -> None:
    fresh = Session("key", "csrf", idle_until=NOW, ends_at=NOW)
    assert (fresh.organisation, fresh.attention, fresh.person, fresh.sid) == ("", "", None, "")
