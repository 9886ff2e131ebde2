"""The officer's forms: what is wrong with them is told by the page, in its language, and not by the browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.pages.made_up_rights import PAGES as OFFICERS
from videoattention.entrypoints.http.pages import Pages

PAGES = Pages(Path(__file__).parents[3] / "web")
FORM = re.compile(r"<form\b[^>]*>")


@pytest.mark.parametrize("name", [name for name, (template, _) in OFFICERS.items() if template.startswith("rights/")])
def test_no_form_of_the_officer_is_judged_by_the_browser(name: str) -> None:
    template, context = OFFICERS[name]
    forms = [form for form in FORM.findall(PAGES.render(template, "ca", **context)) if "/sign-out" not in form]
    assert forms or name == "rights-link-given"
    assert [form for form in forms if "novalidate" not in form] == []
