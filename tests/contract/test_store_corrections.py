"""Corrections of what was understood: proposed, decided on, learned, forgotten; on both databases."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest

from bot.model.errors import Conflict, NotFound, StaleVersion
from bot.store import corrections
from bot.store.corrections import APPROVED, PENDING, REJECTED, Correction
from bot.store.database import Database
from tests.store_talk import NOW


async def propose(database: Database, seq: int = 3, *, conversation: str = "c1", **more: Any) -> int:
    values = {
        "language": "nl",
        "text": "de [router](device) is stuk",
        "intent": "internet_down",
        "was": "nlu_fallback",
        "by": "riet",
        "now": NOW,
        "saw": None,
    }
    work = functools.partial(corrections.propose, conversation_id=conversation, seq=seq, **(values | more))
    return await database.write(work)


async def decide(
    database: Database, id_: int, decision: str, *, saw: str = PENDING, now: float = NOW + 9
) -> Correction:
    work = functools.partial(corrections.decide, id_=id_, decision=decision, saw=saw, by="edwin", now=now)
    return await database.write(work)


async def learn(database: Database, model: str, *, now: float = NOW + 20) -> list[int]:
    ids = [each.id for each in await database.read(corrections.to_learn)]
    await database.write(lambda c: corrections.mark_learned(c, ids, model, now=now))
    return ids


async def of(database: Database, conversation: str = "c1") -> dict[int, Correction]:
    return await database.read(lambda c: corrections.of_conversation(c, conversation))


async def test_a_correction_waits_is_approved_and_learned(database: Database) -> None:
    id_ = await propose(database)
    assert await database.read(corrections.counts) == {PENDING: 1, APPROVED: 0, REJECTED: 0}
    assert await database.read(corrections.to_learn) == ()
    assert (await decide(database, id_, "approve")).status == PENDING
    found = (await of(database))[3]
    assert (found.status, found.made_by, found.decided_by, found.decided_at) == (
        APPROVED, "riet", "edwin", NOW + 9,
    )  # fmt: skip
    assert not found.learned
    assert await learn(database, "abc") == [id_]
    found = (await of(database))[3]
    assert (found.learned, found.trained_at, found.model) == (True, NOW + 20, "abc")
    await learn(database, "abc", now=NOW + 99)
    assert (await of(database))[3].trained_at == NOW + 20, "the same model was learned then, not now"


async def test_a_correction_is_made_again_until_it_is_approved(database: Database) -> None:
    first = await propose(database)
    second = await propose(database, intent="wifi_problem", by="lena", saw=first)
    assert (await of(database))[3].intent == "wifi_problem"
    with pytest.raises(NotFound):
        await decide(database, first, "approve")
    await decide(database, second, "approve")
    with pytest.raises(Conflict):
        await propose(database, saw=second)
    await decide(database, second, "reject", saw=APPROVED)
    await propose(database, saw=second)
    assert [found.status for found in (await of(database)).values()] == [PENDING]


async def test_a_colleagues_correction_that_one_has_not_seen_stays(database: Database) -> None:
    first = await propose(database, by="riet")
    with pytest.raises(StaleVersion):
        await propose(database, intent="wifi_problem", by="edwin")
    second = await propose(database, by="riet", saw=first, text="anders")
    with pytest.raises(StaleVersion):
        await propose(database, intent="wifi_problem", by="edwin", saw=first)
    assert {each.id: each.made_by for each in (await of(database)).values()} == {second: "riet"}


async def test_one_of_two_decisions_counts(database: Database) -> None:
    id_ = await propose(database)
    await decide(database, id_, "approve")
    for decision in ("approve", "reject"):
        with pytest.raises(StaleVersion):
            await decide(database, id_, decision)
    with pytest.raises(Conflict):
        await decide(database, id_, "approve", saw=APPROVED)
    with pytest.raises(NotFound):
        await decide(database, 999, "approve")
    assert (await decide(database, id_, "reject", saw=APPROVED)).status == APPROVED
    assert (await decide(database, id_, "approve", saw=REJECTED)).status == REJECTED


async def test_the_model_of_the_last_training_can_be_made_again_whatever_was_decided_since(
    database: Database,
) -> None:
    id_ = await propose(database)
    await decide(database, id_, "approve")
    await learn(database, "abc")
    await decide(database, id_, "reject", saw=APPROVED)
    later = await propose(database, text="iets anders", saw=id_)
    await decide(database, later, "approve")
    [known] = await database.read(corrections.learned)
    assert (known.id, known.text, known.conversation_id) == (id_, "de [router](device) is stuk", None)
    assert [each.id for each in await database.read(corrections.to_learn)] == [later]
    await learn(database, "def")
    assert [each.id for each in await database.read(corrections.learned)] == [later]
    assert (await database.read(corrections.counts))[REJECTED] == 0, "what nobody learns any more is gone"


async def test_what_waits_longest_comes_first_and_what_was_decided_last(database: Database) -> None:
    ids = [await propose(database, seq, now=NOW + seq) for seq in (3, 1, 2)]
    found = await database.read(lambda c: corrections.listed(c, PENDING))
    assert [each.seq for each in found] == [1, 2, 3]
    for number, id_ in enumerate(ids):
        await decide(database, id_, "approve", now=NOW + 50 + number)
    found = await database.read(lambda c: corrections.listed(c, APPROVED, limit=2))
    assert [each.seq for each in found] == [2, 1]


@pytest.mark.parametrize("keep", [True, False])
async def test_a_conversation_is_forgotten(database: Database, keep: bool) -> None:
    for seq, decision in ((1, "approve"), (2, "reject"), (3, None)):
        id_ = await propose(database, seq)
        if decision:
            await decide(database, id_, decision)
    await propose(database, conversation="c2")
    gone = await database.write(lambda c: corrections.forget(c, ["c1"], keep_approved=keep))
    assert gone == (2 if keep else 3)
    assert await of(database) == {}
    assert len(await of(database, "c2")) == 1
    left = await database.read(corrections.to_learn)
    assert [(each.conversation_id, each.seq) for each in left] == ([(None, None)] if keep else [])


async def test_of_two_corrections_in_the_same_moment_one_is_told_so(postgres_migrated: str) -> None:
    one, other = Database.open(postgres_migrated), Database.open(postgres_migrated)
    made = await asyncio.gather(
        *(propose(database, intent=f"intent_{number}") for number, database in enumerate((one, other) * 4)),
        return_exceptions=True,
    )
    assert all(isinstance(each, int | StaleVersion) for each in made), made
    assert sum(isinstance(each, int) for each in made) == 1
    assert len(await of(one)) == 1
    await one.close()
    await other.close()
