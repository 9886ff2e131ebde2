"""Invented policies, as the administrators' pages show them: long names, errors, somebody who was faster."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.pages.made_up import LONG_PROCEDURE, NOW, PROCEDURE, STAFF
from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level
from videoattention.domain.policies import BUILT_IN, compared, weaknesses
from videoattention.entrypoints.http import policy_form
from videoattention.entrypoints.http.policy_changes import Meanwhile, Place
from videoattention.entrypoints.http.settings import own_rules
from videoattention.services.policies import KeptPolicy, fingerprint
from videoattention.services.policy_making import Book, Draft

NAMES = {PROCEDURE.id: PROCEDURE.name, LONG_PROCEDURE.id: LONG_PROCEDURE.name}
ATTENDED = BUILT_IN.general.of(Level.ATTENDED)
STRICT = replace(ATTENDED, identity=Assurance.HIGH, form=True, picture=720, second_review=True, retention_days=100)
FIRST = BUILT_IN.with_procedure(LONG_PROCEDURE.id, STRICT)
OTHERWISE = replace(ATTENDED, legal_basis={"ca": "Llei 39/2015, art. 12.2; " * 8}, scripts={"ca": "Puc? " * 60})
SECOND = FIRST.with_level(OTHERWISE)
LONG_REASON = (
    "Com va demanar la comissió de seguiment de les oficines d'atenció ciutadana de les Terres de l'Ebre, " * 3
)


def kept(policy: Any, reason: str = LONG_REASON, restored: int | None = None) -> KeptPolicy:  # noqa: ANN401 - a policy
    """A version as it is kept."""
    return KeptPolicy(policy, fingerprint(policy), reason, "staff-pere", NOW, STAFF.name, restored)


PRODUCTS = KeptPolicy(BUILT_IN, fingerprint(BUILT_IN), "", "", NOW)
THIRD = kept(SECOND.again(FIRST), restored=1)
BOOK = Book((THIRD, kept(SECOND), kept(FIRST)), PRODUCTS)
MEANWHILE = Meanwhile(kept(SECOND), compared(FIRST, SECOND))
STAFF_SEES: dict[str, Any] = {"person": STAFF, "csrf": "token"}

OVERVIEW: dict[str, Any] = {
    **STAFF_SEES,
    "kept": kept(SECOND),
    "policy": SECOND,
    "stricter": own_rules(SECOND),
    "names": NAMES,
}
VERSION: dict[str, Any] = {
    **OVERVIEW,
    "kept": THIRD,
    "policy": THIRD.policy,
    "in_force": THIRD,
    "changed": compared(SECOND, THIRD.policy),
    "made": True,
}
VERSIONS: dict[str, Any] = {
    **STAFF_SEES,
    "book": BOOK,
    "old": 0,
    "new": 2,
    "differences": compared(BUILT_IN, SECOND),
    "names": NAMES,
}


def form(level: Level, procedure: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what the template takes
    """The form of a rule."""
    place = Place(level, procedure, NAMES, ("attended", "represent-others"))
    rule = place.rule(SECOND)
    return {
        **STAFF_SEES,
        "kept": kept(SECOND),
        "place": place,
        "rule": rule,
        "general": SECOND.general.of(level),
        "own": SECOND.own(procedure, level) is not None,
        "editable": policy_form.editable(rule),
        "written": policy_form.written(rule),
        "faults": {},
        "meanwhile": None,
        **more,
    }


WRONG = {
    "": "nothing_changed",
    "identity": "below_level",
    "consents": "no_text",
    "habilitation": "habilitation_unclear",
    "picture": "number_unclear",
    "second_review": "reviewed_once_first",
    "legal_basis": "legal_basis_missing",
    "scripts": "script_missing",
}


def difference(new: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a policy, and what the template takes
    """What would change of the product's own rules."""
    return {
        **STAFF_SEES,
        "draft": Draft(BUILT_IN, new, compared(BUILT_IN, new), weaknesses(new)),
        "names": NAMES,
        "sent": {"identity": "high", "remove": ""},
        "restored": None,
        "reason": "",
        "back": "/settings",
        "problem": "",
        "unheld": (),
        "meanwhile": None,
        **more,
    }


WEAK = BUILT_IN.with_procedure(LONG_PROCEDURE.id, replace(ATTENDED, identity=Assurance.LOW, review=False))

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "settings": ("settings/overview.html", OVERVIEW),
    "settings-version": ("settings/version.html", VERSION),
    "settings-versions": ("settings/versions.html", VERSIONS),
    "settings-level": ("settings/form.html", form(Level.ASSISTED)),
    "settings-first-level": ("settings/form.html", form(Level.INFORMATIVE)),
    "settings-procedure": ("settings/form.html", form(Level.ATTENDED, LONG_PROCEDURE.id)),
    "settings-wrong": ("settings/form.html", form(Level.ATTENDED, LONG_PROCEDURE.id, faults=WRONG)),
    "settings-overtaken": ("settings/form.html", form(Level.ATTENDED, meanwhile=MEANWHILE)),
    "settings-difference": ("settings/difference.html", difference(SECOND)),
    "settings-no-reason": ("settings/difference.html", difference(SECOND, problem="reason_too_short", restored=1)),
    "settings-unheld": ("settings/difference.html", difference(SECOND, unheld=("represent_others",))),
    "settings-weak": ("settings/difference.html", difference(WEAK)),
}
"""Every page in every state: name -> template, and what it is given."""
