"""Who a person is on record, by any name that is known: an id, an e-mail address, a phone number, the
channel's name for who writes, a ticket. And everything that is kept of them, for an export. Reads only.

`Person.mentioned` are conversations in which the address or number is only named: somebody else's, or theirs
without our knowing it. Whoever looks decides (`part_of`); nothing of them is taken along by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from sqlalchemy import Connection, Text, and_, func, or_, select, type_coerce

from bot.store.fates import FATES, Fate, Whose
from bot.store.schema import contents, conversations, customers, events, identities, tickets
from bot.store.tables import metadata

_c, _k, _i, _t, _e = conversations.c, customers.c, identities.c, tickets.c, events.c

HOME = "BE"
"""Whose phone numbers are written without a country."""
SHORTEST_NUMBER = 8
"""Digits of a phone number, at least."""
AT_ONCE = 500
"""Keys of one statement."""
MENTIONS = 200
"""Conversations of others that are told, at most."""

_SEPARATORS = (" ", "-", ".", "/", "(", ")")
_TICKET = re.compile(r"#?(\d{1,11})")


@dataclass(frozen=True, slots=True)
class Person:
    """The ids of all that is somebody's."""

    customers: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    tickets: tuple[int, ...] = ()
    mentioned: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.customers or self.conversations or self.tickets)

    def keys(self, whose: Whose) -> Sequence[Any]:
        """What `Fate.by` holds of this person's rows."""
        return {
            Whose.CONVERSATION: self.conversations,
            Whose.TICKET: self.tickets,
            Whose.CUSTOMER: self.customers,
        }.get(whose, ())


# ── finding ───────────────────────────────────────────────────────────────────────────────────────────────


def find_person(connection: Connection, known_by: str) -> Person:
    """Everything of who is known by this; an empty `Person` where nobody is.

    Goes on from what is found: to all conversations of a customer, and to whatever else the customer's own
    record names. What a ticket names as contact leads to that ticket, and no further.
    """
    names, tried = [known_by.strip()], set[str]()
    who, found = set[str](), set[str]()
    while names:
        name = names.pop()
        tried.add(name)
        if not name:
            continue
        customers_, conversations_ = _known(connection, name)
        who |= customers_
        found |= conversations_
        _belonging(connection, who, found)
        names += _names_of(connection, who) - tried - set(names)
    mine = sorted(found)
    return Person(
        tuple(sorted(who)),
        tuple(mine),
        _tickets_of(connection, mine),
        _mentioned(connection, found, tried),
    )


def _known(connection: Connection, name: str) -> tuple[set[str], set[str]]:
    """The customers and the conversations that one name leads to."""
    address, number = _address(name), _number(name)
    known = [_k.id == name, _i.value == name]
    found = _ids(connection, select(_c.id).where(or_(_c.id == name, _c.sender_id == name)))
    if ticket := _TICKET.fullmatch(name):
        found |= _ids(connection, select(_t.conversation_id).where(_t.number == int(ticket[1])))
    if address:
        known += [func.lower(_k.email) == address, func.lower(_i.value) == address]
        found |= _ids(connection, select(_c.id).where(func.lower(_c.sender_id) == address))
        found |= _ids(connection, select(_t.conversation_id).where(_has(_t.contact, address)))
    if number:
        known += [_digits(_k.phone).endswith(number), _digits(_i.value).endswith(number)]
        found |= _ids(connection, select(_c.id).where(_digits(_c.sender_id).endswith(number)))
        found |= _ids(connection, select(_t.conversation_id).where(_digits(_t.contact).contains(number)))
    query = select(_k.id).outerjoin(identities, _i.customer_id == _k.id).where(or_(*known))
    return _ids(connection, query), found


def _names_of(connection: Connection, who: set[str]) -> set[str]:
    """What else these customers are known by."""
    names: set[str] = set()
    for some in pieces(sorted(who)):
        for row in connection.execute(select(_k.email, _k.phone).where(_k.id.in_(some))):
            names |= {name for name in row if name}
        names |= _ids(connection, select(_i.value).where(_i.customer_id.in_(some)))
    return names


def part_of(connection: Connection, person: Person, chosen: Iterable[str]) -> Person:
    """What is chosen of a person's conversations and of those that name them, with the tickets of those; and
    the customers themselves of whom nothing else is left."""
    known = {*person.conversations, *person.mentioned}
    ids = sorted(known & set(chosen))
    left = select(_c.customer_id).where(_c.customer_id.in_(person.customers), _c.id.not_in(ids))
    others = _ids(connection, left)
    return Person(
        tuple(each for each in person.customers if each not in others),
        tuple(ids),
        _tickets_of(connection, ids),
    )


