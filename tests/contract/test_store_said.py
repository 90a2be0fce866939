"""Looking for words in what was said: as people write them, on both databases alike."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.model.events import Event
from bot.store import repositories as repo
from bot.store.database import Database
from bot.store.said import holds, words_of
from bot.store.schema import contents, customers
from tests.store_talk import NOW, accept, converse, message


async def found(database: Database, words: str) -> set[str]:
    """In which conversations they were said."""
    query = select(contents.c.conversation_id).where(holds(contents.c.search, words_of(words)))
    return set(await database.read(lambda c: c.execute(query).scalars().all()))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("mijn PRINTER is kapot", "printer"),
        ("de netwerkprinter hapert", "printer"),
        ("ÉCRAN noir", "écran"),
        ("l’Écran", "écran"),
        ("zegt 'vol' en \"100% vol\"", '"100% vol"'),
        ("C:\\temp\\nieuw", "temp\\n"),
        ("eerste regel\ntweede", '"regel tweede"'),
        ("السلام عليكم", "السلام"),
        ("De wifi is traag", "WIFI traag"),
        ("My keyboard does not work", "work keyboard"),
        ("Je n’arrive pas à me connecter", "a me connecter"),
        ("Je n’arrive pas à me connecter", "n'arrive"),
        ("un collegue", "collègue"),
        ("le cœur du réseau", "coeur RESEAU"),
        ("zo traag", "« zo traag »"),
        ("zo traag", '"zo traag'),
    ],
)
async def test_words_are_found_as_people_write_them(database: Database, written: str, words: str) -> None:
    id_ = (await accept(database, message(text=written))).conversation_id
    assert await found(database, words) == {id_}


@pytest.mark.parametrize(
    "words", ["1_0", "%", "text", "toestel", "laptop", "/", '"niet wifi"', "wifi printer"]
)
async def test_what_nobody_said_is_not_found(database: Database, words: str) -> None:
    """Not the signs of the database, not how it is kept, not what was understood or filled in."""
    understood = Event("understood", {}, {"entities": [{"entity": "toestel", "value": "laptop"}]})
    await converse(database, understood, Event("slot", {"name": "device"}, {"value": "laptop"}))
    assert await found(database, words) == set()


async def test_what_a_customer_said_of_the_help_is_found(database: Database) -> None:
    id_ = await converse(database, Event("satisfaction", {"score": 2}, {"comment": "Duurde lang"}))
    assert await found(database, "duurde") == {id_}


@pytest.mark.parametrize("words", ["élodie", "ÉLODIE", "elo", "D'HONDT"])
async def test_a_name_is_found_however_it_is_typed(database: Database, words: str) -> None:
    await database.write(lambda c: repo.create_customer(c, name="Élodie d’Hondt", now=NOW))
    query = select(customers.c.name).where(holds(customers.c.search, words_of(words)))
    assert await database.read(lambda c: c.execute(query).scalars().all()) == ["Élodie d’Hondt"]


async def test_a_customer_is_found_by_what_they_are_called_now(database: Database) -> None:
    customer = await database.write(lambda c: repo.create_customer(c, name="Élodie", now=NOW))
    await database.write(lambda c: repo.update_customer(c, customer.id, email="E.Hondt@example.org"))
    query = select(customers.c.id).where(holds(customers.c.search, words_of("elodie hondt@")))
    assert await database.read(lambda c: c.execute(query).scalars().all()) == [customer.id]
