"""What runs in the press: HTML pages in by standard input, tagged PDFs (PDF/UA-1) out by standard output.

Run as ``python -m videoattention.adapters.papers.printing STYLE``; `press.LENGTH` is before each page and each paper.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import IO, Final

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from videoattention.adapters.papers.press import LENGTH

VARIANT: Final = "pdf/ua-1"

NOTHING: Final = URLFetcher(allowed_protocols=(), allow_redirects=False)
"""A paper stands for itself: whatever it would fetch is refused."""

MEEKER: Final = 10
"""How much the press gives way to calls (nice)."""


def printed(page: str, style: CSS) -> bytes:
    """The PDF of a whole HTML page."""
    data: bytes = HTML(string=page, url_fetcher=NOTHING).write_pdf(stylesheets=[style], pdf_variant=VARIANT)
    return data


def answered(page: bytes, style: CSS) -> bytes:
    """The paper, or the kind of error and never its words, which may be the citizen's."""
    try:
        data = printed(page.decode(), style)
    except Exception as error:  # noqa: BLE001 - whatever one page does, the next is printed
        words = type(error).__name__.encode()
        return LENGTH.pack(False, len(words)) + words
    return LENGTH.pack(True, len(data)) + data


def serve(pages: IO[bytes], papers: IO[bytes], style: CSS) -> None:
    """Print until no page comes."""
    while len(head := pages.read(LENGTH.size)) == LENGTH.size:
        papers.write(answered(pages.read(LENGTH.unpack(head)[1]), style))
        papers.flush()


def main() -> None:
    """Serve one service, which ends this by ending its standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to answer
    os.nice(MEEKER)
    papers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no paper
    serve(sys.stdin.buffer, papers, CSS(filename=sys.argv[1]))


if __name__ == "__main__":
    main()
