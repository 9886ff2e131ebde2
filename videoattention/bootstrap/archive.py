"""The auditor's room: everything behind its pages, and what it does by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from videoattention.adapters.checklists import read_checklists
from videoattention.adapters.db.evidence import DatabaseEvidence
from videoattention.adapters.db.keeping import DatabaseErasures
from videoattention.adapters.db.queries.reviewing import DatabaseArchive
from videoattention.adapters.db.queries.unrecorded import DatabaseUnrecorded
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.db.stories import DatabaseStories
from videoattention.adapters.packages import PassingPackage
from videoattention.adapters.vault.checking import VaultChecks
from videoattention.adapters.vault.deliveries import EncryptedDeliveries
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.bootstrap.ground import new_id, web_folder
from videoattention.bootstrap.sealing import SOFTWARE
from videoattention.bootstrap.storage import library
from videoattention.entrypoints.http.archive import ArchivePages
from videoattention.entrypoints.http.recording_page import RecordingPage
from videoattention.entrypoints.http.reviews import ReviewPages
from videoattention.entrypoints.http.unrecorded import UnrecordedPages
from videoattention.services.attention_export import AttentionExporter
from videoattention.services.attention_packages import AttentionPackages
from videoattention.services.checking import Checking
from videoattention.services.export import Exporter
from videoattention.services.exporting import Exporting
from videoattention.services.proof import Verifier
from videoattention.services.reviewing import Considering, Reviewing
from videoattention.services.taken_home import TakenHome

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.config import Settings
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.files import Files
    from videoattention.services.stamping import TimestampAuthority
    from videoattention.services.views import Views
    from videoattention.services.waiting_copies import WaitingCopies
    from videoattention.services.work import Work


class ArchiveRoom:
    """Reviews, checks and packages; ``considering`` must hear what is committed, and `run` must run."""

    def __init__(
        self,
        settings: Settings,
        work: Work,
        archive: Archive,
        *,
        views: Views,
        files: Files,
        database: Database,
        keys: VaultKeyRing,
        authority: TimestampAuthority | None,
    ) -> None:
        self._settings, self._work, self._database, self._keys = settings, work, database, keys
        self._archive, self._views, self._files, self._clock = archive, views, files, work.clock
        self._seals, self._archive_views = DatabaseSeals(database), DatabaseArchive(database)
        self._evidence, self._erasures = DatabaseEvidence(database), DatabaseErasures(database)
        self._signer = VaultSigner(keys, DatabaseSigningKeys(database), work.clock)
        self._taken_home = TakenHome(work, EncryptedDeliveries(keys))
        self._checklists = read_checklists(web_folder() / "checklists")
        self._checklist = list(self._checklists.values())[-1]
        self._unrecorded = DatabaseUnrecorded(database)
        self._packages = self._attention_packages(authority)
        self.considering = Considering(work, views, archive_views=self._archive_views, sampling=settings.sampling)
        self._reviewing = Reviewing(work, archive, self._checklist)
        self._exporting = Exporting(work, archive, exporter=self._exporter(), new_id=new_id)
        self._checking = Checking(work, archive, evidence=self._evidence, verifier=self._verifier())

    def _verifier(self) -> Verifier:
        return Verifier(
            DatabaseRegister(self._database),
            self._clock,
            evidence=self._evidence,
            seals=self._seals,
            erasures=self._erasures,
            checks=VaultChecks(self._keys, library(self._settings)),
        )

    def _exporter(self) -> Exporter:
        """Of recordings."""
        return Exporter(
            self._work,
            evidence=self._evidence,
            seals=self._seals,
            signer=self._signer,
            files=self._files,
            taken_home=self._taken_home,
            software=SOFTWARE,
        )

    def _attention_packages(self, authority: TimestampAuthority | None) -> AttentionPackages:
        """Of attentions without a recording."""
        stories = DatabaseStories(self._database)
        exporter = AttentionExporter(
            self._work,
            stories=stories,
            evidence=self._evidence,
            seals=self._seals,
            erasures=self._erasures,
            signer=self._signer,
            taken_home=self._taken_home,
            software=SOFTWARE,
            authority=authority,
        )
        return AttentionPackages(self._work, self._archive, stories=stories, exporter=exporter, new_id=new_id)

    def pages(
        self, rendering: Rendering, visitors: Visitors, *, copies: WaitingCopies
    ) -> tuple[ArchivePages, ReviewPages, UnrecordedPages]:
        """Its routes; ``copies`` tells which recordings are not in the object store yet."""
        page = RecordingPage(
            rendering,
            archive=self._archive,
            views=self._views,
            archive_views=self._archive_views,
            seals=self._seals,
            checking=self._checking,
            checklists=self._checklists,
            providers=self._settings.provider_names,
            clock=self._clock,
            copies=copies,
        )
        archive = ArchivePages(
            rendering,
            visitors,
            archive=self._archive,
            archive_views=self._archive_views,
            files=self._files,
            page=page,
            copies=copies,
        )
        reviews = ReviewPages(
            rendering,
            visitors,
            archive=self._archive,
            archive_views=self._archive_views,
            unrecorded=self._unrecorded,
            page=page,
            reviewing=self._reviewing,
            exporting=self._exporting,
            checking=self._checking,
            checklist=self._checklist,
            passing=self._passing,
            clock=self._clock,
        )
        return archive, reviews, self._unrecorded_pages(rendering, visitors)

    def _unrecorded_pages(self, rendering: Rendering, visitors: Visitors) -> UnrecordedPages:
        return UnrecordedPages(
            rendering,
            visitors,
            packages=self._packages,
            views=self._unrecorded,
            archive_views=self._archive_views,
            passing=self._passing,
            clock=self._clock,
        )

    def _passing(self) -> PassingPackage:
        return PassingPackage(self._settings.storage.data)

    async def run(self) -> None:
        """Consider what is sealed and check what is asked, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.considering.run())
            tasks.create_task(self._checking.run())
