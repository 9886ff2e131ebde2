"""The object store: one bucket of any store that speaks S3, and the only file that speaks it.

Every call waits, outside of the interpreter's lock, in the thread that makes it. What goes out is signed together with
its SHA-256, so the store itself refuses bytes that changed on their way.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from videoattention.services.vault import MediaMissing, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from obstore.store import S3Credential

PIECE = 5 * 1024 * 1024
"""Bytes of one request: large files go out, and come back whole, in pieces of this size, the smallest that S3 takes."""

_CONNECT_WITHIN = timedelta(seconds=2)
_ANSWER_WITHIN = timedelta(seconds=30)
_SHORT_ANSWER_WITHIN = timedelta(seconds=5)
"""Of a question without media: who waits longer for it would not see in time that the store is back."""

_NOTHING = "nothing-has-this-name"
_RETRIES = 2
_RETRY_WITHIN = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the bucket is and what opens it. ``url`` is the store's own address, without the bucket."""

    url: str
    name: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ObjectMark:
    """One object as it lies there: ``size`` in bytes, ``etag`` the store's own mark of these bytes."""

    size: int
    etag: str


class ObjectStore:
    """Reads and writes objects by their names. Raises `StorageFailed`, and `MediaMissing` for what is not there.

    Nothing here overwrites: who puts an object has looked first (`mark`) and alone holds its file.
    """

    def __init__(self, bucket: Bucket) -> None:
        """Take the bucket; nothing is asked of it yet."""
        self._bucket = _opened(bucket, _ANSWER_WITHIN)
        self._soon = _opened(bucket, _SHORT_ANSWER_WITHIN)

    def ask(self) -> None:
        """Return if it answers for its bucket, within seconds; raises `StorageFailed` otherwise."""
        try:
            with _asking():
                next(iter(obstore.list(self._soon, _NOTHING)), None)
        except MediaMissing:
            raise StorageFailed("storage_failed", "the bucket is not there") from None

    def mark(self, name: str) -> ObjectMark | None:
        """What lies there under this name; None for nothing, and for a bucket that is gone, which `names` tells."""
        try:
            with _asking():
                found = obstore.head(self._soon, name)
        except MediaMissing:
            return None
        return ObjectMark(found["size"], found["e_tag"] or "")

    def read(self, name: str, start: int, end: int) -> memoryview:
        """The bytes ``start <= i < end``, fewer where the object ends before.

        They are not copied here: a copy of this size holds up every other thread.
        """
        with _asking():
            return memoryview(obstore.get_range(self._bucket, name, start=start, end=end))

    def put(self, name: str, file: BinaryIO) -> None:
        """Store a file from its first byte; nobody sees it before it is whole."""
        try:
            with _asking():
                obstore.put(self._bucket, name, file, chunk_size=PIECE, max_concurrency=1)
        except MediaMissing:
            raise StorageFailed("storage_failed", "the bucket is not there") from None

    def names(self, prefix: str) -> list[str]:
        """What lies under a folder's name; a bucket that is gone is a `StorageFailed`."""
        with _asking():
            return [found["path"] for page in obstore.list(self._bucket, prefix) for found in page]

    def delete(self, names: Iterable[str]) -> None:
        """Remove objects; one that is not there any more is no fault."""
        with _asking():
            obstore.delete(self._bucket, list(names))


def _opened(bucket: Bucket, answer_within: timedelta) -> S3Store:
    return S3Store(
        bucket.name,
        endpoint=bucket.url,
        region=bucket.region,
        virtual_hosted_style_request=False,
        # said although it is so by default: the library takes what is not said from variables named AWS_...
        credential_provider=partial(_credential, bucket),
        skip_signature=False,
        unsigned_payload=False,
        client_options={
            "allow_http": bucket.url.startswith("http://"),
            "connect_timeout": _CONNECT_WITHIN,
            "timeout": answer_within,
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRY_WITHIN},
    )


def _credential(bucket: Bucket) -> S3Credential:
    return {
        "access_key_id": bucket.access_key,
        "secret_access_key": bucket.secret_key,
        "token": None,
        "expires_at": None,
    }


@contextmanager
def _asking() -> Iterator[None]:
    """Turn the store's errors into ours; their texts name addresses and headers, and stay out of it."""
    try:
        yield
    except FileNotFoundError:
        raise MediaMissing("there is no such object") from None
    except (PermissionDeniedError, UnauthenticatedError):
        raise StorageFailed("storage_failed", "the object store refuses the key") from None
    except BaseError as error:
        sentence = f"the object store does not do what is asked: {type(error).__name__}"
        raise StorageFailed("storage_failed", sentence) from None
