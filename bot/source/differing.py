"""What is other in a text than it was, short enough for a log."""

from __future__ import annotations

import difflib

MOST_LINES = 40
LONGEST_LINE = 200
"""Characters."""
MORE = "…"
"""Stands for what is left out."""


def differing_lines(before: str, after: str) -> list[str]:
    """The lines that differ, what went with "- " before it and what came with "+ ", in the text's order."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    found = [f"{line[0]} {line[1:]}" for line in list(lines)[2:] if not line.startswith("@@")]
    kept = [line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + MORE for line in found[:MOST_LINES]]
    return kept + [MORE] * (len(found) > MOST_LINES)
