"""What agents do to a conversation, each inside a transaction that is open; several may share one (a macro).

Who may do what is decided by `transfer`'s table and by who owns the conversation; who is an agent, by the
pages. Every change of owner also enters the inbox (kind `deed`), so that the engine hears of it and may say
something. Opening the transaction and telling the bus is `agents`; a ticket's fields are `ticketing`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.model.conversation import Deed, Owner, Status
from bot.model.errors import BadInput, Conflict, Malformed, NotFound, TooLarge
from bot.model.events import Event
from bot.model.messages import MAX_TEXT
from bot.model.redact import redact
from bot.service.notices import AFTER_DEED, Tell, nothing
from bot.store import article_drafts, marks, views
from bot.store.accounts import audit, list_users
from bot.store.attachments import NewFile, keep_files
from bot.store.customers import add_customer_note, create_customer, set_customer
from bot.store.pauses import pause
from bot.store.queue import accept_result, append, once, repeat, transfer
from bot.store.repositories import (
    claim_handoff,
    close_handoff,
    create_handoff,
    move_handoff,
    open_handoff,
    ticket_of,
    update_ticket,
)
from bot.store.schema import conversations

LONGEST_SNOOZE = 366 * 24 * 3600.0
MOST_TITLE = 200
LONGEST_CUSTOMER_NOTE = 2_000
_MENTION = re.compile(r"(?<!\w)@([\w.-]*\w)")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts, as the customer may see it: `name` is shown."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class At:
    """An agent at a conversation, as it stands at this moment of the transaction. `push` says whether its
    channel's messages go through delivery; `tell` tells the customer who has the conversation."""

    connection: Connection
    now: float
    agent: Agent
    id: str
    channel: str
    push: bool
    owner: Owner
    status: Status
    agent_id: str | None
    episode: int
    team: str | None
    language: str
    tell: Tell = nothing

    @property
    def holder(self) -> str | None:
        """Where an agent owns it, only that one may."""
        return self.agent.id if self.owner is Owner.AGENT else None


_c = conversations.c


def at(
    connection: Connection,
    now: float,
    agent: Agent,
    conversation_id: str,
    push: Collection[str],
    tell: Tell = nothing,
) -> At:
    """Where an agent stands; raises `NotFound`. `push` names the channels that go through delivery."""
    row = connection.execute(
        select(_c.channel, _c.owner, _c.status, _c.agent_id, _c.episode, _c.team, _c.language).where(
            _c.id == conversation_id
        )
    ).first()
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    channel, owner, status, *rest = row
    standing = Owner(owner), Status(status)
    return At(connection, now, agent, conversation_id, channel, channel in push, *standing, *rest, tell=tell)


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────


def claim(place: At) -> int:
    """Take it from the line, or from the bot; raises `Conflict` when another was first. What was resolved is
    open again, its ticket too."""
    claim_handoff(place.connection, place.id, agent_id=place.agent.id, now=place.now)
    reopened = place.status is Status.RESOLVED
    ticket = ticket_of(place.connection, place.id, episode=place.episode) if reopened else None
    if ticket:
        update_ticket(place.connection, ticket.number, now=place.now, status="open")
    return _do(place, Deed.CLAIM, agent_id=place.agent.id, why="reopened" if reopened else "")


def to_queue(place: At, team: str | None = None, why: str = "") -> int:
    """Give it back to the line, of the same team or of another. `why` is for a rule that does it: left,
    unanswered."""
    before = open_handoff(place.connection, place.id)
    ticket = ticket_of(place.connection, place.id, episode=place.episode)
    create_handoff(
        place.connection,
        place.id,
        episode=place.episode,
        team=team or place.team or (before.team if before else ""),
        reason="returned",
        priority=ticket.ticket.priority.value if ticket else before.priority if before else "P3",
        now=place.now,
    )
    _move_ticket(place, team)
    return _do(place, Deed.TO_QUEUE, team=team, expect_agent=place.agent.id, why=why)


def to_bot(place: At, article: str = "") -> int:
    """Let the bot go on, with an article by guiding the customer through it. From an agent only that agent
    may; from the line any."""
    close_handoff(place.connection, place.id, outcome="to_bot", now=place.now)
    return _do(place, Deed.TO_BOT, expect_agent=place.holder, article=article)


def to_colleague(place: At, agent_id: str) -> int:
    """Hand it to a colleague, who must be able to take it."""
    users = {user.id: user for user in list_users(place.connection)}
    if agent_id not in users or users[agent_id].disabled:
        raise Malformed("there is no such colleague")
    claim_handoff(place.connection, place.id, agent_id=agent_id, now=place.now)
    deed = Deed.TRANSFER if place.owner is Owner.AGENT else Deed.CLAIM
    return _do(place, deed, agent_id=agent_id, expect_agent=place.holder, name=users[agent_id].name)


