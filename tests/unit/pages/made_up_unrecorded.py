"""Invented attentions without a recording, to look at their pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.pages import made_up, made_up_archive
from videoattention.services.views.unrecorded import AskedSeen, AttentionSeen

PLAIN = AttentionSeen(
    "attention-1",
    made_up.OFFICE_NAME,
    made_up.LONG_PROCEDURE.name,
    made_up.INFORMER.name,
    made_up.NOW,
    "closed",
    "informative",
    "informed",
)
ERASED = replace(PLAIN, id="attention-2", office=made_up.LONG_OFFICE, level="attended", recordings=(("r1", "erased"),))
RECORDED = replace(PLAIN, id="attention-3", recordings=(("r2", "sealed"),))
ABANDONED = replace(PLAIN, id="attention-4", informer="", stage="abandoned", outcome="")
ASKED = tuple(AskedSeen(replace(seen.export, recording=""), PLAIN, seen.lapsed) for seen in made_up_archive.EXPORTS)
BESIDE_RECORDINGS = tuple(replace(seen, export=replace(seen.export, id=f"of-{seen.export.id}")) for seen in ASKED)

_NOTHING_WRONG = {"form": "", "problem": "", "purpose": "", "case": ""}
_ALL: dict[str, Any] = {
    "following": "/archive/attentions?after=abc",
    "later": True,
    "choices": made_up_archive.CHOICES,
    "audits": True,
    "said": made_up_archive.SEARCH["said"],
    "faults": {},
}
_ONE: dict[str, Any] = {"attention": PLAIN, "asked": (), "audits": True, "wrong": _NOTHING_WRONG}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "unrecorded": ("archive/attentions.html", _ALL | {"attentions": (PLAIN, ERASED, ABANDONED), "asked": ASKED}),
    "unrecorded-empty": (
        "archive/attentions.html",
        _ALL | {"attentions": (), "asked": (), "audits": False, "following": "", "later": False},
    ),
    "unrecorded-wrong": (
        "archive/attentions.html",
        _ALL | {"attentions": (PLAIN,), "asked": ASKED[:1]} | made_up_archive.WRONG_DAY,
    ),
    "unrecorded-one": (
        "archive/attention.html",
        _ONE | {"asked": ASKED, "wrong": _NOTHING_WRONG | {"form": "export-1", "problem": "reason_too_short"}},
    ),
    "unrecorded-no-case": (
        "archive/attention.html",
        _ONE
        | {
            "attention": ERASED,
            "audits": False,
            "wrong": {"form": "ask", "problem": "case_missing", "purpose": "Reclamació de la persona", "case": ""},
        },
    ),
    "unrecorded-short": (
        "archive/attention.html",
        _ONE | {"wrong": {"form": "ask", "problem": "purpose_too_short", "purpose": "curt", "case": "2026/12"}},
    ),
    "unrecorded-own": (
        "archive/attention.html",
        _ONE | {"wrong": {"form": "ask", "problem": "own_work", "purpose": "Una reclamació", "case": "2026/12"}},
    ),
    "unrecorded-recorded": ("archive/attention.html", _ONE | {"attention": RECORDED}),
    "unrecorded-abandoned": ("archive/attention.html", _ONE | {"attention": ABANDONED}),
}
