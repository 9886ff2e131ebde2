"""An object store for one test session: own folder, own port, loopback only, gone at the end."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.request
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.store import S3Store

from videoattention.adapters.vault.object_store import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON = "/usr/bin/python3"
SWIFT = Path("/usr/lib/python3/dist-packages/swift")
"""Where Debian puts Swift, for its own Python."""

ACCESS_KEY, SECRET_KEY = "test:tester", "testing"
SERVER = Path(__file__).with_name("swift_server.py")


class ObjectServer:
    """A Swift with an S3 door, that can be killed and started again on what it had stored."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = (PYTHON, str(SERVER), str(self.folder), str(self.port))
            self._process = subprocess.Popen(  # noqa: S603  # a program of our own
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd=self.folder
            )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", (self.folder / "log").read_text()

    def kill(self) -> None:
        """SIGKILL: it has no time to put anything in order."""
        if self._process is not None:
            assert self._process.stdout is not None
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            self._process = None

    def freeze(self) -> None:
        """It takes connections, and answers nothing until `thaw`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on where it was stopped."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def new_bucket(self, name: str) -> Bucket:
        """Make an empty bucket."""
        opened = S3Store(
            name,
            endpoint=self.url,
            region="us-east-1",
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            client_options={"allow_http": True},
        )
        order = urllib.request.Request(obstore.sign(opened, "PUT", "", timedelta(minutes=1)), method="PUT")  # noqa: S310  # loopback
        with urllib.request.urlopen(order, timeout=30) as answer:  # noqa: S310  # loopback
            assert answer.status == 200
        return Bucket(self.url, name, "us-east-1", ACCESS_KEY, SECRET_KEY)


@contextmanager
def running_object_server() -> Iterator[ObjectServer]:
    """A new server on a free port; killed and deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="va-objects-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = ObjectServer(folder, port)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
