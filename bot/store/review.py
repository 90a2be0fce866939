"""The review's list: conversations by what was said, understood and reached. Three queries and a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from bot.model.numbers import whole_number
from bot.model.understanding import NLU_FALLBACK
from bot.store import meanings
from bot.store.said import holds, words_of
from bot.store.schema import contents, conversations, events, handoffs, tickets
from bot.store.schema_review import tags
from bot.store.values import dumps
from handoff.contacts import TO_PEOPLE

_c, _e = conversations.c, events.c


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What is looked for; what is None does not matter. Times are epoch seconds, `until` excluded.

    The words of `text` were all said in one message, or are in the summary of a ticket; or it is the number
    of its ticket (`1001`, `#1001`), the id of the conversation or of its sender. With a `speaker` (user, bot,
    agent) only what such a one said counts. `handed` are those that ever came to people, whatever came of it.

    `intent` and the confidences are of one and the same turn: "printer_problem, understood below 0.5"; what
    was not understood (`meanings`) is below any. `outcome` is what any of its contacts came to, `stopped` the
    last step of a scenario, as flow or flow/step; `satisfaction` a lowest and a highest score; `agent` an id
    of whoever has it or had it.
    """

    text: str | None = None
    speaker: str | None = None
    language: str | None = None
    channel: str | None = None
    intent: str | None = None
    outcome: str | None = None
    handed: bool = False
    owner: str | None = None
    min_confidence: float | None = None
    unsure_below: float | None = None
    since: float | None = None
    until: float | None = None
    stopped: str | None = None
    satisfaction: tuple[float, float] | None = None
    agent: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A line of the list. `intents` in the order in which they were understood (`NLU_FALLBACK` where a turn
    was not), `confidence` the lowest, both as `meanings` defines them; `stopped` the last step of a scenario,
    as flow/step; `handed` says that it ever came to people."""

    conversation_id: str
    channel: str
    sender_id: str
    language: str
    owner: str
    status: str
    outcome: str | None
    turns: int
    created_at: float
    updated_at: float
    ticket: int | None
    first_content: dict[str, Any] | None
    handed: bool
    intents: tuple[str, ...]
    confidence: float | None
    stopped: str

    @property
    def first_text(self) -> str:
        """How the customer began."""
        return str((self.first_content or {}).get("text") or "")


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Some lines of the list, and how many there are in all."""

    items: tuple[ReviewItem, ...]
    total: int


_m = contents.alias("message").c
"""Contents again, for a search in all of them beside the first that the list shows."""


def _first_said() -> Any:
    first = events.alias("first").c
    return (
        select(first.seq)
        .where(first.conversation_id == _c.id, first.type == "user")
        .order_by(first.seq)
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )


def _last_step() -> Any:
    """The last step of a scenario: what repairs, hands over or waits in vain comes after it."""
    last = events.alias("last_step").c
    return (
        select(last.seq)
        .where(
            last.conversation_id == _c.id,
            last.type == "step",
            ~type_coerce(last.data, Text).contains('"flow":"pattern_', autoescape=True),
        )
        .order_by(last.seq.desc())
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )


def _event(type_: str, *that: Any) -> Any:
    return exists().where(_e.conversation_id == _c.id, _e.type == type_, *that)


_HANDED = or_(_event("handoff"), _event("owner", _e.name.in_(TO_PEOPLE)))
"""Whether it ever came to people."""

_LIST = (
    select(
        _c.id, _c.channel, _c.sender_id, _c.language, _c.owner, _c.status, _c.outcome, _c.version,
        _c.created_at, _c.updated_at, tickets.c.number, contents.c.content, _HANDED,
    )
    .select_from(conversations)
    .outerjoin(tickets, and_(tickets.c.conversation_id == _c.id, tickets.c.episode == _c.episode))
    .outerjoin(contents, and_(contents.c.conversation_id == _c.id, contents.c.seq == _first_said()))
)  # fmt: skip
_ORDER = (_c.created_at.desc(), _c.id)

_MEANT = meanings.turns(
    _e.conversation_id.in_(bindparam("ids", expanding=True)), meanings.intent, meanings.lost, meanings.sure
).order_by(_e.conversation_id, _e.turn)

_STOPPED = (
    select(_c.id, _e.name, _e.data)
    .select_from(conversations)
    .join(events, and_(_e.conversation_id == _c.id, _e.seq == _last_step()))
    .where(_c.id.in_(bindparam("ids", expanding=True)))
)


def review_list(
    connection: Connection, wanted: ReviewFilter | None = None, *, limit: int = 50, offset: int = 0
) -> ReviewPage:
    """Conversations of every owner, the newest first."""
    where = _where(wanted or ReviewFilter())
    rows = connection.execute(_LIST.where(*where).order_by(*_ORDER).limit(limit).offset(offset)).all()
    total = offset + len(rows)
    if len(rows) == limit or (offset and not rows):  # what is not full is the last, and says how many
        total = connection.execute(select(func.count()).select_from(conversations).where(*where)).scalar_one()
    return ReviewPage(_items(connection, rows), total)


def review_items(connection: Connection, conversation_ids: Collection[str]) -> dict[str, ReviewItem]:
    """The lines of these conversations by id."""
    rows = connection.execute(_LIST.where(_c.id.in_(conversation_ids))).all()
    return {item.conversation_id: item for item in _items(connection, rows)}


