"""Every template that is a page of its own is among those that the browser tests look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.browser.pages import served

if TYPE_CHECKING:
    import pytest

_EXTENDS = re.compile(r'\{% extends "([^"]+)" %\}')
PRINTED = "receipts/pdf/"
"""Papers, which no browser shows."""


def test_every_page_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = served.WEB / "templates"
    under = {str(path.relative_to(folder)): _EXTENDS.findall(path.read_text()) for path in folder.rglob("*.html")}
    frames = {frame for above in under.values() for frame in above}
    pages = {name for name, above in under.items() if above and name not in frames and not name.startswith(PRINTED)}
    looked_at = set()
    render = type(served.PAGES).render

    def noting(pages: object, template: str, language: str, **context: object) -> str:
        looked_at.add(template)
        return render(served.PAGES, template, language, **context)

    monkeypatch.setattr(type(served.PAGES), "render", noting)
    for case in served.CASES.values():
        assert case("ca")
    assert len(pages) > 20
    assert pages - looked_at == set()
