"""Whether stored files and signatures are still what was sealed; of a file, the first record that is not as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from videoattention.adapters.vault.keys import KeyRefused
from videoattention.adapters.vault.measuring import HashedFile
from videoattention.adapters.vault.recorded import Abandoned
from videoattention.adapters.vault.records import RecordWalk, tampered
from videoattention.adapters.vault.signer import key_id_of
from videoattention.services.vault import FileSeal, MediaTampered

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.adapters.vault.format import RecordCipher
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.adapters.vault.library import FolderLibrary
    from videoattention.services.sealed import SealedFile
    from videoattention.services.vault import FileIdentity


def check_file(
    file: BinaryIO, identity: FileIdentity, *, cipher: RecordCipher, sealed: SealedFile, stopped: Callable[[], bool]
) -> None:
    """Read a file whole, from its start, and compare it with its seal; memory does not grow with it.

    Raises `MediaTampered` with the first wrong part and record, and `Abandoned` soon after ``stopped`` says so.
    """
    hashed = HashedFile(file)
    if sealed.media is None and sealed.late is None:
        # what was changed already when it was sealed has no true records: only its bytes can be compared
        if hashed.whole(stopped) != sealed.file:
            raise tampered(identity, None, "the file is not the one that was sealed")
        return
    walk = RecordWalk(hashed, identity, cipher=cipher)
    records = 0
    for _ in walk:
        records += 1
        if stopped():
            raise Abandoned
    wrong = _late_difference(walk, sealed.late) if sealed.late else _difference(walk, hashed.whole(stopped), sealed)
    if wrong:
        # every record up to here is true: what is wrong begins where they end
        raise tampered(identity, records, wrong)


def _late_difference(walk: RecordWalk, told: FileSeal) -> str:
    """What a file that came after the seal may be instead of what its worker closed."""
    return (
        "" if walk.complete and walk.seal == told else "the file came after the seal, and is not what its worker told"
    )


def _difference(walk: RecordWalk, found: FileSeal, sealed: SealedFile) -> str:
    """What a file whose records are all true may still be: another one, cut between two records, or grown."""
    if found == sealed.file and walk.seal == sealed.media and walk.complete is sealed.complete:
        return ""
    length = sealed.file.length if sealed.file else 0
    if found.length < length:
        return f"the file ends here, {length - found.length} bytes before its end"
    if found.length > length:
        return f"{found.length - length} bytes follow that were not there when it was sealed"
    return "the file is not the one that was sealed"


class VaultChecks:
    """`videoattention.services.proof.Checks` with the vault's keys and files."""

    def __init__(self, ring: VaultKeyRing, library: FolderLibrary) -> None:
        self._ring = ring
        self._library = library

    async def file(self, identity: FileIdentity, wrapped: bytes | None, sealed: SealedFile) -> None:
        """Compare one file with its seal; raises `MediaTampered`, `MediaMissing` or `StorageFailed`."""
        if wrapped is None:
            raise MediaTampered(f"part {identity.part}, {identity.track.value}: its key is missing")
        try:
            key = await self._ring.unwrap(identity, wrapped)
        except KeyRefused as refused:
            raise MediaTampered(f"part {identity.part}, {identity.track.value}: {refused}") from None
        await self._library.check(identity, key, sealed)

    def signature(self, public_key: bytes, key_id: str, *, signature: bytes, message: bytes) -> bool:
        """Whether the key of this name signed the message."""
        return signature_holds(public_key, key_id, signature=signature, message=message)


def signature_holds(public_key: bytes, key_id: str, *, signature: bytes, message: bytes) -> bool:
    """Whether ``public_key`` (PEM) is the one that ``key_id`` names, and signed the message."""
    try:
        key = load_pem_public_key(public_key)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, message)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False
    # the same key can be written in many ways, of which the signer keeps one: another one was not written by it
    as_kept = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) == public_key
    return as_kept and key_id_of(key.public_bytes_raw()) == key_id
