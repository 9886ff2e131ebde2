"""What the service says to auditors for each code of the archive (see `sentences`)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.marking import N_

REVIEW_SENTENCES: Final = MappingProxyType(
    {
        "case_missing": N_("Write the number of the case."),
        "case_unclear": N_("Write it as your office does: letters, figures and / . - between them, with a figure."),
        "day_unclear": N_("This is not a day. Write it like 2026-11-22."),
        "days_reversed": N_("The last day is before the first one."),
        "same_person": N_("It must be another person than the first one."),
        "own_work": N_("You attended this person yourself: it must be another member of staff."),
        "review_taken": N_("Another person has this review open now."),
        "not_your_review": N_("You do not have this review open any more."),
        "verdict_missing": N_("Choose a verdict."),
        "checklist_unfinished": N_("Answer every item of the checklist."),
        "fine_with_faults": N_("Something was answered with no: then it is not all fine."),
        "words_missing": N_("Say in words what you found, or why it cannot be judged, with at least 10 characters."),
        "export_lapsed": N_("The time for this package is over. Ask for it again."),
        "not_your_export": N_("Only who asked for the package can fetch it."),
        "not_over": N_("This attention is not over yet."),
        "has_recording": N_(
            "There is a recording of this attention: ask for its package on the page of the recording."
        ),
        "export_failed": N_("The package could not be made. It was written down that it was asked for."),
    },
)
"""The sentence of every code of the auditor's room."""
