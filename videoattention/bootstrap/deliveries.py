"""What citizens take home: receipts, and the link that leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.db.deliveries import DatabaseLinkOwners
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.entrypoints.http.receipts import ReceiptPages
from videoattention.services.receipt_links import Links

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.config import Settings
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.work import Work


class DeliveryRoom:
    """Everything that hands over papers."""

    def __init__(self, settings: Settings, work: Work, *, database: Database) -> None:
        self._public_url = settings.web.public_url
        self._accounts = DatabaseAccounts(database)
        self._links = Links(work, DatabaseLinkOwners(database))

    def pages(self, rendering: Rendering, visitors: Visitors) -> ReceiptPages:
        """Routes of receipts."""
        return ReceiptPages(
            rendering, visitors, links=self._links, accounts=self._accounts, public_url=self._public_url
        )
