"""Papers as tagged PDFs (PDF/UA-1), made of the same templates as the pages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from videoattention.services.delivery_ports import Paper

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from videoattention.adapters.papers.signer import PadesSigner

VARIANT: Final = "pdf/ua-1"

NOTHING: Final = URLFetcher(allowed_protocols=(), allow_redirects=False)
"""A paper stands for itself: whatever it would fetch is refused."""


class Render(Protocol):
    """Makes HTML of a template in a language."""

    def __call__(self, template: str, language: str, **context: object) -> str:
        """The whole page."""


class PrintedPapers:
    """`videoattention.services.delivery_ports.PaperMaker` with WeasyPrint; one paper at a time, in a thread."""

    def __init__(self, render: Render, style: Path, signer: PadesSigner | None) -> None:
        self._render = render
        self._style = style
        self._signer = signer
        self._turn = asyncio.Lock()

    async def make(self, template: str, language: str, content: Mapping[str, object]) -> Paper:
        """A PDF of this template in this language, tagged, and signed where a certificate is configured."""
        page = self._render(template, language, signed=self._signer is not None, **content)
        async with self._turn:
            return await asyncio.to_thread(self._printed, page)

    def _printed(self, page: str) -> Paper:
        style = CSS(filename=self._style)
        data = HTML(string=page, url_fetcher=NOTHING).write_pdf(stylesheets=[style], pdf_variant=VARIANT)
        if self._signer is None:
            return Paper(data, signed=False)
        return Paper(self._signer.sign(data), signed=True)
