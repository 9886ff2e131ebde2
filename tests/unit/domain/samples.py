"""People, texts and moments for the tests of the domain."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from videoattention.domain.attention import AttendingInformer, Attention
from videoattention.domain.consent import Consent, ConsentText
from videoattention.domain.identification import Assurance, Identification
from videoattention.domain.levels import Purpose
from videoattention.domain.people import Habilitation
from videoattention.domain.rights import Said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from videoattention.domain.consent import ConsentStage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENTITLED = (Habilitation("attended", date(2026, 12, 31)),)
NURIA = AttendingInformer("inf-1", "Núria Puig", "Informadora", ENTITLED)
OTHER = AttendingInformer("inf-2", "Pau Serra", "Informador", ENTITLED)
ATTENDED_PURPOSES = frozenset({Purpose.REPRESENTATION, Purpose.RECORDING})
ASSISTED_PURPOSES = frozenset({Purpose.REMOTE_HELP, Purpose.RECORDING})
WORDING = ConsentText(text="attended", version="3", language="ca", hash="ab" * 32)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def waiting() -> Attention:
    return Attention(
        id="att-1",
        organisation="gencat",
        office="girona",
        procedure="large-family",
        language="ca",
        arrived_at=NOW,
    )


def identified(assurance: Assurance = Assurance.SUBSTANTIAL) -> Identification:
    return Identification(
        assurance=assurance,
        name="Joan Vila",
        document="12345678Z",
        subject="cit-1",
        provider="https://citizens.example",
        at=NOW,
    )


def said(words: str) -> Said:
    """Words as a service commits to them."""
    return Said(words, b"salt", "cd" * 32)


def asked(consent: str = "con-1", purposes: Iterable[Purpose] = ATTENDED_PURPOSES) -> Consent:
    return Consent(consent, WORDING, frozenset(purposes), asked_at=NOW)


def standing(stage: ConsentStage, consent: str = "con-1") -> Consent:
    return Consent(consent, WORDING, ATTENDED_PURPOSES, asked_at=NOW, stage=stage)
