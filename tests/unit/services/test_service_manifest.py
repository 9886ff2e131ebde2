"""The manifest: the same evidence gives the same bytes, and it is complete only if nothing at all is wrong."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.consent import Consent, ConsentStage, ConsentText
from videoattention.domain.levels import Purpose
from videoattention.domain.recording import KeptTrack, Part, Recording
from videoattention.services.manifest import AT_THE_END, Evidence, file_causes, seal_seen
from videoattention.services.media import Track
from videoattention.services.seals import KeptSeal
from videoattention.services.vault import ClockMark, FileSeal, MeasuredFile, MediaGap
from videoattention.services.views import JournalLine

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HASH = "ab" * 32
STREAM = FileSeal(1000, HASH)
WHOLE = MeasuredFile(STREAM, STREAM, STREAM, duration=9.5, frames=250, complete=True)
EMPTY = MeasuredFile(FileSeal(90, HASH), FileSeal(0, HASH), complete=True)
KEPT = KeptTrack(Track.CITIZEN_VIDEO, 0.25, 9.5, 250, 1000, HASH)
CONSENT = Consent(
    "c1", ConsentText("attended", "1", "ca", "5e"), frozenset(Purpose), NOW, ConsentStage.GIVEN, answered_at=NOW
)
FAULTS = ("file_missing", "file_tampered", "key_missing", "storage_failed")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def line(seq: int, kind: str, **body: object) -> JournalLine:
    return JournalLine(seq, later(seq), "service", kind, body, f"{seq:064}")


def evidence(*causes: str, found: MeasuredFile = WHOLE, told: KeptTrack | None = KEPT, **changed: object) -> Evidence:
    """A recording with a part for each cause, ten seconds each, two seconds between them; all is well in it."""
    parts = tuple(
        Part(number, later(12 * number), later(12 * number + 10), cause, (told,) if told else ())
        for number, cause in enumerate(causes or ("stopped",), 1)
    )
    files = {
        (part.number, track): found if track is Track.CITIZEN_VIDEO else EMPTY for part in parts for track in Track
    }
    recording = Recording("r1", "a1", "gencat", "c1", requested_at=NOW, parts=parts)
    journal = (line(3, "AttentionRequested"), line(9, "RecorderDismissed"))
    return replace(Evidence(recording, files, (CONSENT,), journal, later(60), "videoattention 1"), **changed)  # type: ignore[arg-type]


def told(by: Evidence) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(by.manifest())
    return manifest


streams = st.builds(FileSeal, st.integers(0, 2**40), st.text("0123456789abcdef", min_size=64, max_size=64))
times = st.floats(allow_nan=True, allow_infinity=True)
measured = st.builds(
    MeasuredFile,
    file=st.none() | streams,
    media=st.none() | streams | st.just(STREAM),
    playable=st.none() | streams,
    duration=times,
    frames=st.integers(0, 10**6),
    complete=st.booleans(),
    torn_bytes=st.just(0) | st.integers(1, 70_000),
    gaps=st.lists(st.builds(MediaGap, times, times, st.text(max_size=20)), max_size=2).map(tuple),
    marks=st.lists(st.builds(ClockMark, times, times, times, times), max_size=3).map(tuple),
    fault=st.sampled_from(("", *FAULTS)),
)
kept = st.builds(
    KeptTrack, st.just(Track.CITIZEN_VIDEO), times, times, st.integers(0, 9), st.integers(0, 9), st.just(HASH)
)


@given(found=measured, worker=st.none() | kept)
def test_whatever_was_found_the_manifest_is_json_and_the_same_each_time(
    found: MeasuredFile, worker: KeptTrack | None
) -> None:
    made = evidence(found=found, told=worker)
    manifest = told(made)
    assert made.manifest() == evidence(found=found, told=worker).manifest()
    assert manifest["complete"] == (manifest["causes"] == [])
    assert set(file_causes(worker, found)) <= set(manifest["causes"])


@given(found=measured)
def test_a_file_is_well_only_if_it_is_closed_and_what_its_worker_told(found: MeasuredFile) -> None:
    well = not found.fault and not found.torn_bytes and found.media == STREAM and found.complete
    assert (file_causes(KEPT, found) == ()) is well


@given(st.lists(st.sampled_from(sorted(AT_THE_END | {"failed", "worker_lost"})), min_size=1, max_size=6))
def test_every_gap_is_listed_with_its_cause(causes: list[str]) -> None:
    manifest = told(evidence(*causes))
    assert [gap["cause"] for gap in manifest["gaps"]] == causes[:-1]
    assert [gap["after_part"] for gap in manifest["gaps"]] == list(range(1, len(causes)))
    missing = {*causes[:-1], *({causes[-1]} - AT_THE_END)}
    assert set(manifest["causes"]) == missing
    assert len(manifest["causes"]) == len(missing)


def test_a_complete_recording_says_all_there_is_to_say() -> None:
    manifest = told(evidence())
    assert list(manifest) == [
        "format",
        "software",
        "organisation",
        "recording",
        "attention",
        "requested_at",
        "sealed_at",
        "complete",
        "causes",
        "parts",
        "gaps",
        "consents",
        "stills",
        "journal",
    ]
    assert (manifest["format"], manifest["complete"]) == ("videoattention-manifest/1", True)
    assert manifest["journal"] == {"first": 3, "last": 9, "hash": f"{9:064}"}
    (part,) = manifest["parts"]
    assert [track["track"] for track in part["tracks"]] == list(Track)
    assert manifest["consents"][0] == {
        "id": "c1",
        "text": "attended",
        "version": "1",
        "language": "ca",
        "hash": "5e",
        "purposes": sorted(Purpose),
        "asked_at": NOW.isoformat(),
        "given_at": NOW.isoformat(),
        "ended_at": None,
        "stage": "given",
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_measured_is_told_and_keeps_what_its_worker_said(fault: str) -> None:
    manifest = told(evidence(found=MeasuredFile(fault=fault)))
    track = manifest["parts"][0]["tracks"][1]
    assert (track["causes"], track["media_sha256"], track["reported_sha256"]) == ([fault], None, HASH)


@pytest.mark.parametrize(
    ("found", "worker", "causes"),
    [
        (replace(WHOLE, torn_bytes=7, complete=False), KEPT, ("torn",)),
        (replace(WHOLE, media=FileSeal(999, HASH)), KEPT, ("file_differs",)),
        (replace(WHOLE, media=FileSeal(1000, "cd" * 32)), KEPT, ("file_differs",)),
        (replace(WHOLE, complete=False), KEPT, ("not_closed",)),
        (replace(WHOLE, complete=False), None, ("not_closed",)),
        (replace(WHOLE, torn_bytes=7, media=FileSeal(9, HASH)), KEPT, ("torn", "file_differs")),
        (WHOLE, replace(KEPT, length=0, sha256=""), ()),
        (WHOLE, None, ()),
    ],
)
def test_what_is_wrong_with_a_file(found: MeasuredFile, worker: KeptTrack | None, causes: tuple[str, ...]) -> None:
    assert file_causes(worker, found) == causes


def test_why_a_recorder_was_refused_is_a_cause_of_its_own_recording_only() -> None:
    refused = (
        line(3, "AttentionRequested"),
        line(5, "RecorderRefused", recording="r1", cause="no_space"),
        line(6, "RecorderRefused", recording="r0", cause="no_consent"),
    )
    assert evidence(journal=refused).causes == ("no_space",)


def test_times_are_utc_and_what_is_no_number_is_left_out() -> None:
    elsewhere = timezone(timedelta(hours=2))
    odd = replace(KEPT, start=math.nan)
    made = evidence(told=odd, sealed_at=later(60).astimezone(elsewhere))
    assert told(made)["sealed_at"] == "2026-03-02T09:31:00+00:00"
    assert told(made)["parts"][0]["tracks"][1]["start"] is None


def test_when_a_consent_ended_is_told_by_itself_or_by_the_journal() -> None:
    withdrawn = replace(CONSENT, stage=ConsentStage.WITHDRAWN, withdrawn_at=later(5))
    lowered = replace(CONSENT, id="c2", stage=ConsentStage.ENDED)
    refused = replace(CONSENT, id="c3", stage=ConsentStage.REFUSED)
    journal = (line(3, "AttentionRequested"), line(8, "ConsentEnded", consent="c2"))
    consents = told(evidence(consents=(withdrawn, lowered, refused), journal=journal))["consents"]
    assert [consent["ended_at"] for consent in consents] == [later(5).isoformat(), later(8).isoformat(), None]
    assert [bool(consent["given_at"]) for consent in consents] == [True, True, False]


def shot(seq: int, kind: str, *, visual: str = "v1", recording: str = "") -> JournalLine:
    body = {"still": f"s{seq}", "width": 1280, "height": 720, "shown_at": later(seq).isoformat(), "hash": HASH}
    place = {"recording": recording, "part": 1 if recording else 0, "offset": 2.5 if recording else 0.0}
    return replace(line(seq, "StillTaken"), body={"visual": visual, "kind": kind, **body, **place})


def test_stills_of_an_accepted_identification_are_named_by_their_entries() -> None:
    journal = (
        line(3, "AttentionRequested"),
        shot(4, "face"),
        shot(5, "front", recording="r1"),
        shot(6, "face", recording="r0"),
        shot(7, "face", visual="v0"),
        line(8, "VisualStopped", visual="v0"),
        line(9, "VisualIdentified", visual="v1"),
    )
    said = told(evidence(journal=journal))["stills"]
    assert [(still["id"], still["kind"], still["part"], still["offset"]) for still in said] == [
        ("s6", "face", None, None),
        ("s5", "front", 1, 2.5),
    ]
    assert [(still["entry"], still["link"]) for still in said] == [(6, f"{6:064}"), (5, f"{5:064}")]
    assert HASH not in json.dumps(said), "what the law may erase is not in a manifest, which is never erased"


def test_stills_of_what_was_not_accepted_are_not_told() -> None:
    assert told(evidence(journal=(shot(4, "face"), line(5, "VisualLapsed", visual="v1"))))["stills"] == []
    gone = replace(shot(4, "face"), body={}, erased_at=NOW)
    assert told(evidence(journal=(gone, line(5, "VisualIdentified", visual="v1"))))["stills"] == []


def test_a_seal_is_shown_with_what_its_manifest_says() -> None:
    kept_seal = KeptSeal("r1", evidence("failed").manifest(), b"s", "k1", b"p", b"stamp", NOW)
    seen = seal_seen(kept_seal)
    assert (seen.sealed_at, seen.key_id, seen.complete, seen.causes, seen.stamped) == (
        NOW,
        "k1",
        False,
        ("failed",),
        True,
    )
