"""The statement that there is no recording of an attention (decision 0013): what is known of it, as bytes to be signed.

Pure: the same story gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from videoattention.domain.consent import ConsentStage
from videoattention.domain.facts import ConsentGiven, ConsentRefused
from videoattention.domain.levels import Purpose
from videoattention.services.manifest import consent_told, moment_told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.recording import Recording
    from videoattention.services.erasing import KeptErasure
    from videoattention.services.proof import SliceEntry
    from videoattention.services.seals import KeptSeal
    from videoattention.services.stories import Story

FORMAT: Final = "videoattention-statement/1"


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a recording without media: the seal that closed it, and the certificate that it was erased.

    ``entry`` of the journal tells of the erasure.
    """

    recording: Recording
    seal: KeptSeal
    erasure: KeptErasure | None
    entry: SliceEntry | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated of an attention; ``software`` names the program that states it and its version."""

    story: Story
    left: Sequence[Left]
    software: str
    stated_at: datetime

    @property
    def policy(self) -> bytes:
        """The policy that held for it: JSON in UTF-8."""
        return json.dumps(self.story.policy, ensure_ascii=False, sort_keys=True, indent=1).encode()

    def manifest(self) -> bytes:
        """The bytes to sign: JSON in UTF-8."""
        return json.dumps(self._told(), ensure_ascii=False, allow_nan=False, indent=1).encode()

    def _told(self) -> dict[str, Any]:
        attention, lines = self.story.attention, self.story.lines
        return {
            "format": FORMAT,
            "software": self.software,
            "organisation": attention.organisation,
            "recording": None,
            "attention": attention.id,
            "office": attention.office,
            "procedure": attention.procedure,
            "language": attention.language,
            "stage": attention.stage.value,
            "level": attention.level.value,
            "arrived_at": moment_told(attention.arrived_at),
            "talking_since": moment_told(attention.talking_since),
            "ended_at": moment_told(attention.ended_at),
            "stated_at": moment_told(self.stated_at),
            "policy": {"version": attention.policy_version, "sha256": hashlib.sha256(self.policy).hexdigest()},
            "recordings": [_left(one) for one in self.left],
            "consent_to_record": self._consent_to_record(),
            "consents": [consent_told(consent, lines) for consent in attention.consents],
            "journal": {
                "before": self.story.before,
                "first": lines[0].seq,
                "last": lines[-1].seq,
                "hash": lines[-1].hash,
                "entries": len(lines),
            },
        }

    def _consent_to_record(self) -> str:
        """What came of asking to record: given, refused, unanswered or never_asked; of several the first of these."""
        asked = {each.id for each in self.story.attention.consents if Purpose.RECORDING in each.purposes}
        told = {line.kind for line in self.story.lines if line.body.get("consent") in asked}
        if ConsentGiven.__name__ in told:
            return ConsentStage.GIVEN.value
        if ConsentRefused.__name__ in told:
            return ConsentStage.REFUSED.value
        return "unanswered" if asked else "never_asked"


def _left(left: Left) -> dict[str, Any]:
    certificate = left.erasure.certificate if left.erasure else None
    told = {
        "id": left.recording.id,
        "stage": left.recording.stage.value,
        "manifest_sha256": hashlib.sha256(left.seal.manifest).hexdigest(),
        "certificate_sha256": hashlib.sha256(certificate).hexdigest() if certificate is not None else None,
    }
    return told | ({"entry": left.entry.told()} if left.entry else {})
