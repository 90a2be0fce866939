"""Rows of a table that a benchmark prints, of one pipeline or of several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Line:
    """One row of the table."""

    name: str
    cells: dict[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return f"{self.name:<28}" + "  ".join(f"{key} {value}" for key, value in self.cells.items())


def beside(lines: Sequence[Line]) -> Line:
    """The same cells of several pipelines in one row."""
    cells = {key: " | ".join(line.cells[key] for line in lines) for key in lines[0].cells}
    return Line(lines[0].name, cells)
