"""What must be masked, what must stay, and how long it may take."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.redact import CARD, NATIONAL, PASSWORD, redact

MASKS = (CARD, NATIONAL, PASSWORD)

SECRETS = [
    ("4111 1111 1111 1111", CARD),
    ("betaald met 4111-1111-1111-1111 op 12/26", f"betaald met {CARD} op 12/26"),
    ("4111.1111.1111.1111", CARD),
    ("41 11 11 11 11 11 11 11", CARD),
    ("20 4111111111111111", f"20 {CARD}"),
    ("378282246310005", CARD),
    ("3782 822463 10005", CARD),
    ("30569309025904", CARD),
    ("5555555555554444,", f"{CARD},"),
    ("6703 4444 4444 4449", CARD),
    ("BE68 5390 0754 7034 4111 1111 1111 1111", f"BE68 5390 0754 7034 {CARD}"),
    ("85.07.30-033.28", NATIONAL),
    ("rijksregister 85073003328.", f"rijksregister {NATIONAL}."),
    ("85 07 30 033 28", NATIONAL),
    ("850730-033-28", NATIONAL),
    ("00.05.12-123.66", NATIONAL),
    ("mijn wachtwoord is Zomer2024!", f"mijn wachtwoord is {PASSWORD}"),
    ("Mijn paswoord is dus azerty", f"Mijn paswoord is dus {PASSWORD}"),
    ("wachtwoord van mijn mail is hond", f"wachtwoord van mijn mail is {PASSWORD}"),
    (
        "mijn wachtwoord voor Outlook: Kat3!",
        f"mijn wachtwoord voor Outlook: {PASSWORD}",
    ),
    (
        "wachtwoord is Zomer maar dat werkt niet",
        f"wachtwoord is {PASSWORD} maar dat werkt niet",
    ),
    ("wachtwoord veranderd in Zomer2025", f"wachtwoord veranderd in {PASSWORD}"),
    ("ww: zomer", f"ww: {PASSWORD}"),
    ("login jan ww:Zomer2024!", f"login jan ww:{PASSWORD}"),
    ("mon mot de passe c'est Soleil2024", f"mon mot de passe c'est {PASSWORD}"),
    ("mon mot de passe c’est Soleil2024", f"mon mot de passe c’est {PASSWORD}"),
    ("mon mot de passe est : chaton", f"mon mot de passe est : {PASSWORD}"),
    ("mot de passe du wifi: Soleil123", f"mot de passe du wifi: {PASSWORD}"),
    ("mdp soleil24", f"mdp {PASSWORD}"),
    ("password: hunter2", f"password: {PASSWORD}"),
    ("pwd=abc&x=y", f"pwd={PASSWORD}"),
    ("my password's hunter2", f"my password's {PASSWORD}"),
    ('my password is "correct horse"', f'my password is "{PASSWORD}"'),
    ('{"password": "hunter2", "a": 1}', f'{{"password": "{PASSWORD}", "a": 1}}'),
    ("my password is P@ssw0rd!", f"my password is {PASSWORD}"),
    ("pincode 1234", f"pincode {PASSWORD}"),
    ("mijn PIN is 4821.", f"mijn PIN is {PASSWORD}."),
    ("de pin van mijn kaart is 4821", f"de pin van mijn kaart is {PASSWORD}"),
    ("code pin : 4821", f"code pin : {PASSWORD}"),
]

KEPT = [
    "",
    "mijn wachtwoord werkt niet",
    "mijn wachtwoord is vergeten",
    "mijn wachtwoord is verlopen sinds vandaag",
    "Mijn wachtwoord is niet juist, denk ik",
    "wachtwoord: ik ben het kwijt",
    "ik moet mijn wachtwoord 3 keer ingeven",
    "wachtwoord is al drie keer fout",
    "wachtwoord office365 werkt niet",
    "wachtwoord fout: 0x80070005",
    "wachtwoord voor outlook geeft fout: 0x80070005",
    "my password is not working",
    "my password is expired",
    "password reset error 53003",
    "mon mot de passe est bloqué depuis ce matin",
    "mot de passe oublié",
    "mijn PIN werkt niet",
    "ik heb een nieuwe pincode nodig",
    "0470 12 34 56",
    "0470/12.34.56 of 02 123 45 67",
    "+32 470 12 34 56",
    "+32 (0)470 12 34 56",
    "0032470123456",
    "32470123456",
    "+49 1512 3456789",
    "bel 0470 12 34 56 of 0471 22 33 44",
    "BE68 5390 0754 7034",
    "FR76 3000 6000 0112 3456 7890 189",
    "ticket 1001, #123456",
    "fout 0x80070057 en KB5034441 en 0x0000007E",
    "IMEI 356938035643809",
    "192.168.100.200 poort 8080",
    "2026-11-23 14:05:33.123456",
    "c0ffee00-4111-1111-a111-111111111111",
    "gewoon een zin zonder geheimen",
]


@pytest.mark.parametrize(("text", "masked"), SECRETS)
def test_secrets_are_masked(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_ordinary_text_is_kept(text: str) -> None:
    assert redact(text) == text


def _luhn(digits: str) -> str:
    total = sum(
        (int(d) * 2 - 9 if int(d) > 4 else int(d) * 2) if i % 2 == 0 else int(d)
        for i, d in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


cards = st.one_of(
    st.from_regex(r"4[0-9]{14}", fullmatch=True),
    st.from_regex(r"5[1-5][0-9]{13}", fullmatch=True),
    st.from_regex(r"3[47][0-9]{12}", fullmatch=True),
).map(_luhn)
nationals = st.tuples(
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(1, 997),
    st.booleans(),
).map(lambda t: f"{t[0]:02}{t[1]:02}{t[2]:02}{t[3]:03}" + ("*" if t[4] else ""))
SEPARATORS = ["", " ", "-", "."]


@given(
    cards,
    st.sampled_from(SEPARATORS),
    st.sampled_from(["", "kaart ", "n° "]),
    st.sampled_from(["", ".", " aub"]),
)
def test_every_valid_card_is_masked(card: str, separator: str, before: str, after: str) -> None:
    sizes = (4, 6, 5) if len(card) == 15 else (4, 4, 4, 4)
    parts: list[str] = []
    at = 0
    for size in sizes:
        parts.append(card[at : at + size])
        at += size
    assert redact(before + separator.join(parts) + after) == before + CARD + after


@given(
    nationals,
    st.sampled_from(["{}", "{}.{}.{}-{}.{}", "{} {} {} {} {}", "{}{}{} {} {}"]),
)
def test_every_valid_national_number_is_masked(number: str, form: str) -> None:
    later = number.endswith("*")  # born from 2000 on
    number = number.rstrip("*")
    number += f"{97 - int(('2' if later else '') + number) % 97:02}"
    parts = (number[:2], number[2:4], number[4:6], number[6:9], number[9:])
    assert redact(form.format(number) if form == "{}" else form.format(*parts)) == NATIONAL


PIECES = """
ww: wachtwoord is password mdp pin : = ' " [ ] abc1 hond Zomer2024! en c'est + van op pass
4111 1111 1234 BE68 85.07.30 033.28 4111111111111111 85073003328
"""
words = st.sampled_from([*PIECES.split(), *MASKS])


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(words, max_size=14).map(" ".join),
        st.lists(words, max_size=8).map("".join),
    )
)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "1 ",
        "ww: ",
        "password is a ",
        "4111 ",
        "wachtwoord van ",
        "BE68 5390 0754 7034 ",
        'ww: "',
        "pin   ",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def cost(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(3):
            begin = time.thread_time()
            redact(text)
            best = min(best, time.thread_time() - begin)
        return best

    if piece == "a":
        assert cost(50_000) < 0.05
    assert cost(50_000) < 0.15
    assert cost(50_000) < 25 * max(cost(5_000), 0.0005)
