from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from aioice import stun

from videoattention.adapters.turn.wire import TurnLine

if TYPE_CHECKING:
    from aioice import turn

REFUSED = stun.Message(stun.Method.CREATE_PERMISSION, stun.Class.ERROR, attributes={"ERROR-CODE": (403, "Forbidden")})
SILENCE, REFUSAL = stun.TransactionTimeout(), stun.TransactionFailed(REFUSED)


class Server:
    """A TURN server that answers one after the other with these; nothing is a yes."""

    def __init__(self, *answers: Exception | None) -> None:
        self._answers = list(answers)

    async def request_with_retry(self, request: stun.Message) -> None:
        answer = self._answers.pop(0)
        if answer is not None:
            raise answer


def line(*answers: Exception | None) -> TurnLine:
    return TurnLine(cast("turn.TurnClientProtocol", Server(*answers)))


@pytest.mark.parametrize("answers", [(SILENCE, SILENCE), (REFUSAL, SILENCE), (SILENCE, REFUSAL)])
async def test_a_server_that_falls_silent_has_refused_nothing(answers: tuple[Exception, ...]) -> None:
    with pytest.raises(TimeoutError):
        await line(*answers).permits("10.0.0.1")


async def test_one_yes_is_enough_and_two_refusals_are_a_no() -> None:
    assert await line(SILENCE, None).permits("10.0.0.1")
    assert await line(None, REFUSAL).permits("10.0.0.1")
    assert not await line(REFUSAL, REFUSAL).permits("10.0.0.1")
