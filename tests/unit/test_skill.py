"""How well a customer knows computers is read from what they say of themselves, then from their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.content import DEFAULT_DATA, load_pack
from bot.dialogue.pack import Pack
from bot.dialogue.skill import ADVANCED, BASIC, Sign, sign_of


@pytest.fixture(scope="module")
def shipped() -> Pack:
    return load_pack(DEFAULT_DATA)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ik ben geen computermens, dus rustig aan a.u.b.", "nl", Sign(BASIC, True)),
        ("Niet zo handig met computers, sorry", "nl", Sign(BASIC, True)),
        ("ik ben zelf technisch onderlegd", "nl", Sign(ADVANCED, True)),
        ("je ne m'y connais pas trop", "fr", Sign(BASIC, True)),
        ("Je n'y connais rien !", "fr", Sign(BASIC, True)),
        ("je suis informaticienne", "fr", Sign(ADVANCED, True)),
        ("je ne suis pas informaticienne", "fr", Sign(BASIC, True)),
        ("I'm not a techie", "en", Sign(BASIC, True)),
        ("I’m a sysadmin myself", "en", Sign(ADVANCED, True)),
        ("DHCP geeft niets en de ping naar de gateway gaat ook niet", "nl", Sign(ADVANCED, False)),
        ("je n'ai pas d'adresse IP, le DNS non plus", "fr", Sign(ADVANCED, False)),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "en", None),
        ("mijn printer doet niets", "nl", None),
        ("ping ping ping", "en", None),
        ("", "nl", None),
    ],
)
def test_a_message_tells_it_or_not(shipped: Pack, text: str, language: str, expected: Sign | None) -> None:
    assert sign_of(text, shipped.words, language) == expected


@given(st.text(max_size=300))
def test_any_text_may_be_asked(text: str) -> None:
    assert sign_of(text, {}, "nl") is None


def test_the_packs_words_are_written_as_they_are_compared(shipped: Pack) -> None:
    from bot.dialogue.words import normal

    listed = [
        word
        for kind in ("layman", "expert", "jargon")
        for words in shipped.words[kind].values()
        for word in words
    ]
    assert [word for word in listed if normal(word) != word] == []
