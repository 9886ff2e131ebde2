"""What a receipt says: who attended whom for what, what was consented to, and what is kept. Pure: rows in, words out.

The consents are told with the fields of ISO/IEC TS 27560:2023 (consent record structure): the record, the person, the
parties, the notice, the purposes with what is processed, and the events by which it was given or taken back. Codes
stay codes here; the paper says them in the citizen's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from videoattention.domain.levels import Level, Purpose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.consent import Consent
    from videoattention.domain.deliveries import Delivery

FORMAT = "videoattention-receipt/1"
SCHEMA = "ISO/IEC TS 27560:2023"

Json = dict[str, Any]

DATA: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.REMOTE_HELP: ("name", "phone_number", "conversation", "shown_documents"),
    Purpose.REPRESENTATION: ("name", "identity_document", "procedure_data"),
    Purpose.RECORDING: ("face", "voice", "conversation", "shown_documents"),
    Purpose.TRANSCRIPTION: ("conversation",),
    Purpose.TRANSLATION: ("conversation",),
    Purpose.IMAGES: ("face", "identity_document", "phone_number"),
}
"""The categories of personal data that each purpose needs."""

RECIPIENTS: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.REMOTE_HELP: ("informer", "auditors"),
    Purpose.REPRESENTATION: ("informer", "procedure_body"),
    Purpose.RECORDING: ("auditors", "courts"),
    Purpose.TRANSCRIPTION: ("informer",),
    Purpose.TRANSLATION: ("informer",),
    Purpose.IMAGES: ("informer", "auditors", "courts"),
}
"""Who gets to see it; nobody else does."""

RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "complaint")
"""What the citizen may ask for (Regulation (EU) 2016/679, articles 15 to 20 and 77)."""

_EVENTS = {
    "ConsentAsked": "requested",
    "ConsentGiven": "given",
    "ConsentRefused": "refused",
    "ConsentWithdrawn": "withdrawn",
    "ConsentEnded": "ended",
}
"""The facts that are events of a consent, and the state that it is in from then on."""

_WATCHING = frozenset({"PurposeStated", "RecordingExported"})


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of the journal: its kind is the name of its class."""

    at: datetime
    actor: str
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """A text as it was shown."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording: ``stage`` as in its machine, ``seconds`` of it stored, ``began_at`` when the first was."""

    id: str
    stage: str
    seconds: float
    began_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that is told of one attention, as of one moment.

    Names are in the language of whoever reads them; ``contact`` is how the office can be reached; ``notices`` has the
    words of each text by the SHA-256 under which it was shown.
    """

    attention: Attention
    controller: str
    office: str
    procedure: str
    contact: str
    notices: Mapping[str, Notice]
    told: tuple[Told, ...]
    recordings: tuple[Kept, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def watched(self) -> tuple[Told, ...]:
        """Who was let see a recording, or was given one, when and what for."""
        return tuple(fact for fact in self.told if fact.kind in _WATCHING)

    @property
    def documents(self) -> tuple[Delivery, ...]:
        """What changed hands, without the receipts that tell of it."""
        return tuple(one for one in self.deliveries if one.is_shared)


def receipt_of(account: Account) -> Json:
    """What the receipt says, but for its number and its time; equal as long as nothing changed."""
    attention = account.attention
    return {
        "format": FORMAT,
        "schema_version": SCHEMA,
        "language": attention.language,
        "organisation": attention.organisation,
        "pii_principal_id": f"citizen-of-{attention.id}",
        "party_identification": [_controller(account)],
        "attention": _attention(account),
        "consents": [_consent(account, consent) for consent in attention.consents],
        "recordings": [_recording(account, kept) for kept in account.recordings],
        "documents": [_document(one) for one in account.documents],
    }


def _controller(account: Account) -> Json:
    return {
        "party_id": account.attention.organisation,
        "party_name": account.controller,
        "party_role": "pii_controller",
        "party_address": account.office,
        "party_contact": account.contact,
    }


def _attention(account: Account) -> Json:
    attention, informer = account.attention, account.attention.informer
    proof = attention.identification
    return {
        "id": attention.id,
        "office": account.office,
        "procedure": account.procedure,
        "level": attention.level.value,
        "arrived_at": moment(attention.arrived_at),
        "began_at": moment(attention.talking_since),
        "ended_at": moment(attention.ended_at),
        "outcome_kind": attention.outcome_kind.value if attention.outcome_kind else "",
        "outcome": attention.outcome,
        "attended_by": [{"name": informer.name, "position": informer.position}] if informer else [],
        "identified": {"assurance": proof.assurance.name.lower(), "way": proof.way.value} if proof else None,
        "nothing_stored_beyond_outcome": _is_bare(account),
    }


def _is_bare(account: Account) -> bool:
    """Whether nothing is kept but that the citizen came, when, and what came of it."""
    told = account.attention.consents or account.recordings or account.documents or account.attention.identification
    return account.attention.level is Level.INFORMATIVE and not told


def _consent(account: Account, consent: Consent) -> Json:
    notice = account.notices[consent.wording.hash]
    return {
        "consent_id": consent.id,
        "consent_type": "expressed",
        "given_by": consent.answered_by.value,
        "level": consent.level,
        "state": consent.stage.value,
        "privacy_notice": {
            "text": consent.wording.text,
            "version": consent.wording.version,
            "language": consent.wording.language,
            "sha256": consent.wording.hash,
            "title": notice.title,
            "paragraphs": list(notice.paragraphs),
        },
        "purposes": [_purpose(account, consent, purpose) for purpose in sorted(consent.purposes)],
        "withdrawal_method": ["in_call", "receipt_page", "office"],
        "pii_principal_rights": list(RIGHTS),
        "events": list(_events(account.told, consent)),
    }


def _purpose(account: Account, consent: Consent, purpose: Purpose) -> Json:
    policy = account.attention.policy.of(Level(consent.level))
    return {
        "purpose": purpose.value,
        "lawful_basis": "consent",
        "legal_basis": policy.legal_basis,
        "pii_type": list(DATA[purpose]),
        "retention_days": policy.retention_days,
        "recipients": list(RECIPIENTS[purpose]),
        "controllers": [account.attention.organisation],
    }


def _events(told: Sequence[Told], consent: Consent) -> Iterator[Json]:
    for fact in told:
        if fact.kind in _EVENTS and fact.body.get("consent") == consent.id:
            by = "citizen" if fact.actor == "citizen" else "organisation"
            yield {"event_time": moment(fact.at), "event_state": _EVENTS[fact.kind], "entity": by}


def _recording(account: Account, kept: Kept) -> Json:
    policy = account.attention.policy.of(account.attention.level)
    return {
        "id": kept.id,
        "stage": kept.stage,
        "seconds": round(kept.seconds, 1),
        "began_at": moment(kept.began_at),
        "erased_at": moment(kept.erased_at),
        "retention_days": policy.retention_days,
    }


def _document(one: Delivery) -> Json:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "from": one.side,
        "name": one.name,
        "media_type": one.media_type,
        "bytes": one.size,
        "sha256": one.sha256,
        "at": moment(one.at),
    }


def form_of(account: Account, now: datetime) -> Json:
    """The form of article 30 of Royal Decree 203/2021: who consents that which civil servant acts for them in what.

    For an attention with an informer, a proved identity and a consent in force.
    """
    attention, informer, proof = account.attention, account.attention.informer, account.attention.identification
    consent = next((c for c in attention.consents if c.in_force and c.level == attention.level), None)
    if informer is None or proof is None or consent is None:
        raise ValueError("a form is made of an attention whose level stands on proof and consent")
    return {
        "controller": account.controller,
        "office": account.office,
        "contact": account.contact,
        "procedure": account.procedure,
        "attention": attention.id,
        "citizen": {"name": proof.name, "document": proof.document},
        "identified": {
            "way": proof.way.value,
            "assurance": proof.assurance.name.lower(),
            "provider": proof.provider,
            "at": proof.at,
        },
        "servant": {"name": informer.name, "position": informer.position},
        "habilitations": [
            {"name": one.name, "until": one.until.isoformat()} for one in informer.habilitations if one.in_force(now)
        ],
        "legal_basis": attention.in_force.legal_basis,
        "consent": {
            "text": consent.wording.text,
            "version": consent.wording.version,
            "language": consent.wording.language,
            "sha256": consent.wording.hash,
            "title": account.notices[consent.wording.hash].title,
            "paragraphs": list(account.notices[consent.wording.hash].paragraphs),
            "given_by": consent.answered_by.value,
            "at": consent.answered_at,
        },
        "at": now,
    }


def moment(at: datetime | None) -> str | None:
    """A time as it is signed: ISO 8601."""
    return at.isoformat() if at else None
