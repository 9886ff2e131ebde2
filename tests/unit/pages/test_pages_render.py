from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import UndefinedError

from tests.unit.pages import made_up, made_up_archive
from videoattention.entrypoints.http.journal_words import fact_in_words
from videoattention.entrypoints.http.languages import LANGUAGES
from videoattention.entrypoints.http.markup import when
from videoattention.entrypoints.http.page_state import state_of
from videoattention.entrypoints.http.pages import Pages
from videoattention.entrypoints.http.recording_page import Wrong
from videoattention.entrypoints.http.wording import decimal, language_name, spoken_length, stopwatch
from videoattention.services.views import ErasedSeen, IdentitySeen, InformerSeen, JournalLine, RecordingSeen, SealSeen

WEB = Path(__file__).parents[3] / "web"
if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.services.views import OfficeSeen

PAGES = Pages(WEB)
STAFF = {"person": made_up.STAFF, "csrf": "token"}


class Shown(HTMLParser):
    """The text of a page without what is hidden, and every ``data-action`` in sight."""

    VOID = frozenset({"meta", "link", "img", "input", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.actions: set[str] = set()
        self._hidden: list[bool] = [False]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        hidden = self._hidden[-1] or "hidden" in told or tag in {"template", "dialog"}
        if not hidden and told.get("data-action"):
            self.actions.add(str(told["data-action"]))
        if tag not in self.VOID:
            self._hidden.append(hidden)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden[-1]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def citizen(name: str, language: str = "en") -> Shown:
    return Shown(PAGES.render("attention.html", language, view=made_up.CITIZEN_VIEWS[name], csrf="t"))


def desk(name: str) -> Shown:
    return Shown(PAGES.render("desk.html", "en", view=made_up.DESK_VIEWS[name], **STAFF))


PROPOSE = {"propose-assisted", "propose-attended"}
ASK = {"ask-identification", "ask-phone", "ask-visual"}
IN_CALL = {"mute-audio", "mute-video", "choose-devices"}


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("waiting", {"leave-line"}),
        ("offered", {"leave-line"}),
        ("talking", {*IN_CALL, "hang-up"}),
        ("proposed", {*IN_CALL, "hang-up", "decline-level"}),
        ("identification", {*IN_CALL, "hang-up", "decline-level", "identify"}),
        ("consent", {*IN_CALL, "hang-up", "decline-level", "read-consent"}),
        ("attended", {*IN_CALL, "hang-up", "withdraw-consent", "informative"}),
        ("closed-attended", set[str]()),
        ("abandoned", set[str]()),
    ],
)
def test_a_citizen_can_press_what_the_stage_allows(name: str, actions: set[str]) -> None:
    assert citizen(name).actions == actions


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("talking", PROPOSE),
        ("proposed", {*ASK, "drop-proposal"}),
        ("identification", {"stop-identification", "drop-proposal"}),
        ("too-low", {*ASK, "drop-proposal", "reveal-identity"}),
        ("identified", {"ask-consent", "drop-proposal", "reveal-identity"}),
        ("consent", {"witness", "drop-proposal", "reveal-identity"}),
        ("barred", {"propose-assisted"}),
        ("lapsed", {"propose-assisted"}),
        ("clip", {"end-clip", "propose-attended", "lower-level", "reveal-identity"}),
        ("assisted", {"clip-heard", "clip-again", "propose-attended", "lower-level", "reveal-identity"}),
        ("raising-further", {"ask-consent", "drop-proposal", "lower-level", "reveal-identity"}),
        ("attended", {"propose-assisted", "lower-level", "reveal-identity"}),
        ("refused", {*PROPOSE, "reveal-identity"}),
    ],
)
def test_an_informer_can_press_the_next_steps(name: str, actions: set[str]) -> None:
    always = {*IN_CALL, "end-call", "available", "pause", "sign-out", "take"}
    assert desk(name).actions - always == actions


def test_the_place_and_an_honest_interval_are_told() -> None:
    assert "Your place in the line 3" in citizen("waiting").text
    assert "Between 6 and 18 minutes" in citizen("waiting").text
    assert "in about a minute" in citizen("waiting-soon").text
    assert "Less than 12 minutes" in citizen("waiting-under").text
    assert "cannot promise" in citizen("waiting-nobody").text
    for name in ("waiting", "waiting-nobody", "offered"):
        assert f"Hours: {made_up.OFFICE.hours}" in citizen(name).text
        assert f"Other ways of being attended: {made_up.OFFICE.other_ways}" in citizen(name).text


