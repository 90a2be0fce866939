"""What agents do to a conversation, each inside a transaction that is open; several may share one (a macro).

Who may do what is decided by `transfer`'s table and by who owns the conversation; who is an agent, by the
pages. Every change of owner also enters the inbox (kind `deed`), so that the engine hears of it and may say
something. What they say is `saying`; opening the transaction and telling the bus is `agents`; a ticket's
fields are `ticketing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.model.conversation import Deed, Owner, Status
from bot.model.errors import BadInput, Conflict, Malformed
from bot.model.events import Event
from bot.model.messages import checked
from bot.model.redact import redact
from bot.service.notices import AFTER_DEED
from bot.service.place import At
from bot.store import article_drafts
from bot.store.accounts import audit, list_users
from bot.store.changes import record_changes
from bot.store.pauses import pause
from bot.store.queue import accept_result, transfer
from bot.store.repositories import (
    at_work,
    claim_handoff,
    close_handoff,
    create_handoff,
    move_handoff,
    open_handoff,
    ticket_of,
    update_ticket,
)

LONGEST_SNOOZE = 366 * 24 * 3600.0
MOST_TITLE = 200


def claim(place: At) -> int:
    """Take it from the line, or from the bot; raises `Conflict` when another was first. What was resolved is
    open again, its ticket too."""
    place.learn(place)
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
    if users[agent_id].availability == "offline":
        raise Conflict("this colleague is not at work")
    place.learn(place)
    claim_handoff(place.connection, place.id, agent_id=agent_id, now=place.now)
    deed = Deed.TRANSFER if place.owner is Owner.AGENT else Deed.CLAIM
    return _do(place, deed, agent_id=agent_id, expect_agent=place.holder, name=users[agent_id].name)


def take_over(place: At, holder: str) -> int:
    """Take it from the colleague who has it; raises `Conflict` where it is no longer `holder`'s."""
    claim_handoff(place.connection, place.id, agent_id=place.agent.id, now=place.now)
    return _do(place, Deed.TRANSFER, agent_id=place.agent.id, expect_agent=holder)


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
    ticket = at_work(ticket_of(place.connection, place.id), place.episode)
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
    ended = Event("ended", {"outcome": outcome, "agent_id": place.agent.id}, {"solution": words})
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
        by=place.agent.actor or place.agent.id,
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
        actor=place.agent.actor or place.agent.id,
        deed=deed,
        subject=f"conversation:{place.id}",
        now=place.now,
        data=what,
    )
    return _tell(place, deed, agent_id, name or place.agent.name) or seq


def _tell(place: At, deed: Deed, agent_id: str | None, name: str) -> int | None:
    """The customer, where somebody else has the conversation now, or the line, or where it is closed."""
    response = AFTER_DEED.get(deed)
    if response is None or (agent_id is None and deed is Deed.TRANSFER):
        return None  # from one team's line into another's: the customer waits as before
    return place.tell(place.connection, place.id, response, name if agent_id else "")


def _move_ticket(place: At, team: str | None) -> None:
    ticket = ticket_of(place.connection, place.id, episode=place.episode) if team else None
    if ticket is None or team is None or ticket.ticket.team == team:
        return
    update_ticket(place.connection, ticket.number, now=place.now, team=team)
    moved = [("team", ticket.ticket.team, team)]
    actor = place.agent.actor or place.agent.id
    record_changes(place.connection, ticket.number, moved, actor=actor, now=place.now)
