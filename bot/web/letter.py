"""What is kept of a person, told to that person: a letter, and every conversation and ticket to read. Pure:
from rows to lines of text. What only machines know is left out; the file beside it has that too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from bot.dialogue.pack import Pack
from bot.service.persons import Kept
from bot.web import times
from bot.web.texts import Words, words
from bot.web.ticket_words import field_words, value_words
from bot.web.told import told

Row = Mapping[str, Any]

SPEAKERS: Mapping[str, str] = {
    "user": "archive.you",
    "bot": "who.bot",
    "system": "who.system",
    "agent": "who.agent",
}
EXTRAS: Mapping[str, str] = {
    "callback_phone": "callback_phone",
    "callback_moment": "callback_moment",
    "satisfaction": "csat_score",
    "satisfaction_comment": "csat_comment",
}
"""What else a ticket has, and the pack's name for it."""


class Letter:
    """Writes in one language, with the helpdesk's own clock and the pack's own words."""

    def __init__(self, kept: Kept, language: str, zone: tzinfo, pack: Pack) -> None:
        self.kept = kept
        self.t: Words = words(language)
        self._language, self._zone, self._pack = language, zone, pack
        self._places = {row["id"]: place for place, row in enumerate(self.rows("conversations"), 1)}
        self._contents = {
            (row["conversation_id"], row["seq"]): row["content"] for row in self.rows("contents")
        }
        self._of: defaultdict[tuple[str, Any], list[Row]] = defaultdict(list)
        for table, key in (("events", "conversation_id"), ("ticket_changes", "number"), *_BESIDE_KEYS):
            for row in self.rows(table):
                self._of[table, row[key]].append(row)

    def rows(self, table: str) -> Sequence[Row]:
        """What is kept in a table; the oldest conversations and tickets first."""
        rows = self.kept.tables.get(table, ())
        return (
            sorted(rows, key=lambda row: row["created_at"]) if table in ("conversations", "tickets") else rows
        )

    def when(self, at: float) -> str:
        """A day and a time."""
        day = times.day(times.moment(at, self._zone).date(), self._language)
        return self.t("archive.when", day=day, clock=times.clock(at, self._zone))

    # ── the letter ────────────────────────────────────────────────────────────────────────────────────────

    def letter(self) -> Iterator[str]:
        """Who it is, and what there is."""
        t, name = self.t, self._name()
        yield t("archive.dear", name=name) if name else t("archive.dear_customer")
        yield ""
        yield t("archive.made", when=self.when(self.kept.at))
        yield from self._part("archive.who", self._who())
        yield from self._part("archive.noted", self._notes())
        yield from self._part("archive.conversations", self._conversations())
        yield from self._part("archive.tickets", self._tickets())
        yield ""
        yield t("archive.json")
        yield ""
        yield t("archive.rights")
        yield ""
        yield t("archive.greeting")
        yield t("archive.helpdesk")

    def _name(self) -> str:
        names = [row["name"] for row in self.rows("customers")]
        names += [row["customer"] for row in reversed(self.rows("tickets"))]
        return next((name for name in names if name), "")

    def _part(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        found = list(lines)
        if found:
            yield from ("", self.t(title), *(f"- {line}" for line in found))

    def _who(self) -> Iterator[str]:
        for row in self.rows("customers"):
            for key in ("name", "email", "phone"):
                if row[key]:
                    yield self._fact(self.t(f"archive.{key}"), row[key])
        for row in self.rows("identities"):
            how = self.t("archive.verified" if row["verified_at"] else "archive.claimed")
            yield self._fact(self.t("archive.known_by"), f"{row['value']} ({how})")

    def _notes(self) -> Iterator[str]:
        for row in self.rows("customer_notes"):
            yield self._fact(self.when(row["at"]), row["text"])

    def _conversations(self) -> Iterator[str]:
        for row in self.rows("conversations"):
            yield f"{self._begun(row)} ({self.place(row)})"

    def _tickets(self) -> Iterator[str]:
        for row in self.rows("tickets"):
            headed = self._headed(row)
            about = self._fact(headed, row["summary"]) if row["summary"] else headed
            yield f"{about} ({ticket_file(row)})"

    def place(self, conversation: Row) -> str:
        """The file of a conversation, by its place among them."""
        return f"{self.t('archive.conversation_file')}-{self._places[conversation['id']]}.txt"

    # ── a conversation ────────────────────────────────────────────────────────────────────────────────────

    def conversation(self, row: Row) -> Iterator[str]:
        """What was said, in order, with what was noted and found out."""
        yield self._begun(row)
        if row["erased_at"]:
            yield self._fact(self.t("line.erased"), self.when(row["erased_at"]))
        day, choices = None, dict[str, str]()
        for event in self._of["events", row["id"]]:
            choices |= {each["payload"]: each["title"] for each in event["data"].get("replies") or ()}
            content = self._contents.get((row["id"], event["seq"]))
            line = self._line(event, content or {}, choices)
            if not line:
                continue
            then = times.moment(event["at"], self._zone).date()
            if then != day:
                day = then
                yield from ("", times.day(day, self._language))
            yield f"{times.clock(event['at'], self._zone)}  {line}"
        for table, title, write in _BESIDE:
            yield from self._part(title, (write(self, each) for each in self._of[table, row["id"]]))

    def _begun(self, row: Row) -> str:
        channel = self.t.known("channel", row["channel"])
        return self.t("archive.conversation", when=self.when(row["created_at"]), channel=channel)

    def _line(self, event: Row, content: Mapping[str, Any], choices: Mapping[str, str]) -> str:
        if event["type"] in SPEAKERS:
            return self._said(event, content, choices)
        write = _LINES.get(event["type"])
        return write(self, event, content) if write else ""

    def _said(self, event: Row, content: Mapping[str, Any], choices: Mapping[str, str]) -> str:
        name = event["data"].get("name") if event["type"] == "agent" else ""
        payload = content.get("payload")
        text = (
            content.get("text") or choices.get(str(payload)) or (self.t("archive.choice") if payload else "")
        )
        pictures = (f"[{picture_file(each)}]" for each in content.get("attachments") or ())
        said = " ".join(filter(None, (text, *pictures))) if content else self.t("line.erased")
        return self._fact(name or self.t(SPEAKERS[event["type"]]), said)

    def _note(self, event: Row, content: Mapping[str, Any]) -> str:
        who = event["data"].get("name") or self.t("who.agent")
        return self._fact(self.t("who.note", name=who), str(content.get("text") or self.t("line.erased")))

    def _understood(self, event: Row, _: Mapping[str, Any]) -> str:
        found = self._pack.triggers.get(event["name"] or "")
        if not found or not found[0].is_problem:
            return ""
        return self._fact(self.t("archive.understood"), found[0].name(self._language))

    def _slot(self, event: Row, content: Mapping[str, Any]) -> str:
        slot = self._pack.domain.slots.get(event["name"] or "")
        value = content.get("value")
        if slot is None or not slot.labels or value in (None, "", []):
            return ""
        values: list[Any] = value if isinstance(value, list) else [value]
        shown = ", ".join(slot.value_label(each, self._language) for each in values)
        return self._fact(self.t("archive.filled"), self._fact(slot.label(self._language), shown))

    def _check(self, event: Row, content: Mapping[str, Any]) -> str:
        return self._fact(self.t("did.check"), self._checked({**content, "name": event["name"]}))

    def _handoff(self, event: Row, _: Mapping[str, Any]) -> str:
        number = event["data"].get("ticket")
        return self.t("archive.handed_ticket", number=number) if number else self.t("archive.handed")

    def _satisfaction(self, event: Row, content: Mapping[str, Any]) -> str:
        comment, score = content.get("comment"), event["data"].get("score")
        told_ = (
            self.t("archive.scored", score=f"{score:g}") if score is not None else self.t("did.satisfaction")
        )
        return self._fact(told_, comment) if comment else told_

    def _ended(self, event: Row, content: Mapping[str, Any]) -> str:
        outcome = self._fact(self.t("archive.ended"), self.t.known("outcome", event["name"]))
        solution = content.get("solution")
        return f"{outcome}. {self._fact(self.t('archive.solution'), solution)}" if solution else outcome

    # ── what stands beside it ─────────────────────────────────────────────────────────────────────────────

    def _comment(self, row: Row) -> str:
        return self._fact(self.when(row["made_at"]), row["text"])

    def _score(self, row: Row) -> str:
        figures = ", ".join(f"{value}/5" for value in row["scores"].values())
        told_ = f"{figures}. {row['remark']}" if row["remark"] else figures
        return self._fact(self.when(row["made_at"]), told_)

    def _draft(self, row: Row) -> str:
        return self._fact(self.when(row["updated_at"]), row["text"])

    def _article(self, row: Row) -> str:
        return self._fact(row["title"], row["text"])

    # ── a ticket ──────────────────────────────────────────────────────────────────────────────────────────

    def ticket(self, row: Row) -> Iterator[str]:
        """Its fields, and how they came to be."""
        t = self.t
        yield self._headed(row)
        yield ""
        for key in ("customer", "contact", "summary"):
            if row[key]:
                yield self._fact(t(f"archive.{key}"), row[key])
        for name, fact in (row["facts"] or {}).items():
            yield self._fact(self._label(name) or fact.get("label", ""), fact.get("value", ""))
        for name, value in (row.get("extra") or {}).items():
            if label := self._label(EXTRAS.get(name, name)):
                yield self._fact(label, value)
        for step in row["steps_tried"] or ():
            yield f"{t('ticket.steps')}: {step.get('title')} ({t.known('outcome', step.get('outcome'))})"
        for check in row["checks"] or ():
            yield self._fact(t("did.check"), self._checked(check))
        for note in row["notes"] or ():
            yield self._fact(t("archive.note"), note)
        if row["solution"]:
            yield self._fact(t("archive.solution"), row["solution"])
        changes = self._of["ticket_changes", row["number"]]
        yield from self._part("archive.changes", (self._change(each) for each in changes))

    def _headed(self, row: Row) -> str:
        status = self.t.known("ticket_status", row["status"]).lower()
        return self.t(
            "archive.ticket", number=row["number"], when=self.when(row["created_at"]), status=status
        )

    def _change(self, row: Row) -> str:
        name = row["field"]
        label = field_words(self.t, name, self._label)
        before, after = (
            value_words(self.t, name, row[key], subject=self._subject, team=lambda id_: id_)
            for key in ("before", "after")
        )
        return self._fact(self.when(row["at"]), f"{label}: {before} → {after}")

    def _subject(self, intent: str) -> str:
        found = self._pack.triggers.get(intent)
        return found[0].name(self._language) if found else intent.replace("_", " ")

    def _label(self, slot: str) -> str:
        found = self._pack.domain.slots.get(slot)
        return found.label(self._language) if found and found.labels else ""

    def _checked(self, check: Mapping[str, Any]) -> str:
        name = " ".join(filter(None, (self.t.known("check", check.get("name")), check.get("target"))))
        return self._fact(name, told(self.t, str(check.get("found") or "–")))

    def _fact(self, name: str, value: Any) -> str:
        return self.t("archive.fact", name=name[:1].upper() + name[1:], value=value)


_LINES: Mapping[str, Callable[[Letter, Row, Mapping[str, Any]], str]] = {
    "note": Letter._note,
    "understood": Letter._understood,
    "slot": Letter._slot,
    "check": Letter._check,
    "handoff": Letter._handoff,
    "satisfaction": Letter._satisfaction,
    "ended": Letter._ended,
}
"""How an event is told; others are steps of the machine."""

_BESIDE: Sequence[tuple[str, str, Callable[[Letter, Row], str]]] = (
    ("review_comments", "archive.comments", Letter._comment),
    ("review_scores", "archive.scores", Letter._score),
    ("review_tags", "archive.tags", lambda _, row: row["tag"]),
    ("corrections", "archive.corrections", lambda _, row: row["text"]),
    ("drafts", "archive.drafts", Letter._draft),
    ("article_drafts", "archive.article_drafts", Letter._article),
)
"""What people who work here keep beside a conversation: the table, its title, how a row is told."""
_BESIDE_KEYS = tuple((table, "conversation_id") for table, _, _ in _BESIDE)


def ticket_file(row: Row) -> str:
    """Where a ticket is in the file."""
    return f"ticket-{row['number']}.txt"


def picture_file(row: Row) -> str:
    """Where a picture is in the file, by the start of its id; names come more than once."""
    return f"pictures/{row['id'][:8]}-{row['name']}"
