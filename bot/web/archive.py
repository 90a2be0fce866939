"""All that is kept of a person as one ZIP file that people can read: an overview, every conversation and
ticket as text, their pictures, and everything once more as JSON. Pure: from rows to bytes."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

import orjson

from bot.service.persons import Kept
from bot.web import times
from bot.web.texts import Words, words

Row = Mapping[str, Any]

SPEAKERS = {"user": "who.customer", "bot": "who.bot", "system": "who.system", "agent": "who.agent"}


class _Writer:
    """Writes in one language, with the helpdesk's own clock."""

    def __init__(self, kept: Kept, language: str, zone: tzinfo) -> None:
        self.kept = kept
        self.t: Words = words(language)
        self._language = language
        self._zone = zone
        self._events: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows("events"):
            self._events[row["conversation_id"]].append(row)
        self._contents = {
            (row["conversation_id"], row["seq"]): row["content"] for row in self.rows("contents")
        }

    def rows(self, table: str) -> Sequence[Row]:
        return self.kept.tables.get(table, ())

    def when(self, at: float | None) -> str:
        if at is None:
            return "-"
        then = times.moment(at, self._zone)
        return f"{times.day(then.date(), self._language)} {times.clock(at, self._zone)}"

    def overview(self) -> Iterator[str]:
        """Who it is, and what there is."""
        t = self.t
        yield t("archive.title")
        yield t("archive.made", when=self.when(self.kept.at))
        yield ""
        for row in self.rows("customers"):
            for key in ("name", "email", "phone"):
                if row[key]:
                    yield f"{t(f'archive.{key}')}: {row[key]}"
        for row in self.rows("identities"):
            how = "archive.verified" if row["verified_at"] else "archive.claimed"
            yield f"{t('archive.known_by')}: {row['value']} ({t(how)})"
        for row in self.rows("customer_notes"):
            yield f"{t('archive.note')}, {self.when(row['at'])}: {row['text']}"
        yield ""
        yield t("archive.conversations", n=len(self.rows("conversations")))
        for row in self.rows("conversations"):
            yield f"  {self.when(row['created_at'])}  {t.known('channel', row['channel'])}  {_file(row)}"
        yield t("archive.tickets", n=len(self.rows("tickets")))
        for row in self.rows("tickets"):
            status = t.known("ticket_status", row["status"])
            yield f"  {self.when(row['created_at'])}  #{row['number']}  {status}  {row['summary']}"
        yield ""
        yield t("archive.json")

    def conversation(self, row: Row) -> Iterator[str]:
        """What was said, in order, with the notes and what was filled in."""
        t, id_ = self.t, row["id"]
        yield f"{t.known('channel', row['channel'])}, {self.when(row['created_at'])}  ({id_})"
        if row["erased_at"]:
            yield f"{t('line.erased')}: {self.when(row['erased_at'])}"
        yield ""
        for event in self._events[id_]:
            if line := self._line(event, self._contents.get((id_, event["seq"]))):
                yield f"{self.when(event['at'])}  {line}"

    def _line(self, event: Row, content: Mapping[str, Any] | None) -> str:
        t, type_ = self.t, event["type"]
        text = str((content or {}).get("text") or (content or {}).get("payload") or "")
        if type_ in SPEAKERS:
            said = [text, *(f"[{_picture(each)}]" for each in (content or {}).get("attachments") or ())]
            return f"{t(SPEAKERS[type_])}: {' '.join(filter(None, said)) if content else t('line.erased')}"
        if type_ == "note":
            return f"{t('who.note', name=event['data'].get('name') or '?')}: {text}"
        values = [str(value) for value in (content or {}).values() if value not in (None, "", [], {})]
        return f"  [{t.known('did', type_)}] {event['name'] or ''}: {', '.join(values)}" if values else ""

    def ticket(self, row: Row) -> Iterator[str]:
        """Its fields."""
        t = self.t
        yield f"#{row['number']}  {t.known('ticket_status', row['status'])}  {self.when(row['created_at'])}"
        for key in ("customer", "contact", "summary"):
            if row[key]:
                yield f"{t(f'archive.{key}')}: {row[key]}"
        for fact in (row["facts"] or {}).values():
            yield f"{fact.get('label')}: {fact.get('value')}"
        for step in row["steps_tried"] or ():
            yield f"{t('ticket.steps')}: {step.get('title')} ({t.known('outcome', step.get('outcome'))})"
        for check in row["checks"] or ():
            yield f"{t('ticket.checks')}: {check.get('name')} {check.get('target')}: {check.get('found')}"
        for note in row["notes"] or ():
            yield f"{t('archive.note')}: {note}"
        if row["solution"]:
            yield f"{t('archive.solution')}: {row['solution']}"


def archive(kept: Kept, language: str, zone: tzinfo) -> bytes:
    """The ZIP file."""
    writer = _Writer(kept, language, zone)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(writer.t("archive.overview_file"), _text(writer.overview()))
        for row in writer.rows("conversations"):
            file.writestr(_file(row), _text(writer.conversation(row)))
        for row in writer.rows("tickets"):
            file.writestr(f"tickets/{row['number']}.txt", _text(writer.ticket(row)))
        for row in writer.rows("attachments"):
            file.writestr(_picture(row), kept.files[row["blob"]], zipfile.ZIP_STORED)
        whole = {"at": kept.at, "tables": kept.tables}
        file.writestr("data.json", orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    return made.getvalue()


def _file(conversation: Row) -> str:
    safe = "".join(letter for letter in str(conversation["id"]) if letter.isalnum() or letter in "-_")
    return f"conversations/{safe}.txt"


def _picture(row: Row) -> str:
    """Where a picture is in the file, by the start of its id; names come more than once."""
    return f"pictures/{row['id'][:8]}-{row['name']}"


def _text(lines: Iterator[str]) -> str:
    return "\r\n".join(lines) + "\r\n"
