"""The journal of codes sent to phones in words; `journal_words` has those of everything else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.marking import N_

PHONE_KINDS: Final = MappingProxyType(
    {
        "phone_code_asked": N_("The person gave a name and a mobile number, and a one-use code was to be sent to it."),
        "phone_code_sent": N_("The message service took the one-use code for delivery."),
        "phone_code_unsent": N_("The one-use code was not taken for delivery: %(cause)s."),
        "phone_code_refused": N_("The code that the person typed did not hold: %(cause)s."),
        "phone_shown": N_("The person typed the code that was sent to the phone."),
        "sms_budget_spent": N_("The day's %(budget)s messages of the organisation are used up (%(day)s)."),
    },
)
"""The sentence of every kind of fact about a phone."""

PHONE_WORDS: Final = MappingProxyType(
    {
        "sms_unreachable": N_("the message service could not be reached"),
        "sms_refused": N_("the message service refused it"),
        "sms_silent": N_("the message service did not answer"),
        "code_wrong": N_("it was another code"),
        "code_lapsed": N_("its ten minutes were over"),
        "code_exhausted": N_("it had been typed too often"),
        "phone": N_("name and mobile phone"),
    },
)
"""The phrase of every code that such a fact carries."""
