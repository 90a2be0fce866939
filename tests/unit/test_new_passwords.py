"""Which passwords are taken and which are not, and why."""

from __future__ import annotations

import pytest

from bot.web.new_passwords import WeakPassword, check_new


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "short"),
        ("x" * 1_001, "short"),
        ("els.maes-els.maes", "names"),
        ("ElsMaes!ElsMaes!", "names"),
        ("mijn-Balie-2026", "names"),
        ("password123", "guessable"),
        ("wachtwoord123", "guessable"),
        ("motdepasse1", "guessable"),
        ("1234567890", "guessable"),
        ("abcdefghijkl", "guessable"),
        ("aaaaaaaaaaaa", "guessable"),
        ("bakfiets" * 9, "guessable"),
        ("azertyuiop", "guessable"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, why: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_new(password, username="els.maes", site="Balie")
    assert refused.value.why == why


@pytest.mark.parametrize(
    "password", ["mijn fiets is blauw", "correct horse battery staple", "Kf8_2lPq9xaWz", "ö€ ñ — éçà?ж"]
)
def test_another_is_taken(password: str) -> None:
    check_new(password, username="jo", site="Balie")
