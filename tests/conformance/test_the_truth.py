"""What the hostile providers say when nothing is changed is accepted: so the lies are refused for what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.led_astray import Errand, Lane


async def test_a_member_of_staff_signs_in(lane: Lane) -> None:
    lane.settle()
    answer = await lane.sign_in()
    assert (answer.status, answer.location) == (303, "/desk")
    desk = await lane.caller.get("/desk")
    assert (desk.status, "Eva Mentida" in desk.text) == (200, True)


async def test_a_logout_is_heard(lane: Lane) -> None:
    lane.settle()
    await lane.sign_in()
    said = await lane.caller.post("/staff/back-channel-logout", {"logout_token": lane.hostile.logout_token()})
    assert said.status == 200
    assert (await lane.caller.get("/desk")).status == 303


async def test_a_citizen_identifies(errand: Errand) -> None:
    errand.settle()
    answer = await errand.identify()
    assert (answer.status, answer.location) == (303, "/attention/identified")
    told = await errand.house.facts("CitizenIdentified", "gencat-demo")
    assert (told[-1]["assurance"], told[-1]["method"], told[-1]["way"]) == ("substantial", "idcatmobil", "electronic")
    assert len(told[-1]["evidence"]) == 64
