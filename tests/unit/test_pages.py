"""What pages are made of, without a server: words, moments, links, transcript lines, review turns."""

from __future__ import annotations

import re
import string
from datetime import UTC
from pathlib import Path

import pytest

from bot.store.views import TimelineItem
from bot.web import numbers, times
from bot.web.templates import initials, linked
from bot.web.texts import TABLES, words
from handoff.desk.lines import lines_of
from handoff.review.common import window
from handoff.review.turns import parts_of, readable

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    [*ROOT.glob("bot/web/templates/*.html"), *ROOT.glob("handoff/*/templates/*.html")],
    key=lambda path: path.name,
)
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    'https://a.be/"onmouseover="alert(1)',
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
)


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_language_has_the_same_texts(language: str) -> None:
    assert TABLES[language].keys() == TABLES["nl"].keys()
    for key, text in TABLES["nl"].items():
        assert names_in(TABLES[language][key]) == names_in(text), key


def test_templates_use_only_texts_that_exist() -> None:
    for path in TEMPLATES:
        for how, key in re.findall(r"""\bt(\.counted)?\(\s*["']([a-z_.0-9]+)["']\s*[,)]""", path.read_text()):
            assert key in TABLES["nl"], f"{path.name}: {key}"
            assert not how or f"{key}_one" in TABLES["nl"], f"{path.name}: {key}"


def test_one_is_one_and_in_french_none_is_too() -> None:
    shown = {code: [words(code).counted("review.total", n) for n in (0, 1, 2)] for code in TABLES}
    assert shown == {
        "nl": ["0 gesprekken", "1 gesprek", "2 gesprekken"],
        "fr": ["0 conversation", "1 conversation", "2 conversations"],
        "en": ["0 conversations", "1 conversation", "2 conversations"],
    }
    assert words("nl").counted("figures.answers", 1200, n="1.200") == "1.200 antwoorden"


def test_no_line_breaks_before_a_sign_and_no_quote_is_a_typewriter_s() -> None:
    for language, table in TABLES.items():
        for key, text in table.items():
            assert not re.search(r" [;:!?»%]|« |\.\.\.|['\"]", text), f"{language} {key}"
            assert language != "fr" or not re.search(r"\w[;!?]", text), f"{language} {key}"


def test_numbers_are_written_as_in_each_language() -> None:
    assert [numbers.percent(0.483, code) for code in TABLES] == ["48\u00a0%", "48\u202f%", "48%"]
    assert [numbers.decimal(3.66, code) for code in TABLES] == ["3,7", "3,7", "3.7"]
    assert [numbers.whole(12345, code) for code in TABLES] == ["12.345", "12\u202f345", "12,345"]


def test_templates_have_no_inline_script_or_style() -> None:
    for path in TEMPLATES:
        page = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path.name
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", page), path.name


def test_unknown_text_is_an_error_and_unknown_name_is_itself() -> None:
    with pytest.raises(KeyError):
        words("nl")("no.such.key")
    assert words("fr").known("channel", "carrier_pigeon") == "carrier pigeon"


@pytest.mark.parametrize("ours", [False, True])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_links_in_text_stay_text(payload: str, ours: bool) -> None:
    html = str(linked(f"kijk op https://voorbeeld.be/a?b=1&c=2. {payload}", ours=ours))
    assert 'href="https://voorbeeld.be/a?b=1&amp;c=2"' in html
    assert html.count("<") == html.count("<a ") + html.count("</a>")
    assert not re.search(r"<a [^>]*\son", html)
    assert 'href="javascript' not in html


def test_an_article_of_the_help_centre_is_a_link_in_a_text_of_ours_only() -> None:
    text = "Zie /help/nl/reset-password. Of\n/help/fr/vpn, niet a/help/nl/x, /help/../desk of //help/nl/x"
    assert re.findall(r'href="([^"]*)"', linked(text, ours=True)) == [
        "/help/nl/reset-password",
        "/help/fr/vpn",
    ]
    assert 'rel="noopener noreferrer nofollow"' in linked(text, ours=True)
    assert linked(text) == text


def test_moments_in_words() -> None:
    noon = 1_790_000_000.0
    assert times.full(noon, noon, UTC, "nl") == f"vandaag om {times.clock(noon, UTC)}"
    assert times.short(noon - 86_400, noon, UTC, "fr").startswith("hier ")
    assert times.full(noon + 5 * 86_400, noon, UTC, "en").split(" at ")[0].split()[0] in times.DAYS["en"]
    assert [times.wait(s, "nl") for s in (0.2, 7.1, 59.9, 60, 61, 900)] == [
        "1 seconde", "8 seconden", "1 minuut", "1 minuut", "2 minuten", "15 minuten",
    ]  # fmt: skip
    assert [times.wait(2, each) for each in ("fr", "en")] == ["2 secondes", "2 seconds"]
    assert [times.span(s, "nl") for s in (5, 300, 3 * 3600 + 600, 90_000)] == [
        "nu",
        "5 min",
        "3 u 10 min",
        "1 d",
    ]


