"""A time-stamping authority on this machine: OpenSSL's, behind HTTP, with certificates made for the test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

CONFIGURATION = """
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = {name}
[ root ]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ stamps ]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa ]
default_tsa = one
[ one ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/stamps.pem
signer_key = {folder}/stamps.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
"""

ROOT = "-keyout root.key -out root.pem"
STAMPS = "-extfile tsa.cnf -extensions stamps -out stamps.pem"


class Authority:
    """Stamps what it is asked to; ``twisted`` changes each answer before it is sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root.pem"
        self.asked = 0
        self.url = ""
        self.twisted: Callable[[bytes], bytes] = bytes

    async def found(self) -> None:
        """Make its root and its certificate for time stamps."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "serial").write_text("01\n")
        (self.folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=self.folder, name="Autoritat de prova"))
        await self._openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -extensions root -config tsa.cnf", ROOT)
        await self._openssl("req -newkey rsa:2048 -nodes -keyout stamps.key -out stamps.csr -config tsa.cnf")
        await self._openssl("x509 -req -in stamps.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2", STAMPS)

    async def answer(self, question: bytes) -> bytes:
        self.asked += 1
        (self.folder / "question").write_bytes(question)
        await self._openssl("ts -reply -config tsa.cnf -queryfile question -out answer")
        return self.twisted((self.folder / "answer").read_bytes())

    async def _openssl(self, command: str, more: str = "") -> None:
        running = await asyncio.create_subprocess_exec(
            "openssl",
            *command.split(),
            *more.split(),
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await running.communicate()
        assert running.returncode == 0, said.decode()

    async def _serve(self, request: web.Request) -> web.Response:
        assert request.content_type == "application/timestamp-query"
        return web.Response(body=await self.answer(await request.read()), content_type="application/timestamp-reply")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Authority]:
        """Answer at ``url`` until the block ends."""
        application = web.Application()
        application.router.add_post("/tsa", self._serve)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/tsa"
        try:
            yield self
        finally:
            await runner.cleanup()
