"""Every method of a consent from every stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.domain.samples import NOW, asked, later, standing
from videoattention.domain.consent import ANSWERS, CONSENT, ConsentStage, ConsentStep
from videoattention.domain.errors import IllegalStep, StepRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.domain.consent import Consent

CALLS: dict[ConsentStep, Callable[[Consent], Consent]] = {
    ConsentStep.GIVE: lambda c: c.answer(ConsentStep.GIVE, later(9)),
    ConsentStep.REFUSE: lambda c: c.answer(ConsentStep.REFUSE, later(9)),
    ConsentStep.WITHDRAW: lambda c: c.withdraw(later(9)),
    ConsentStep.LAPSE: lambda c: c.lapse(),
    ConsentStep.END: lambda c: c.end(),
}


def test_every_step_has_its_method() -> None:
    assert set(CALLS) == set(ConsentStep)


@pytest.mark.parametrize("stage", ConsentStage)
@pytest.mark.parametrize("step", ConsentStep)
def test_a_method_leads_where_the_table_says_or_changes_nothing(stage: ConsentStage, step: ConsentStep) -> None:
    before = standing(stage)
    if CONSENT.allows(stage, step):
        assert CALLS[step](before).stage is CONSENT.after(stage, step)
    elif step is ConsentStep.LAPSE:
        assert CALLS[step](before) is before
    else:
        with pytest.raises(IllegalStep):
            CALLS[step](before)
    assert before == standing(stage)


@pytest.mark.parametrize("stage", ConsentStage)
def test_it_is_in_force_only_while_given(stage: ConsentStage) -> None:
    assert standing(stage).in_force is (stage is ConsentStage.GIVEN)


@pytest.mark.parametrize("stage", ConsentStage)
@pytest.mark.parametrize("step", sorted(set(ConsentStep) - ANSWERS))
def test_only_giving_and_refusing_are_answers(stage: ConsentStage, step: ConsentStep) -> None:
    with pytest.raises(StepRefused) as refused:
        standing(stage).answer(step, NOW)
    assert refused.value.code == "not_an_answer"


def test_it_remembers_when() -> None:
    given = asked().answer(ConsentStep.GIVE, later(5))
    withdrawn = given.withdraw(later(8))
    assert (given.asked_at, given.answered_at, given.withdrawn_at) == (NOW, later(5), None)
    assert (withdrawn.asked_at, withdrawn.answered_at, withdrawn.withdrawn_at) == (NOW, later(5), later(8))
    assert withdrawn.wording == asked().wording
    assert withdrawn.purposes == asked().purposes
