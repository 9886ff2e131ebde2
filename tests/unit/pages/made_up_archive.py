"""Invented reviews, packages and checks, as the auditor's pages show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.unit.pages import made_up
from videoattention.adapters.checklists import read_checklists
from videoattention.domain.exporting import Export, ExportStage, Signatory
from videoattention.domain.visual_stages import Reason
from videoattention.entrypoints.http.naming import Names
from videoattention.entrypoints.http.recording_page import Room, Wrong
from videoattention.services.checking import Check
from videoattention.services.seals import Signature
from videoattention.services.suspicions import SeenStill
from videoattention.services.timeline import marks_of
from videoattention.services.views.archive import Choices, ExportSeen, JudgementSeen, ReviewSeen, ToReview
from videoattention.services.visual_ports import Statement, Suspected, Suspicion

CHECKLISTS = read_checklists(Path(__file__).parents[3] / "web/checklists")
ITEMS = CHECKLISTS["1"].items
NURIA = Signatory("staff-nuria", "Núria Vidal", "Auditora")
LONG = Signatory(
    "auditor-2", "Maria de la Mercè Montserrat Despuig-Vallgornera i de Sant Climent-Sescases", "Cap d'auditoria"
)
WAITING = ReviewSeen(
    recording="recording-1",
    stage="waiting",
    reasons=("required", "risk", "drawn"),
    risks=("risk_past_findings", "risk_changed_mind", "risk_gaps", "risk_short"),
    second=True,
    reviewer="",
    opened_at=None,
    asked_at=made_up.NOW,
    outcome="",
)
FIRST = JudgementSeen(
    LONG.subject,
    LONG.name,
    "findings",
    "1",
    dict.fromkeys(ITEMS, "yes") | {"informer_conduct": "no"},
    "S'hi sent una pressió clara abans del consentiment.",
    made_up.NOW,
)
MINE = replace(WAITING, stage="opened", reviewer=made_up.STAFF.subject, opened_at=made_up.NOW)
TAKEN = replace(WAITING, stage="opened", reviewer="staff-oriol", opened_at=made_up.NOW)
JUDGED = replace(WAITING, stage="judged", judgements=(FIRST,))
CLOSED = replace(
    WAITING, stage="closed", outcome="disagreed", judgements=(FIRST, replace(FIRST, verdict="fine", words=None))
)
ASKED = Export(
    "export-1",
    "recording-1",
    "attention-1",
    "Requeriment 12/2026 del jutjat",
    "EXP-2026/0412",
    LONG,
    made_up.NOW,
    made_up.NOW + timedelta(hours=24),
)
MINE_ASKED = replace(ASKED, id="export-2", asked_by=replace(NURIA, subject=made_up.STAFF.subject))
APPROVED = replace(
    MINE_ASKED, id="export-3", stage=ExportStage.APPROVED, decided_by=LONG, decided_at=made_up.NOW, answer="Conforme."
)
REFUSED = replace(
    ASKED, id="export-4", stage=ExportStage.REFUSED, decided_by=NURIA, decided_at=made_up.NOW, answer="Falta el jutjat."
)
GIVEN = replace(APPROVED, id="export-5", stage=ExportStage.GIVEN)


def seen(export: Export, *, lapsed: bool = False) -> ExportSeen:
    return ExportSeen(export, made_up.RECORDING, lapsed)


EXPORTS = (
    seen(ASKED),
    seen(MINE_ASKED),
    seen(APPROVED),
    seen(REFUSED),
    seen(GIVEN),
    seen(replace(ASKED, id="export-6"), lapsed=True),
    seen(replace(APPROVED, id="export-7", unmade="no_space")),
)
NAMES = Names(
    {"informer-1": made_up.INFORMER.name, "informer-2": LONG.name, "staff-oriol": LONG.name},
    {"girona": made_up.OFFICE_NAME},
    {"padro": made_up.LONG_PROCEDURE.name},
)
CHOICES = Choices(
    (("oac-girona", made_up.OFFICE_NAME), ("oac-vila", made_up.LONG_OFFICE)),
    (("ajut", made_up.LONG_PROCEDURE.name),),
    (("staff-marta", made_up.INFORMER.name), ("staff-nuria", LONG.name)),
)
SEARCH: dict[str, Any] = {
    "total": len(made_up.RECORDINGS),
    "following": "/archive?after=abc",
    "later": False,
    "choices": CHOICES,
    "said": dict.fromkeys(("from", "to", "office", "procedure", "level", "informer", "outcome", "number"), ""),
    "faults": {},
}
NOTHING_FOUND = SEARCH | {"total": 0, "following": ""}
WRONG_DAY = {"said": dict(SEARCH["said"]) | {"to": "ahir"}, "faults": {"to": "day_unclear"}}
LINES = (
    ToReview(WAITING, replace(made_up.RECORDING, level="attended")),
    ToReview(TAKEN, replace(made_up.RECORDING, id="recording-2", procedure=made_up.LONG_PROCEDURE.name)),
    ToReview(JUDGED, replace(made_up.RECORDING, id="recording-3", office=made_up.LONG_OFFICE)),
)


def room(
    review: ReviewSeen | None = WAITING,
    *,
    check: Check | None = None,
    exports: tuple[ExportSeen, ...] = (),
    wrong: Wrong = Wrong(),  # noqa: B008 - it cannot be changed
    case: str = "EXP-2026/0412",
    language: str = "ca",
) -> Room:
    items = {version: checklist.in_words(language) for version, checklist in CHECKLISTS.items()}
    marks = marks_of(made_up.JOURNAL, made_up.PARTS)
    return Room(review, items, "1", exports, check, marks, NAMES, case, wrong)


HOLDS = Check("holds", 8, 8, (), made_up.NOW)
BROKEN = Check(
    "wrong", 8, 8, ("part 1, citizen-video, record 17: its content does not verify", "it has no seal"), made_up.NOW
)
READING = Check("reading", 8, 3)
NOT_READ = Wrong("purpose", "purpose_too_short", {"purpose": "Veure-la", "case": "2026/0412"})
NO_CASE = Wrong("purpose", "case_missing", {"purpose": "Reclamació de la persona atesa", "case": ""})
UNFINISHED = Wrong(
    "verdict",
    "checklist_unfinished",
    {"verdict": "findings", "words": "", "item-consent_heard": "yes", "item-level_fits": "no"},
)
FIVE_YEARS_ON = made_up.NOW + timedelta(days=1826)
SUSPECTED = (
    Suspected("visual-1", "staff-marta", LONG.name, Reason.NOT_THE_HOLDER, made_up.NOW, FIVE_YEARS_ON),
    Suspected(
        "visual-2", "staff-of-a-very-long-identifier-0001", "", Reason.FALSE_DOCUMENT, made_up.NOW, FIVE_YEARS_ON
    ),
)
SUSPICION = Suspicion(
    "visual-1",
    "2a6eafc537504fb8801fc92f2d41f202",
    "staff-marta",
    Reason.NOT_THE_HOLDER,
    "99999999R",
    LONG.name.upper(),
    made_up.NOW,
    Statement(b"{}", Signature("key-1", b""), FIVE_YEARS_ON),
)
STILLS = (SeenStill("s1", "face", whole=False), SeenStill("s2", "front", whole=False))
