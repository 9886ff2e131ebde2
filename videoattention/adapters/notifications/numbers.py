"""The world's numbering plans, as Google's tables have them (`phonenumbers`)."""

from __future__ import annotations

from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from videoattention.domain.phone import Number, NumberKind

_KINDS: Final = {
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.FIXED_OR_MOBILE,
}


class WorldNumberPlans:
    """`videoattention.services.sms.NumberPlans`."""

    def read(self, number: str, country: str) -> Number | None:
        """The number, if a plan has it in this length and with these digits."""
        try:
            found = phonenumbers.parse(number, country)
        except NumberParseException:
            return None
        region = phonenumbers.region_code_for_number(found)
        if found.extension or not region or not phonenumbers.is_valid_number(found):
            return None
        kind = _KINDS.get(phonenumbers.number_type(found), NumberKind.OTHER)
        return Number(phonenumbers.format_number(found, PhoneNumberFormat.E164), region, kind)