def test_the_recorder_is_named_only_while_it_is_in_the_call() -> None:
    assert "Recorder keeps sound and picture" in citizen("attended").text
    assert "Recording now" in citizen("attended").text
    for name in ("talking", "consent", "refused", "withdrawn"):
        assert "Recording now" not in citizen(name).text
        assert "Recorder" not in citizen(name).text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ended", "Nothing of this call was recorded."),
        ("closed-attended", "recorded from your consent until the end"),
        ("closed-gaps", "with interruptions in which nothing was stored"),
        ("closed-erased", "What was recorded of this call was erased from this service."),
        ("closed-unrecorded", "Nothing of this call was recorded."),
        ("closed-withdrawn", "Only what was said while you were attended"),
    ],
)
def test_the_goodbye_tells_what_was_recorded(name: str, told: str) -> None:
    assert told in citizen(name).text


def test_the_goodbye_after_an_erasure_promises_nothing_that_is_gone() -> None:
    assert "It is kept" not in citizen("closed-erased").text
    assert "It is kept" in citizen("closed-gaps").text


@pytest.mark.parametrize("name", ["entering", "hindered"])
def test_while_the_recorder_is_not_in_the_call_both_are_told_that_nothing_is_recorded(name: str) -> None:
    for told in (citizen(name).text, desk(name).text):
        assert "Nothing is being recorded now" in told
        assert "recorded until" not in told
        assert "Recording now" not in told
    assert "At this moment you are not being recorded." in citizen(name).text
    assert "You act for the person" not in desk(name).text
    assert "Nothing is being recorded now" not in citizen("attended").text + desk("attended").text


def test_an_informer_waits_for_the_recorder_before_acting() -> None:
    assert "Wait until the recorder is in the call before you act for the person" in desk("entering").text
    assert "Wait until the recorder" not in desk("attended").text + desk("hindered").text + desk("talking").text


def test_an_identification_that_is_not_enough_is_told_to_both() -> None:
    for told in (citizen("too-low").text, desk("too-low").text):
        assert "low assurance" in told
        assert "more is needed" in told
        assert "declared" not in told
    assert "Ask again" in desk("too-low").text
    assert made_up.IDENTITY.name in desk("too-low").text
    for name in ("proposed", "identification", "identified"):
        assert "more is needed" not in citizen(name).text + desk(name).text


@pytest.mark.parametrize("side", [citizen, desk])
def test_both_pages_name_the_same_steps_in_the_same_order(side: Callable[[str], Shown]) -> None:
    shown = side("picture").text
    steps = ["Habilitation of the informer", "Picture good enough", "Identification", "Consent"]
    places = [shown.index(step) for step in steps]
    assert places == sorted(places)
    for absent in ("Habilitation of the informer", "Picture good enough"):
        assert absent not in side("proposed").text


def test_a_clip_is_told_from_its_beginning_to_its_end() -> None:
    assert "The recorder is entering the call" in citizen("clip-entering").text
    assert "Say aloud" in citizen("clip").text
    assert "Ask the person to say aloud" in desk("clip").text
    for told in (citizen("assisted").text, desk("assisted").text):
        assert "recorder has left" in told
        assert "Say aloud:" not in told
    assert "Only a short clip of your authorisation was recorded." in citizen("closed-assisted").text


def test_a_witnessed_answer_is_told_apart_on_both_pages() -> None:
    assert "take it back now" in citizen("witnessed").text
    assert "wrote down that you did not accept" in citizen("witnessed-refusal").text
    assert "wrote down" not in citizen("attended").text


def test_an_informer_is_told_why_a_level_cannot_be_proposed() -> None:
    assert "needs a habilitation that your account does not have" in desk("barred").text
    assert "Its last day was 31 March 2026" in desk("lapsed").text
    assert "habilitation" not in desk("talking").text


def test_what_the_informer_says_aloud_is_shown_while_a_level_is_proposed() -> None:
    assert "Say aloud Necessito la vostra autorització." in desk("phone-asked").text
    assert "Say aloud" not in desk("talking").text


def test_the_outcome_never_offers_more_than_was_proved() -> None:
    assert "done for the person" in desk("wrapping-up-represented").text
    assert "done for the person" not in desk("wrapping-up").text
    assert "with help" not in desk("wrapping-up").text


