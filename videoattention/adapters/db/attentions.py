"""Attentions and their consents: rows to aggregates and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from videoattention.adapters.db.people import habilitations_from, habilitations_to
from videoattention.adapters.db.policies import of_snapshot, snapshot
from videoattention.adapters.db.tables import attentions, consents
from videoattention.domain.attention import AttendingInformer, Attention
from videoattention.domain.consent import AnsweredBy, Consent, ConsentStage, ConsentText
from videoattention.domain.identification import Assurance, Identification, Way
from videoattention.domain.levels import Level, OutcomeKind, Purpose
from videoattention.domain.proving import Clip
from videoattention.domain.stages import Stage
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from videoattention.adapters.db.tenant import TenantConnection

_ANSWER = ("stage", "answered_at", "withdrawn_at", "answered_by", "note", "note_salt")
"""What may change of a consent after it was asked for."""


class AttentionRows:
    """`videoattention.services.ports.Attentions` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def get(self, attention: str) -> Attention:
        """The attention as it is now; raises `NotFound`."""
        mine = self._tenant.owns(attentions), attentions.c.id == attention
        found = await self._tenant.first(select(attentions).where(*mine))
        if found is None:
            raise NotFound(f"no attention {attention!r}")
        theirs = self._tenant.owns(consents), consents.c.attention == attention
        return attention_of(found, await self._tenant.fetch(select(consents).where(*theirs).order_by(consents.c.place)))

    async def add(self, attention: Attention) -> None:
        """Keep a new one; raises `NotFound` when the office does not serve the procedure."""
        self._must_be_ours(attention)
        row = self._tenant.row(id=attention.id, version=attention.version, **_values(attention))
        await self._tenant.add(attentions, row)
        await self._keep_consents(attention)

    async def save(self, attention: Attention) -> None:
        """Keep a change; raises `Stale`, or `NotFound` when a consent names a text that was never kept."""
        self._must_be_ours(attention)
        await self._tenant.update(attentions, {"id": attention.id}, attention.version, _values(attention))
        await self._keep_consents(attention)

    def _must_be_ours(self, attention: Attention) -> None:
        if attention.organisation != self._tenant.organisation:
            raise NotFound(f"no attention {attention.id!r}")

    async def _keep_consents(self, attention: Attention) -> None:
        if not attention.consents:
            return
        statement = self._tenant.insert(consents)
        answered = {name: statement.excluded[name] for name in _ANSWER}
        rows = [
            self._tenant.row(attention=attention.id, place=place, **_consent_values(consent))
            for place, consent in enumerate(attention.consents)
        ]
        key = [column.name for column in consents.primary_key]
        await self._tenant.write(statement.on_conflict_do_update(index_elements=key, set_=answered), rows)


def _values(attention: Attention) -> dict[str, object]:
    """The columns that a change may touch."""
    informer, identification = attention.informer, attention.identification
    return {
        "office": attention.office,
        "procedure": attention.procedure,
        "language": attention.language,
        "arrived_at": attention.arrived_at,
        "stage": attention.stage.value,
        "level": attention.level.value,
        "proposed": attention.proposed.value if attention.proposed else None,
        "informer": informer.subject if informer else None,
        "informer_name": informer.name if informer else None,
        "informer_position": informer.position if informer else None,
        "informer_habilitations": habilitations_to(informer.habilitations) if informer else [],
        "offer_until": attention.offer_until,
        "identification_asked": attention.identification_asked,
        "identification_way": attention.identification_way or "",
        **_identity_values(identification),
        "talking_since": attention.talking_since,
        "ended_at": attention.ended_at,
        "outcome": attention.outcome,
        "outcome_kind": attention.outcome_kind or "",
        "clip": attention.clip.value,
        "form": attention.form,
        "picture": attention.picture,
        "policy": snapshot(attention.policy),
        "policy_version": attention.policy_version,
    }


def _identity_values(identification: Identification | None) -> dict[str, object]:
    return {
        "identity_assurance": identification.assurance.value if identification else None,
        "identity_name": identification.name if identification else None,
        "identity_document": identification.document if identification else None,
        "identity_subject": identification.subject if identification else None,
        "identity_provider": identification.provider if identification else None,
        "identified_at": identification.at if identification else None,
        "identity_way": identification.way.value if identification else "",
    }


def _consent_values(consent: Consent) -> dict[str, object]:
    return {
        "id": consent.id,
        "text": consent.wording.text,
        "version": consent.wording.version,
        "language": consent.wording.language,
        "hash": consent.wording.hash,
        "purposes": sorted(consent.purposes),
        "asked_at": consent.asked_at,
        "stage": consent.stage.value,
        "answered_at": consent.answered_at,
        "withdrawn_at": consent.withdrawn_at,
        "level": str(consent.level),
        "answered_by": consent.answered_by.value,
        "note": consent.note,
        "note_salt": consent.salt or None,
    }


def attention_of(row: Row[Any], asked: Sequence[Row[Any]]) -> Attention:
    """The attention of a row, with the rows of its consents in order."""
    return Attention(
        id=row.id,
        organisation=row.organisation,
        office=row.office,
        procedure=row.procedure,
        language=row.language,
        arrived_at=row.arrived_at,
        stage=Stage(row.stage),
        level=Level(row.level),
        proposed=Level(row.proposed) if row.proposed else None,
        informer=_informer(row),
        offer_until=row.offer_until,
        identification_asked=row.identification_asked,
        identification_way=Way(row.identification_way) if row.identification_way else None,
        identification=_identification(row),
        consents=tuple(_consent(consent) for consent in asked),
        talking_since=row.talking_since,
        ended_at=row.ended_at,
        outcome=row.outcome,
        outcome_kind=OutcomeKind(row.outcome_kind) if row.outcome_kind else None,
        clip=Clip(row.clip),
        form=row.form,
        picture=row.picture,
        policy=of_snapshot(row.policy),
        policy_version=row.policy_version,
        version=row.version,
    )


def _informer(row: Row[Any]) -> AttendingInformer | None:
    if row.informer is None:
        return None
    return AttendingInformer(
        row.informer, row.informer_name, row.informer_position, habilitations_from(row.informer_habilitations)
    )


def _identification(row: Row[Any]) -> Identification | None:
    if row.identity_assurance is None:
        return None
    return Identification(
        assurance=Assurance(row.identity_assurance),
        name=row.identity_name,
        document=row.identity_document,
        subject=row.identity_subject,
        provider=row.identity_provider,
        at=row.identified_at,
        way=Way(row.identity_way) if row.identity_way else Way.ELECTRONIC,
    )


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        id=row.id,
        wording=ConsentText(row.text, row.version, row.language, row.hash),
        purposes=frozenset(map(Purpose, row.purposes)),
        asked_at=row.asked_at,
        stage=ConsentStage(row.stage),
        answered_at=row.answered_at,
        withdrawn_at=row.withdrawn_at,
        level=row.level,
        answered_by=AnsweredBy(row.answered_by),
        note=row.note,
        salt=row.note_salt or b"",
    )
