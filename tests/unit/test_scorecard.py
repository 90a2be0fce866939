"""The scorecard's file: what it may say, and how mistakes are told."""

from __future__ import annotations

import pytest

from bot.app.content import DEFAULT_DATA, POLICY, read_files
from bot.model.errors import ContentError
from handoff.scorecard import Scorecard, load_scorecard

TONE = """\
criteria:
  tone:
    name: {nl: Toon, fr: Ton, en: Tone}
    lowest: {nl: koel, fr: froid, en: cold}
    highest: {nl: warm, fr: chaleureux, en: warm}
"""


def test_the_shipped_criteria_are_those_of_the_trade_in_every_language() -> None:
    card = load_scorecard(read_files(DEFAULT_DATA, *POLICY))
    assert [each.name for each in card.criteria] == [
        "listened", "problem_read_back", "solution_fit", "tone", "privacy",
    ]  # fmt: skip
    for criterion in card.criteria:
        for texts in (criterion.labels, criterion.lowest, criterion.highest):
            assert texts.keys() == {"nl", "fr", "en"}


def test_names_for_people() -> None:
    card = load_scorecard({"policy/scorecards.yml": TONE})
    assert card.label("tone", "fr") == "Ton"
    assert card.label("tone", "de") == "Toon"
    assert card.label("old_one", "nl") == "old one"
    [tone] = card.criteria
    assert [tone.meaning(score, "fr") for score in (1, 3, 5)] == ["froid", "", "chaleureux"]


def test_a_pack_without_the_file_has_no_scorecard() -> None:
    assert load_scorecard({"policy/teams.yml": "x"}) == Scorecard()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"scorecards\.yml:1.*criteria"),
        ("criteria: {}", "at least 1"),
        (TONE.replace("{nl: Toon, fr: Ton, en: Tone}", "{}"), r"scorecards\.yml:3.*no text"),
        (TONE.replace("koel", '" "'), r"scorecards\.yml:4.*no text"),
        (TONE.replace("  tone:", "  Tone of voice:"), "not a name for a criterion"),
        (TONE.replace("lowest", "low"), "low"),
        (TONE + "scale: 10\n", "scale"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, told: str) -> None:
    with pytest.raises(ContentError, match=told):
        load_scorecard({"policy/scorecards.yml": text})
