"""State machines are tables: this is the one place that reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from videoattention.domain.errors import IllegalStep

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

StageT = TypeVar("StageT", bound="StrEnum")
StepT = TypeVar("StepT", bound="StrEnum")


@dataclass(frozen=True, slots=True)
class Machine(Generic[StageT, StepT]):
    """A named table of (stage, step) -> next stage; what is not in the table is illegal."""

    name: str
    table: Mapping[tuple[StageT, StepT], StageT]

    def after(self, stage: StageT, step: StepT) -> StageT:
        """Where the step leads; raises `IllegalStep`."""
        try:
            return self.table[stage, step]
        except KeyError:
            raise IllegalStep(self.name, stage, step) from None

    def allows(self, stage: StageT, step: StepT) -> bool:
        """Whether the table has this step in this stage."""
        return (stage, step) in self.table