@pytest.mark.parametrize(
    ("name", "told", "untold"),
    [
        (
            "wrapping-up-unrecorded",
            ["“The procedure was done for the person” cannot be written", "“The person did it, with help” cannot"],
            ["authorisation was not recorded", "The form with which", "was not proved"],
        ),
        (
            "wrapping-up-unheard",
            ["“The person did it, with help” cannot", "authorisation was not recorded to its end"],
            ["“The procedure was done", "nothing of it was stored"],
        ),
        ("wrapping-up-unwritten", ["The form with which", "The person did it, with help"], ["with help” cannot"]),
        ("wrapping-up", ["The person was informed"], ["cannot be written"]),
    ],
)
def test_the_desk_says_why_an_outcome_cannot_be_written(name: str, told: list[str], untold: list[str]) -> None:
    text = desk(name).text
    assert {words: words in text for words in told + untold} == dict.fromkeys(told, True) | dict.fromkeys(untold, False)


@pytest.mark.parametrize("name", ["refused", "withdrawn", "lowered"])
def test_after_a_no_nobody_is_invited_to_act(name: str) -> None:
    assert "To act for the person" not in desk(name).text
    assert "need not say who you are" not in citizen(name).text
    assert "need not say who you are" in citizen("talking").text


def test_the_end_of_a_consent_is_told_to_both() -> None:
    assert "your consent has ended, and the recorder is no longer in the call" in citizen("lowered").text
    assert "Do not act for the person any more." in desk("lowered").text
    assert "Do not act for them any more." in desk("withdrawn").text


def test_what_becomes_of_an_offer_is_told_as_it_is() -> None:
    assert "you will be paused" in desk("offered").text
    assert "somebody else" not in desk("missed").text + desk("offered").text


def test_the_outcome_is_saved_as_the_informer_is() -> None:
    assert "Save and be available" in desk("wrapping-up").text
    paused = desk("wrapping-up-paused").text
    assert "Save" in paused
    assert "Save and be available" not in paused


def test_what_people_are_called_cannot_become_markup() -> None:
    evil = "<script>alert(1)</script>\" onload='x"
    view = replace(
        made_up.ATTENDED_VIEW,
        informer=InformerSeen(evil, evil),
        procedure=evil,
        office=evil,
        identity=IdentitySeen(evil, evil, "high"),
        consents=(made_up.consent("asked", evil, (evil,)),),
    )
    html = PAGES.render("attention.html", "ca", view=view, csrf=evil)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_script_or_style_inside(language: str) -> None:
    pages = [
        PAGES.render("entry.html", language, offices=made_up.OFFICES, turn="waiting"),
        PAGES.render("devices.html", language, office=made_up.OFFICE, procedure=made_up.PROCEDURE, csrf="t"),
        PAGES.render("attention.html", language, view=made_up.ATTENDED_VIEW, csrf="t"),
        PAGES.render("desk.html", language, view=made_up.IDLE_DESK, **STAFF),
        PAGES.notice("not_found", language),
    ]
    for html in pages:
        assert f'<html lang="{language}">' in html
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", html) == []


