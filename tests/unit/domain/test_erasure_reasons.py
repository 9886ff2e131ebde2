"""Why a recording was erased: codes that can be read again, and the sentences of older certificates."""

from __future__ import annotations

import pytest

from videoattention.domain.erasure_reasons import (
    ErasureReason,
    for_request,
    for_retention,
    in_english,
    read_reason,
)
from videoattention.domain.holding import reason_said
from videoattention.domain.rights import Answer, Ground, Right, grounds_for

GRANTED = grounds_for(Right.ERASURE, Answer.GRANT)


@pytest.mark.parametrize("ground", GRANTED, ids=lambda ground: ground.code)
def test_a_granted_request_is_a_code_and_older_certificates_say_the_same(ground: Ground) -> None:
    code = for_request(ground.code)
    assert reason_said(code) == code, "a certificate takes it as a reason"
    expected = ErasureReason("request", ground.code, ground.law)
    assert read_reason(code) == expected
    assert read_reason(f"Request 0d4c-77 of the citizen: {ground.law}") == expected
    assert in_english(code) == f"the citizen asked for it and it was granted ({ground.law})"


@pytest.mark.parametrize("rule", ["consulta/attended", "visual", "suspected_fraud", "never_looked_at"])
def test_the_end_of_a_period_is_a_code_with_its_rule(rule: str) -> None:
    code = for_retention(rule)
    assert reason_said(code) == code
    assert read_reason(code) == ErasureReason("retention", rule)
    assert read_reason(f"The period of keeping is over: {rule}") == ErasureReason("retention", rule)
    assert in_english(code) == f"the period of keeping is over ({rule})"


@pytest.mark.parametrize(
    "words",
    [
        "Final del termini de conservació",
        "The period of keeping is over",
        "request:",
        "request:because_we_can",
        "Request r1 of the citizen: GDPR 99",
        "retention: consulta/attended and more",
        "",
    ],
)
def test_what_somebody_wrote_stays_in_their_words(words: str) -> None:
    assert read_reason(words) is None
    assert in_english(words) == words
