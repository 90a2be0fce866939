"""Opens content files. What is in them is read by others."""

from __future__ import annotations

from pathlib import Path

from bot.model.errors import ContentError, Problem

MAX_BYTES = 20_000_000


def read_text(path: Path, name: str) -> str:
    """The text of a file; raises `ContentError` when it is none. `name` is its path in the pack."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ContentError([Problem(name, 1, f"the file cannot be read ({error.strerror})")]) from None
    if len(raw) > MAX_BYTES:
        raise ContentError([Problem(name, 1, "the file is larger than 20 MB", "Split it.")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        mend = "Save the file as UTF-8."
        raise ContentError([Problem(name, line, "this is not UTF-8 text", mend)]) from None
