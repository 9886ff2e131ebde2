"""What citizens take home: files, forms and receipts, and the link that leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.db.deliveries import DatabaseLinkOwners
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.adapters.db.queries.rights import DatabaseRights
from videoattention.adapters.db.seals import DatabaseSigningKeys
from videoattention.adapters.papers.maker import PrintedPapers
from videoattention.adapters.papers.press import Press
from videoattention.adapters.vault.deliveries import EncryptedDeliveries
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.bootstrap.ground import new_id, web_folder
from videoattention.config import SettingsRefused
from videoattention.entrypoints.http.deliveries import DeliveryPages
from videoattention.entrypoints.http.receipts import ReceiptPages
from videoattention.services.deliveries import Deliverer, Handing
from videoattention.services.receipt_links import Links
from videoattention.services.receipts import Receipts
from videoattention.services.withdrawing import Withdrawing

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.papers.signer import PadesSigner
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.bootstrap.ground import Room
    from videoattention.config import Settings
    from videoattention.entrypoints.http.pages import Pages
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.work import Work


class DeliveryRoom:
    """Everything that hands over papers; `deliverer` hears of facts."""

    def __init__(self, settings: Settings, work: Work, *, database: Database, keys: VaultKeyRing, pages: Pages) -> None:
        self._public_url = settings.web.public_url
        self._accounts = DatabaseAccounts(database)
        self._rights = DatabaseRights(database)
        self._links = Links(work, DatabaseLinkOwners(database))
        self._withdrawing = Withdrawing(work)
        vault = EncryptedDeliveries(keys)
        self._press = Press(web_folder() / "static" / "css" / "paper.css")
        maker = PrintedPapers(pages.render, self._press, signer_of(settings))
        self._handing = Handing(work, self._accounts, vault=vault, maker=maker, new_id=new_id)
        signer = VaultSigner(keys, DatabaseSigningKeys(database), work.clock)
        self._receipts = Receipts(work, self._accounts, vault=vault, maker=maker, signer=signer, new_id=new_id)
        self.deliverer = Deliverer(self._handing, self._receipts)

    async def run(self) -> None:
        """Print and hand over what facts ask for, until cancelled."""
        try:
            await self.deliverer.run()
        finally:
            await self._press.close()

    def pages(self, rendering: Rendering, visitors: Visitors) -> tuple[Room, ...]:
        """Routes of receipts, and of files that change hands."""
        return (
            ReceiptPages(
                rendering,
                visitors,
                links=self._links,
                receipts=self._receipts,
                accounts=self._accounts,
                rights=self._rights,
                withdrawing=self._withdrawing,
                public_url=self._public_url,
            ),
            DeliveryPages(visitors, handing=self._handing, receipts=self._receipts),
        )


def signer_of(settings: Settings) -> PadesSigner | None:
    """Who signs PDFs, where a certificate is configured; raises `SettingsRefused` for one that cannot."""
    if settings.papers is None:
        return None
    from videoattention.adapters.papers.signer import CertificateRefused, PadesSigner

    try:
        return PadesSigner(settings.papers.certificate, settings.papers.password.read_bytes().strip())
    except (CertificateRefused, OSError) as refused:
        raise SettingsRefused([f"VIDEOATTENTION_PAPERS_CERTIFICATE cannot be used: {refused}."]) from refused
