"""Visual identification, assembled: its steps, decision, stills and watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.db.seals import DatabaseSigningKeys
from videoattention.adapters.db.visual import DatabaseVisuals
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.adapters.vault.stills import EncryptedStills, SignedPseudonyms
from videoattention.bootstrap.ground import new_id
from videoattention.entrypoints.http.suspicions import SuspicionPages
from videoattention.entrypoints.http.visual import VisualPages
from videoattention.entrypoints.signalling.visual import VisualCommands
from videoattention.services.phone import PhoneInHand
from videoattention.services.suspicions import Suspicions
from videoattention.services.visual import VisualIdentity
from videoattention.services.visual_decision import VisualDecision
from videoattention.services.visual_stills import VisualStills
from videoattention.services.visual_watch import VisualWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.bootstrap.ground import Room
    from videoattention.config import Settings
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.phone import PhoneIdentity
    from videoattention.services.texts import ConsentTexts
    from videoattention.services.work import Work


class VisualRoom:
    """Everything of visual identification; ``phone`` sends its codes."""

    def __init__(
        self,
        settings: Settings,
        work: Work,
        phone: PhoneIdentity,
        *,
        texts: ConsentTexts,
        database: Database,
        keys: VaultKeyRing,
    ) -> None:
        signer = VaultSigner(keys, DatabaseSigningKeys(database), work.clock)
        pseudonyms = SignedPseudonyms(signer)
        decision = VisualDecision(work, signer=signer, pseudonyms=pseudonyms, keeping=settings.visual)
        identity = VisualIdentity(work, texts, phone=PhoneInHand(phone), new_id=new_id)
        self.commands = VisualCommands(identity, decision)
        self._vault = EncryptedStills(keys)
        self._pseudonyms = pseudonyms
        self._stills = VisualStills(work, vault=self._vault, new_id=new_id)
        self._work = work
        self._visuals = DatabaseVisuals(database)

    def watch(self, connected: Callable[[str], bool]) -> VisualWatch:
        """Who restarts steps; ``connected`` tells of a call whether both people are in it."""
        return VisualWatch(self._work, self._visuals, connected)

    def pages(self, rendering: Rendering, visitors: Visitors, archive: Archive) -> tuple[Room, ...]:
        """The routes."""
        suspicions = Suspicions(self._work, archive, vault=self._vault, pseudonyms=self._pseudonyms)
        return VisualPages(visitors, self._stills), SuspicionPages(rendering, visitors, suspicions)
