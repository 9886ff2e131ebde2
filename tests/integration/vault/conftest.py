"""A real object store for the tests of the vault, and an empty bucket of it for each."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.object_server import SWIFT, ObjectServer, running_object_server
from videoattention.adapters.vault.object_store import ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def swift() -> Iterator[ObjectServer]:
    """The server of the session."""
    if not SWIFT.is_dir():
        pytest.skip("OpenStack Swift is not installed: apt-get install python3-swift")
    with running_object_server() as server:
        yield server


@pytest.fixture
def store(swift: ObjectServer) -> ObjectStore:
    """An empty bucket."""
    return ObjectStore(swift.new_bucket(f"recordings-{uuid.uuid4().hex}"))


@pytest.fixture
def own_swift(swift: ObjectServer) -> Iterator[ObjectServer]:
    """The session's server, which runs again at the end whatever was done to it."""
    yield swift
    swift.kill()
    swift.start()
