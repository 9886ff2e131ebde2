"""The settings of codes by SMS, and what is made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from videoattention.adapters.clock import SystemClock
from videoattention.bootstrap.phone import demo_pages, demo_phone
from videoattention.config import SettingsRefused, read
from videoattention.entrypoints.http.rendering import Rendering

if TYPE_CHECKING:
    from videoattention.config import Settings

ACCOUNT = {
    "SMS_SMPP_HOST": "smsc.example.cat",
    "SMS_SMPP_SYSTEM_ID": "oficina",
    "SMS_SMPP_PASSWORD": "pass-word-1",
    "SMS_SOURCE": "Oficina",
}


def settings(**said: str) -> Settings:
    return read({f"VIDEOATTENTION_{name}": value for name, value in said.items()})


def test_without_an_account_there_is_the_phone_of_the_demonstration_and_never_in_production() -> None:
    shown, clock = settings(), SystemClock()
    assert (shown.sms.countries, shown.sms.daily_budget, shown.sms.tls) == (("ES", "AD"), 1000, True)
    assert demo_phone(shown, clock.now) is not None
    assert demo_phone(replace(shown, production=True), clock.now) is None
    assert demo_phone(settings(**ACCOUNT), clock.now) is None
    assert demo_pages(Rendering(None, None), None) == ()  # type: ignore[arg-type]  # nothing is rendered


def test_an_account_is_said_whole_and_its_password_never_repeated() -> None:
    account = settings(**ACCOUNT, SMS_COUNTRIES="ES, AD, FR", SMS_DAILY_BUDGET="50", SMS_SMPP_TLS="no").sms
    assert (account.host, account.port, account.countries) == ("smsc.example.cat", 3550, ("ES", "AD", "FR"))
    assert (account.daily_budget, account.tls) == (50, False)
    assert "pass-word-1" not in repr(account)


@pytest.mark.parametrize("left_out", sorted(ACCOUNT))
def test_half_an_account_is_refused(left_out: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        settings(**{name: value for name, value in ACCOUNT.items() if name != left_out})
    assert "either all are set or none" in refused.value.faults[0]
    assert "pass-word-1" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"SMS_COUNTRIES": "Spain"}, "SMS_COUNTRIES"),
        ({"SMS_COUNTRIES": ","}, "SMS_COUNTRIES"),
        ({"SMS_DAILY_BUDGET": "-1"}, "SMS_DAILY_BUDGET"),
        ({"SMS_SMPP_PORT": "0"}, "SMS_SMPP_PORT"),
        ({**ACCOUNT, "SMS_SOURCE": "Oficina d'atenció ciutadana"}, "SMS_SOURCE"),
    ],
)
def test_what_cannot_work_is_told(said: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        settings(**said)
    assert len(refused.value.faults) == 1
    assert named in refused.value.faults[0]
