"""What is wrong with a form that comes back to whoever sent it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal: the form of a page that it is about, the field in it, the code of its sentence, what was written.

    ``field`` is empty for what is about no field; what was ``said`` is shown again, by field.
    """

    form: str
    field: str
    code: str
    said: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def at(self, form: str, field: str) -> bool:
        """Whether it is about this field."""
        return (self.form, self.field) == (form, field)

    def again(self, form: str, field: str) -> str:
        """What was written there; empty in any other form."""
        return self.said.get(field, "") if self.form == form else ""


NO_FAULT = Fault("", "", "")
"""A page that nobody sent anything to."""
