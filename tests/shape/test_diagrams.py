"""docs/states.md shows the tables as they are."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.shape.diagrams import COMMAND, MACHINES, arrows, drawn, first, last, page
from videoattention import domain
from videoattention.domain.consent import CONSENT, Consent
from videoattention.domain.transitions import Machine

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_tables_draw() -> None:
    shown = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert shown == page(), f"the tables changed: {COMMAND}"


def test_no_machine_is_left_out() -> None:
    modules = [import_module(f"{domain.__name__}.{found.name}") for found in iter_modules(domain.__path__)]
    defined = {value.name for module in modules for value in vars(module).values() if isinstance(value, Machine)}
    assert defined == {machine.name for machine, _ in MACHINES}


def test_every_step_of_a_table_is_drawn_once() -> None:
    for machine, _ in MACHINES:
        steps = [step for led in arrows(machine).values() for step in led]
        assert len(steps) == len(machine.table)


def test_a_changed_table_draws_another_page() -> None:
    stage, step = next(iter(CONSENT.table))
    shorter = Machine("consent", {key: to for key, to in CONSENT.table.items() if key != (stage, step)})
    assert drawn(shorter, Consent) != drawn(CONSENT, Consent)


def test_what_begins_and_what_ends() -> None:
    assert {machine.name: (first(moved), set(last(machine))) for machine, moved in MACHINES} == {
        "attention": ("waiting", {"closed", "abandoned"}),
        "recording": ("requested", {"erased"}),
        "consent": ("asked", {"refused", "withdrawn", "lapsed", "ended"}),
        "phone check": ("asked", {"unsent", "shown", "lapsed", "exhausted", "replaced"}),
        "visual identification": ("informed", {"accepted", "stopped", "refused", "lapsed"}),
        "review": ("waiting", {"spared", "closed"}),
        "export": ("asked", {"refused"}),  # one that was given can turn out not to be made
        "request": ("asked", {"refused", "lifted"}),
        "retention": ("kept", {"erased"}),
    }
