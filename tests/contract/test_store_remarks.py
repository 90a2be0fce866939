"""Tags and comments of reviewers, on both databases."""

from __future__ import annotations

import pytest

from bot.model.errors import NotFound
from bot.store import remarks
from bot.store.database import Database
from tests.store_talk import NOW


async def test_tags(database: Database) -> None:
    async def add(conversation: str, tag: str) -> bool:
        return await database.write(lambda c: remarks.add_tag(c, conversation, tag, by="riet", now=NOW))

    assert await add("c1", "training")
    assert not await add("c1", "training"), "once is enough"
    assert await add("c1", "accent")
    assert await add("c2", "training")
    assert await database.read(lambda c: remarks.tags_of(c, ["c1", "c2", "c3"])) == {
        "c1": ("accent", "training"), "c2": ("training",),
    }  # fmt: skip
    assert await database.read(remarks.known_tags) == ("accent", "training")
    assert await database.read(lambda c: remarks.known_tags(c, limit=1)) == ("training",)
    assert await database.write(lambda c: remarks.remove_tag(c, "c1", "training"))
    assert not await database.write(lambda c: remarks.remove_tag(c, "c1", "training"))


async def test_comments(database: Database) -> None:
    async def add(text: str, by: str, now: float) -> int:
        return await database.write(lambda c: remarks.add_comment(c, "c1", text, by=by, now=now))

    second = await add("toch niet", "lena", NOW + 1)
    first = await add("goed gedaan", "riet", NOW)
    found = await database.read(lambda c: remarks.comments_of(c, "c1"))
    assert [(each.id, each.made_by, each.text) for each in found] == [
        (first, "riet", "goed gedaan"), (second, "lena", "toch niet"),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        await database.write(lambda c: remarks.remove_comment(c, "c1", second, by="riet"))
    with pytest.raises(NotFound):
        await database.write(lambda c: remarks.remove_comment(c, "c2", first, by="riet"))
    await database.write(lambda c: remarks.remove_comment(c, "c1", first, by="riet"))
    await database.write(lambda c: remarks.remove_comment(c, "c1", second, by=None))
    assert await database.read(lambda c: remarks.comments_of(c, "c1")) == ()
