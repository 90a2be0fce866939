"""Customers and how they are known. An identity without `verified_at` was only claimed; it proves nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.model.errors import NotFound
from bot.store.said import folded
from bot.store.schema import conversations, customers, identities, users
from bot.store.schema_desk import customer_notes
from bot.store.statements import insert_into

_k, _i = customers.c, identities.c
_CUSTOMER = (_k.id, _k.name, _k.email, _k.phone, _k.created_at)


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who writes to the helpdesk."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    created_at: float


def get_customer(connection: Connection, customer_id: str) -> Customer | None:
    """By id."""
    row = connection.execute(select(*_CUSTOMER).where(_k.id == customer_id)).first()
    return Customer(*row) if row else None


def customer_by_identity(connection: Connection, kind: str, value: str) -> Customer | None:
    """By what they are known by: e-mail address, phone number, an embedding site's id."""
    row = connection.execute(
        select(*_CUSTOMER).join(identities, _i.customer_id == _k.id).where(_i.kind == kind, _i.value == value)
    ).first()
    return Customer(*row) if row else None


def create_customer(
    connection: Connection,
    *,
    now: float,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> Customer:
    """A customer nobody knew."""
    customer = Customer(secrets.token_urlsafe(12), name, email, phone, now)
    connection.execute(
        insert(customers).values(
            id=customer.id, name=name, email=email, phone=phone, created_at=now, search=_search(name, email)
        )
    )
    return customer


def update_customer(
    connection: Connection,
    customer_id: str,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> None:
    """Change what is given."""
    given = {"name": name, "email": email, "phone": phone}
    values = {key: value for key, value in given.items() if value is not None}
    known = get_customer(connection, customer_id)
    if values and known:
        values["search"] = _search(values.get("name", known.name), values.get("email", known.email))
        connection.execute(update(customers).where(_k.id == customer_id).values(values))


def _search(*words: str | None) -> str:
    return folded(" ".join(filter(None, words)))


def identify(
    connection: Connection, kind: str, value: str, *, now: float, verified: bool, name: str | None = None
) -> Customer:
    """The customer with this identity, made where there is none. Verifying once is enough for ever."""
    found = customer_by_identity(connection, kind, value)
    if found is None:
        customer = create_customer(connection, now=now, name=name)
        connection.execute(
            insert_into(connection.dialect.name, identities)
            .values(kind=kind, value=value, customer_id=customer.id, verified_at=now if verified else None)
            .on_conflict_do_nothing()
        )
        found = customer_by_identity(connection, kind, value) or customer  # another process may be first
    elif verified:
        connection.execute(
            update(identities)
            .where(_i.kind == kind, _i.value == value)
            .values(verified_at=func.coalesce(_i.verified_at, now))
        )
    return found


def set_customer(connection: Connection, conversation_id: str, customer_id: str) -> None:
    """This conversation is with that customer."""
    connection.execute(
        update(conversations).where(conversations.c.id == conversation_id).values(customer_id=customer_id)
    )


# ── notes ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class CustomerNote:
    """What colleagues should know of a customer. `made_by` is a user's id; `author` their name, or the id
    again where the user is gone."""

    id: int
    made_by: str
    at: float
    author: str
    text: str


def add_customer_note(
    connection: Connection, customer_id: str, text: str, *, author: str, now: float
) -> None:
    """Write one down; `author` is a user's id."""
    connection.execute(
        insert(customer_notes).values(customer_id=customer_id, text=text, author=author, at=now)
    )


def remove_customer_note(connection: Connection, customer_id: str, note_id: int, *, by: str | None) -> None:
    """Take a note away, one's own unless `by` is None; raises `NotFound`."""
    n = customer_notes.c
    gone = delete(customer_notes).where(n.id == note_id, n.customer_id == customer_id)
    if by is not None:
        gone = gone.where(n.author == by)
    if not connection.execute(gone).rowcount:
        raise NotFound("there is no such note of yours")


def notes_of_customer(connection: Connection, customer_id: str, *, limit: int = 20) -> list[CustomerNote]:
    """The newest first."""
    n = customer_notes.c
    found = (
        select(n.id, n.author, n.at, func.coalesce(users.c.name, n.author), n.text)
        .outerjoin(users, users.c.id == n.author)
        .where(n.customer_id == customer_id)
        .order_by(n.id.desc())
        .limit(limit)
    )
    return [CustomerNote(*row) for row in connection.execute(found)]


@dataclass(frozen=True, slots=True)
class Identity:
    """How a customer is known, and since when that is proved; None where it was only claimed."""

    kind: str
    value: str
    verified_at: float | None


def identities_of(connection: Connection, customer_id: str) -> list[Identity]:
    """All of them."""
    found = (
        select(_i.kind, _i.value, _i.verified_at)
        .where(_i.customer_id == customer_id)
        .order_by(_i.kind, _i.value)
    )
    return [Identity(*row) for row in connection.execute(found)]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another conversation of the same customer."""

    conversation_id: str
    channel: str
    owner: str
    updated_at: float


def conversations_of(
    connection: Connection, customer_id: str, *, besides: str, limit: int = 5
) -> list[Elsewhere]:
    """Those on other channels or under other names, the latest first."""
    c = conversations.c
    found = (
        select(c.id, c.channel, c.owner, c.updated_at)
        .where(c.customer_id == customer_id, c.id != besides)
        .order_by(c.updated_at.desc())
        .limit(limit)
    )
    return [Elsewhere(*row) for row in connection.execute(found)]
