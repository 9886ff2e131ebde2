"""The signature inside a PDF: PAdES (ETSI EN 319 142-1, baseline B-B) with the operator's certificate."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

if TYPE_CHECKING:
    from pathlib import Path

FIELD: Final = "Signature"


class CertificateRefused(Exception):
    """The certificate cannot sign; the sentence says why, and never the password."""


class PadesSigner:
    """Signs PDFs with a certificate and its key out of a PKCS#12 file; read once, at the start."""

    def __init__(self, file: Path, password: bytes) -> None:
        """Open it; raises `CertificateRefused`."""
        signer = signers.SimpleSigner.load_pkcs12(pfx_file=str(file), passphrase=password or None)  # type: ignore[no-untyped-call]
        if signer is None:
            raise CertificateRefused(f"{file} is no PKCS#12 file that the password opens")
        self._signer = signer

    def sign(self, data: bytes) -> bytes:
        """The same PDF with a signature over all of it, after which nothing may be changed.

        Not to be called on an event loop.
        """
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        signed = BytesIO()
        signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(data)), meta, signer=self._signer, output=signed)
        return signed.getvalue()
