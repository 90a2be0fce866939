"""The teams of who works here, on both databases."""

from __future__ import annotations

from bot.store import accounts, teams
from bot.store.database import Database
from tests.store_talk import user


async def test_teams_are_chosen_and_keep_what_else_somebody_wished(database: Database) -> None:
    ann = await user(database)
    await database.write(lambda c: accounts.set_user_settings(c, ann.id, {"sound": True}))
    assert await database.read(lambda c: teams.teams_of(c, ann.id)) == frozenset()
    assert await database.write(lambda c: teams.choose_teams(c, ann.id, ["network", "accounts"]))
    assert not await database.write(lambda c: teams.choose_teams(c, ann.id, ["accounts", "network"]))
    assert await database.read(lambda c: teams.teams_of(c, ann.id)) == {"network", "accounts"}
    assert (await database.read(lambda c: accounts.user_settings(c, ann.id)))["sound"] is True
    assert await database.read(lambda c: teams.teams_of(c, "nobody")) == frozenset()


async def test_members_are_those_who_may_help(database: Database) -> None:
    ann, bob, rik = [await user(database, name) for name in ("ann", "bob", "rik")]
    await user(database, "els")
    for each in (ann, bob, rik):
        await database.write(lambda c, each=each: teams.choose_teams(c, each.id, ["network"]))
    await database.write(lambda c: accounts.update_user(c, bob.id, disabled=True))
    await database.write(lambda c: accounts.update_user(c, rik.id, role="editor"))
    found = await database.read(lambda c: teams.members_of(c, "network", ("agent", "admin")))
    assert [each.id for each in found] == [ann.id]
