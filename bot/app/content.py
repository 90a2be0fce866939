"""Opens the files of a pack. What they mean is read by the pure parts."""

from __future__ import annotations

from pathlib import Path

from bot.dialogue import check
from bot.dialogue.pack import Pack
from bot.model.errors import ConfigError, ContentError, Problem
from bot.source.files import read_text

DEFAULT_DATA = Path(__file__).resolve().parent.parent.parent / "data"
"""The pack that Balie ships."""


def read_files(data: Path, *patterns: str) -> dict[str, str]:
    """The texts of the files under `data` that match, by their path in the pack; raises `ContentError`."""
    texts, problems = readable_files(data, *patterns)
    if problems:
        raise ContentError(problems)
    return texts


def readable_files(data: Path, *patterns: str) -> tuple[dict[str, str], list[Problem]]:
    """As `read_files`, of those that can be read; and what is wrong with the others."""
    if not data.is_dir():
        raise ConfigError(f"there is no folder {data}; name the pack's folder with --data or BALIE_DATA")
    paths = {path for pattern in patterns for path in data.glob(pattern) if path.is_file()}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(paths):
        name = path.relative_to(data).as_posix()
        try:
            texts[name] = read_text(path, name)
        except ContentError as error:
            problems.extend(error.problems)
    return texts, problems


DIALOGUE = ("config.yml", "domain.yml", "domain/**/*.yml", "flows/**/*.yml")
ARTICLES = ("kb/*/*.md",)
POLICY = ("policy/*.yml",)
CONVERSATIONS = ("conversations/**/*.yml",)
"""Where the parts of a pack stand; `nlu` looks for its own."""


def load_pack(data: Path) -> Pack:
    """The dialogue part of a pack: settings, domain and flows; raises `ContentError`."""
    return check.load(read_files(data, *DIALOGUE))
