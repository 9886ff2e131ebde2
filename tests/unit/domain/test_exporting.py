"""Packages that two people ask: who may answer, until when, and how often it is fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.exporting import (
    ANSWERED_WITHIN,
    FETCHED_AGAIN_WITHIN,
    FETCHED_WITHIN,
    Export,
    ExportStage,
    ExportStep,
    Signatory,
    ask,
    ask_for_attention,
    asked_for_attentions,
    signatory,
)
from videoattention.domain.facts import AttentionExported, ExportAsked, ExportDecided, ExportUnmade
from videoattention.domain.people import Person, Role
from videoattention.domain.recording import Recording, RecordingStage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def person(subject: str) -> Person:
    return Person(subject, "gencat", f"Nom {subject}", "Auditora", frozenset({Role.AUDITOR}), frozenset())


NURIA, ORIOL = person("nuria"), person("oriol")
WHY = ("Requeriment del jutjat", "2026/12")
SEALED = Recording("r1", "a1", "gencat", "c1", NOW, stage=RecordingStage.SEALED)


def asked() -> Export:
    return ask(SEALED, NURIA, name="e1", why=WHY, at=NOW).export


def approved() -> Export:
    return asked().decide(ExportStep.APPROVE, signatory(ORIOL), at=NOW, answer="").export


@pytest.mark.parametrize("stage", RecordingStage)
def test_only_what_is_sealed_is_asked_for(stage: RecordingStage) -> None:
    recording = Recording("r1", "a1", "gencat", "c1", NOW, stage=stage)
    if stage is RecordingStage.SEALED:
        change = ask(recording, NURIA, name="e1", why=WHY, at=NOW)
        until = (NOW + ANSWERED_WITHIN).isoformat()
        assert change.facts == (ExportAsked("a1", "r1", "e1", *WHY, until),)
        assert change.export.asked_by == Signatory("nuria", "Nom nuria", "Auditora")
        return
    with pytest.raises(StepRefused) as refused:
        ask(recording, NURIA, name="e1", why=WHY, at=NOW)
    assert refused.value.code == ("already_erased" if stage is RecordingStage.ERASED else "not_sealed")


@pytest.mark.parametrize(
    ("step", "stage"), [(ExportStep.APPROVE, ExportStage.APPROVED), (ExportStep.REFUSE, ExportStage.REFUSED)]
)
def test_another_person_answers_in_time_and_once(step: ExportStep, stage: ExportStage) -> None:
    late, by = NOW + ANSWERED_WITHIN, signatory(ORIOL)
    change = asked().decide(step, by, at=late - SECOND, answer="Vist.")
    assert change.facts == (ExportDecided("a1", "r1", "e1", stage, "nuria"),)
    assert (change.export.stage, change.export.decided_by, change.export.answer) == (stage, by, "Vist.")
    with pytest.raises(StepRefused) as lapsed:
        asked().decide(step, by, at=late, answer="")
    assert lapsed.value.code == "export_lapsed"
    with pytest.raises(StepRefused) as same:
        asked().decide(step, signatory(NURIA), at=NOW, answer="")
    assert same.value.code == "same_person"
    for again in (ExportStep.APPROVE, ExportStep.REFUSE):
        with pytest.raises(IllegalStep):
            change.export.decide(again, by, at=NOW, answer="")


def test_an_approved_package_is_fetched_once_by_who_asked_and_in_time() -> None:
    until = NOW + FETCHED_WITHIN
    given = approved().give("nuria", until - SECOND)
    assert (given.export.stage, given.facts) == (ExportStage.GIVEN, ())
    with pytest.raises(IllegalStep):
        given.export.give("nuria", NOW)
    with pytest.raises(StepRefused) as lapsed:
        approved().give("nuria", until)
    assert lapsed.value.code == "export_lapsed"
    with pytest.raises(StepRefused) as another:
        approved().give("oriol", NOW)
    assert another.value.code == "not_your_export"
    with pytest.raises(IllegalStep):
        asked().give("nuria", NOW)


@pytest.mark.parametrize("cause", ["no_space", "storage_failed"])
def test_one_that_could_not_be_made_is_fetched_again_within_a_day_of_the_approval(cause: str) -> None:
    given = approved().give("nuria", NOW).export
    until = NOW + FETCHED_AGAIN_WITHIN
    failed = given.fail(cause)
    assert failed.facts == (ExportUnmade("a1", "r1", "e1", cause, until.isoformat()),)
    assert (failed.export.stage, failed.export.until, failed.export.unmade) == (ExportStage.APPROVED, until, cause)
    again = failed.export.give("nuria", until - SECOND).export
    assert (again.stage, again.unmade) == (ExportStage.GIVEN, "")
    assert again.fail(cause).export.until == until, "to fail more often gives no more time"
    for never in (asked(), approved(), failed.export):
        with pytest.raises(IllegalStep):
            never.fail(cause)
    with pytest.raises(StepRefused) as lapsed:
        failed.export.give("nuria", until)
    assert lapsed.value.code == "export_lapsed"


def test_the_journal_alone_tells_that_the_package_of_an_attention_could_not_be_made() -> None:
    begun = ask_for_attention("a1", NURIA, name="e1", why=WHY, at=NOW)
    answered = begun.export.decide(ExportStep.APPROVE, signatory(ORIOL), at=NOW, answer="")
    given = AttentionExported("a1", WHY[0], "0" * 64, "k1", "e1")
    unmade = ExportUnmade("a1", "", "e1", "no_space", (NOW + FETCHED_AGAIN_WITHIN).isoformat())
    told = [(NOW, "auditor:nuria", begun.facts[0]), (NOW, "auditor:oriol", answered.facts[0])]
    told += [(NOW, "auditor:nuria", given), (NOW, "service", unmade)]
    (read,) = asked_for_attentions(told)
    assert (read.stage, read.until, read.unmade) == (ExportStage.APPROVED, NOW + FETCHED_AGAIN_WITHIN, "no_space")
    (again,) = asked_for_attentions([*told, (NOW, "auditor:nuria", given)])
    assert (again.stage, again.unmade) == (ExportStage.GIVEN, "")
    (early,) = asked_for_attentions([*told[:2], (NOW, "service", unmade)])
    assert (early.stage, early.unmade) == (ExportStage.APPROVED, ""), "of what was not given away nothing failed"


def test_the_journal_alone_tells_of_requests_for_attentions() -> None:
    begun = ask_for_attention("a1", NURIA, name="e1", why=WHY, at=NOW)
    answered = begun.export.decide(ExportStep.APPROVE, signatory(ORIOL), at=NOW, answer="Conforme.")
    told = [(NOW, "auditor:nuria", begun.facts[0]), (NOW, "auditor:oriol", answered.facts[0])]
    (read,) = asked_for_attentions(told)
    assert (read.stage, read.until, read.purpose, read.case) == (ExportStage.APPROVED, NOW + FETCHED_WITHIN, *WHY)
    assert (read.asked_by.subject, read.decided_by and read.decided_by.subject) == ("nuria", "oriol")
    given = AttentionExported("a1", WHY[0], "0" * 64, "k1", "e1")
    assert asked_for_attentions([*told, (NOW, "auditor:nuria", given)])[0].stage is ExportStage.GIVEN


def test_a_subject_may_hold_a_colon() -> None:
    """As Keycloak's do for people of another directory."""
    begun = ask_for_attention("a1", NURIA, name="e1", why=WHY, at=NOW)
    (read,) = asked_for_attentions([(NOW, "auditor:f:5e1b:nuria", begun.facts[0])])
    assert read.asked_by.subject == "f:5e1b:nuria"


def test_an_answer_that_the_rules_refuse_counts_for_nothing() -> None:
    begun = ask_for_attention("a1", NURIA, name="e1", why=WHY, at=NOW)
    answered = begun.export.decide(ExportStep.APPROVE, signatory(ORIOL), at=NOW, answer="")
    request = (NOW, "auditor:nuria", begun.facts[0])
    for answer in ((NOW, "auditor:nuria", answered.facts[0]), (begun.export.until, "auditor:oriol", answered.facts[0])):
        assert asked_for_attentions([request, answer])[0].stage is ExportStage.ASKED
    of_recording = ExportAsked("a1", "r1", "e9", *WHY, NOW.isoformat())
    assert asked_for_attentions([(NOW, "auditor:nuria", of_recording)]) == ()
