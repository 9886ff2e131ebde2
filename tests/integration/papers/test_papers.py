"""Papers that a person can read: tagged, in a language, signed; looked at with programs that nobody here wrote."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.integration.papers.accounts import attended, minute
from tests.story.certificate import PASSWORD, certificate_in
from videoattention.adapters.papers.maker import PrintedPapers
from videoattention.adapters.papers.press import Press
from videoattention.adapters.papers.signer import CertificateRefused, PadesSigner
from videoattention.domain.receipts import form_of, receipt_of
from videoattention.entrypoints.http.pages import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from videoattention.services.delivery_ports import Paper

WEB = Path(__file__).parents[3] / "web"
STYLE = WEB / "static" / "css" / "paper.css"
SEED = 20261122
CHANGED = 120
"""Bytes of a signed paper that are changed, one at a time."""


@dataclass(frozen=True, slots=True)
class Printers:
    """One press for all papers here."""

    press: Press

    def maker(self, signer: PadesSigner | None = None) -> PrintedPapers:
        """Who prints on it."""
        return PrintedPapers(Pages(WEB).render, self.press, signer)


@pytest.fixture(scope="module")
async def printers() -> AsyncIterator[Printers]:
    press = Press(STYLE)
    yield Printers(press)
    await press.close()


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> PadesSigner:
    return PadesSigner(certificate_in(tmp_path_factory.mktemp("certificate"))[0], PASSWORD)


def run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=30).stdout  # noqa: S603 - poppler's


async def receipt(printers: Printers, language: str, signer: PadesSigner | None = None) -> Paper:
    told = {"record_id": "9f1c-1", "number": 1, "issued_at": minute(30).isoformat(), **receipt_of(attended(language))}
    return await printers.maker(signer).make("receipts/pdf/receipt.html", language, {"receipt": told})


async def form(printers: Printers, language: str, signer: PadesSigner | None = None) -> Paper:
    content = {"form": form_of(attended(language), minute(7))}
    return await printers.maker(signer).make("receipts/pdf/form.html", language, content)


@pytest.mark.parametrize("language", ["ca", "en"])
@pytest.mark.parametrize("paper", [receipt, form])
async def test_a_paper_is_tagged_and_says_its_title_and_language(
    printers: Printers, tmp_path: Path, language: str, paper: object
) -> None:
    made = await paper(printers, language)  # type: ignore[operator]
    file = tmp_path / "paper.pdf"
    file.write_bytes(made.data)
    info = run("pdfinfo", str(file))
    assert re.search(r"^Tagged: +yes$", info, re.MULTILINE)
    title = re.search(r"^Title: +(.+)$", info, re.MULTILINE)
    assert title
    assert "Ajuts al lloguer" in title[1]
    root = PdfFileReader(BytesIO(made.data)).root
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (language, True)
    assert re.search(r"pdfuaid:part=.1.", run("pdfinfo", "-meta", str(file)))
    structure = run("pdfinfo", "-struct-text", str(file))
    assert structure.count("H1 (block)") == 1
    assert structure.count("H2 (block)") >= 4
    assert re.search(r"TH <[-\w]+>", structure)
    assert "/Headers [" in structure
    assert "Figure" not in structure


@pytest.mark.parametrize("paper", [receipt, form])
async def test_a_signed_paper_is_valid_for_others_and_no_byte_of_it_can_change(
    printers: Printers, signer: PadesSigner, tmp_path: Path, paper: object
) -> None:
    made = await paper(printers, "ca", signer)  # type: ignore[operator]
    assert made.signed
    file = tmp_path / "signed.pdf"
    file.write_bytes(made.data)
    said = run("pdfsig", "-nocert", str(file))
    for sentence in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached"):
        assert sentence in said, said
    before, after = _signed_stretches(made.data)
    places = [*range(before), *range(after, len(made.data))]
    chosen = random.Random(SEED).sample(places, CHANGED)  # noqa: S311 - the same bytes in every run
    unseen = await asyncio.gather(*(_unseen(made.data, at, tmp_path) for at in chosen))
    assert [at for at in unseen if at is not None] == []


def _signed_stretches(data: bytes) -> tuple[int, int]:
    """Where the signature itself stands: all bytes before and after it are signed."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", data)
    assert found
    before, after, length = map(int, found.groups())
    assert after + length == len(data)
    return before, after


LIMIT = asyncio.Semaphore(2)


async def _unseen(data: bytes, at: int, folder: Path) -> int | None:
    changed = bytearray(data)
    changed[at] ^= 1 << (at % 8)
    file = folder / f"changed-{at}.pdf"
    file.write_bytes(changed)
    async with LIMIT:
        process = await asyncio.create_subprocess_exec(
            "pdfsig", "-nocert", str(file), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
    return at if b"Signature is Valid" in said and b"Total document signed" in said else None


async def test_the_hash_in_the_signed_receipt_sees_the_bytes_that_the_signature_leaves(
    printers: Printers, signer: PadesSigner
) -> None:
    made = await form(printers, "ca", signer)
    before, after = _signed_stretches(made.data)
    hashes = {hashlib.sha256(made.data).hexdigest()}
    for at in range(before, after):
        changed = bytearray(made.data)
        changed[at] ^= 1
        hashes.add(hashlib.sha256(changed).hexdigest())
    assert len(hashes) == after - before + 1


async def test_without_a_certificate_a_paper_says_that_it_is_not_signed(printers: Printers, tmp_path: Path) -> None:
    made = await receipt(printers, "en")
    file = tmp_path / "paper.pdf"
    file.write_bytes(made.data)
    assert not made.signed
    assert "bears no electronic signature of its own" in " ".join(run("pdftotext", str(file), "-").split())


async def test_a_paper_tells_what_the_law_asks(printers: Printers, tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    file.write_bytes((await form(printers, "ca")).data)
    read = " ".join(run("pdftotext", "-layout", str(file), "-").split())
    for told in ("Aina Ferrer i Soler", "12345678Z", "Marta Puig Serra", "Tècnica d'atenció ciutadana", "«attended»"):
        assert told in read, read
    for told in ("Ajuts al lloguer", "OAC de Girona", "versió 2", "Reial decret 203/2021", "22 de novembre del 2026"):
        assert told in read, read


async def test_a_paper_fetches_nothing(printers: Printers, tmp_path: Path) -> None:
    fetched = tmp_path / "secret.svg"
    fetched.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')
    picture = f'<img alt="" src="{fetched.as_uri()}">'
    page = f'<html lang="ca"><head><title>x</title></head><body><h1>x</h1>{picture}</body></html>'
    maker = PrintedPapers(lambda *_, **__: page, printers.press, None)
    made = await maker.make("any", "ca", {})
    file = tmp_path / "paper.pdf"
    file.write_bytes(made.data)
    read = run("pdftotext", str(file), "-")
    assert "x" in read.split()
    assert "secret" not in read


def test_a_certificate_that_does_not_open_is_refused_without_its_password(tmp_path: Path) -> None:
    file, _ = certificate_in(tmp_path)
    with pytest.raises(CertificateRefused) as refused:
        PadesSigner(file, b"another")
    assert "another" not in str(refused.value).replace("another one", "")
