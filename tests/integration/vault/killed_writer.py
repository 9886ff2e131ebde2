"""Writes a recording until it is killed: one record for each 200 ms of picture, telling after each how far it got."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.unit.vault.samples import KEY, MARK, VIDEO
from videoattention.adapters.vault.writer import FolderVault


async def main(root: Path, stream: bytes, piece: int) -> None:
    vault = FolderVault(root)
    writer = vault.create(VIDEO, KEY)
    for at in range(0, len(stream), piece):
        writer.media(stream[at : at + piece])
        writer.seal_record()
        if not at % (5 * piece):
            writer.mark(MARK)
            await vault.make_durable()
        sys.stdout.write(f"{min(at + piece, len(stream))}\n")
        sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3])))
