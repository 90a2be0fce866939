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
        {**EVENT, "seq": 5, "type": "bot"},
    ],
    "contents": [
        {"conversation_id": "c/1", "seq": 1, "content": {"text": "Dag, ik ben Sofie"}},
        {"conversation_id": "c/1", "seq": 2, "content": {"value": "laptop"}},
        {"conversation_id": "c/1", "seq": 3, "content": {"text": "belt liever"}},
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
    with zipfile.ZipFile(io.BytesIO(archive(kept, "nl", ZoneInfo("Europe/Brussels")))) as file:
        assert file.read("pictures/abcdefgh-scherm.png") == b"pixels"
        assert "Klant: Kijk [pictures/abcdefgh-scherm.png]" in file.read("conversations/c1.txt").decode()


def made(language: str) -> dict[str, str]:
    kept = Kept(Person(conversations=("c/1",)), AT, TABLES)
    with zipfile.ZipFile(io.BytesIO(archive(kept, language, ZoneInfo("Europe/Brussels")))) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


@pytest.mark.parametrize(
    ("language", "overview", "said"),
    [("nl", "overzicht.txt", "Klant"), ("fr", "apercu.txt", "Client"), ("en", "overview.txt", "Customer")],
)
def test_it_reads_in_the_language_of_who_gets_it(language: str, overview: str, said: str) -> None:
    files = made(language)
    assert set(files) == {overview, "conversations/c1.txt", "tickets/1001.txt", "data.json"}
    assert "Sofie Peeters" in files[overview]
    assert f"{said}: Dag, ik ben Sofie" in files["conversations/c1.txt"]


def test_nothing_is_left_out_and_what_is_gone_is_said() -> None:
    files = made("en")
    for words in ("laptop", "Ann", "belt liever", "Bot: Erased"):
        assert words in files["conversations/c1.txt"]
    for words in ("Toestel: laptop", "Herstart", "example.org: niets", "Kabel", "opmerking"):
        assert words in files["tickets/1001.txt"]
    assert json.loads(files["data.json"])["tables"] == TABLES


def test_a_names_place_in_the_file_is_its_own() -> None:
    """An id cannot lead out of the folder that the file is unpacked in."""
    assert all(".." not in name and not name.startswith("/") for name in made("nl"))
