"""Who reads what, what conversations say about themselves, and scorecards; on both databases."""

from __future__ import annotations

import functools

import pytest

from bot.model.errors import Conflict
from bot.model.events import Event
from bot.store import review_queue, scores
from bot.store.database import Database
from bot.store.review_queue import DONE, READING, Standing
from tests.store_talk import NOW, converse, in_line, said


async def take(database: Database, id_: str, by: str) -> None:
    await database.write(functools.partial(review_queue.take, conversation_id=id_, by=by, now=NOW))


async def test_the_signs_of_conversations(database: Database) -> None:
    def understood(intent: str, confidence: float) -> Event:
        return Event("understood", {"intent": intent, "confidence": confidence})

    talk = await converse(
        database,
        understood("nlu_fallback", 0.4),
        Event("satisfaction", {"score": 2}),
        said("Dag"),
        sender="a",
    )
    answered = await converse(
        database, understood("nlu_fallback", 0.1), Event("slot", {"name": "x", "by": "collect"}), sender="d"
    )
    told = await converse(
        database, understood("wifi", 0.6), Event("slot", {"name": "x", "by": "flow"}),
        *(Event("flow", {"flow": "pattern_cannot_handle", "change": each}) for each in ("started", "completed")),
        sender="e",
    )  # fmt: skip
    plain = await converse(database, said("Dag"), sender="b")
    handed = await converse(database, Event("handoff", {"reason": "asked"}), sender="c")
    began = await database.read(lambda c: review_queue.began_since(c, NOW - 1))
    assert {(each.conversation_id, each.at, each.done) for each in began} == {
        (id_, NOW, False) for id_ in (talk, answered, told, plain, handed)
    }
    assert await database.read(lambda c: review_queue.began_since(c, NOW + 1)) == []
    found = {each.conversation_id: each for each in await database.read(
        lambda c: review_queue.signs(c, [talk, answered, told, plain, handed, "nobody"])
    )}  # fmt: skip
    one = found.pop(talk)
    assert (one.confidence, one.misunderstood, one.satisfaction, one.handed_off) == (None, 1, 2, 0)
    assert (found[plain].confidence, found[plain].turns, found[plain].standing) == (None, 1, None)
    assert found[handed].handed_off == 1
    assert (found[answered].confidence, found[answered].misunderstood) == (None, 0), "it was an answer"
    assert (found[told].confidence, found[told].misunderstood) == (0.6, 1), "the bot did not know what to do"
    assert await database.read(lambda c: review_queue.signs(c, [])) == []


async def test_one_reader_at_a_time(database: Database) -> None:
    id_ = await in_line(database, "a", priority="P3", now=NOW)
    await take(database, id_, "riet")
    await take(database, id_, "riet")
    with pytest.raises(Conflict):
        await take(database, id_, "lena")
    [signs] = await database.read(lambda c: review_queue.signs(c, [id_]))
    assert signs.standing == Standing(READING, "riet", NOW)
    await database.write(lambda c: review_queue.finish(c, id_, by="lena", now=NOW + 5))
    assert await database.read(lambda c: review_queue.standing_of(c, id_)) == Standing(DONE, "lena", NOW + 5)
    [began] = await database.read(lambda c: review_queue.began_since(c, 0))
    assert began.done
    with pytest.raises(Conflict):
        await take(database, id_, "lena")
    await database.write(lambda c: review_queue.put_back(c, id_))
    await take(database, id_, "lena")


async def test_everybody_has_one_scorecard_of_a_conversation(database: Database) -> None:
    async def put(judged: dict[str, int], by: str, now: float, remark: str = "") -> None:
        await database.write(lambda c: scores.put_score(c, "c1", judged, remark=remark, by=by, now=now))

    await put({"tone": 2, "privacy": 5}, "riet", NOW, "kort")
    await put({"tone": 4}, "lena", NOW + 1)
    await put({"tone": 3, "privacy": 5}, "riet", NOW + 2)
    lena, riet = await database.read(lambda c: scores.scores_of(c, "c1"))
    assert (lena.made_by, lena.scores, lena.mean) == ("lena", {"tone": 4}, 4)
    assert (riet.made_by, riet.scores, riet.mean, riet.remark) == ("riet", {"tone": 3, "privacy": 5}, 4, "")
    await put({}, "lena", NOW + 3)
    assert len(await database.read(lambda c: scores.scores_of(c, "c1"))) == 1
