"""What both people see of a code that was sent to the citizen's phone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhoneSeen:
    """The newest code of an attention, while a phone is asked for.

    ``stage``: asked, sent, doubtful, unsent, replaced, lapsed, exhausted, shown. ``number`` is its masked end;
    ``tries`` how often the code may still be typed; ``until`` from when on it is worth nothing.
    """

    stage: str
    number: str
    tries: int
    until: str
