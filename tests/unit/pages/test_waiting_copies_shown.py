"""A copy that waits for the object store, as both people and auditors read of it."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.pages import made_up, made_up_archive
from tests.unit.pages.test_pages_render import PAGES, STAFF, citizen, desk
from tests.unit.pages.test_pages_render import Shown as Text

WAITS = "Its copy waits (since"


def test_both_people_read_that_the_recording_goes_on_and_that_there_is_nothing_to_do() -> None:
    told = citizen("copy-waits").text
    assert "The recording goes on and is safe here. Its copy waits" in told
    assert "You need not do anything." in told
    assert "Its copy waits" in desk("copy-waits").text
    assert "the person reads that it is safe" in desk("copy-waits").text
    for text in (told, desk("copy-waits").text):
        assert "Nothing is being recorded now" not in text
    assert citizen("copy-waits").actions == citizen("attended").actions
    assert desk("copy-waits").actions == desk("attended").actions


def test_nobody_reads_of_a_copy_that_does_not_wait() -> None:
    for name in ("attended", "hindered", "entering", "talking"):
        assert "copy waits" not in citizen(name).text + desk(name).text


def test_the_list_says_since_when_a_copy_waits() -> None:
    rows = [made_up.UNCOPIED, made_up.RECORDING]
    text = Text(PAGES.render("archive.html", "en", **STAFF, recordings=rows, **made_up_archive.SEARCH)).text
    assert text.count(WAITS) == 1


def test_the_page_of_a_recording_says_since_when_its_copy_waits() -> None:
    given = {"parts": made_up.PARTS, "journal": (), "seal": made_up.SEAL, "room": made_up_archive.room()}
    closed = {"granted": False, "granted_until": None}
    waits, copied = (
        Text(PAGES.render("recording.html", "en", **STAFF, **given, **closed, recording=one)).text
        for one in (made_up.UNCOPIED, replace(made_up.UNCOPIED, waits_since=None))
    )
    assert WAITS in waits
    assert "The copy is made by itself." in waits
    assert WAITS not in copied


def test_the_page_says_that_files_wait_elsewhere_and_what_becomes_of_the_seal() -> None:
    given = {"parts": made_up.PARTS, "journal": (), "room": made_up_archive.room(), "recording": made_up.FAR_AWAY}
    closed = {"granted": False, "granted_until": None}
    unsealed, sealed = (
        Text(PAGES.render("recording.html", "en", **STAFF, **given, **closed, seal=seal)).text
        for seal in (None, made_up.INCOMPLETE)
    )
    assert "wait for their copy on another machine" in unsealed
    assert "the seal waits for it" in unsealed
    assert "stays missing in the seal" in sealed
    for text in (unsealed, sealed):
        assert "lies with the service alone" not in text
