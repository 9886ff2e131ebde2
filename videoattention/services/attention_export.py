"""An attention without a recording given away: the signed statement that there is none, and all that proves it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from videoattention.domain.facts import AttentionExported
from videoattention.domain.recording import RecordingStage
from videoattention.services.archive import LEAST_PURPOSE
from videoattention.services.export import FORMAT, ExportRefused, journal_lines, telling_why, text_name
from videoattention.services.ports import NotFound
from videoattention.services.restriction import is_restricted
from videoattention.services.sealed import SealedText
from videoattention.services.stamping import StampRefused
from videoattention.services.statement import Left, Statement
from videoattention.services.stories import GONE
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.exporting import Export
    from videoattention.domain.facts import Fact
    from videoattention.services.erasing import KeptErasures
    from videoattention.services.export import Package, Packages
    from videoattention.services.ports import Entry, Transaction
    from videoattention.services.proof import KeptEvidence
    from videoattention.services.seals import KeptSeals, Signature, Signer
    from videoattention.services.stamping import TimestampAuthority
    from videoattention.services.stories import KeptStories, Story
    from videoattention.services.taken_home import TakenHome
    from videoattention.services.work import Work

_log = structlog.get_logger()

_WHY_NOT = {
    "not_over": "it is not over yet",
    "has_recording": "there is a recording of it: that is what has a package",
}


@dataclass(frozen=True, slots=True)
class AttentionErrand:
    """Who asked for the package of an attention and why; ``actor`` is what the journal shows.

    From the pages it is ``approved``: a request that a second person let be. What is decided ``beside`` it is decided
    in the same step. ``unmade`` hears why the package could not be made after that.
    """

    purpose: str
    actor: str
    approved: Export | None = None
    beside: Callable[[Transaction, datetime], Awaitable[None]] | None = None
    unmade: Callable[[str], Awaitable[None]] | None = None

    def fact(self, attention: str, manifest: bytes, key: str) -> AttentionExported:
        """What is told before the first byte."""
        digest, asked = hashlib.sha256(manifest).hexdigest(), self.approved
        if asked is None or asked.decided_by is None:
            return AttentionExported(attention, self.purpose, digest, key)
        function, second = asked.asked_by.position, asked.decided_by.subject
        return AttentionExported(attention, self.purpose, digest, key, asked.id, asked.case, function, second)

    def told(self) -> dict[str, Any]:
        """What the package says of a request and its two people."""
        return self.approved.told() if self.approved else {}


@dataclass(frozen=True, slots=True)
class _Signed:
    """The statement and its signature, and what else the package has but the journal: all of it was read.

    ``timestamp`` is that of an authority over the signature, ``None`` without one.
    """

    statement: Statement
    manifest: bytes
    signature: Signature
    public_key: bytes
    papers: Mapping[str, bytes]
    timestamp: bytes | None


class AttentionExporter:
    """Writes the packages of attentions without a recording; ``authority`` says when, if one is named."""

    def __init__(
        self,
        work: Work,
        *,
        stories: KeptStories,
        evidence: KeptEvidence,
        seals: KeptSeals,
        erasures: KeptErasures,
        signer: Signer,
        taken_home: TakenHome,
        software: str,
        authority: TimestampAuthority | None = None,
    ) -> None:
        self._work = work
        self._stories = stories
        self._evidence = evidence
        self._seals = seals
        self._erasures = erasures
        self._signer = signer
        self._taken_home = taken_home
        self._software = software
        self._authority = authority

    async def export(self, organisation: str, attention: str, errand: AttentionErrand, packages: Packages) -> None:
        """Write the package; that it is given away and why, and the statement's hash, are in the journal before.

        Whatever may turn out to be missing or changed is read before that: what cannot be made is not told of.
        Raises `NotFound` and `ExportRefused`, and `KeyUnusable` or `MediaTampered` for a paper that cannot be opened.
        """
        if len(errand.purpose) < LEAST_PURPOSE or not errand.actor.partition(":")[2]:
            raise ExportRefused("say in a few words what the package is for, and who gives it away")
        story = await self._stories.of(organisation, attention)
        if story is None:
            raise NotFound("no such attention")
        if story.refusal:
            raise ExportRefused(_WHY_NOT[story.refusal])
        signed = await self._signed(story)
        entry = await self._tell(story, errand, signed)
        async with telling_why(errand.unmade):
            with packages.begin() as package:
                await self._fill(package, signed)
                told = self._told(story, errand, entry=entry, package=package)
                package.add("package.json", told)
                package.add("package.sig", (await self._signer.sign(organisation, told)).signature)

    async def _signed(self, story: Story) -> _Signed:
        organisation, now = story.attention.organisation, self._work.clock.now()
        statement = Statement(story, await self._left(story), self._software, now)
        manifest = statement.manifest()
        signature = await self._signer.sign(organisation, manifest)
        if any(left.seal.key_id != signature.key_id for left in statement.left):
            raise ExportRefused("a recording of it was sealed with another key than the organisation signs with now")
        key = await self._signer.public_key(organisation, signature.key_id)
        papers = await self._papers(story)
        return _Signed(statement, manifest, signature, key, papers, await self._stamped(story, signature))

    async def _stamped(self, story: Story, signature: Signature) -> bytes | None:
        """A time stamp over the signature.

        None from an authority that is away: a statement is no worse without one, and the package says that it has none.
        """
        if self._authority is None:
            return None
        try:
            return await self._authority.stamp(signature.signature)
        except StampRefused as refused:
            _log.warning("not_time_stamped", attention=story.attention.id, why=str(refused))
            return None

    async def _papers(self, story: Story) -> Mapping[str, bytes]:
        """The words of the consents and what the citizen took home, by their names in the package."""
        attention, papers = story.attention, {}
        for wording in {consent.wording.hash: consent.wording for consent in attention.consents}.values():
            text = SealedText(wording.text, wording.version, wording.language, wording.hash)
            papers[text_name(text)] = await self._words(text)
        for name, paper in await self._taken_home.of(attention.organisation, attention.id):
            papers[f"receipts/{name}"] = paper
        return papers

    async def _left(self, story: Story) -> Sequence[Left]:
        found = []
        for recording in story.recordings:
            seal = await self._seals.of(recording.organisation, recording.id)
            if seal is None:
                raise ExportRefused(f"recording {recording.id} has no seal")
            erasure = await self._erasures.of(recording.organisation, recording.id)
            entry = story.erasures.get(recording.id)
            if recording.stage is RecordingStage.ERASED and (erasure is None or entry is None):
                raise ExportRefused(f"recording {recording.id} has no certificate of its erasure")
            found.append(Left(recording, seal, erasure, entry))
        return found

    async def _tell(self, story: Story, errand: AttentionErrand, signed: _Signed) -> Entry:
        attention = story.attention

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            for recording in story.recordings:
                if (await transaction.recordings.get(recording.id)).stage not in GONE:
                    raise ExportRefused(_WHY_NOT["has_recording"])
            if await is_restricted(transaction, attention.id):
                raise ExportRefused("the citizen's data are restricted (GDPR, article 18), and no hold needs them")
            if errand.beside is not None:
                await errand.beside(transaction, now)
            return (errand.fact(attention.id, signed.manifest, signed.signature.key_id),)

        return (await self._work.carry_out(Acting(attention.organisation, errand.actor), action))[0]

    async def _fill(self, package: Package, signed: _Signed) -> None:
        story = signed.statement.story
        attention = story.attention
        package.add("manifest.json", signed.manifest)
        package.add("manifest.sig", signed.signature.signature)
        package.add("public-key.pem", signed.public_key)
        if signed.timestamp is not None:
            package.add("timestamp.tsr", signed.timestamp)
        first, last = story.lines[0].seq, story.lines[-1].seq
        entries = self._stories.entries(attention.organisation, attention.id, first=first, last=last)
        await package.add_stream("journal.jsonl", journal_lines(entries))
        package.add("policy.json", signed.statement.policy)
        for name, paper in signed.papers.items():
            package.add(name, paper)
        for left in signed.statement.left:
            _add_left(package, left)

    async def _words(self, text: SealedText) -> bytes:
        words = await self._evidence.words(text)
        if words is None:
            raise ExportRefused(f"the words of the consent text {text.text} {text.version} are not kept")
        return words.encode()

    def _told(self, story: Story, errand: AttentionErrand, *, entry: Entry, package: Package) -> bytes:
        told = {
            "format": FORMAT,
            "software": self._software,
            "organisation": story.attention.organisation,
            "recording": None,
            "attention": story.attention.id,
            "made_at": entry.at.isoformat(),
            "made_by": entry.actor,
            "purpose": errand.purpose,
            **errand.told(),
            "journalled": {"entry": entry.seq, "hash": entry.hash},
            "files": package.hashes(),
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _add_left(package: Package, left: Left) -> None:
    one = left.recording.id
    package.add(f"seals/{one}.json", left.seal.manifest)
    package.add(f"seals/{one}.sig", left.seal.signature)
    if left.erasure is not None:
        package.add(f"erasures/{one}.json", left.erasure.certificate)
        package.add(f"erasures/{one}.sig", left.erasure.signature)
