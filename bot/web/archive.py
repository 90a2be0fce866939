"""All that is kept of a person as one ZIP file that people can read: a letter, every conversation and ticket
as text, their pictures, and everything once more as JSON. Pure: from rows to bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import tzinfo

import orjson

from bot.dialogue.pack import Pack
from bot.service.persons import Kept
from bot.web.letter import Letter, picture_file, ticket_file


def archive(kept: Kept, language: str, zone: tzinfo, pack: Pack) -> bytes:
    """The ZIP file; the pack has the words for what was filled in."""
    letter = Letter(kept, language, zone, pack)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(letter.t("archive.letter_file"), _text(letter.letter()))
        for row in letter.rows("conversations"):
            file.writestr(letter.place(row), _text(letter.conversation(row)))
        for row in letter.rows("tickets"):
            file.writestr(ticket_file(row), _text(letter.ticket(row)))
        for row in letter.rows("attachments"):
            file.writestr(picture_file(row), kept.files[row["blob"]], zipfile.ZIP_STORED)
        whole = {"at": kept.at, "tables": kept.tables}
        file.writestr("data.json", orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    return made.getvalue()


def _text(lines: Iterator[str]) -> str:
    return "\r\n".join(lines) + "\r\n"
