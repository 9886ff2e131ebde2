"""coturn for one test: the configuration of the documents with the test's own places, gone at the end."""

from __future__ import annotations

import ipaddress
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aioice import stun
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from videoattention.adapters.media.addresses import advertised_by_default

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Change = Callable[[list[str]], list[str]]

EXAMPLE = Path(__file__).parents[1] / "docs" / "turnserver.example.conf"
SECRET = "a-secret-that-only-the-tests-know-of"
HERE = "127.0.0.1"
SECONDS_TO_START = 20
_PATIENCE = 0.02

OUTSIDE = advertised_by_default("0.0.0.0")[0]  # noqa: S104 - which address that is
"""What a media worker of this machine tells browsers."""


def turnserver_path() -> str | None:
    """The program, or None where it is not installed."""
    return shutil.which("turnserver")


@dataclass(frozen=True, slots=True)
class Coturn:
    """A running coturn that listens on the loopback address and relays from the one that workers use."""

    folder: Path
    port: int
    tls_port: int

    @property
    def urls(self) -> tuple[str, str, str]:
        """By UDP, TCP and TLS."""
        return (f"turn:{HERE}:{self.port}", f"turn:{HERE}:{self.port}?transport=tcp", f"turns:{HERE}:{self.tls_port}")

    @property
    def certificate(self) -> Path:
        """What a client must believe."""
        return self.folder / "turn.crt"

    @property
    def log(self) -> str:
        """What it wrote until now."""
        return (self.folder / "coturn.log").read_text(errors="replace")

    def settings(self, *urls: str) -> dict[str, str]:
        """The settings of a service that uses it."""
        return {
            "VIDEOATTENTION_TURN_URLS": ",".join(urls or self.urls),
            "VIDEOATTENTION_TURN_SECRET": SECRET,
            "SSL_CERT_FILE": str(self.certificate),
        }


def documented(folder: Path, port: int, tls_port: int) -> list[str]:
    """The lines of the documents, with the places, the secret and the ports of a test where they are the operator's."""
    ours = {
        "listening-ip": HERE,
        "relay-ip": OUTSIDE,
        "realm": "localhost",
        "cert": str(folder / "turn.crt"),
        "pkey": str(folder / "turn.key"),
        "static-auth-secret": SECRET,
        "allowed-peer-ip": OUTSIDE,
        "listening-port": str(port),
        "tls-listening-port": str(tls_port),
    }
    lines, changed = [], set()
    for line in EXAMPLE.read_text().splitlines():
        name, sign, _ = line.partition("=")
        changed.add(name)
        lines.append(f"{name}={ours[name]}" if sign and name in ours else line)
    assert changed >= ours.keys(), "the example lost a line"
    # what is the machine's: no log, database or process id of ours there
    mine = [f"pidfile={folder / 'coturn.pid'}", f"userdb={folder / 'coturn.db'}", "log-file=stdout", "simple-log"]
    return [line for line in lines if line != "syslog"] + mine


class StartCoturn(Protocol):
    """Starts a server with the documented lines as ``change`` leaves them."""

    def __call__(self, change: Change = ...) -> Coturn: ...


def as_documented(lines: list[str]) -> list[str]:
    """No change."""
    return lines


@contextmanager
def running_coturn(folder: Path, change: Change = as_documented) -> Iterator[Coturn]:
    """coturn with the documented lines as ``change`` leaves them, once it listens."""
    program = turnserver_path()
    assert program is not None
    folder.mkdir(exist_ok=True)
    port, tls_port = _free_ports(2)
    _certify(folder)
    lines = change(documented(folder, port, tls_port))
    (folder / "turnserver.conf").write_text("\n".join(lines) + "\n")
    server = Coturn(folder, port, tls_port)
    with _running([program, "-c", str(folder / "turnserver.conf")], server):
        yield server


@contextmanager
def running_open_relay(folder: Path) -> Iterator[Coturn]:
    """coturn as it is without a configuration file: open to everybody."""
    program = turnserver_path()
    assert program is not None
    port, tls_port = _free_ports(2)
    words = ["-n", "-L", HERE, "-E", OUTSIDE, "-p", str(port), "--no-tls", "--no-dtls", "--no-cli"]
    mine = ["--pidfile", str(folder / "coturn.pid"), "--userdb", str(folder / "coturn.db"), "--log-file", "stdout"]
    with _running([program, *words, *mine], server := Coturn(folder, port, tls_port)):
        yield server


@contextmanager
def _running(command: list[str], server: Coturn) -> Iterator[None]:
    with (server.folder / "coturn.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=server.folder)  # noqa: S603  # the operating system's program
        try:
            _wait(process, server)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], server: Coturn) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert process.poll() is None, f"coturn ended:\n{server.log}"
        if _answers(server.port):
            return
        time.sleep(_PATIENCE)
    raise AssertionError(f"coturn does not answer:\n{server.log}")


def _answers(port: int) -> bool:
    """Whether it says anything to a request; it listens some time before that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.5)
        probe.sendto(bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST)), (HERE, port))
        try:
            return bool(probe.recv(1500))
        except TimeoutError:
            return False


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server((HERE, 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(HERE))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "turn.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "turn.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