def to_team(place: At, team: str) -> int:
    """Into another team's line."""
    if place.owner is Owner.AGENT:
        return to_queue(place, team)
    move_handoff(place.connection, place.id, team=team)
    _move_ticket(place, team)
    return _do(place, Deed.TRANSFER, team=team)


def resolve(place: At, solution: str, *, solved: bool = True, article: str = "") -> int:
    """Close it with what solved it (or why it was not), on the ticket too; with a title for an `article`,
    the solution is proposed as one."""
    if place.status is Status.RESOLVED:
        raise Conflict("this conversation is resolved already")
    words = redact(checked(solution))
    outcome = "solved" if solved else "unsolved"
    close_handoff(place.connection, place.id, outcome=outcome, now=place.now)
    ticket = ticket_of(place.connection, place.id, episode=place.episode)
    if ticket:
        status = "solved" if solved else "closed"
        update_ticket(place.connection, ticket.number, now=place.now, status=status, solution=words)
    if article.strip():
        article_drafts.propose_article(
            place.connection,
            conversation_id=place.id,
            ticket=ticket.number if ticket else None,
            language=place.language,
            intent=ticket.ticket.intent if ticket else "",
            title=redact(article.strip()[:MOST_TITLE]),
            text=words,
            author=place.agent.id,
            now=place.now,
        )
    ended = Event("ended", {"outcome": outcome}, {"solution": words})
    return _do(place, Deed.RESOLVE, expect_agent=place.holder, events=(ended,), outcome=outcome)


def snooze(place: At, until: float | None) -> int:
    """Out of sight until that moment, or until the customer writes (None); the customer's writing ends it
    in any case. Until then the ticket's clock stands still: it is the customer's turn."""
    if until is not None and not place.now < until <= place.now + LONGEST_SNOOZE:
        raise BadInput("snooze until a moment that is still to come, a year away at most")
    seq = _do(place, Deed.SNOOZE, expect_agent=place.agent.id, snoozed_until=until)
    if until is None:
        pause(place.connection, place.id, place.episode, now=place.now)
    return seq


def wake(place: At) -> int:
    """Back in sight."""
    if place.status is not Status.SNOOZED:
        raise Conflict("this conversation is not snoozed")
    return _do(place, Deed.WAKE, expect_agent=place.holder)


# ── what is said ──────────────────────────────────────────────────────────────────────────────────────────


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


def checked(text: str, most: int = MAX_TEXT) -> str:
    """The text as it is kept; raises `Malformed` where there is none and `TooLarge`."""
    text = text.replace("\x00", "").strip()  # PostgreSQL keeps no null character
    if not text:
        raise Malformed("there is no text")
    if len(text) > most:
        raise TooLarge(f"a text may have {most} characters; this one has {len(text)}")
    return text


# ── how every change of owner is done ─────────────────────────────────────────────────────────────────────


def _do(
    place: At,
    deed: Deed,
    *,
    agent_id: str | None = None,
    team: str | None = None,
    expect_agent: str | None = None,
    events: Sequence[Event] = (),
    outcome: str | None = None,
    snoozed_until: float | None = None,
    why: str = "",
    article: str = "",
    name: str = "",
) -> int:
    """`name` is whose it is then, where that is not who does it."""
    seq = transfer(
        place.connection,
        place.id,
        deed,
        agent_id=agent_id,
        team=team,
        now=place.now,
        expect_agent=expect_agent,
        events=events,
        outcome=outcome,
        snoozed_until=snoozed_until,
        why=why,
        by=place.agent.id,
    )
    what: Mapping[str, Any] = {
        "deed": deed,
        "from": place.owner,
        "agent_id": agent_id or place.agent.id,
        "by": place.agent.id,
        "name": place.agent.name,
        "team": team,
        "outcome": outcome,
        **({"article": article} if article else {}),
    }
    accept_result(place.connection, place.id, "deed", f"{place.id}:{seq}", what, now=place.now)
    audit(
        place.connection,
        actor=place.agent.id,
        deed=deed,
        subject=f"conversation:{place.id}",
        now=place.now,
        data=what,
    )
    return _tell(place, deed, agent_id, name or place.agent.name) or seq


def _tell(place: At, deed: Deed, agent_id: str | None, name: str) -> int | None:
    """The customer, where somebody else has the conversation now, or the line."""
    response = AFTER_DEED.get(deed)
    if response is None or (agent_id is None and deed is Deed.TRANSFER):
        return None  # from one team's line into another's: the customer waits as before
    return place.tell(place.connection, place.id, response, name if agent_id else "")


def _move_ticket(place: At, team: str | None) -> None:
    ticket = ticket_of(place.connection, place.id, episode=place.episode) if team else None
    if ticket:
        update_ticket(place.connection, ticket.number, now=place.now, team=team)


def last_seq(place: At) -> int:
    """The number of the last event, where a deed adds none."""
    return place.connection.execute(select(_c.seq).where(_c.id == place.id)).scalar_one()