def _belonging(connection: Connection, who: set[str], found: set[str]) -> None:
    """Add the customers of the conversations, and the conversations of the customers."""
    for some in pieces(sorted(found)):
        who |= _ids(connection, select(_c.customer_id).where(_c.id.in_(some), _c.customer_id.is_not(None)))
    for some in pieces(sorted(who)):
        found |= _ids(connection, select(_c.id).where(_c.customer_id.in_(some)))


def _tickets_of(connection: Connection, conversation_ids: Sequence[str]) -> tuple[int, ...]:
    numbers: set[int] = set()
    for some in pieces(conversation_ids):
        numbers |= _ids(connection, select(_t.number).where(_t.conversation_id.in_(some)))
    return tuple(sorted(numbers))


def _mentioned(connection: Connection, mine: set[str], names: Iterable[str]) -> tuple[str, ...]:
    text = type_coerce(contents.c.content, Text)
    says = [_has(text, address) for name in names if (address := _address(name))]
    says += [_digits(text).contains(number) for name in names if (number := _number(name))]
    if not says:
        return ()
    query = select(contents.c.conversation_id).distinct().where(or_(*says)).limit(MENTIONS + len(mine))
    return tuple(sorted(_ids(connection, query) - mine)[:MENTIONS])


def _ids(connection: Connection, query: Any) -> set[Any]:
    return set(connection.execute(query).scalars())


def _has(column: Any, address: str) -> Any:
    """Whether an address stands there; in any capitals."""
    return func.lower(column).contains(address, autoescape=True)


def _digits(column: Any) -> Any:
    """A phone number without what people write between its digits."""
    for separator in _SEPARATORS:
        column = func.replace(column, separator, "")
    return column


def _address(name: str) -> str:
    """An e-mail address as it is compared; empty for what is none."""
    return name.casefold() if "@" in name else ""


def _number(name: str) -> str:
    """The digits of a phone number that stand in every way of writing it; empty for what is none."""
    try:
        parsed = phonenumbers.parse(name, HOME)
    except phonenumbers.NumberParseException:
        return ""
    digits = str(parsed.national_number)
    return digits if len(digits) >= SHORTEST_NUMBER and phonenumbers.is_possible_number(parsed) else ""


def pieces(keys: Sequence[Any], size: int = AT_ONCE) -> Iterator[Sequence[Any]]:
    """The keys, as many at once as a statement takes."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


# ── what is kept ──────────────────────────────────────────────────────────────────────────────────────────


def rows_of(connection: Connection, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Everything that is kept of a person, table by table, but what `fates` leaves out."""
    return {
        name: [row for keys in pieces(person.keys(fate.whose)) for row in _rows(connection, name, fate, keys)]
        for name, fate in FATES.items()
        if fate.whose is not Whose.NOBODY and person.keys(fate.whose)
    }


def _rows(connection: Connection, name: str, fate: Fate, keys: Sequence[Any]) -> list[dict[str, Any]]:
    table = metadata.tables[name]
    shown = [column for column in table.columns if column.name not in fate.unshown]
    query = select(*shown).where(table.c[fate.by].in_(keys)).order_by(*table.primary_key.columns)
    names = [str(column.name) for column in shown]
    return [dict(zip(names, row, strict=True)) for row in connection.execute(query)]


def counts_of(connection: Connection, person: Person) -> dict[str, int]:
    """How many rows of each table are a person's; tables without any are left out."""
    counts: dict[str, int] = {}
    for name, fate in FATES.items():
        table = metadata.tables[name]
        for keys in pieces(person.keys(fate.whose)):
            query = select(func.count()).select_from(table).where(table.c[fate.by].in_(keys))
            counts[name] = counts.get(name, 0) + connection.execute(query).scalar_one()
    return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation as it is told to whoever decides what becomes of it."""

    id: str
    channel: str
    sender_id: str
    language: str
    owner: str
    events: int
    created_at: float
    updated_at: float
    erased_at: float | None
    first_content: dict[str, Any] | None

    @property
    def first_text(self) -> str:
        """How the customer began."""
        return str((self.first_content or {}).get("text") or "")


def held_of(connection: Connection, person: Person) -> list[Held]:
    """The conversations of a person, the oldest first."""
    first = (
        select(func.min(_e.seq))
        .where(_e.conversation_id == _c.id, _e.type == "user")
        .correlate(conversations)
        .scalar_subquery()
    )
    query = (
        select(
            _c.id, _c.channel, _c.sender_id, _c.language, _c.owner, _c.seq, _c.created_at, _c.updated_at,
            _c.erased_at, contents.c.content,
        )
        .select_from(conversations)
        .outerjoin(contents, and_(contents.c.conversation_id == _c.id, contents.c.seq == first))
        .order_by(_c.created_at, _c.id)
    )  # fmt: skip
    rows = (
        row
        for some in pieces(person.conversations)
        for row in connection.execute(query.where(_c.id.in_(some)))
    )
    return [Held(*row) for row in rows]
