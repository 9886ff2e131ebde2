"""Comings and goings are in the journal of where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.services.town import OURS, person
from videoattention.domain.facts import SignedIn, SignedOut, SignInFailed
from videoattention.services.doorkeeper import PLATFORM

if TYPE_CHECKING:
    from tests.unit.services.town import Town


async def test_who_came_who_went_and_who_was_not_let_in(quiet: Town) -> None:
    await quiet.doorkeeper.signed_in(person(), "https://staff.example")
    await quiet.doorkeeper.signed_out(person(), "back_channel")
    await quiet.doorkeeper.sign_in_failed("staff", "token_expired")
    assert [(entry.organisation, entry.actor, entry.fact) for entry in quiet.told] == [
        (OURS, "staff:marta", SignedIn("marta", "https://staff.example")),
        (OURS, "staff:marta", SignedOut("marta", "back_channel")),
        (PLATFORM, "service", SignInFailed("staff", "token_expired")),
    ]
