"""Codes of the second step, and what is kept of a browser's name."""

from __future__ import annotations

import re

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web import totp
from bot.web.browsers import FAMILIES, SYSTEMS, coarse

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's own examples."""

EXAMPLES = ((59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130"))


@pytest.mark.parametrize(("at", "code"), EXAMPLES)
def test_the_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert totp.step_of(SECRET, code, at) == at // 30


@given(at=st.integers(60, 4_000_000_000), beside=st.integers(-3, 3))
def test_a_code_of_a_step_beside_counts_for_its_own_step(at: int, beside: int) -> None:
    here = at // 30
    code = pyotp.TOTP(SECRET).generate_otp(max(0, here + beside))
    found = totp.step_of(SECRET, code, at)
    if abs(beside) <= 1:
        assert found is not None
        assert pyotp.TOTP(SECRET).generate_otp(found) == code
    assert found is None or abs(found - here) <= 1


@given(st.text(max_size=40), st.floats(0, 4e9))
def test_whatever_is_typed_is_a_code_or_not(code: str, now: float) -> None:
    found = totp.step_of(SECRET, code, now)
    assert found is None or re.fullmatch(r"\d{6}", totp.plain(code))


def test_codes_on_paper_are_many_and_long() -> None:
    codes = totp.paper_codes()
    assert len(set(codes)) == totp.PAPER
    assert all(re.fullmatch(r"(?:[a-z2-7]{4}-){3}[a-z2-7]{4}", code) for code in codes)
    assert totp.plain(codes[0].upper().replace("-", " ")) == totp.plain(codes[0])


def test_the_picture_has_nothing_that_runs() -> None:
    text = totp.address(SECRET, "els", "Balie")
    assert text == f"otpauth://totp/Balie:els?secret={SECRET}&issuer=Balie"
    drawn = totp.picture(text).decode()
    assert drawn.startswith("<svg ")
    assert not re.search(r"<(?!/?(?:svg|path)\b)|\son|style|href", drawn)


@pytest.mark.parametrize(("said", "kept"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox, Windows"),
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
     "Chrome, Linux"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
     "Edge, Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/18.6 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
    ("Mozilla/5.0 (Linux; Android 15; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
     "Chrome/130.0 Mobile Safari/537.36", "Samsung Internet, Android"),
    ("curl/8.5.0", None), ("", None),
])  # fmt: skip
def test_a_browser_is_known_by_its_family(said: str, kept: str | None) -> None:
    assert coarse(said) == kept


@given(st.text(max_size=300))
def test_nothing_else_of_what_a_browser_says_is_kept(said: str) -> None:
    names = {name for _, name in FAMILIES + SYSTEMS}
    assert set((coarse(said) or "").split(", ")) - {""} <= names
