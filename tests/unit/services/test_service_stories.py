"""What a package of an attention tells of what others did with it afterwards: that they did, and not why."""

from __future__ import annotations

from dataclasses import fields

from videoattention.adapters.db.journal_facts import KINDS
from videoattention.services.stories import OF_OTHER_CASES

OF_NO_ATTENTION = {"AccessRefused", "PolicyChanged", "SuspicionOpened", "SuspicionsRead"}
"""They name no attention, so their words are in no package at all."""

BOUND = {"RecordingErased"}
"""Its words bind the certificate, which tells the reason itself."""


def test_no_purpose_no_case_and_no_reason_of_others_is_told() -> None:
    told = {"purpose", "case", "reason", "words"}
    of_others = {name for name, kind in KINDS.items() if told & {field.name for field in fields(kind)}}
    assert of_others - OF_OTHER_CASES - OF_NO_ATTENTION - BOUND == set()


def test_what_proves_the_story_is_told() -> None:
    story = {name for name in KINDS if name.startswith(("Attention", "Consent", "Level", "Call", "Recorder"))}
    assert story & OF_OTHER_CASES == {"AttentionExported"}
