"""Reviews, what reviewers said, and requests for packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from videoattention.adapters.db.reviews_tables import exports, judgements, review_keys, reviews
from videoattention.adapters.db.tables import attentions
from videoattention.domain.exporting import Export, ExportStage, Signatory
from videoattention.domain.reviewing import Answer, Grounds, Judgement, Review, ReviewStage, Verdict
from videoattention.domain.risks import weight_of
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from videoattention.adapters.db.tenant import TenantConnection
    from videoattention.services.reviews import Written


class ReviewRows:
    """`videoattention.services.reviews.Reviews` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def get(self, recording: str) -> Review:
        """The review of a recording; raises `NotFound`."""
        found = await self._tenant.first(
            select(reviews).where(self._tenant.owns(reviews), reviews.c.recording == recording)
        )
        if found is None:
            raise NotFound(f"no review of recording {recording}")
        said = select(judgements).where(self._tenant.owns(judgements), judgements.c.recording == recording)
        return review_of(found, await self._tenant.fetch(said.order_by(judgements.c.place)))

    async def add(self, review: Review) -> None:
        """Keep a new one; raises `Stale` when the recording has one."""
        why = review.grounds
        row = self._tenant.row(
            recording=review.recording,
            attention=review.attention,
            asked_at=review.asked_at,
            required=why.required,
            second=why.second,
            risky=why.risky,
            risks=list(why.risks),
            weight=weight_of(why.risks),
            draw=why.draw,
            share=why.share,
            version=review.version,
            **_moving(review),
        )
        await self._tenant.add(reviews, row)

    async def save(self, review: Review, written: Written | None = None) -> None:
        """Keep a change; raises `Stale` if somebody was faster."""
        await self._tenant.update(reviews, {"recording": review.recording}, review.version, _moving(review))
        if written is not None:
            await self._tenant.add(judgements, self._judged(review, written))

    def _judged(self, review: Review, written: Written) -> dict[str, object]:
        said = review.judgements[-1]
        return self._tenant.row(
            recording=review.recording,
            place=len(review.judgements),
            by=said.by,
            name=written.name,
            verdict=said.verdict.value,
            checklist=said.checklist,
            answers={item: answer.value for item, answer in said.answers.items()},
            words=written.words,
            salt=written.salt,
            hash=said.words,
            at=said.at,
        )

    async def key(self, fresh: bytes) -> bytes:
        """The organisation's key of draws, which is made once."""
        made = self._tenant.insert(review_keys).on_conflict_do_nothing()
        await self._tenant.write(made.values(**self._tenant.row(key=fresh)))
        found = await self._tenant.first(select(review_keys.c.key).where(self._tenant.owns(review_keys)))
        return bytes(found.key) if found else fresh

    async def past_findings(self, informer: str, since: datetime) -> int:
        """How many recordings of this informer, talked since then, were closed with findings."""
        same = and_(attentions.c.organisation == reviews.c.organisation, attentions.c.id == reviews.c.attention)
        query = (
            select(func.count().label("found"))
            .select_from(attentions.join(reviews, same))
            .where(
                self._tenant.owns(attentions),
                self._tenant.owns(reviews),
                attentions.c.informer == informer,
                attentions.c.ended_at >= since,
                reviews.c.outcome == Verdict.FINDINGS.value,
            )
        )
        found = await self._tenant.first(query)
        return int(found.found) if found else 0


def _moving(review: Review) -> dict[str, object]:
    """What a step changes."""
    return {
        "stage": review.stage.value,
        "reviewer": review.reviewer,
        "opened_at": review.opened_at,
        "outcome": review.outcome,
    }


def review_of(row: Row[Any], said: Sequence[Row[Any]]) -> Review:
    """A review from its row and those of its judgements, in order."""
    why = Grounds(row.required, row.second, tuple(row.risks), row.risky, row.draw, row.share)
    return Review(
        row.recording,
        row.attention,
        row.organisation,
        why,
        row.asked_at,
        stage=ReviewStage(row.stage),
        reviewer=row.reviewer,
        opened_at=row.opened_at,
        judgements=tuple(map(_judgement, said)),
        outcome=row.outcome,
        version=row.version,
    )


def _judgement(row: Row[Any]) -> Judgement:
    answers = {item: Answer(answer) for item, answer in row.answers.items()}
    return Judgement(row.by, Verdict(row.verdict), row.checklist, answers, row.hash, row.at)


class ExportRows:
    """`videoattention.services.reviews.Exports` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def get(self, export: str) -> Export:
        """One request; raises `NotFound`."""
        found = await self._tenant.first(select(exports).where(self._tenant.owns(exports), exports.c.id == export))
        if found is None:
            raise NotFound(f"no export {export}")
        return export_of(found)

    async def add(self, export: Export) -> None:
        """Keep a new one."""
        row = self._tenant.row(
            id=export.id,
            recording=export.recording,
            attention=export.attention,
            purpose=export.purpose,
            case_number=export.case,
            asked_by=export.asked_by.subject,
            asked_name=export.asked_by.name,
            asked_position=export.asked_by.position,
            asked_at=export.asked_at,
            version=export.version,
            **_decided(export),
        )
        await self._tenant.add(exports, row)

    async def save(self, export: Export) -> None:
        """Keep a change; raises `Stale` if somebody was faster."""
        await self._tenant.update(exports, {"id": export.id}, export.version, _decided(export))


def _decided(export: Export) -> dict[str, object]:
    by = export.decided_by
    return {
        "until": export.until,
        "stage": export.stage.value,
        "decided_by": by.subject if by else None,
        "decided_name": by.name if by else None,
        "decided_position": by.position if by else None,
        "decided_at": export.decided_at,
        "answer": export.answer,
    }


def export_of(row: Row[Any]) -> Export:
    """A request from its row."""
    decided = Signatory(row.decided_by, row.decided_name, row.decided_position) if row.decided_by else None
    return Export(
        row.id,
        row.recording,
        row.attention,
        row.purpose,
        row.case_number,
        Signatory(row.asked_by, row.asked_name, row.asked_position),
        row.asked_at,
        row.until,
        stage=ExportStage(row.stage),
        decided_by=decided,
        decided_at=row.decided_at,
        answer=row.answer,
        version=row.version,
    )
