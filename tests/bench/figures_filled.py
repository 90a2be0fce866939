"""A database filled with conversations as they are on record, for measuring pages that count them.

`python -m tests.bench.figures_filled PATH [N]` makes it: N conversations (20,000) of the last 60 days, about 100
events each: three in four are solved by the bot or left, the others go to a person.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, insert

from bot.store import schema
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.record import NAMES, SCORES
from bot.store.schema import CANNOT_HANDLE

DAYS = 60
FLOWS = ("internet_down", "wifi_problem", "password_forgotten", "printer_problem", "email_not_working",
         "vpn_problem", "computer_slow", "account_locked", "software_install", "screen_problem")  # fmt: skip
TEAMS = ("first_line", "network", "accounts", "workplace")
CHANNELS = ("web", "web", "web", "rest", "whatsapp")
AT_ONCE = 500

Row = tuple[float, int, str, dict[str, Any]]
"""When it was after the beginning, in which turn, the event's type and its data."""


def story(draw: random.Random) -> Iterator[Row]:
    """One conversation's events. The JSON is as long as that of a real one."""
    flow, at, turn = draw.choice(FLOWS), 0.0, 0
    handed, left = draw.random() < 0.25, draw.random() < 0.3
    calls = ("check_outage", "confirm_problem", "read_back", "guide_through_articles", "walk_through_article")
    turns = draw.randint(2, 5) if left else draw.randint(6, 11)
    for turn in range(1, turns + 1):
        at += draw.uniform(5, 90)
        intent = "nlu_fallback" if draw.random() < 0.08 else flow if turn == 1 else "affirm"
        yield at, turn, "user", {"channel": "web", "external_id": f"{draw.random()}", "author": "customer"}
        ranking = [[name, round(draw.random(), 4)] for name in FLOWS[:5]]
        yield at, turn, "understood", {"language": "nl", "intent": intent, "confidence": 0.91, "ranking": ranking,
                                       "model": "e5eab186761d"}  # fmt: skip
        yield (
            at,
            turn,
            "decided",
            {"rule": "valid_answer", "commands": [{"command": "SetSlots", "slots": []}]},
        )
        if intent == "nlu_fallback" and turn > 1:
            yield at, turn, "flow", {"flow": CANNOT_HANDLE, "change": "started", "kind": "pattern"}
        yield at, turn, "slot", {"name": f"slot_{turn}", "by": "collect"}
        if turn == 1:
            yield at, turn, "flow", {"flow": "pattern_session_start", "change": "started", "kind": "pattern"}
            yield at, turn, "flow", {"flow": "pattern_session_start", "change": "completed"}
            yield at, turn, "flow", {"flow": flow, "change": "started"}
        else:
            called = calls[turn % len(calls)]
            yield at, turn, "flow", {"flow": called, "change": "started", "kind": "call"}
            yield at, turn, "step", {"flow": called, "step": "0_noop", "kind": "noop"}
            yield at, turn, "step", {"flow": called, "step": "1_action", "kind": "action"}
            yield at, turn, "slot", {"name": "problem_summary", "by": "flow"}
            yield at, turn, "flow", {"flow": called, "change": "completed"}
        yield at, turn, "step", {"flow": flow, "step": f"{turn}_collect", "kind": "collect"}
        yield (
            at,
            turn,
            "bot",
            {"author": "bot", "response": "utter_ask", "replies": [{"title": "Ja", "payload": "/affirm"}]},
        )
    article = f"article-{draw.randint(1, 40)}"
    if turns > 5:
        outcome = draw.choice(("solved", "not_solved", "skipped"))
        yield at, turn, "suggestion", {"article": article, "outcome": "shown"}
        yield at, turn, "suggestion", {"article": article, "outcome": outcome}
    if handed:
        team = draw.choice(TEAMS)
        yield at, turn, "handoff", {"reason": "exhausted", "team": team, "ticket": 1, "priority": "P3"}
        at += draw.expovariate(1 / 900)
        yield (
            at,
            turn,
            "owner",
            {"from": "queue", "to": "agent", "deed": "claim", "agent_id": "a", "epoch": 2},
        )
        for _ in range(draw.randint(1, 5)):
            at += draw.expovariate(1 / 120)
            yield at, turn, "agent", {"author": "agent", "agent_id": "a", "name": "Els"}
            yield (
                at + 30,
                turn,
                "user",
                {"channel": "web", "external_id": f"{draw.random()}", "author": "customer"},
            )
        at += 200
        yield (
            at,
            turn,
            "owner",
            {"from": "agent", "to": "bot", "deed": "resolve", "agent_id": "a", "epoch": 3},
        )
        yield at, turn, "ended", {"outcome": "solved"}
    elif left:
        yield at + 1800, turn, "ended", {"outcome": "silent"}
    else:
        yield at, turn, "flow", {"flow": flow, "change": "completed"}
        yield at + 20, turn, "satisfaction", {"score": draw.choice((1, 2, 3, 4, 4, 5, 5, 5))}
        yield at + 1800, turn, "ended", {"outcome": "solved"}