def test_initials() -> None:
    assert [initials(name) for name in ("Els Vermeulen", "els", "Karim El Amrani", "…")] == [
        "EV",
        "e",
        "KA",
        "?",
    ]


def item(
    seq: int, type_: str, turn: int, data: dict[str, object] | None = None, **content: object
) -> TimelineItem:
    return TimelineItem(seq, type_, 1_790_000_000.0 + seq, turn, dict(data or {}), dict(content) or None)


RECORD = [
    item(1, "user", 1, text="internet werkt niet"),
    item(2, "user", 1, text="bij niemand"),
    item(
        3,
        "understood",
        1,
        {"intent": "internet_down", "confidence": 0.8, "ranking": [["internet_down", 0.8]]},
    ),
    item(
        4,
        "decided",
        1,
        {"rule": "start_flow", "commands": [{"command": "StartFlow", "flow": "internet_down"}]},
    ),
    item(5, "bot", 1, {"replies": [{"title": "Ja", "payload": "/affirm"}]}, text="Klopt dat?"),
    item(6, "user", 2, text="ja", payload="/affirm"),
    item(7, "handoff", 2, {"team": "network", "reason": "asked"}),
    item(8, "user", 3, text="hallo?"),
    item(9, "owner", 2, {"deed": "claim", "from": "queue", "to": "agent", "agent_id": "u1"}),
    item(10, "agent", 2, {"name": "Els"}, text="Dag"),
    item(11, "note", 2, {"name": "Els"}, text="bel leverancier"),
    item(12, "owner", 2, {"deed": "to_bot", "from": "agent", "to": "bot", "agent_id": "u1"}),
    item(13, "user", 3, text="nog iets"),
    item(14, "bot", 3, text="Zeg maar."),
]


def test_lines_of_a_transcript() -> None:
    lines = lines_of(RECORD, {"u1": "Els"}, UTC)
    kinds = [line.kind for line in lines]
    assert kinds == ["customer", "customer", "bot", "customer", "event", "customer", "event", "agent", "note",
                     "event", "customer", "bot"]  # fmt: skip
    assert lines[0].new_day is not None
    assert lines[1].joined
    assert lines[2].replies[0].chosen
    assert lines[6].values["name"] == "Els"


@pytest.mark.parametrize(("heard", "key"), [(0, "line.heard_nothing"), (2, "line.heard_part")])
def test_how_much_of_it_a_caller_heard(heard: int, key: str) -> None:
    [line] = lines_of([item(7, "heard", 1, {"of": 6, "sentences": heard, "total": 3})], {}, UTC)
    assert (line.kind, line.key, line.values) == ("event", key, {"heard": heard, "total": 3})


def test_an_erased_message_is_said_to_be_erased() -> None:
    assert lines_of([item(1, "user", 1)], {}, UTC)[0].erased


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([{"article": "reset", "outcome": "shown"}, {"article": "vpn", "outcome": None}],
         "article: reset, outcome: shown · article: vpn"),
        (["a", ["b", 2]], "a · b · 2"), (True, "true"), (None, ""), ([], ""), ("[x]", "[x]"), (1.5, "1.5"), (2.0, "2"),
    ],
)  # fmt: skip
def test_values_are_read_without_programming(value: object, shown: str) -> None:
    assert readable(value) == shown


def test_parts_of_a_review() -> None:
    parts = parts_of(RECORD)
    assert [(part.person, [i.seq for i in part.items]) for part in parts] == [
        (False, [1, 2, 3, 4, 5]),
        (False, [6, 7]),
        (True, [8, 9, 10, 11, 12]),
        (False, [13, 14]),
    ]
    first = parts[0]
    assert [each.seq for each in first.asked] == [1, 2]
    assert first.meaning is not None
    assert (first.meaning.intent, first.rule, first.commands[0].name) == (
        "internet_down", "start_flow", "StartFlow",
    )  # fmt: skip
    assert [part.offered for part in parts] == [False] * 4


def test_a_turn_that_was_decided_on_unread_was_an_offered_reply() -> None:
    typed = item(1, "user", 1, text="laptop"), item(2, "decided", 1, {"rule": "offered_reply"})
    picture = item(3, "user", 2), item(4, "bot", 2, text="Bewaard.")
    assert [part.offered for part in parts_of([*typed, *picture])] == [True, False]


@pytest.mark.parametrize(
    ("at", "shown", "before", "after"),
    [
        (0, [1, 6], None, 8),
        (7, [1, 6], None, 8),
        (9, [8, 13], 1, None),
        (13, [8, 13], 1, None),
        (999, [8, 13], 1, None),
    ],
)
def test_a_page_of_a_long_conversation(
    at: int, shown: list[int], before: int | None, after: int | None
) -> None:
    found = window(parts_of(RECORD), at, 2)
    assert [part.items[0].seq for part in found.parts] == shown
    assert (found.before, found.after) == (before, after)


def test_a_page_of_nothing() -> None:
    assert window([], 5, 2).parts == []
