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


def e164(written: str, home: str | None = HOME) -> str | None:
    """A valid number in E.164; None for what is none. Without `home` it must have its country."""
    parsed = _valid(written, home)
    return None if parsed is None else _written(parsed)


def dialled(written: str, countries: Collection[str]) -> Number:
    """The number, where it may be rung; raises `Refused`: `invalid`, `special` or `country`."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    parsed = _valid(written, HOME)
    if parsed is None:
        raise Refused("invalid", "this is no telephone number; write it as +32470123456")
    kind = phonenumbers.number_type(parsed)
    either = PhoneNumberType.FIXED_LINE_OR_MOBILE
    if kind not in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.VOIP, either):
        raise Refused("special", "this is no ordinary number: premium and special ones are not rung")
    country = str(phonenumbers.region_code_for_number(parsed))
    if country not in countries:
        raise Refused("country", f"numbers of {country} are not rung: phone.countries does not list it")
    return Number(_written(parsed), country, kind in (PhoneNumberType.MOBILE, either))


def textable(written: str, countries: Collection[str]) -> Number:
    """As `dialled`, where it takes texts; raises `Refused` with `no_mobile` where it does not."""
    number = dialled(written, countries)
    if not number.mobile:
        raise Refused("no_mobile", "this is no mobile number: it takes no texts")
    return number


def _valid(written: str, home: str | None) -> Any:
    """The number as the library knows it; None where it is none."""
    import phonenumbers  # its tables are only needed when somebody calls, or is called

    try:
        parsed = phonenumbers.parse(written.strip()[:LONGEST], home)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def _written(parsed: Any) -> str:
    import phonenumbers

    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
