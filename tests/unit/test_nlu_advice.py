"""What would make examples better is told with its place."""

from __future__ import annotations

from nlu.advice import FEW, advice
from nlu.formats import Example, NluData

WIFI = ["de wifi valt weg in de vergaderzaal", "geen draadloos netwerk meer op mijn laptop"]
SUBJECTS = [
    "scherm",
    "muis",
    "toner",
    "stoel",
    "lamp",
    "deur",
    "trap",
    "raam",
    "tafel",
    "kast",
    "doos",
    "boek",
    "pen",
    "map",
    "plant",
    "klok",
]


def said(*examples: tuple[str, str], language: str = "nl") -> list[str]:
    data = [
        Example(text, intent, language, file="a.yml", line=at)
        for at, (text, intent) in enumerate(examples, 1)
    ]
    return [str(problem) for problem in advice(NluData(data))]


def enough(intent: str, words: str) -> list[tuple[str, str]]:
    return [(f"{words} {subject}", intent) for subject in SUBJECTS[:FEW]]


def test_an_intent_with_few_examples_is_thin() -> None:
    [one] = said(*((text, "wifi") for text in WIFI))
    assert one.startswith("a.yml:1: the intent 'wifi' has 2 examples in nl.")


def test_nearly_the_same_is_told_once_under_the_later() -> None:
    found = said(("mijn wifi valt altijd weg", "wifi"), ("mijn wifi valt altijd weg!", "vpn"))
    [near] = [each for each in found if "is nearly" in each]
    assert near.startswith("a.yml:2: 'mijn wifi valt altijd weg!' is nearly")
    assert "which stands under wifi" in near


def test_short_answers_may_be_alike() -> None:
    assert not [each for each in said(("akkoord", "affirm"), ("niet akkoord", "deny")) if "nearly" in each]


def test_intents_that_are_said_alike_are_confusable() -> None:
    alike = [*enough("order", "ik wil graag bestellen:"), *enough("ask", "ik wil graag bestellen;")]
    found = said(*alike, *enough("move", "kunt u voor mij versleutelen met"))
    assert any(
        f"{FEW} of {FEW} examples of 'order' in nl are most like one of 'ask'" in each for each in found
    )
    assert not any("'move'" in each for each in found)


def test_of_one_or_no_example_nothing_can_be_compared() -> None:
    assert said() == []
    assert len(said(("hallo", "greet"))) == 1
