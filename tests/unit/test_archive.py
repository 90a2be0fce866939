"""What a person is given of what is kept: readable, in their language, and whole."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.service.persons import Kept
from bot.store.persons import Person
from bot.web.archive import archive
from tests.engine_talk import small_pack

AT = 1_790_000_000.0
EVENT = {"conversation_id": "c/1", "at": AT, "name": None, "data": {}}
TABLES: dict[str, list[dict[str, Any]]] = {
    "customers": [{"id": "k", "name": "Sofie Peeters", "email": "sofie@example.org", "phone": None}],
    "identities": [{"kind": "user", "value": "sofie.peeters", "verified_at": AT}],
    "conversations": [{"id": "c/1", "channel": "web", "created_at": AT, "erased_at": None}],
    "events": [
        {**EVENT, "seq": 1, "type": "user"},
        {**EVENT, "seq": 2, "type": "slot", "name": "device"},
        {**EVENT, "seq": 3, "type": "note", "data": {"name": "Ann"}},
        {**EVENT, "seq": 4, "type": "step"},
        {**EVENT, "seq": 5, "type": "bot", "data": {"replies": [{"title": "Mobile", "payload": "/device"}]}},
        {**EVENT, "seq": 6, "type": "user"},
        {**EVENT, "seq": 7, "type": "understood", "name": "wifi_problem"},
        {**EVENT, "seq": 8, "type": "slot", "name": "handoff_reason"},
        {**EVENT, "seq": 9, "type": "satisfaction", "data": {"score": 4}},
        {**EVENT, "seq": 10, "type": "ended", "name": "solved"},
    ],
    "contents": [
        {"conversation_id": "c/1", "seq": 1, "content": {"text": "Dag, ik ben Sofie"}},
        {"conversation_id": "c/1", "seq": 2, "content": {"value": "laptop"}},
        {"conversation_id": "c/1", "seq": 3, "content": {"text": "belt liever"}},
        {"conversation_id": "c/1", "seq": 6, "content": {"payload": "/device"}},
        {"conversation_id": "c/1", "seq": 7, "content": {"entities": [{"entity": "device", "start": 4}]}},
        {"conversation_id": "c/1", "seq": 8, "content": {"value": "asked"}},
        {"conversation_id": "c/1", "seq": 9, "content": {"comment": "vlot"}},
        {"conversation_id": "c/1", "seq": 10, "content": {"solution": "Kabel"}},
    ],
    "review_comments": [{"conversation_id": "c/1", "made_at": AT, "text": "let op"}],
    "review_scores": [{"conversation_id": "c/1", "made_at": AT, "scores": {"tone": 4}, "remark": "goed"}],
    "review_tags": [{"conversation_id": "c/1", "tag": "wifi-label"}],
    "corrections": [{"conversation_id": "c/1", "text": "mijn [wifi]"}],
    "drafts": [{"conversation_id": "c/1", "updated_at": AT, "text": "bijna klaar"}],
    "article_drafts": [{"conversation_id": "c/1", "title": "Kabel wisselen", "text": "Doe zo"}],
    "ticket_changes": [
        {"number": 1001, "at": AT, "field": "customer", "before": "Pascal", "after": "Ann"},
        {"number": 1001, "at": AT, "field": "step.Herstarten", "before": "not_solved", "after": "solved"},
    ],
    "tickets": [
        {"number": 1001, "status": "open", "created_at": AT, "summary": "Geen wifi", "customer": "Sofie",
         "contact": "sofie@example.org", "facts": {"device": {"label": "Toestel", "value": "laptop"}},
         "steps_tried": [{"title": "Herstart", "outcome": "not_solved"}], "solution": "Kabel",
         "checks": [{"name": "dns", "target": "example.org", "found": "niets"}], "notes": ["opmerking"]}
    ],
}  # fmt: skip


PICTURE = {"id": "abcdefgh-and-more", "name": "scherm.png", "blob": "hash"}


def test_pictures_are_in_it_and_named_where_they_were_sent() -> None:
    contents = [{**TABLES["contents"][0], "content": {"text": "Kijk", "attachments": [PICTURE]}}]
    tables = {**TABLES, "contents": contents, "attachments": [{**PICTURE, "conversation_id": "c/1"}]}
    kept = Kept(Person(conversations=("c/1",)), AT, tables, {"hash": b"pixels"})
    with zipfile.ZipFile(io.BytesIO(archive(kept, "nl", ZoneInfo("Europe/Brussels"), small_pack()))) as file:
        assert file.read("pictures/abcdefgh-scherm.png") == b"pixels"
        assert "U: Kijk [pictures/abcdefgh-scherm.png]" in file.read("gesprek-1.txt").decode()


def made(language: str) -> dict[str, str]:
    kept = Kept(Person(conversations=("c/1",)), AT, TABLES)
    with zipfile.ZipFile(
        io.BytesIO(archive(kept, language, ZoneInfo("Europe/Brussels"), small_pack()))
    ) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


@pytest.mark.parametrize(
    ("language", "letter", "conversation", "dear", "said"),
    [
        ("nl", "brief.txt", "gesprek-1.txt", "Beste Sofie Peeters,", "U:"),
        ("fr", "lettre.txt", "conversation-1.txt", "Bonjour Sofie Peeters,", "Vous\u202f:"),
        ("en", "letter.txt", "conversation-1.txt", "Dear Sofie Peeters,", "You:"),
    ],
)
def test_it_is_a_letter_in_the_language_of_who_gets_it(
    language: str, letter: str, conversation: str, dear: str, said: str
) -> None:
    files = made(language)
    assert set(files) == {letter, conversation, "ticket-1001.txt", "data.json"}
    assert files[letter].startswith(dear)
    assert conversation in files[letter]
    assert "ticket-1001.txt" in files[letter]
    assert f"{said} Dag, ik ben Sofie" in files[conversation]


def test_nothing_is_left_out_and_what_is_gone_is_said() -> None:
    files = made("en")
    for words in ("Device: laptop", "Ann, private note: belt liever", "Bot: Erased", "You: Mobile", "wi-fi",
                  "You gave 4 out of 5: vlot", "let op", "4/5. goed", "wifi-label", "mijn [wifi]",
                  "bijna klaar", "Kabel wisselen", "Ended: solved. Solution: Kabel"):  # fmt: skip
        assert words in files["conversation-1.txt"], words
    for words in (
        "Device: laptop",
        "Herstart",
        "example.org: niets",
        "Kabel",
        "opmerking",
        "Pascal → Ann",
        "Herstarten: did not help → solved",
    ):
        assert words in files["ticket-1001.txt"], words
    assert json.loads(files["data.json"])["tables"] == TABLES


def test_nothing_that_only_machines_know_stands_in_what_is_read() -> None:
    read = "\n".join(text for name, text in made("en").items() if name.endswith(".txt"))
    for machine in ("c/1", "wifi_problem", "handoff_reason", "asked", "{", "'", "179000", "/device", "None"):
        assert machine not in read, machine


def test_a_names_place_in_the_file_is_its_own() -> None:
    """An id cannot lead out of the folder that the file is unpacked in."""
    assert all(".." not in name and not name.startswith("/") for name in made("nl"))
