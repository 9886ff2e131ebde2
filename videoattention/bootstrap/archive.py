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
    from videoattention.services.views import Views
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
    ) -> None:
        self._settings = settings
        self._archive, self._views, self._files, self._clock = archive, views, files, work.clock
        self._seals, self._archive_views = DatabaseSeals(database), DatabaseArchive(database)
        self._checklists = read_checklists(web_folder() / "checklists")
        self._checklist = list(self._checklists.values())[-1]
        evidence = DatabaseEvidence(database)
        verifier = Verifier(
            DatabaseRegister(database),
            work.clock,
            evidence=evidence,
            seals=self._seals,
            erasures=DatabaseErasures(database),
            checks=VaultChecks(keys, library(settings)),
        )
        signer = VaultSigner(keys, DatabaseSigningKeys(database), work.clock)
        taken_home = TakenHome(work, EncryptedDeliveries(keys))
        exporter = Exporter(
            work,
            evidence=evidence,
            seals=self._seals,
            signer=signer,
            files=files,
            taken_home=taken_home,
            software=SOFTWARE,
        )
        stories = DatabaseStories(database)
        attention_exporter = AttentionExporter(
            work,
            stories=stories,
            evidence=evidence,
            seals=self._seals,
            erasures=DatabaseErasures(database),
            signer=signer,
            taken_home=taken_home,
            software=SOFTWARE,
        )
        self._unrecorded = DatabaseUnrecorded(database)
        self._packages = AttentionPackages(work, archive, stories=stories, exporter=attention_exporter, new_id=new_id)
        self.considering = Considering(work, views, archive_views=self._archive_views, sampling=settings.sampling)
        self._reviewing = Reviewing(work, archive, self._checklist)
        self._exporting = Exporting(work, archive, exporter=exporter, new_id=new_id)
        self._checking = Checking(work, archive, evidence=evidence, verifier=verifier)

    def pages(self, rendering: Rendering, visitors: Visitors) -> tuple[ArchivePages, ReviewPages, UnrecordedPages]:
        """Its routes."""
        page = RecordingPage(
            rendering,
            archive=self._archive,
            views=self._views,
            archive_views=self._archive_views,
            seals=self._seals,
            checking=self._checking,
            checklists=self._checklists,
            clock=self._clock,
        )
        archive = ArchivePages(
            rendering,
            visitors,
            archive=self._archive,
            archive_views=self._archive_views,
            files=self._files,
            page=page,
        )
        reviews = ReviewPages(
            rendering,
            visitors,
            archive=self._archive,
            archive_views=self._archive_views,
            page=page,
            reviewing=self._reviewing,
            exporting=self._exporting,
            checking=self._checking,
            checklist=self._checklist,
            passing=self._passing,
            clock=self._clock,
        )
        unrecorded = UnrecordedPages(
            rendering,
            visitors,
            packages=self._packages,
            views=self._unrecorded,
            archive_views=self._archive_views,
            passing=self._passing,
            clock=self._clock,
        )
        return archive, reviews, unrecorded

    def _passing(self) -> PassingPackage:
        return PassingPackage(self._settings.storage.data)

    async def run(self) -> None:
        """Consider what is sealed and check what is asked, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.considering.run())
            tasks.create_task(self._checking.run())
