"""What the README and the messages call a setting is what the settings know it by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.app.config import unknown_settings

ROOT = Path(__file__).parent.parent.parent
SPOKEN_OF = re.compile(r"\bBALIE_[A-Z][A-Z_]*[A-Z]\b")


@pytest.mark.parametrize("folder", ["bot", "channels", "handoff", "nlu", "data", "docs", "."])
def test_every_setting_that_is_named_exists(folder: str) -> None:
    files = [path for kind in ("md", "py", "yml", "html") for path in (ROOT / folder).glob(
        f"*.{kind}" if folder == "." else f"**/*.{kind}"
    )]  # fmt: skip
    named = {name for path in files for name in SPOKEN_OF.findall(path.read_text(encoding="utf-8"))}
    assert unknown_settings(dict.fromkeys(named, ""), Path("no.toml")) == []
