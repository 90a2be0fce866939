"""The record: one event for everything that was said, understood, decided, tested and shown.

`data` holds facts and figures that stay; `content` holds what a person said or is (texts, slot
values), stands in a row of its own and can be erased without losing the figures.

| type | data | content |
|---|---|---|
| user | channel, external_id, author | text, payload, attachments |
| understood | language, intent, confidence, ranking, model, others | entities |
| decided | rule (of the commands table), commands | |
| bot, system, agent | author, response, replies, agent_id, metadata | text, attachments |
| note | agent_id, name, mentions | text |
| flow | flow, change: started, completed, cancelled, interrupted, resumed; trigger | |
| step | flow, step, kind | |
| slot | name, by: collect, correction, action, flow, reset | value |
| action | name, ok, ms, durable, late | error |
| check | name, ok, ms | target, expected, found, detail |
| suggestion | article, outcome: shown, solved, not_solved, skipped | |
| language | from, to | |
| handoff | reason, team, ticket, priority | |
| owner | from, to, deed, agent_id, epoch, until, why | |
| customer_note | agent_id | |
| ticket | number, agent_id, fields | |
| satisfaction | score | comment |
| ended | outcome: solved, unsolved, cancelled, silent | solution |
| left | | |
| heard | of: the number of what was spoken on a call, sentences: how many were heard, total | |
| episode | number, from 2 on: what is said from here on is another contact | |
| error | where, kind | detail |
| erased | why: request, age | |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SPOKEN = frozenset({"user", "bot", "system", "agent"})
"""The events that a customer sees; the rest is for agents and reviewers."""


WORDS: Mapping[str, frozenset[str]] = {"check": frozenset({"target", "expected", "found", "detail"})}
"""What of a slot's record is content, by the type of event that it is written down as; the rest is data."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a conversation; its place (`seq`) and time are given by the store."""

    type: str
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    content: Mapping[str, Any] = field(default_factory=dict[str, Any])
