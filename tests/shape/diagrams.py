"""Draws every state machine from its table: `python -m tests.shape.diagrams > docs/states.md`."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

from videoattention.domain.attention import Attention
from videoattention.domain.consent import CONSENT, Consent
from videoattention.domain.exporting import EXPORT, Export
from videoattention.domain.phone import CHECK, PhoneCheck
from videoattention.domain.recording import RECORDING, Recording
from videoattention.domain.retention import RETENTION, Keeping
from videoattention.domain.reviewing import REVIEW, Review
from videoattention.domain.rights import REQUEST, DataRequest
from videoattention.domain.stages import ATTENTION
from videoattention.domain.visual import Visual
from videoattention.domain.visual_stages import VISUAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

    from videoattention.domain.transitions import Machine

COMMAND = "python -m tests.shape.diagrams > docs/states.md"

MACHINES: tuple[tuple[Machine[Any, Any], type], ...] = (
    (ATTENTION, Attention),
    (RECORDING, Recording),
    (REQUEST, DataRequest),
    (RETENTION, Keeping),
    (CONSENT, Consent),
    (CHECK, PhoneCheck),
    (VISUAL, Visual),
    (REVIEW, Review),
    (EXPORT, Export),
)
"""Each machine, and the class whose `stage` it moves."""

PREAMBLE = f"""\
# State machines

Drawn from the tables in `videoattention/domain`; do not edit. After a change of a table: `{COMMAND}`.
A step that is not drawn is refused with `illegal_step` and changes nothing.
"""


def first(moved: type) -> StrEnum:
    """The stage in which such a thing is born."""
    stage: StrEnum = inspect.signature(moved).parameters["stage"].default
    return stage


def arrows(machine: Machine[Any, Any]) -> dict[tuple[StrEnum, StrEnum], list[StrEnum]]:
    """(from, to) -> the steps that lead there, all in the order of the table."""
    found: dict[tuple[StrEnum, StrEnum], list[StrEnum]] = {}
    for (stage, step), following in machine.table.items():
        found.setdefault((stage, following), []).append(step)
    return found


def last(machine: Machine[Any, Any]) -> list[StrEnum]:
    """The stages from which no step leads away, in the order in which the table reaches them."""
    left = {stage for (stage, _), following in machine.table.items() if following is not stage}
    return [stage for stage in dict.fromkeys(machine.table.values()) if stage not in left]


def drawn(machine: Machine[Any, Any], moved: type) -> str:
    """The machine as a mermaid diagram in Markdown."""
    return "\n".join(_lines(machine, moved))


def _lines(machine: Machine[Any, Any], moved: type) -> Iterator[str]:
    yield f"## {machine.name.capitalize()}\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {first(moved)}"
    for (stage, following), steps in arrows(machine).items():
        yield f"    {stage} --> {following}: {', '.join(steps)}"
    yield from (f"    {stage} --> [*]" for stage in last(machine))
    yield "```\n"


def page() -> str:
    """The whole of docs/states.md."""
    return "\n".join([PREAMBLE, *(drawn(machine, moved) for machine, moved in MACHINES)])


if __name__ == "__main__":
    sys.stdout.write(page())
