"""What a receipt says: who attended whom for what, what was consented to, and what is kept. Pure: rows in, words out.

The consents are told with the fields of ISO/IEC TS 27560:2023 (consent record structure): the record, the person, the
parties, the notice, the purposes with what is processed, and the events by which it was given or taken back. Codes
stay codes here; the paper says them in the citizen's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from videoattention.domain.consent import ConsentStage
from videoattention.domain.levels import Level, Purpose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.accounts import Account, Images, Kept, Spell, Told
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

RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "objection", "complaint")
"""What the citizen may ask for (Regulation (EU) 2016/679, articles 15 to 21 and 77)."""

_EVENTS = {
    "ConsentAsked": "requested",
    "ConsentGiven": "given",
    "ConsentRefused": "refused",
    "ConsentWithdrawn": "withdrawn",
    "ConsentEnded": "ended",
}
"""The facts that are events of a consent, and the state that it is in from then on."""


def receipt_of(account: Account) -> Json:
    """What the receipt says, but for its number and its time; equal as long as nothing changed."""
    attention = account.attention
    return {
        "format": FORMAT,
        "schema_version": SCHEMA,
        "language": attention.language,
        "organisation": attention.organisation,
        "pii_principal_id": f"citizen-of-{attention.id}",
        "retention_days": _days_kept(account),
        "party_identification": [_controller(account)],
        "attention": _attention(account),
        "consents": [
            *(_consent(account, consent) for consent in attention.consents),
            *(_consent_to_images(account, images) for images in account.images),
        ],
        "recordings": [_recording(account, kept) for kept in account.recordings],
        "images": [_images(images) for images in account.images],
        "documents": [_document(one) | {"erased_at": moment(account.erased_at)} for one in account.documents],
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
        "levels": [_spell(spell) for spell in account.levels],
        "arrived_at": moment(attention.arrived_at),
        "began_at": moment(attention.talking_since),
        "ended_at": moment(attention.ended_at),
        "outcome_kind": attention.outcome_kind.value if attention.outcome_kind else "",
        "outcome": attention.outcome,
        "attended_by": [{"name": informer.name, "position": informer.position}] if informer else [],
        "identified": {"assurance": proof.assurance.name.lower(), "way": proof.way.value} if proof else None,
        "identifying": account.identifying,
        "nothing_stored_beyond_outcome": _is_bare(account),
        "kept_until": _kept_until(account),
        "erased_at": moment(account.erased_at),
    }


def _spell(spell: Spell) -> Json:
    return {"level": spell.level.value, "since": moment(spell.since), "until": moment(spell.until)}


def _kept_until(account: Account) -> str | None:
    """Until when all of it is kept at least, by the rule; nothing once it was erased."""
    return moment(account.period.until) if account.period and not account.erased_at else None


def _days_kept(account: Account) -> int:
    """The same as days from the end of the call."""
    period, end = account.period, account.attention.ended_at
    return (period.until - end).days if period and end else account.attention.in_force.retention_days


def _is_bare(account: Account) -> bool:
    """Whether nothing is kept but that the citizen came, when, and what came of it."""
    attention = account.attention
    told = attention.consents or account.images or account.recordings or account.documents or attention.identification
    return attention.level is Level.INFORMATIVE and not told


def _consent(account: Account, consent: Consent) -> Json:
    basis = account.attention.policy.of(Level(consent.level)).basis(account.attention.language)
    shown = {name: getattr(consent.wording, name) for name in _SHOWN}
    kept: Json = _NOTHING if consent.stage in _NEVER_GIVEN else {}
    return _record(account, consent.id, shown) | {
        "given_by": consent.answered_by.value,
        "level": consent.level,
        "state": consent.stage.value,
        "purposes": [_purpose(account, purpose, basis) | kept for purpose in sorted(consent.purposes)],
        "events": list(_events(account.told, consent)),
    }


def _consent_to_images(account: Account, images: Images) -> Json:
    """The consent to images of an identification by sight; no level asks for it, the way of identifying does."""
    purpose = _purpose(account, Purpose.IMAGES, "")
    return _record(account, images.id, images.wording) | {
        "given_by": "citizen",
        "level": "",
        "state": images.state,
        "purposes": [purpose | (_NOTHING if images.kept in _NOT_KEPT else {})],
        "events": [
            {"event_time": moment(event.at), "event_state": event.state, "entity": event.by} for event in images.events
        ],
    }


_NOT_KEPT = frozenset({"nothing", "deleted", "untaken"})
_NEVER_GIVEN = frozenset({ConsentStage.ASKED, ConsentStage.REFUSED, ConsentStage.LAPSED})
_NOTHING: Json = {"kept_until": None, "retention_days": 0}
_SHOWN = ("text", "version", "language", "hash")


def _record(account: Account, name: str, shown: Mapping[str, Any]) -> Json:
    """What every consent record has."""
    notice = account.notices[shown["hash"]]
    return {
        "consent_id": name,
        "consent_type": "expressed",
        "privacy_notice": {
            "text": shown["text"],
            "version": shown["version"],
            "language": shown["language"],
            "sha256": shown["hash"],
            "title": notice.title,
            "paragraphs": list(notice.paragraphs),
        },
        "withdrawal_method": ["in_call", "receipt_page", "office"],
        "pii_principal_rights": list(RIGHTS),
    }


def _purpose(account: Account, purpose: Purpose, legal_basis: str) -> Json:
    return {
        "purpose": purpose.value,
        "lawful_basis": "consent",
        "legal_basis": legal_basis,
        "pii_type": list(DATA[purpose]),
        "retention_days": _days_kept(account),
        "kept_until": _kept_until(account),
        "recipients": list(RECIPIENTS[purpose]),
        "controllers": [account.attention.organisation],
    }


def _events(told: Sequence[Told], consent: Consent) -> Iterator[Json]:
    for fact in told:
        if fact.kind in _EVENTS and fact.body.get("consent") == consent.id:
            by = "citizen" if fact.actor == "citizen" else "organisation"
            yield {"event_time": moment(fact.at), "event_state": _EVENTS[fact.kind], "entity": by}


def _recording(account: Account, kept: Kept) -> Json:
    return {
        "id": kept.id,
        "stage": kept.stage,
        "seconds": round(kept.seconds, 1),
        "began_at": moment(kept.began_at),
        "erased_at": moment(kept.erased_at),
        "retention_days": _days_kept(account),
        "kept_until": None if kept.erased_at else _kept_until(account),
    }


def _images(images: Images) -> Json:
    """What became of the pictures of one identification by sight."""
    return {
        "identification": images.id,
        "kept": images.kept,
        "stills": [
            {"kind": still.kind.value, "sha256": still.hash, "width": still.width, "height": still.height}
            for still in images.stills
        ],
        "kept_until": moment(images.kept_until),
        "erased_at": moment(images.erased_at),
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
        "legal_basis": attention.in_force.basis(attention.language),
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
