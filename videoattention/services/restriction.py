"""Whether the data of an attention may be used now (GDPR, article 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videoattention.services.ports import Transaction


async def is_restricted(transaction: Transaction, attention: str) -> bool:
    """Whether a restriction is in force and no hold is: what a claim needs may be used (article 18(2))."""
    requests = await transaction.requests.of(attention)
    return any(request.restricts for request in requests) and not await transaction.personal.held(attention)
