from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.media.test_media_internals import request
from videoattention.adapters.media.addresses import advertised_by_default
from videoattention.adapters.media.budget import PacketBudget
from videoattention.adapters.media.certificates import Certificates
from videoattention.adapters.media.datagrams import Address, address_of
from videoattention.adapters.media.ice import IceLite
from videoattention.adapters.media.internals import binding_request

if TYPE_CHECKING:
    import pytest

HERE, THERE = address_of("192.0.2.1", 1000), address_of("192.0.2.66", 2000)


def check(ice: IceLite, address: Address, *, nominates: bool = False, settled: bool = False) -> bytes | None:
    mine = ice.credentials[0]
    read = binding_request(request(f"{mine.ufrag}:x", mine.password, nominates=nominates))
    assert read is not None
    return ice.answer(read, address, settled=settled)


def test_who_does_not_know_the_password_gets_no_answer_and_no_address() -> None:
    ice = IceLite()
    read = binding_request(request(f"{ice.current.ufrag}:x", "guess"))
    assert read is not None
    assert ice.answer(read, HERE, settled=False) is None
    assert not ice.addresses
    assert ice.chosen is None


def test_before_dtls_a_nomination_is_followed() -> None:
    ice = IceLite()
    assert check(ice, THERE)
    assert check(ice, HERE, nominates=True)
    assert ice.chosen == HERE


def test_a_repeated_nomination_does_not_divert_what_is_sent() -> None:
    ice = IceLite()
    check(ice, HERE, nominates=True)
    check(ice, THERE, nominates=True, settled=True)
    assert ice.chosen == HERE
    ice.used(HERE)
    assert ice.chosen == HERE


def test_a_browser_that_moves_is_followed_once_it_speaks() -> None:
    ice = IceLite()
    check(ice, HERE, nominates=True)
    ice.used(THERE)
    assert ice.chosen == HERE
    check(ice, THERE, nominates=True, settled=True)
    ice.used(THERE)
    assert ice.chosen == THERE


def test_addresses_are_bounded_and_the_chosen_one_stays() -> None:
    ice = IceLite()
    check(ice, HERE, nominates=True)
    for n in range(100):
        check(ice, address_of("192.0.2.200", n))
        ice.surplus()
    assert len(ice.addresses) == 16
    assert HERE in ice.addresses


def test_after_a_restart_old_credentials_are_good_for_a_while() -> None:
    ice = IceLite()
    old = ice.current
    ice.rotate()
    assert ice.current != old
    assert check(ice, HERE)
    ice.rotate()
    ice.rotate()
    assert old not in ice.credentials


def test_a_flood_is_cut_to_the_budget() -> None:
    budget = PacketBudget(rate=100, burst=50)
    assert sum(budget.admits(1.0) for _ in range(1000)) == 50
    assert sum(budget.admits(1.1) for _ in range(1000)) == 10


def test_addresses_to_advertise() -> None:
    assert advertised_by_default("192.0.2.5") == ("192.0.2.5",)
    (picked,) = advertised_by_default("0.0.0.0")  # noqa: S104 - nothing is bound
    assert picked.count(".") == 3


def test_without_a_network_loopback_is_advertised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("videoattention.adapters.media.addresses._outgoing", lambda _: "")
    assert advertised_by_default("0.0.0.0") == ("127.0.0.1",)  # noqa: S104 - nothing is bound


def test_a_certificate_is_renewed_a_week_before_it_expires() -> None:
    certificates = Certificates()
    first = certificates.current(0)
    assert certificates.current(first.expires - 8 * 86400) is first
    second = certificates.current(first.expires - 6 * 86400)
    assert second is not first