def fill(
    connection: Connection, first: int, count: int, now: float, draw: random.Random, days: float = DAYS
) -> None:
    """Write so many conversations."""
    talks: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    handed: list[dict[str, Any]] = []
    tickets: list[dict[str, Any]] = []
    for number in range(first, first + count):
        id_, begun = f"conversation{number:010d}", now - draw.random() * days * 86_400
        channel, team = draw.choice(CHANNELS), None
        events = list(story(draw))
        for seq, (after, turn, kind, data) in enumerate(events, 1):
            name, score = NAMES.get(kind), SCORES.get(kind)
            rows.append({
                "conversation_id": id_, "seq": seq, "type": kind, "at": begun + after, "turn": turn,
                "name": data.get(name) if name else None, "score": data.get(score) if score else None, "data": data,
            })  # fmt: skip
            if kind == "handoff":
                team = data["team"]
                handed.append({"conversation_id": id_, "episode": 1, "team": team, "reason": "exhausted",
                               "priority": "P3", "created_at": begun + after,
                               "claimed_at": begun + after + 9, "closed_at": begun + after + 99})  # fmt: skip
                tickets.append(_ticket(id_, channel, team, begun + after))
        end = begun + events[-1][0]
        talks.append({
            "id": id_, "channel": channel, "sender_id": f"s{number}", "owner": "bot", "status": "resolved",
            "team": team, "language": draw.choice(("nl", "nl", "fr", "en")), "seq": len(events), "version": 9,
            "state": {"slots": {f"slot_{n}": "a value of some length" for n in range(60)}}, "created_at": begun,
            "updated_at": end, "last_customer_at": end, "outcome": events[-1][3].get("outcome"),
        })  # fmt: skip
    connection.execute(insert(schema.conversations), talks)
    connection.execute(insert(schema.events), rows)
    connection.execute(insert(schema.handoffs), handed)
    connection.execute(insert(schema.tickets), tickets)


def _ticket(id_: str, channel: str, team: str, at: float) -> dict[str, Any]:
    empty = dict.fromkeys(("customer", "contact", "intent", "summary", "reason", "search"), "")
    lists: dict[str, Any] = {name: [] for name in ("steps_tried", "checks", "articles", "notes")}
    return {
        **empty, **lists, "conversation_id": id_, "episode": 1, "status": "solved", "secret": f"secret-{id_}",
        "channel": channel, "language": "nl", "facts": {}, "impact": "low", "urgency": "low", "priority": "P3",
        "team": team, "extra": {}, "response_due": at + 1200, "resolution_due": at + 1800, "created_at": at,
        "updated_at": at, "solved_at": at + 1700,
    }  # fmt: skip


async def filled(url: str, count: int, now: float, seed: int = 7, days: float = DAYS) -> None:
    """Make the tables and fill them."""
    database, draw = Database.open(url), random.Random(seed)
    await asyncio.to_thread(migrate, database)
    for first in range(0, count, AT_ONCE):
        part = min(AT_ONCE, count - first)
        await database.write(
            lambda connection, first=first, part=part: fill(connection, first, part, now, draw, days)
        )
    await database.close()


if __name__ == "__main__":
    path, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    asyncio.run(filled(f"sqlite:///{path}", number, time.time()))
