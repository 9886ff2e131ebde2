"""The worker's DTLS certificate, renewed well before it expires; a leg keeps the one that it began with."""

from __future__ import annotations

from videoattention.adapters.media.internals import WorkerCertificate

_RENEWED_BEFORE = 7 * 24 * 3600.0


class Certificates:
    """One certificate at a time."""

    def __init__(self) -> None:
        self._certificate = WorkerCertificate()

    def current(self, wall: float) -> WorkerCertificate:
        """The certificate for a leg that begins at ``wall`` (Unix seconds)."""
        if self._certificate.expires - wall < _RENEWED_BEFORE:
            self._certificate = WorkerCertificate()
        return self._certificate
