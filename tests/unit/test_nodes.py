"""YAML as people mean it: what a scalar is, what a value must be, and that both of PyYAML's loaders agree."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app.content import DEFAULT_DATA
from bot.model.errors import Problem
from bot.source.nodes import LOADER, PURE, Node, parse
from tests.engine_talk import SMALL

SCALARS: dict[str, Any] = {
    "no": "no", "yes": "yes", "on": "on", "off": "off", "ja": "ja", "true": True, "False": False,
    "5": 5, "-5": -5, "0": 0, "0471": "0471", "0x80070005": "0x80070005", "1_000": "1_000", "1.50": 1.5,
    ".5": 0.5, "5.": 5.0, "1e-3": 0.001, "12:30": "12:30", "190:20:30": "190:20:30", ".inf": ".inf", "~": None,
    "null": None, "": None, "2026-11-23": datetime.date(2026, 11, 23), "2026-11-23 08:00": "2026-11-23 08:00",
    "'5'": "5", '"null"': "null", "'true'": "true",
}  # fmt: skip

BROKEN = {
    "a: [": (1, "not YAML"),
    "a: b: c": (1, "not YAML"),
    "a: 1\na: 2": (2, "the key 'a' stands twice"),
    "a: 1\n? [b]\n: 2": (2, "where a key must be"),
    "\na: 2026-13-01": (2, "cannot be read"),
    "a: !secret x": (1, "the tag !secret is not known"),
    "a: &here [*here]": (1, "contains itself"),
    "a: \x00": (1, "not YAML"),
}


def read(text: str) -> tuple[Node, list[Problem]]:
    problems: list[Problem] = []
    return parse(text, "file.yml", problems), problems


@pytest.mark.parametrize("loader", [LOADER, PURE])
@pytest.mark.parametrize(("written", "meant"), SCALARS.items())
def test_a_scalar_is_what_people_mean(written: str, meant: Any, loader: type[Any]) -> None:
    problems: list[Problem] = []
    found = parse(f"a: {written}", "file.yml", problems, loader)["a"].raw
    assert (found, type(found), problems) == (meant, type(meant), [])


@pytest.mark.parametrize("loader", [LOADER, PURE])
@pytest.mark.parametrize(("text", "told"), BROKEN.items())
def test_broken_yaml_is_told_with_its_line(text: str, told: tuple[int, str], loader: type[Any]) -> None:
    problems: list[Problem] = []
    parse(text, "file.yml", problems, loader)
    assert any(each.line >= told[0] and told[1] in each.what for each in problems), problems


def test_the_content_is_the_same_without_the_loader_in_c() -> None:
    files = [path for folder in (DEFAULT_DATA, SMALL) for path in Path(folder).rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        text = path.read_text("utf-8")
        if path.suffix == ".md":
            text = text.split("\n---\n")[0]
        problems: list[Problem] = []
        quick = parse(text, path.name, problems, LOADER)
        assert (parse(text, path.name, problems, PURE), problems) == (quick, []), path


def test_a_value_that_is_not_what_it_must_be_is_told_and_neutral() -> None:
    node, problems = read("a: [x]\nb: {c: d}\ne: x\nf: 7\ng: true\n")
    neutral = (
        node["a"].text(), node["b"].text("d"), node["e"].elements(), node["e"].entries(), node["e"].number(3),
        node["g"].number(None), node["f"].flag(), node["f"].texts(), node["a"].named_texts(),
    )  # fmt: skip
    assert neutral == ("", "d", [], [], 3, None, False, (), {})
    assert [(each.line, each.what) for each in problems] == [
        (1, "'a' is a list and must be a text"),
        (2, "'b' is 'key: value' pairs and must be a text"),
        (3, "'e' is a text and must be a list"),
        (3, "'e' is a text and must be 'key: value' pairs"),
        (3, "'e' is a text and must be a number"),
        (5, "'g' is true or false and must be a number"),
        (4, "'f' is a number and must be true or false"),
        (4, "'f' is a number and must be a list"),
        (1, "'a' is a list and must be 'key: value' pairs"),
    ]
    assert all(each.mend for each in problems)


def test_what_is_not_there_or_null_is_neutral_and_no_mistake() -> None:
    node, problems = read("a:\nb: null\n")
    for found in (node["a"], node["b"], node["c"], node["c"]["d"]):
        assert (found.text("x"), found.number(2), found.flag(True)) == ("x", 2, True)
        assert (found.elements(), found.entries(), found.plain()) == ([], [], None)
    assert problems == []


def test_a_text_is_as_it_was_written() -> None:
    node, problems = read("a: 1.50\nb: true\nc: 2026-11-23\nd: 'x'\n")
    assert list(node.named_texts().values()) == ["1.50", "true", "2026-11-23", "x"]
    assert node["c"].plain() == "2026-11-23"
    assert problems == []


def test_a_number_keeps_within_its_bounds() -> None:
    node, problems = read("a: 7\nb: 1e400\n")
    assert (node["a"].number(0, 1, 5), node["b"].number(0)) == (0, 0)
    assert [each.mend for each in problems] == [
        "Write a number from 1 to 5.",
        "Write a number from -1e+12 to 1e+12.",
    ]


def test_the_lines_of_a_block_begin_below_its_mark() -> None:
    node, _ = read("a: |\n  x\n  y\nb: z\n")
    assert list(node["a"].lines())[:2] == [(2, "x"), (3, "y")]
    assert list(node["b"].lines()) == [(4, "z")]
