"""The look, held to its word: contrast in both themes, and one set of colours for pages and widget."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.web import widget
from bot.web.assets import FOLDER
from handoff.desk import arrivals, lines
from hatch_build import ICONS

TOKENS = (FOLDER / "css" / "tokens.css").read_text()
STYLE = (FOLDER / "widget" / "style.js").read_text()
THEMES = ("light", "dark")


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", css))


def tokens(theme: str) -> dict[str, str]:
    light = colours(TOKENS.partition("@media")[0])
    return (
        light if theme == "light" else {**light, **colours(TOKENS.partition(':root[data-theme="dark"]')[2])}
    )


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


TEXT_ON = [
    *((text, ground) for text in ("text", "muted", "link")
      for ground in ("bg", "surface", "sunken", "hover")),
    *(("on-accent", ground) for ground in ("accent", "accent-hover")),
    ("accent-soft-text", "accent-soft"),
    ("accent", "surface"),
    ("note-text", "note"),
    ("text", "mark"),
    *((f"{kind}-text", ground) for kind in ("success", "warning", "danger", "info")
      for ground in (f"{kind}-soft", "surface", "bg")),
    *(("on-strong", kind) for kind in ("success", "warning", "danger", "info")),
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    palette = tokens(theme)
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["bg", "surface", "sunken"])
@pytest.mark.parametrize("line", ["border-strong", "focus"])
def test_controls_and_focus_can_be_seen(theme: str, line: str, ground: str) -> None:
    palette = tokens(theme)
    assert contrast(palette[line], palette[ground]) >= 3


def test_the_two_dark_blocks_say_the_same() -> None:
    by_system = TOKENS.partition('not([data-theme="light"])')[2].partition(':root[data-theme="dark"]')[0]
    assert colours(by_system) == colours(TOKENS.partition(':root[data-theme="dark"]')[2])


@pytest.mark.parametrize("theme", THEMES)
def test_the_widget_has_the_pages_colours(theme: str) -> None:
    block = re.search(rf"const {theme.upper()} = `(.*?)`", STYLE, re.DOTALL)
    assert block
    own = colours(re.sub(r"var\(--[\w-]+, (#\w{6})\)", r"\1", block[1]))
    shared = {name: value for name, value in own.items() if name in tokens(theme)}
    assert len(shared) > 15
    assert shared == {name: tokens(theme)[name] for name in shared}
    assert contrast(own["on-own"], own["own"]) >= 4.5 if theme == "dark" else "own" not in own
    if theme == "dark":
        assert contrast(own["on-head"], own["head"]) >= 4.5


def test_base_css_uses_only_colours_that_exist() -> None:
    known = set(re.findall(r"(--[\w-]+):", TOKENS)) | {"--value"}
    for sheet in (FOLDER / "css").glob("*.css"):
        own = set(re.findall(r"(--[\w-]+):", sheet.read_text()))
        assert set(re.findall(r"var\((--[\w-]+)", sheet.read_text())) <= known | own, sheet.name


def test_the_joined_widget_is_one_plain_script() -> None:
    script = widget.source()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert script.startswith("(() => {")
    for part in widget.PARTS:
        assert (FOLDER / "widget" / f"{part}.js").is_file()
    assert {path.stem for path in (FOLDER / "widget").glob("*.js")} == set(widget.PARTS)


def test_no_two_parts_of_the_widget_name_the_same_thing() -> None:
    names = re.findall(r"^(?:const|let|class|function) (\w+)", widget.source(), re.MULTILINE)
    names += re.findall(r"^const \{ ([\w, ]+) \}", widget.source(), re.MULTILINE)
    assert len(names) > 30
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("]
)
def test_nothing_that_anybody_wrote_is_read_as_markup(word: str) -> None:
    assert word not in widget.source()


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    root = Path(__file__).parents[2]
    templates = [path for part in ("bot", "handoff") for path in (root / part).rglob("templates/*.html")]
    named = {
        name for path in templates for name in re.findall(r"\bicon\(['\"]([\w-]+)", path.read_text("utf-8"))
    }
    named |= {*arrivals.ICONS.values(), *lines._DEED_ICONS.values()}  # pyright: ignore[reportPrivateUsage]
    assert len(named) > 50
    assert named - set(ICONS) == set()
