"""What Whisper makes up is told from what people say."""

from __future__ import annotations

import pytest

from bot.speech.loops import believable, spoken


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Nee nee nee, dat werkt niet.", 2.0),
        ("Mijn nummer is 0 0 0 0 0 7.", 3.0),
        ("Ja.", 0.3),
        ("Oui, oui, oui, c'est bien ça.", 1.5),
        ("Press 1 for sales, press 2 for support, press 3 to hear this again.", 5.0),
        ("de printer print niet en de scanner scant niet en de server serveert niet", 5.0),
    ],
)
def test_what_people_say_is_believed(text: str, seconds: float) -> None:
    assert believable(text, seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Bedankt voor het kijken. " * 3, 20.0),
        ("ja " * 12, 20.0),
        ("le bureau le bureau le bureau le bureau le bureau le bureau le bureau", 20.0),
        ("I would like to say that " * 8, 28.0),
        ("one two three four five six seven eight nine ten eleven twelve", 0.5),
    ],
)
def test_what_nobody_says_is_not(text: str, seconds: float) -> None:
    assert not believable(text, seconds)


def test_what_is_no_speech_is_left_out() -> None:
    assert spoken(" [Muziek] goeiedag (rires) ♪ *zucht* ") == "goeiedag"
