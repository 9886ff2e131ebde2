"""What is kept instead of numbers and codes: hashes that nobody can make without the service's key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final, Protocol

from videoattention.domain.phone import CODE_ALPHABET, CODE_LENGTH

MESSAGES: Final = {
    "ca": "Codi {code} per a la trucada amb l'oficina. Val 10 minuts. No el doneu a cap altra persona.",
    "en": "{code} is the code for your call with the office. It is good for 10 minutes. Give it to nobody else.",
}
"""All that is ever sent; worded without accents, so that one message holds it and no alphabet on the way spoils it."""


def new_code() -> str:
    """A code that nobody can foresee."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def message_of(language: str, code: str) -> str:
    """The message in this language, or in Catalan."""
    return MESSAGES.get(language, MESSAGES["ca"]).format(code=code)


@dataclass(frozen=True, slots=True)
class Tags:
    """The hashes under one key; each kind is of no use in the place of another."""

    key: bytes = field(repr=False)

    def number(self, number: str) -> str:
        """By which it is counted how often a number was sent something."""
        return self._tag("number", number)

    def address(self, address: str) -> str:
        """By which it is counted how often a network address asked."""
        return self._tag("address", address)

    def subject(self, number: str) -> str:
        """By which an organisation knows the holder of a number again."""
        return self._tag("subject", number)

    def commitment(self, check: str, number: str) -> str:
        """What binds a check to its number in the journal."""
        return self._tag("commitment", check, number)

    def code(self, attention: str, check: str, code: str) -> str:
        """What a code must hash to; the same code of another check or attention hashes to something else."""
        return self._tag("code", attention, check, code)

    def _tag(self, *parts: str) -> str:
        # each part with its length, so that no two lists of parts are one text
        said = b"".join(
            len(part).to_bytes(4, "big") + part for part in (each.encode(errors="surrogatepass") for each in parts)
        )
        return hmac.new(self.key, said, hashlib.sha256).hexdigest()


class PhoneTags(Protocol):
    """The key of each organisation, and of the platform for what counts in all of them."""

    async def of(self, organisation: str) -> Tags:
        """Not to be awaited inside a transaction; raises `KeyUnusable`."""
