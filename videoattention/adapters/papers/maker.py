"""Papers as tagged PDFs (PDF/UA-1), made of the same templates as the pages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from videoattention.services.delivery_ports import Paper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.adapters.papers.press import Press
    from videoattention.adapters.papers.signer import PadesSigner


class Render(Protocol):
    """Makes HTML of a template in a language."""

    def __call__(self, template: str, language: str, **context: object) -> str:
        """The whole page."""


class PrintedPapers:
    """`videoattention.services.delivery_ports.PaperMaker` with WeasyPrint, in the press's process."""

    def __init__(self, render: Render, press: Press, signer: PadesSigner | None) -> None:
        self._render = render
        self._press = press
        self._signer = signer

    async def make(self, template: str, language: str, content: Mapping[str, object]) -> Paper:
        """A PDF of this template in this language, tagged, and signed where a certificate is configured.

        Raises `PaperNotPrinted`.
        """
        page = self._render(template, language, signed=self._signer is not None, **content)
        data = await self._press.print(page)
        if self._signer is None:
            return Paper(data, signed=False)
        return Paper(await asyncio.to_thread(self._signer.sign, data), signed=True)
