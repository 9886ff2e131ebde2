"""Codes by SMS: the message service of the settings, the page of the demonstration, or neither."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from videoattention.adapters.notifications.demo import DemoPhone
from videoattention.adapters.notifications.numbers import WorldNumberPlans
from videoattention.adapters.notifications.smpp import SmppAccount, SmppGateway
from videoattention.adapters.vault.phone_keys import OrganisationTags
from videoattention.bootstrap.ground import new_id
from videoattention.domain.phone import Limits
from videoattention.entrypoints.http.demo import DemoPages
from videoattention.services.phone import PhoneIdentity, SmsRules
from videoattention.services.sms import SmsFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.config import Settings
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.services.sms import SmsGateway
    from videoattention.services.work import Work


def demo_phone(settings: Settings, now: Callable[[], datetime]) -> DemoPhone | None:
    """The phone that everybody can read, where nobody set up a message service; never in production."""
    if settings.production or settings.sms.host:
        return None
    return DemoPhone(now, production=settings.production)


def phone_identity(settings: Settings, work: Work, keys: VaultKeyRing, demo: DemoPhone | None) -> PhoneIdentity:
    """Declared identity. Where no message service is set up, in production, asking for a code is refused in words."""
    said = settings.sms
    limits = Limits(organisation_hour=said.hourly_budget, organisation_day=said.daily_budget)
    gateway: SmsGateway | None = SmppGateway(_account(settings)) if said.host else demo
    return PhoneIdentity(
        work,
        gateway,
        plans=WorldNumberPlans(),
        tags=OrganisationTags(keys),
        rules=SmsRules(said.countries, limits),
        new_id=new_id,
    )


def demo_pages(rendering: Rendering, demo: DemoPhone | None) -> tuple[DemoPages, ...]:
    """The page of the demonstration's phone, where there is one."""
    return (DemoPages(rendering, demo),) if demo is not None else ()


async def examine_sms(settings: Settings) -> tuple[str, bool]:
    """Whether the message service lets us in, in a sentence; nothing is sent."""
    said = settings.sms
    try:
        await SmppGateway(_account(settings)).greet()
    except SmsFailed:
        where = f"{said.host}:{said.port}"
        return (
            f"Fault: {where} cannot be reached, does not prove who it is, or refuses {said.system_id}.",
            False,
        )
    return f"In order: {said.host}:{said.port} lets {said.system_id} in. Nothing was sent.", True


def _account(settings: Settings) -> SmppAccount:
    said = settings.sms
    return SmppAccount(
        host=said.host,
        port=said.port,
        system_id=said.system_id,
        password=said.password,
        source=said.source,
        tls=ssl.create_default_context() if said.tls else None,
    )
