"""Which numbers may be rung and sent a text."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.dialling import dialled, textable
from bot.model.errors import Refused

HERE = frozenset({"BE", "NL", "LU", "FR", "DE"})


@pytest.mark.parametrize(
    ("written", "e164", "country", "mobile"),
    [
        ("+32470123456", "+32470123456", "BE", True),
        (" 0470 12 34 56 ", "+32470123456", "BE", True),
        ("02 555 12 34", "+3225551234", "BE", False),
        ("+31 6 12345678", "+31612345678", "NL", True),
        ("0033 1 42 68 53 00", "+33142685300", "FR", False),
    ],
)
def test_ordinary_numbers_may_be_rung(written: str, e164: str, country: str, mobile: bool) -> None:
    number = dialled(written, HERE)
    assert (number.e164, number.country, number.mobile) == (e164, country, mobile)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("+3290012345", "special"),  # premium
        ("0900 12 345", "special"),
        ("+3278791234", "special"),  # shared cost
        ("+3278102345", "special"),  # a company's
        ("+3280012345", "special"),  # free
        ("+33899123456", "special"),
        ("+447911123456", "country"),
        ("+12025550123", "country"),
        ("+590690123456", "country"),  # Guadeloupe is not France
        ("112", "invalid"),
        ("+32", "invalid"),
        ("+3247012345", "invalid"),
        ("", "invalid"),
        ("jan@example.org", "invalid"),
        ("+32470123456" * 40, "invalid"),
    ],
)
def test_others_are_refused_with_why(written: str, why: str) -> None:
    with pytest.raises(Refused) as caught:
        dialled(written, HERE)
    assert caught.value.why == why


def test_a_text_goes_to_a_mobile_phone_only() -> None:
    assert textable("+32470123456", HERE).e164 == "+32470123456"
    with pytest.raises(Refused) as caught:
        textable("+3225551234", HERE)
    assert caught.value.why == "no_mobile"


def test_with_no_country_allowed_nobody_is_rung() -> None:
    with pytest.raises(Refused):
        dialled("+32470123456", frozenset())


PREMIUM = sorted(phonenumbers.SUPPORTED_REGIONS)


@given(st.sampled_from(PREMIUM))
def test_no_premium_number_of_any_country_is_rung(region: str) -> None:
    kinds = phonenumbers.PhoneNumberType
    for kind in (kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.UAN, kinds.TOLL_FREE, kinds.PERSONAL_NUMBER):
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None or phonenumbers.number_type(number) in (kinds.FIXED_LINE, kinds.MOBILE):
            continue
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        with pytest.raises(Refused):
            dialled(written, frozenset(PREMIUM))


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\+?[0-9 ./()-]{0,25}", fullmatch=True)))
def test_whatever_is_written_is_a_number_of_the_list_or_refused(written: str) -> None:
    number, why = None, ""
    try:
        number = dialled(written, HERE)
    except Refused as error:
        why = error.why
    if number is None:
        assert why in ("invalid", "special", "country")
    else:
        assert number.country in HERE
        assert dialled(number.e164, HERE) == number
