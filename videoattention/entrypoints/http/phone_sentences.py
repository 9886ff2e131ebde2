"""What is said for the codes of a phone shown to be in hand; `sentences` has those of everything else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.marking import N_

_SMS_FULL = N_("This office cannot send more codes for now. Choose another way to identify.")
_SMS_DOWN = N_("The message could not be sent. It did not count. Try again in a minute, or choose another way.")

PHONE_SENTENCES: Final = MappingProxyType(
    {
        "number_malformed": N_("This is not a telephone number. Write it with digits only, such as 612 345 678."),
        "number_foreign": N_("Codes are not sent to numbers of this country. Choose another way to identify."),
        "number_not_mobile": N_(
            "This is not a mobile number. Write the number of a mobile phone that you have at hand."
        ),
        "name_malformed": N_("Write your name and surnames, with letters."),
        "sms_attention_limit": N_(
            "No more codes can be sent in this call. Ask the informer for another way to identify."
        ),
        "sms_number_limit": N_(
            "Too many codes were sent to this number. Wait an hour, or choose another way to identify."
        ),
        "sms_address_limit": N_("Too many codes were asked for from this connection. Try again in an hour."),
        "sms_organisation_limit": _SMS_FULL,
        "sms_budget_spent": _SMS_FULL,
        "sms_unreachable": _SMS_DOWN,
        "sms_refused": _SMS_DOWN,
        "sms_silent": _SMS_DOWN,
        "sms_not_set_up": N_("This office cannot send codes by SMS. Choose another way to identify."),
        "code_wrong": N_("That is not the code that was sent. Look at the message and type it again."),
        "code_lapsed": N_("The code is no longer good: ten minutes have passed. Ask for another one."),
        "code_exhausted": N_("This code was typed too many times and is no longer good. Ask for another one."),
        "code_unknown": N_("There is no code to type. Ask for one first."),
    }
)
