"""What is edited in the pages counts at once, everywhere, and only when it goes with the rest; on both
databases."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

import pytest

from bot.app.content import DEFAULT_DATA, POLICY, read_files
from bot.bus import Bus
from bot.bus.local import LocalBus
from bot.model.errors import Conflict, ContentError
from bot.model.languages import LANGUAGES
from bot.service.overlay import Agreed
from bot.source.edits import edited
from bot.store.accounts import audit_entries
from bot.store.database import Database

FILES = read_files(DEFAULT_DATA, *POLICY)
DESK, TEAMS = "policy/desk.yml", "policy/teams.yml"


def agreed(database: Database, bus: Bus, files: Mapping[str, str] = FILES) -> Agreed:
    return Agreed(files, intents=(), languages=LANGUAGES, database=database, bus=bus, clock=lambda: 1000.0)


def minutes(text: str, number: float) -> str:
    return edited(text, lambda root: root.update(gone_after=number))


async def keep(one: Agreed, number: float) -> None:
    text = minutes(one.text(DESK), number)
    await one.keep(DESK, text, version=one.version(DESK), actor="ada", what="gone_after")


async def test_an_edit_counts_at_once_after_a_start_and_in_the_log(database: Database) -> None:
    bus = LocalBus()
    one = agreed(database, bus)
    await one.begin()
    assert one.now.presence.gone_after == 15
    await keep(one, 5)
    assert one.now.presence.gone_after == 5
    assert set(one.edited) == {DESK}
    assert not one.outdated(DESK)
    another = agreed(database, bus)
    await another.begin()
    assert another.now.presence.gone_after == 5
    assert another.now.policy.teams == one.now.policy.teams
    entry = (await database.read(lambda connection: audit_entries(connection)))[0]
    assert (entry.actor, entry.deed, entry.subject) == ("ada", "agreement_edit", "agreement:desk")
    changes = ["- gone_after: 15", "+ gone_after: 5"]
    assert entry.data == {"file": DESK, "name": "gone_after", "changes": changes}


async def test_what_nobody_edited_is_read_once(sqlite_database: Database) -> None:
    one = agreed(sqlite_database, LocalBus())
    read = one.now
    await one.begin()
    assert one.now is read


class Heard(Agreed):
    """Says when it has looked."""

    looked: asyncio.Event

    async def refresh(self) -> None:
        await super().refresh()
        self.looked.set()


async def test_other_processes_hear_of_it(database: Database, bus: Bus) -> None:
    stop = asyncio.Event()
    one = agreed(database, bus)
    other = Heard(FILES, intents=(), languages=LANGUAGES, database=database, bus=bus)
    other.looked = asyncio.Event()
    following = asyncio.create_task(other.run(stop))
    async with asyncio.timeout(20):
        await other.looked.wait()
        other.looked.clear()
        await keep(one, 5)
        await other.looked.wait()
        assert other.now.presence.gone_after == 5
        other.looked.clear()
        await one.forget(DESK, actor="ada")
        await other.looked.wait()
    assert other.now.presence.gone_after == 15
    assert not one.edited
    stop.set()
    following.cancel()


async def test_what_does_not_go_with_the_rest_is_refused_and_nothing_changes(database: Database) -> None:
    one = agreed(database, LocalBus())
    text = edited(one.text(TEAMS), lambda root: root["teams"].pop("security"))
    with pytest.raises(ContentError) as caught:
        await one.keep(TEAMS, text, version=one.version(TEAMS), actor="ada", what="security")
    assert {"policy/intents.yml", "policy/macros.yml"} <= {each.file for each in caught.value.problems}
    assert not one.edited
    assert "security" in one.now.policy.teams
    again = agreed(database, LocalBus())
    await again.begin()
    assert not again.edited


async def test_of_two_who_edit_the_same_one_is_told(database: Database) -> None:
    bus = LocalBus()
    one, other = agreed(database, bus), agreed(database, bus)
    await keep(one, 5)
    with pytest.raises(Conflict):
        await keep(other, 6)  # it has not heard of the first
    await other.refresh()
    await keep(other, 6)
    tries = [keep(other, 7), keep(other, 8)]
    came = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(each) for each in came].count(Conflict) == 1


async def test_the_packs_file_that_says_the_same_takes_an_edit_over(database: Database) -> None:
    bus = LocalBus()
    one = agreed(database, bus)
    await keep(one, 5)
    exported = agreed(database, bus, {**FILES, DESK: one.text(DESK)})
    await exported.begin()
    assert not exported.edited
    assert exported.now.presence.gone_after == 5
    plain = agreed(database, bus)
    await plain.begin()
    assert plain.now.presence.gone_after == 15


async def test_a_file_that_changed_under_an_edit_is_told_and_the_edit_counts(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bus = LocalBus()
    await keep(agreed(database, bus), 5)
    newer = agreed(database, bus, {**FILES, DESK: minutes(FILES[DESK], 20)})
    with caplog.at_level(logging.WARNING):
        await newer.begin()
    assert newer.outdated(DESK)
    assert newer.now.presence.gone_after == 5
    assert "balie data forget policy/desk.yml" in caplog.text


async def test_a_pack_that_no_longer_goes_with_an_edit_says_so_at_the_start(database: Database) -> None:
    bus = LocalBus()
    one = agreed(database, bus)
    text = edited(one.text(TEAMS), lambda root: root["teams"]["quality"].update(otherwise="network"))
    await one.keep(TEAMS, text, version=one.version(TEAMS), actor="ada", what="quality")
    less = edited(
        FILES["policy/intents.yml"], lambda root: root["intents"]["printer_problem"].update(team="printers")
    )
    with pytest.raises(ContentError) as caught:
        await agreed(
            database,
            bus,
            {
                **FILES,
                TEAMS: FILES[TEAMS].replace(
                    "  workplace:", "  printers:\n    name: {nl: P, fr: P, en: P}\n\n  workplace:"
                ),
                "policy/intents.yml": less,
            },
        ).begin()
    assert f"balie data forget {TEAMS}" in str(caught.value)
    running = agreed(database, bus)
    await running.refresh()
    assert running.now.policy.teams["quality"].otherwise == "network"


async def test_an_edit_elsewhere_that_cannot_be_used_changes_nothing_here(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bus = LocalBus()
    one = agreed(
        database, bus, {**FILES, TEAMS: FILES[TEAMS] + "\n  extra:\n    name: {nl: X, fr: X, en: X}\n"}
    )
    text = edited(
        FILES["policy/intents.yml"], lambda root: root["intents"]["printer_problem"].update(team="extra")
    )
    await one.keep(
        "policy/intents.yml",
        text,
        version=one.version("policy/intents.yml"),
        actor="ada",
        what="printer_problem",
    )
    other = agreed(database, bus)
    await other.refresh()
    assert not other.edited
    assert other.now.policy.teams
    assert "policy/intents.yml" in caplog.text