def test_the_hours_of_the_office_are_told_before_a_turn_is_taken() -> None:
    def told(office: OfficeSeen) -> str:
        page = PAGES.render("devices.html", "ca", office=office, procedure=made_up.PROCEDURE, csrf="t")
        return Shown(page.split('class="onward"')[1].split("</form>")[0]).text

    attending, closed = told(made_up.OFFICE), told(replace(made_up.OFFICE, informers=0))
    assert "De dilluns a divendres, de 9 a 14 h" in attending
    assert "no hi atén ningú" not in attending
    assert "De dilluns a divendres, de 9 a 14 h" in closed
    assert "no hi atén ningú" in closed
    assert "Telèfon 012" in closed
    assert "Horari" not in told(replace(made_up.OFFICE, hours=""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_could_not_sign_in_is_led_to_sign_in_and_not_to_the_citizens(language: str) -> None:
    refused = unescape(PAGES.notice("sign_in_refused", language))
    out = PAGES.render("signed_out.html", language)
    ways = re.findall(r'class="button ?(?:strong)? ?" href="([^"]+)">([^<]+)<', refused)
    assert ways == re.findall(r'class="button ?(?:strong)?" href="([^"]+)">([^<]+)<', out)
    assert [address for address, _ in ways] == ["/desk", "/archive", "/settings", "/rights"]


def test_a_page_without_what_it_needs_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        PAGES.render("devices.html", "ca", office=made_up.OFFICE, csrf="t")


def test_a_notice_tells_what_happened_in_the_persons_language() -> None:
    assert "Aquesta pàgina no existeix" in PAGES.notice("not_found", "ca")
    assert 'href="/desk"' in PAGES.notice("session_ended", "en", actions=[("Sign in", "/desk")])
    assert PAGES.sentence("stale", "en").startswith("Something changed")


def test_the_player_gets_the_address_of_every_file() -> None:
    html = PAGES.render(
        "recording.html",
        "en",
        **STAFF,
        recording=made_up.RECORDING,
        parts=made_up.PARTS,
        journal=made_up.JOURNAL,
        seal=made_up.SEAL,
        granted=True,
        granted_until=made_up.NOW,
        room=made_up_archive.room(),
    )
    pictures = html.count("/parts/2/citizen-video/pictures") + html.count("/parts/2/informer-video/pictures")
    assert pictures == len(("citizen", "informer"))
    assert html.count("/archive/recordings/recording-1/parts/2/") == len(made_up.TRACKS) + pictures
    assert "Not recorded: 42 seconds" in Shown(html).text
    assert "until 11:15:30" in Shown(html).text
    assert 'value="0.5" >0.5' in html


@pytest.mark.parametrize(
    ("seal", "stage", "told"),
    [
        (made_up.SEAL, "sealed", "Complete Signed with the key 0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
        (made_up.SEAL, "sealed", "Time stamp of an authority Kept with the seal"),
        (
            made_up.INCOMPLETE,
            "sealed",
            "Incomplete because the recorder's machine stopped, the end of a file was cut off when",
        ),
        (made_up.INCOMPLETE, "lost", "Time stamp of an authority Not time-stamped"),
        (None, "sealing", "It is being sealed."),
        (None, "sealed", "It has no seal."),
    ],
)
def test_an_auditor_sees_whether_a_recording_is_complete_and_what_proves_it(
    seal: SealSeen | None, stage: str, told: str
) -> None:
    context = {"parts": made_up.PARTS, "journal": made_up.JOURNAL, "room": made_up_archive.room(), "granted": False}
    shown = replace(made_up.RECORDING, stage=stage)
    html = PAGES.render("recording.html", "en", **STAFF, **context, recording=shown, seal=seal, granted_until=None)
    assert told in " ".join(Shown(html).text.split())


def kept_page(recording: RecordingSeen, journal: tuple[JournalLine, ...], language: str = "en") -> str:
    context = {
        "parts": made_up.PARTS,
        "seal": made_up.SEAL,
        "room": made_up_archive.room(),
        "granted": False,
        "granted_until": None,
    }
    return PAGES.render("recording.html", language, **STAFF, **context, recording=recording, journal=journal)


def test_the_journal_of_an_erased_recording_opens_for_a_purpose_too() -> None:
    page = kept_page(made_up.ERASED, made_up.JOURNAL)
    assert 'id="journal-title"' not in page
    assert 'name="purpose"' in page


_WITHDRAWN = (
    "La persona ho va demanar i es va estimar: s'ha retirat el consentiment i no hi ha cap altra base "
    "(RGPD 17(1)(b) · LOPDGDD 15)"
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("request:withdrawn", _WITHDRAWN),
        ("Request 7f of the citizen: GDPR 17(1)(b) · LOPDGDD 15", _WITHDRAWN),
        ("retention:consulta/attended", "S'ha acabat el termini de conservació (tramitació atesa)"),
        ("The period of keeping is over: visual", "S'ha acabat el termini de conservació (identificació visual)"),
        ("Ho mana el jutge: GDPR 17", "Ho mana el jutge: GDPR 17"),
    ],
)
def test_why_a_recording_was_erased_is_told_in_the_language_of_the_page(said: str, words: str) -> None:
    erased = replace(made_up.ERASED, erased=ErasedSeen(made_up.NOW, said, "montse"))
    line = made_up.line(17, "staff:montse", "RecordingErased", recording=erased.id, reason=said, certificate="ab")
    assert f"Motiu {words} " in Shown(kept_page(erased, (), "ca")).text
    assert f"«{words}»" in fact_in_words(line, lambda message: PAGES.translate(message, "ca"), "ca")


@pytest.mark.parametrize("granted", [False, True])
def test_what_reviewers_wrote_is_told_for_a_purpose_only(granted: bool) -> None:  # noqa: FBT001 - both are the cases
    """A verdict tells of the person in the recording, also when the review is closed."""
    context = {"parts": (), "journal": (), "seal": None, "granted": granted, "granted_until": made_up.NOW}
    room = made_up_archive.room(made_up_archive.CLOSED)
    told = Shown(PAGES.render("recording.html", "ca", **STAFF, **context, room=room, recording=made_up.RECORDING)).text
    assert (str(made_up_archive.FIRST.words) in told) is granted
    assert ("Llista de comprovació" in told) is granted
    assert "La revisió és tancada:" in told


def test_an_erased_recording_tells_what_may_be_left_of_it() -> None:
    others = made_up.line(17, "service", "RecordingExported", recording="another", purpose="Reclamació 12")
    given, given_away = made_up.GIVEN_AWAY, "whoever received it may still have it"
    told = Shown(kept_page(made_up.ERASED, (given,))).text
    assert "cannot be recovered from this service. Backups" in told
    assert "Length it had 12 minutes" in told
    assert "Length kept" not in told
    assert given_away in told
    unmade = made_up.line(18, "service", "ExportUnmade", recording=made_up.ERASED.id, export="e1", cause="no_space")
    assert given_away in Shown(kept_page(made_up.ERASED, (given, unmade, given))).text
    for journal in ((), (others,), (given, unmade)):
        assert given_away not in Shown(kept_page(made_up.ERASED, journal)).text
    assert given_away not in Shown(kept_page(made_up.RECORDING, (given,))).text
    assert "Length kept 12 minutes" in Shown(kept_page(made_up.RECORDING, ())).text


def test_a_hold_tells_who_placed_it_and_what_releases_it() -> None:
    assert "Hold hold-1 · Placed by arxiu" in Shown(kept_page(made_up.HELD, ())).text


def test_the_list_marks_what_is_incomplete() -> None:
    for recording, marks in ((made_up.HELD, 1), (made_up.RECORDING, 0)):
        html = PAGES.render("archive.html", "en", **STAFF, recordings=[recording], **made_up_archive.SEARCH)
        assert Shown(html).text.count("Incomplete") == marks


def test_a_purpose_that_is_missing_is_told_by_the_page_and_not_by_the_browser() -> None:
    context = {"parts": (), "journal": (), "seal": None, "granted": False, "granted_until": None}
    room = made_up_archive.room(wrong=Wrong("purpose", "purpose_too_short", {"purpose": "<b>claim", "case": "1/26"}))
    refused = PAGES.render("recording.html", "en", **STAFF, **context, room=room, recording=made_up.RECORDING)
    assert "Say it with at least 10 characters." in Shown(refused).text
    assert "&lt;b&gt;claim</textarea>" in refused  # what was written is not lost
    assert re.search(r"<form[^>]*/purpose\"[^>]* novalidate>", kept_page(made_up.RECORDING, ()))


def test_times_are_those_of_the_zone_that_was_asked_for() -> None:
    pages = Pages(WEB, zone=UTC)
    html = pages.render("archive.html", "en", **STAFF, recordings=[made_up.RECORDING], **made_up_archive.SEARCH)
    assert "20 Nov 2026, 10:15:30" in html


def test_a_template_that_serves_two_languages_speaks_each(tmp_path: Path) -> None:
    (tmp_path / "locales").symlink_to(WEB / "locales")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "said.html").write_text("{{ 'ca'|language_name }}, {{ 'not_found'|sentence }}")
    pages = Pages(tmp_path)
    assert pages.render("said.html", "ca").startswith("català, ")
    assert pages.render("said.html", "en").startswith("Catalan, ")
    assert pages.render("said.html", "ca").split()[1:] != pages.render("said.html", "en").split()[1:]


def test_a_condition_on_something_unknown_is_an_error() -> None:
    with pytest.raises(KeyError):
        when({"stage": "talking"}, stag="talking")
    with pytest.raises(TypeError):
        state_of("no view")


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00"), (67.9, "1:07"), (3729, "1:02:09")])
def test_a_stopwatch_reads_like_one(seconds: float, told: str) -> None:
    assert stopwatch(seconds) == told


def test_lengths_and_languages_are_told_in_words() -> None:
    assert spoken_length(3725, "en") == "1 hour 2 minutes"
    assert spoken_length(0.4, "ca") == "0 segons"
    assert decimal(0.5, "ca") == "0,5"
    assert decimal(10.72, "en") == "10.7"
    assert language_name("en", "ca") == "anglès"
    assert language_name("not a language", "ca") == "not a language"
