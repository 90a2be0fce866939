"""Numbers that may be rung or sent a text: valid ones, of a country on a list, at an ordinary rate. Pure.

Premium, shared-cost, free and company-wide numbers are refused by their kind, whatever the list says: who
rings those pays for it, and nobody there is a customer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.model.errors import Refused

HOME = "BE"
"""Whose numbers may be written without a country."""
LONGEST = 40
"""Characters of a number as somebody writes it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in E.164, whose it is (ISO 3166), and whether it takes texts."""

    e164: str
    country: str
    mobile: bool


def dialled(written: str, countries: Collection[str]) -> Number:
    """The number, where it may be rung; raises `Refused`: `invalid`, `special` or `country`."""
    import phonenumbers  # its tables are only needed when somebody is called
    from phonenumbers import PhoneNumberType

    try:
        parsed: Any = phonenumbers.parse(written.strip()[:LONGEST], HOME)
    except phonenumbers.NumberParseException:
        raise _invalid() from None
    if not phonenumbers.is_valid_number(parsed):
        raise _invalid()
    kind = phonenumbers.number_type(parsed)
    either = PhoneNumberType.FIXED_LINE_OR_MOBILE
    if kind not in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.VOIP, either):
        raise Refused("special", "this is no ordinary number: premium and special ones are not rung")
    country = str(phonenumbers.region_code_for_number(parsed))
    if country not in countries:
        raise Refused("country", f"numbers of {country} are not rung: phone.countries does not list it")
    e164 = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return Number(e164, country, kind in (PhoneNumberType.MOBILE, either))


def textable(written: str, countries: Collection[str]) -> Number:
    """As `dialled`, where it takes texts; raises `Refused` with `no_mobile` where it does not."""
    number = dialled(written, countries)
    if not number.mobile:
        raise Refused("no_mobile", "this is no mobile number: it takes no texts")
    return number


def _invalid() -> Refused:
    return Refused("invalid", "this is no telephone number; write it as +32470123456")
