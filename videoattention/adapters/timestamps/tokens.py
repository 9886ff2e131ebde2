"""The question to a time-stamping authority, and the whole check of its answer: nothing is believed of it before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from rfc3161_client import TimestampRequestBuilder, VerificationError, VerifierBuilder, decode_timestamp_response

from videoattention.services.stamping import StampRefused

if TYPE_CHECKING:
    from pathlib import Path

    from rfc3161_client import TimeStampRequest


def trusted_roots(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file, under one of which an authority's must be; raises `ValueError` or `OSError`."""
    return x509.load_pem_x509_certificates(path.read_bytes())


@dataclass(frozen=True, slots=True)
class StampQuestion:
    """One request for a time stamp over ``message``; its nonce makes an old answer worthless."""

    message: bytes
    request: TimeStampRequest

    @classmethod
    def over(cls, message: bytes) -> StampQuestion:
        """Ask for the time of these bytes, and for the authority's certificate in the answer."""
        return cls(message, TimestampRequestBuilder().data(message).build())

    def check(self, answer: bytes, roots: list[x509.Certificate]) -> None:
        """Raises `StampRefused` unless the answer is a granted stamp over the message.

        It must have the question's nonce, and be signed by a certificate for time stamps under one of ``roots``.
        """
        verifier = VerifierBuilder(policy_id=self.request.policy, nonce=self.request.nonce, roots=list(roots)).build()
        try:
            verifier.verify_message(decode_timestamp_response(answer), self.message)
        except (VerificationError, ValueError) as error:
            raise StampRefused(f"the authority's answer does not hold: {error}") from None
