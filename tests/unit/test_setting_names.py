"""What the README and the messages call a setting is what the settings know it by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.app.config import Settings

ROOT = Path(__file__).parent.parent.parent
SPOKEN_OF = re.compile(r"\bBALIE_[A-Z][A-Z_]*[A-Z]\b")
OF_THE_TESTS = {"BALIE_TEST", "BALIE_BENCH_VAR"}


def _names(model: type[BaseModel], prefix: str = "BALIE_") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(prefix + name.upper())
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= _names(field.annotation, f"{prefix}{name.upper()}__")
    return found


@pytest.mark.parametrize("folder", ["bot", "channels", "handoff", "nlu", "data", "docs", "."])
def test_every_setting_that_is_named_exists(folder: str) -> None:
    files = [path for kind in ("md", "py", "yml", "html") for path in (ROOT / folder).glob(
        f"*.{kind}" if folder == "." else f"**/*.{kind}"
    )]  # fmt: skip
    named = {name for path in files for name in SPOKEN_OF.findall(path.read_text(encoding="utf-8"))}
    assert named - OF_THE_TESTS <= _names(Settings)