def _items(connection: Connection, rows: Sequence[Any]) -> tuple[ReviewItem, ...]:
    intents: defaultdict[str, dict[str, None]] = defaultdict(dict)
    lowest: dict[str, float] = {}
    ids = {"ids": [row[0] for row in rows]}
    for id_, intent, lost, sure in connection.execute(_MEANT, ids):
        if intent and intent != NLU_FALLBACK:
            intents[id_][intent] = None
        if lost:
            intents[id_][NLU_FALLBACK] = None
        if sure is not None:
            lowest[id_] = min(sure, lowest.get(id_, sure))
    stopped = {id_: f"{data.get('flow')}/{step}" for id_, step, data in connection.execute(_STOPPED, ids)}
    return tuple(
        ReviewItem(
            *row,
            intents=tuple(intents[row[0]]),
            confidence=lowest.get(row[0]),
            stopped=stopped.get(row[0], ""),
        )
        for row in rows
    )


def _where(wanted: ReviewFilter) -> list[Any]:
    equal = {
        _c.language: wanted.language,
        _c.channel: wanted.channel,
        _c.owner: wanted.owner,
    }
    where: list[Any] = [column == value for column, value in equal.items() if value]
    if wanted.since is not None:
        where.append(_c.created_at >= wanted.since)
    if wanted.until is not None:
        where.append(_c.created_at < wanted.until)
    if wanted.text:
        text = wanted.text.strip()
        where.append(or_(_c.id == text, _c.sender_id == text, *_worded(text, wanted.speaker), *_ticket(text)))
    if wanted.outcome:
        where.append(or_(_c.outcome == wanted.outcome, _c.id.in_(_came_to(wanted.outcome))))
    if wanted.handed:
        where.append(_HANDED)
    if wanted.stopped:
        where.append(_stopped_at(*wanted.stopped.partition("/")[::2]))
    if wanted.satisfaction:
        where.append(_event("satisfaction", _e.score.between(*wanted.satisfaction)))
    if wanted.agent:
        theirs = exists().where(handoffs.c.conversation_id == _c.id, handoffs.c.agent_id == wanted.agent)
        where.append(or_(_c.agent_id == wanted.agent, theirs))
    if wanted.tag:
        where.append(exists().where(tags.c.conversation_id == _c.id, tags.c.tag == wanted.tag))
    where.extend(_meant(wanted))
    return where


def _worded(text: str, speaker: str | None) -> list[Any]:
    """Where all its words stand together: in a message or, where anybody may have said it, in a summary."""
    words = words_of(text)
    if not words:
        return []
    message = exists().where(_m.conversation_id == _c.id, holds(_m.search, words), *_by(speaker))
    if speaker:
        return [message]
    of_ticket = tickets.alias("of_ticket").c
    return [
        message,
        exists().where(of_ticket.conversation_id == _c.id, holds(of_ticket.summary_search, words)),
    ]


def _by(speaker: str | None) -> list[Any]:
    """That the message which is looked at is theirs."""
    if speaker is None:
        return []
    spoken = events.alias("spoken").c
    theirs = (spoken.conversation_id == _m.conversation_id, spoken.seq == _m.seq, spoken.type == speaker)
    return [exists().where(*theirs)]


def _came_to(outcome: str) -> Any:
    """The conversations of which an earlier contact came to that: its last end before the next one began."""
    next_, end = events.alias("next").c, events.alias("end").c
    came = (
        select(end.name)
        .where(end.conversation_id == next_.conversation_id, end.seq < next_.seq, end.type == "ended")
        .order_by(end.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    begins = next_.type == literal_column("'episode'")  # spelled out, for the index: see `figures`
    return select(next_.conversation_id).where(begins, came == outcome)


def _ticket(text: str) -> list[Any]:
    number = whole_number(text.removeprefix("#"))
    if number is None:
        return []
    return [_c.id.in_(select(tickets.c.conversation_id).where(tickets.c.number == number))]


def _meant(wanted: ReviewFilter) -> list[Any]:
    """What single events tell is asked of them first: that is quicker than putting turns together."""
    event: list[Any] = []
    turn: list[Any] = []
    if wanted.intent == NLU_FALLBACK:
        turn.append(meanings.lost)
    elif wanted.intent:
        event.append(_e.name == wanted.intent)
        turn.append(meanings.intent == wanted.intent)
    if wanted.min_confidence is not None:
        event.append(_e.score >= wanted.min_confidence)
        turn.append(meanings.score >= wanted.min_confidence)
    if wanted.unsure_below is not None:
        turn.append(or_(meanings.lost, meanings.sure < wanted.unsure_below))
    found = [_event("understood", *event)] if event else []
    if len(turn) > len(event):
        turns = meanings.turns(_e.conversation_id == _c.id).having(and_(*turn))
        found.append(turns.correlate(conversations).exists())
    return found


def _stopped_at(flow: str, step: str) -> Any:
    """Whether the last step of a scenario was one of this flow, and this one where one is named."""
    in_flow = type_coerce(_e.data, Text).contains(f'"flow":{dumps(flow)}', autoescape=True)
    at_step = [_e.name == step] if step else []
    return _event("step", _e.seq == _last_step(), in_flow, *at_step)
