"""The papers and pictures of a citizen's copy: receipts, forms and files of the call, and the stills of who they are.

Each is opened by itself, so that one that cannot be read is told in the copy and takes no other with it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from videoattention.domain.deliveries import DeliveryKind
from videoattention.services.ports import NotFound
from videoattention.services.vault import KeyUnusable, MediaTampered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from videoattention.domain.accounts import Account, Images
    from videoattention.domain.deliveries import Delivery
    from videoattention.domain.visual_parts import Still
    from videoattention.services.delivery_ports import DeliveryVault
    from videoattention.services.ports import Clock, Register
    from videoattention.services.seals import Signer
    from videoattention.services.visual_ports import StillVault

_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_FOLDERS = {DeliveryKind.DOCUMENT: "documents", DeliveryKind.FORM: "receipts"}


@dataclass(frozen=True, slots=True)
class Copied:
    """One file of the copy; ``data`` is none for one that is there and cannot be read."""

    path: str
    data: bytes | None


def path_of(one: Delivery) -> str:
    """Where a file is in the copy; what citizens called their files is told beside it, and names no path."""
    if one.kind in _FOLDERS:
        return f"{_FOLDERS[one.kind]}/{one.kind}-{one.id}.{_ENDINGS[one.media_type]}"
    return f"receipts/{one.name}"


def path_of_still(images: Images, still: Still) -> str:
    """Where a picture is in the copy."""
    return f"pictures/{images.id}-{still.kind}.jpg"


class CopiedPapers:
    """Opens them one by one."""

    def __init__(
        self, register: Register, clock: Clock, *, vault: DeliveryVault, stills: StillVault, signer: Signer
    ) -> None:
        self._register = register
        self._clock = clock
        self._vault = vault
        self._stills = stills
        self._signer = signer

    async def of(self, account: Account) -> AsyncIterator[Copied]:
        """Every file that was not erased, and the keys with which the receipts were signed."""
        organisation = account.attention.organisation
        keys: set[str] = set()
        for one in account.deliveries:
            data = await _tried(self._file(organisation, one))
            if data != b"":
                yield Copied(path_of(one), data)
            if data and one.kind is DeliveryKind.SIGNED_RECEIPT:
                keys.add(_key_of(data))
        for key in sorted(keys):
            yield Copied(f"keys/{key}.pem", await _tried(self._signer.public_key(organisation, key)) or None)
        for images in account.images:
            for still in images.stills:
                yield Copied(
                    path_of_still(images, still), await _tried(self._still(organisation, images, still)) or None
                )

    async def _file(self, organisation: str, one: Delivery) -> bytes:
        async with self._register.begin(organisation, "service", self._clock.now()) as transaction:
            _, sealed = await transaction.deliveries.sealed(one.attention, one.id)
        return await self._vault.open(organisation, sealed)

    async def _still(self, organisation: str, images: Images, still: Still) -> bytes:
        async with self._register.begin(organisation, "service", self._clock.now()) as transaction:
            sealed = await transaction.visuals.still(images.id, still.id)
        return await self._stills.open(organisation, sealed)


async def _tried(opening: Awaitable[bytes]) -> bytes | None:
    """The bytes; empty for what was erased, none for what is there and cannot be read."""
    try:
        return await opening
    except NotFound:
        return b""
    except (KeyUnusable, MediaTampered):
        return None


def _key_of(jws: bytes) -> str:
    head = jws.split(b".")[0]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(head + b"=" * (-len(head) % 4)))
    return str(told["kid"])
