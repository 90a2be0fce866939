"""Where an agent stands when they do something: a conversation inside a transaction that is open."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.model.conversation import Owner, Status
from bot.model.errors import Conflict, NotFound
from bot.service.notices import Tell, nothing
from bot.store.schema import conversations


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts, as the customer may see it: `name` is shown. `actor` is who does it in their place, for the
    audit log: a rule, or an administrator."""

    id: str
    name: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class At:
    """An agent at a conversation, as it stands at this moment of the transaction. `push` says whether its
    channel's messages go through delivery; `tell` tells the customer who has the conversation; `learn` puts
    on the ticket what the bot has found out."""

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
    learn: Learn = lambda _: None

    @property
    def holder(self) -> str | None:
        """Where an agent owns it, only that one may."""
        return self.agent.id if self.owner is Owner.AGENT else None


Learn = Callable[[At], None]
"""Puts what the bot has found out since it was given the conversation on the ticket that there is."""

_c = conversations.c


def at(
    connection: Connection,
    now: float,
    agent: Agent,
    conversation_id: str,
    push: Collection[str],
    tell: Tell = nothing,
    learn: Learn = lambda _: None,
) -> At:
    """Where an agent stands; raises `NotFound`, and `Conflict` where it was erased: nothing more is written
    of somebody who asked to be forgotten. `push` names the channels that go through delivery."""
    row = connection.execute(
        select(
            _c.erased_at, _c.channel, _c.owner, _c.status, _c.agent_id, _c.episode, _c.team, _c.language
        ).where(_c.id == conversation_id)
    ).first()
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    erased_at, channel, owner, status, *rest = row
    if erased_at is not None:
        raise Conflict("this conversation was erased: nothing is added to it any more")
    standing, pushed = (Owner(owner), Status(status)), channel in push
    return At(
        connection, now, agent, conversation_id, channel, pushed, *standing, *rest, tell=tell, learn=learn
    )


def last_seq(place: At) -> int:
    """The number of the last event, where a deed adds none."""
    return place.connection.execute(select(_c.seq).where(_c.id == place.id)).scalar_one()
