"""A person is found by any name and shown whole. On both databases."""

from __future__ import annotations

import json

import pytest

from bot.model.events import Event
from bot.model.messages import InboundMessage
from bot.service.persons import Persons
from bot.store import repositories as repo
from bot.store import views
from bot.store.database import Database
from tests.known_person import OTHER, WORDS, draft, persons, seed
from tests.store_talk import accept, claim, save

__all__ = ["persons"]


@pytest.mark.parametrize(
    "known_by",
    [
        "sofie@example.org",
        " SOFIE@example.org",
        "+32470123456",
        "0470/12.34.56",
        "sofie.peeters",
        "#1001",
        "1001",
    ],
)
async def test_a_person_is_found_by_any_name(database: Database, persons: Persons, known_by: str) -> None:
    first = await seed(database)
    other = await accept(database, InboundMessage("web", "jan", "jan-1", OTHER))
    found = await persons.look(known_by)
    assert first in found.person.conversations
    assert len(found.person.conversations) == 2
    assert other.conversation_id not in found.person.conversations
    assert found.person.tickets == (1001,)
    assert len(found.person.customers) == 2  # of the site, and of the phone number that she only claimed


async def test_who_nobody_knows_is_empty(database: Database, persons: Persons) -> None:
    await seed(database)
    for known_by in ("", "nobody@example.org", "0499 99 99 99", "999", "%", "_"):
        assert not (await persons.look(known_by)).person


async def test_a_conversation_of_another_that_names_them_is_told_and_left(
    database: Database, persons: Persons
) -> None:
    await seed(database)
    words = "Mail naar sofie@example.org komt terug, of bel 0470 12 34 56"
    other = await accept(database, InboundMessage("web", "jan", "jan-1", words))
    for known_by in ("sofie@example.org", "+32 470 12 34 56"):
        found = await persons.look(known_by)
        assert [each.id for each in found.mentioned] == [other.conversation_id]
    await persons.erase(found.person, actor="ann")
    [item] = await database.read(lambda c: views.transcript(c, other.conversation_id))
    assert item.content == {"text": words}


async def test_an_address_that_was_heard_in_a_problem_is_nobodys_own(
    database: Database, persons: Persons
) -> None:
    """What is said of an address fills the customer's slot, whoever's it is."""
    await seed(database)
    jan = await accept(
        database, InboundMessage("web", "jan", "jan-1", "Mail naar sofie@example.org komt terug")
    )
    [claimed] = [each for each in await claim(database) if each.id == jan.conversation_id]
    slot = Event("slot", {"name": "customer_email", "by": "collect"}, {"value": "sofie@example.org"})
    await save(database, claimed, slot)
    found = await persons.look("sofie@example.org")
    assert jan.conversation_id not in found.person.conversations
    assert [each.id for each in found.mentioned] == [jan.conversation_id]


async def test_only_what_is_chosen_is_taken(database: Database, persons: Persons) -> None:
    first = await seed(database)
    found = await persons.look("sofie@example.org")
    [second] = set(found.person.conversations) - {first}
    part = await persons.choose(found, [first, "somebody else's"])
    assert (part.conversations, part.tickets) == ((first,), (1001,))
    rest = await persons.choose(found, [second])
    assert (rest.conversations, rest.tickets) == ((second,), ())
    known = await database.read(lambda c: repo.customer_by_identity(c, "user", "sofie.peeters"))
    assert known is not None
    assert known.id in part.customers  # nothing of hers is left beside it
    assert known.id not in rest.customers
    await persons.erase(rest, actor="ann")
    assert (await persons.look("1001")).person.conversations == (first,)


async def test_an_export_has_all_that_is_kept_but_keys(database: Database, persons: Persons) -> None:
    first = await seed(database)
    await draft(database, first)
    found = await persons.look("sofie@example.org")
    kept = await persons.export(found.person, actor="ann")
    whole = json.dumps(kept.tables, default=str, ensure_ascii=False).casefold()
    assert all(word in whole for word in WORDS)
    assert {name: len(rows) for name, rows in kept.tables.items() if rows} == found.rows
    assert "secret" not in kept.tables["tickets"][0]
