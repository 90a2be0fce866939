"""What agents say and write down at a conversation, each inside a transaction that is open: replies to the
customer, notes for colleagues. Whose the conversation is then is `deeds`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.model.conversation import Owner, Status
from bot.model.errors import Conflict, NotFound
from bot.model.events import Event
from bot.model.messages import checked
from bot.model.redact import redact
from bot.service.deeds import claim, wake
from bot.service.place import At, last_seq
from bot.store import marks, views
from bot.store.accounts import audit, get_user, list_users
from bot.store.attachments import NewFile, keep_files
from bot.store.customers import (
    add_customer_note,
    create_customer,
    remove_customer_note,
    set_customer,
)
from bot.store.queue import append, once, repeat
from bot.store.tickets import answered

LONGEST_CUSTOMER_NOTE = 2_000
_MENTION = re.compile(r"(?<!\w)@([\w.-]*\w)")


def reply(place: At, text: str, *, key: str | None = None, files: Sequence[NewFile] = ()) -> int:
    """Say something to the customer, or show a picture. A reply takes ownership where no other agent has it.

    `key` is the page's own id of this reply: sent twice, it is said once.
    """
    content: dict[str, Any] = {"text": checked(text) if text.strip() or not files else ""}
    if files:
        content["attachments"] = [file.attachment for file in files]
    event = Event("agent", {"author": "agent", "agent_id": place.agent.id, "name": place.agent.name}, content)
    if key and not once(place.connection, place.id, f"{place.agent.id}:{key}", now=place.now):
        return last_seq(place)
    if place.owner is not Owner.AGENT:
        claim(place)
    elif place.agent_id != place.agent.id:
        raise Conflict("another agent has this conversation; it can be transferred to you")
    elif place.status is Status.SNOOZED:
        wake(place)
    seq = append(place.connection, place.id, (event,), push=place.push, now=place.now)
    keep_files(place.connection, place.id, seq, files, now=place.now)
    answered(place.connection, place.id, place.episode, now=place.now)
    return seq


def spoken(place: At, text: str) -> int:
    """Write down what an agent says to the customer on the line; what others said meanwhile is not theirs."""
    if place.owner is not Owner.AGENT or place.agent_id != place.agent.id:
        return last_seq(place)
    said = {"author": "agent", "agent_id": place.agent.id, "name": place.agent.name}
    event = Event("agent", said, {"text": redact(checked(text)), "voice": True})
    seq = append(place.connection, place.id, (event,), push=False, now=place.now)
    answered(place.connection, place.id, place.episode, now=place.now)
    return seq


def again(place: At, seq: int) -> int:
    """Say anew what did not arrive, in the agent's own name; who has the conversation may. Asked twice, it is
    said once."""
    if place.owner is not Owner.AGENT or place.agent_id != place.agent.id:
        raise Conflict("only who has the conversation can send it again")
    if not repeat(place.connection, place.id, seq):
        return last_seq(place)
    [failed] = views.timeline(place.connection, place.id, seq - 1, limit=1)
    if place.status is Status.SNOOZED:
        wake(place)
    said = {"author": "agent", "agent_id": place.agent.id, "name": place.agent.name}
    event = Event("agent", said, failed.content or {})
    return append(place.connection, place.id, (event,), push=place.push, now=place.now)


def note(place: At, text: str, *, key: str | None = None) -> int:
    """Write something that only colleagues see; `@username` calls one of them."""
    words = redact(checked(text))
    if key and not once(place.connection, place.id, f"{place.agent.id}:{key}", now=place.now):
        return last_seq(place)
    names = {name.casefold() for name in _MENTION.findall(words)}
    called = [user for user in list_users(place.connection) if user.username in names] if names else []
    data: dict[str, Any] = {"agent_id": place.agent.id, "name": place.agent.name}
    if called:
        data["mentions"] = [user.id for user in called]
    seq = append(
        place.connection, place.id, (Event("note", data, {"text": words}),), push=False, now=place.now
    )
    others = [user.id for user in called if user.id != place.agent.id]
    marks.mention(place.connection, others, place.id, seq, now=place.now)
    return seq


def note_on_customer(place: At, text: str) -> int:
    """What colleagues should know of this customer, whatever the conversation. Somebody without a record gets
    one, by the name on the ticket."""
    words = redact(checked(text, LONGEST_CUSTOMER_NOTE))
    view = views.conversation(place.connection, place.id)
    assert view is not None
    customer = view.customer
    if customer is None:
        name = view.ticket.ticket.customer if view.ticket else ""
        customer = create_customer(place.connection, now=place.now, name=name or None)
        set_customer(place.connection, place.id, customer.id)
    add_customer_note(place.connection, customer.id, words, author=place.agent.id, now=place.now)
    event = Event("customer_note", {"agent_id": place.agent.id})
    return append(place.connection, place.id, (event,), push=False, now=place.now)


def remove_note_on_customer(place: At, note_id: int) -> int:
    """Take back what one has written of this customer; an administrator takes away anything."""
    view = views.conversation(place.connection, place.id)
    customer = view.customer if view else None
    if customer is None:
        raise NotFound("nothing is noted of this customer")
    user = get_user(place.connection, place.agent.id)
    by = None if user and user.role == "admin" else place.agent.id
    remove_customer_note(place.connection, customer.id, note_id, by=by)
    audit(
        place.connection,
        actor=place.agent.id,
        deed="remove customer note",
        subject=f"customer:{customer.id}",
        now=place.now,
        data={"note": note_id},
    )
    event = Event("customer_note", {"agent_id": place.agent.id})  # so that pages show it no longer
    return append(place.connection, place.id, (event,), push=False, now=place.now)
