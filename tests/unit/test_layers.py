"""Every module stands in a layer: import-linter checks only what it is told about."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("bot", "channels", "nlu", "handoff")


def layers() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [contract] = [each for each in settings if each["type"] == "layers"]
    return {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}


def test_every_module_stands_in_a_layer() -> None:
    known = layers()
    modules = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    homeless = sorted(
        module
        for module in modules
        if module not in ("bot", "handoff")
        and not any(f"{module}.".startswith(f"{layer}.") for layer in known)
    )
    assert homeless == []


def test_every_layer_exists() -> None:
    missing = [
        layer
        for layer in sorted(layers())
        if not (ROOT / layer.replace(".", "/")).is_dir()
        and not (ROOT / f"{layer.replace('.', '/')}.py").is_file()
    ]
    assert missing == []


def test_codecs_are_all_named_in_the_rule_that_keeps_them_pure() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = {
        name for each in settings if each["name"] == "codecs are pure" for name in each["source_modules"]
    }
    codecs = (ROOT / "channels").glob("*/*codec.py")
    assert named == {f"channels.{path.parent.name}.{path.stem}" for path in codecs}
