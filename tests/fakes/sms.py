"""A message service that takes everything, or fails as it is told; and declared identity over it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

from videoattention.adapters.notifications.numbers import WorldNumberPlans
from videoattention.domain.phone import Limits
from videoattention.services.phone import PhoneIdentity, SmsRules
from videoattention.services.phone_tags import Tags
from videoattention.services.sms import SmsFailed

if TYPE_CHECKING:
    from videoattention.services.work import Work


class Gateway:
    """`videoattention.services.sms.SmsGateway`; ``fails`` is the code of its failure, ``goes_on`` when it answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.fails = ""
        self.taken = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def send(self, number: str, text: str) -> None:
        self.sent.append((number, text))
        self.taken.set()
        await self.goes_on.wait()
        if self.fails:
            raise SmsFailed(self.fails)

    @property
    def code(self) -> str:
        """The code in the last message."""
        found = re.search(r"\d{6}", self.sent[-1][1])
        assert found
        return found[0]

    @property
    def numbers(self) -> Counter[str]:
        return Counter(number for number, _ in self.sent)


class FixedTags:
    """`videoattention.services.phone_tags.PhoneTags` with a key for each organisation that everybody can know."""

    async def of(self, organisation: str) -> Tags:
        return Tags(organisation.encode())


def phone_identity(
    work: Work, gateway: Gateway | None, limits: Limits | None = None, *, name: str = "p"
) -> PhoneIdentity:
    """Declared identity with the world's real numbering plans; ids begin with ``name``."""
    ids = count(1)
    return PhoneIdentity(
        work,
        gateway,
        plans=WorldNumberPlans(),
        tags=FixedTags(),
        rules=SmsRules(limits=limits or Limits()),
        new_id=lambda: f"{name}-{next(ids)}",
    )
