"""What erasure does is said of every table, column and kind of event: one that is new cannot be forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.model import events
from bot.store import tables
from bot.store.facts import FACTS, facts_of
from bot.store.fates import FATES, Whose
from bot.store.tables import MODULES, metadata


def test_every_module_of_the_schema_is_read() -> None:
    store = Path(tables.__file__).parent
    assert {path.stem for path in store.glob("schema_*.py")} == {
        module.__name__.rpartition(".")[2] for module in MODULES
    }


def test_every_table_has_a_fate() -> None:
    assert set(FATES) == set(metadata.tables)


@pytest.mark.parametrize("name", sorted(FATES))
def test_a_fate_says_of_every_column_what_becomes_of_it(name: str) -> None:
    fate, columns = FATES[name], set(metadata.tables[name].columns.keys())
    if fate.whose is Whose.NOBODY:
        assert fate.why
        return
    assert fate.by in columns
    if fate.deleted and not fate.spared:
        return
    assert set(fate.emptied) | set(fate.kept) == columns
    assert not set(fate.emptied) & set(fate.kept)
    assert set(fate.unshown) <= columns


def test_every_kind_of_event_says_what_of_it_stays() -> None:
    types: set[str] = set()
    for row in re.findall(r"^\| ([a-z_, ]+) \|", events.__doc__ or "", re.MULTILINE):
        types |= {name.strip() for name in row.split(",")}
    assert set(FACTS) == types - {"type"}


def test_only_facts_outlive_what_was_said() -> None:
    command = {"command": "AskWhich", "of": ["device"], "values": ["0470 12 34 56"]}
    assert facts_of("decided", {"rule": "answer", "commands": [command]}) == {
        "rule": "answer",
        "commands": [{"command": "AskWhich", "of": ["device"]}],
    }
    assert facts_of("user", {"channel": "web", "external_id": "+32470123456:1"}) == {"channel": "web"}
    assert facts_of("of a plugin", {"text": "secret"}) == {}
