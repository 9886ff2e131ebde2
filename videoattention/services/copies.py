"""The copy of a citizen's data: what is kept of one attention, without personal data of others beyond the talk itself.

Of a recording it has the citizen's picture and both voices: without the informer's words the citizen's mean nothing,
and the informer spoke on duty to that very person. The informer's picture tells nothing of the citizen and stays out
(GDPR, article 15(4)). Members of staff are named by role.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final, Protocol

from videoattention.domain.copied import OF_STAFF, copied
from videoattention.domain.recording import RecordingStage
from videoattention.services.copied_papers import path_of, path_of_still
from videoattention.services.media import Track
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.accounts import Account, Images, Told
    from videoattention.domain.consent import Consent
    from videoattention.domain.deliveries import Delivery
    from videoattention.domain.identification import Identification
    from videoattention.domain.recording import Recording
    from videoattention.domain.rights import DataRequest
    from videoattention.domain.visual_parts import Still
    from videoattention.services.copied_papers import CopiedPapers
    from videoattention.services.delivery_ports import Accounts
    from videoattention.services.files import Files
    from videoattention.services.ports import Clock, Register
    from videoattention.services.rights_ports import KeptRights

FORMAT: Final = "videoattention-copy/1"
GIVEN: Final = (Track.CITIZEN_VIDEO, Track.CITIZEN_AUDIO, Track.INFORMER_AUDIO)
"""What the copy has of a recording."""


class Bundle(Protocol):
    """A file of files that is given away while it is made; each step returns the bytes that are ready."""

    def add(self, name: str, data: bytes) -> bytes:
        """A small file as a whole."""

    def begin(self, name: str) -> None:
        """A file that comes piece by piece."""

    def piece(self, data: bytes) -> bytes:
        """The next piece of it."""

    def end(self) -> bytes:
        """It is whole."""

    def close(self) -> bytes:
        """Everything is."""


class Copies:
    """Makes copies."""

    def __init__(
        self,
        register: Register,
        clock: Clock,
        *,
        accounts: Accounts,
        kept: KeptRights,
        files: Files,
        papers: CopiedPapers,
        bundle: Callable[[], Bundle],
    ) -> None:
        self._register = register
        self._clock = clock
        self._accounts = accounts
        self._kept = kept
        self._files = files
        self._papers = papers
        self._bundle = bundle

    async def pieces(self, organisation: str, attention: str, language: str) -> AsyncIterator[bytes]:
        """The copy, piece by piece, written in threads; what cannot be read is told in it."""
        account = await self._accounts.of(organisation, attention, language)
        if account is None:
            raise NotFound("no such attention")
        requests, bundle = await self._kept.requests_of(organisation, attention), self._bundle()
        yield bundle.add("attention.json", _written(_attention(account, requests)))
        yield bundle.add("journal.json", _written([_line(fact) for fact in account.told if fact.kind not in OF_STAFF]))
        for name, notice in account.notices.items():
            yield bundle.add(f"texts/{name}.txt", "\n\n".join((notice.title, *notice.paragraphs)).encode())
        unread: list[str] = []
        async for paper in self._papers.of(account):
            if paper.data is None:
                unread.append(paper.path)
            else:
                yield await asyncio.to_thread(bundle.add, paper.path, paper.data)
        for recording in await self._recordings(organisation, attention):
            async for piece in self._media(bundle, recording, unread):
                yield piece
        yield bundle.add("what-could-not-be-read.json", _written(unread))
        yield bundle.close()

    async def _recordings(self, organisation: str, attention: str) -> Sequence[Recording]:
        async with self._register.begin(organisation, "service", self._clock.now()) as transaction:
            found = await transaction.personal.recordings(attention)
        return [one for one in found if one.stage is RecordingStage.SEALED]

    async def _media(self, bundle: Bundle, recording: Recording, unread: list[str]) -> AsyncIterator[bytes]:
        for part in recording.parts:
            kept = {track.track for track in part.tracks if track.length}
            for track in (one for one in GIVEN if one.value in kept):
                identity = FileIdentity(recording.organisation, recording.id, part.number, track)
                name = f"recordings/{recording.id}/{part.number}-{track}.webm"
                async for piece in self._track(bundle, identity, (name, unread)):
                    yield piece

    async def _track(self, bundle: Bundle, identity: FileIdentity, told: tuple[str, list[str]]) -> AsyncIterator[bytes]:
        name, unread = told
        try:
            media = await self._files.open(identity)
        except (NotFound, MediaMissing, MediaTampered, StorageFailed):
            unread.append(name)
            return
        bundle.begin(name)
        try:
            async for piece in media.read(0, media.size):
                yield await asyncio.to_thread(bundle.piece, piece)
        except (MediaMissing, MediaTampered, StorageFailed):
            unread.append(name)
        yield bundle.end()


def _attention(account: Account, requests: Sequence[DataRequest]) -> dict[str, object]:
    found = account.attention
    return {
        "format": FORMAT,
        "controller": account.controller,
        "office": account.office,
        "procedure": account.procedure,
        "attention": found.id,
        "language": found.language,
        "arrived_at": found.arrived_at,
        "talking_since": found.talking_since,
        "ended_at": found.ended_at,
        "level": found.level,
        "outcome": found.outcome,
        "identity": _identity(found.identification) if found.identification else None,
        "organisation": found.organisation,
        "levels": [{"level": spell.level, "since": spell.since, "until": spell.until} for spell in account.levels],
        "kept_until": account.period.until if account.period and not account.erased_at else None,
        "erased_at": account.erased_at,
        "consents": [
            *(_consent(consent) for consent in found.consents),
            *(_consent_to_images(images) for images in account.images),
        ],
        "files": [_file(one, account.erased_at) for one in account.deliveries],
        "pictures": [_picture(images, still) for images in account.images for still in images.stills],
        "requests": [_request(one) for one in requests],
    }


def _identity(identity: Identification) -> dict[str, object]:
    return {
        "name": identity.name,
        "document": identity.document,
        "subject": identity.subject,
        "assurance": identity.assurance.name.lower(),
        "provider": identity.provider,
        "at": identity.at,
    }


def _consent(consent: Consent) -> dict[str, object]:
    wording = consent.wording
    return {
        "text": wording.text,
        "version": wording.version,
        "hash": wording.hash,
        "purposes": sorted(consent.purposes),
        "stage": consent.stage,
        "note": consent.note,
    }


def _consent_to_images(images: Images) -> dict[str, object]:
    wording = {name: images.wording[name] for name in ("text", "version", "hash")}
    return {**wording, "purposes": ["images"], "stage": images.state, "note": ""}


def _file(one: Delivery, erased_at: datetime | None) -> dict[str, object]:
    """One file: ``name`` as it was called, ``path`` in the copy, unless it was erased; later receipts are there."""
    gone = erased_at if erased_at and one.at <= erased_at else None
    return {
        "name": one.name,
        "kind": one.kind,
        "from": one.side,
        "path": None if gone else path_of(one),
        "erased_at": gone,
        "media_type": one.media_type,
        "bytes": one.size,
        "sha256": one.sha256,
        "at": one.at,
    }


def _picture(images: Images, still: Still) -> dict[str, object]:
    return {"kind": still.kind, "path": path_of_still(images, still), "sha256": still.hash}


def _request(asked: DataRequest) -> dict[str, object]:
    return {
        "right": asked.right,
        "stage": asked.stage,
        "asked_at": asked.asked_at,
        "ground": asked.ground,
        "said": asked.said.words,
        "answer": asked.answer.words,
    }


def _line(fact: Told) -> dict[str, object]:
    by, body = fact.actor.partition(":")[0], copied(fact.kind, fact.body)
    return {"at": fact.at.isoformat(), "by": by, "kind": fact.kind, "body": body}


def _written(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()
