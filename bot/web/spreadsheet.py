"""Tables as CSV files that a spreadsheet opens rightly: text stays text, whoever wrote it. Reads none.

Semicolons, a byte order mark and, in Dutch and French, decimal commas are what Excel expects on a Belgian
machine: there a comma is the decimal sign, so that a file with commas opens as one column. What could be
taken for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

Cell = str | int | float | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DECIMAL = {"nl": ",", "fr": ",", "en": "."}


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def csv_text(rows: Iterable[Sequence[Cell]], language: str) -> str:
    """The file's text, without the byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(each, language) for each in row])
    return out.getvalue()


def _cell(value: Cell, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", _DECIMAL.get(language, "."))
    return defused(value) if isinstance(value, str) else str(value)


def download(rows: Iterable[Sequence[Cell]], language: str, name: str) -> web.Response:
    """The file, to be saved under a name of ASCII letters."""
    return web.Response(
        body=csv_text(rows, language).encode("utf-8-sig"),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "no-store",
        },
    )
