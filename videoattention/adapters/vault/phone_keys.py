"""The keys of what is kept instead of telephone numbers: made from each organisation's own key.

New organisations' keys (``keys rotate --all``) make new ones: codes under way lapse, and a number is not known again.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from videoattention.services.phone_tags import Tags

if TYPE_CHECKING:
    from videoattention.adapters.vault.keyring import VaultKeyRing


class OrganisationTags:
    """`videoattention.services.phone_tags.PhoneTags` over the key ring."""

    def __init__(self, ring: VaultKeyRing) -> None:
        self._ring = ring

    async def of(self, organisation: str) -> Tags:
        """The hashes of this organisation; makes its key the first time."""
        ours = await self._ring.organisation_key(organisation)
        return Tags(
            hmac.new(ours.secret, b"videoattention phone numbers\0" + organisation.encode(), hashlib.sha256).digest()
        )
