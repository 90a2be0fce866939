"""Calls over a record in memory, for the tests of the telephone's lines; and Twilio's signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from twilio.request_validator import RequestValidator

from bot.model.conversation import Owner
from bot.model.messages import Accepted, QuickReply
from bot.service.agents import Agent
from bot.service.calls import Begun, Standing
from channels.spoken import is_answer, replies_of
from tests.fixtures_web import Item, Record, taken

TOKEN = "an-auth-token-for-tests"
GREETING = "Dag, u spreekt met de helpdesk."
FROM_CHAT = "Goed, we praten verder."
"""What is said first to who calls out of the chat."""


def sign(url: str, form: dict[str, str] | bytes, token: str = TOKEN) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a form that Twilio posts."""
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        fields = {}
    try:
        signature = RequestValidator(token).compute_signature(url, fields)
    except ValueError:
        signature = "none"
    return {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }, body


@dataclass
class Calls:
    """The port of `channels.phone.gather`. `stands` is how a call stands beside what the record tells."""

    record: Record
    languages: tuple[str, ...] = ("nl", "fr", "en")
    stands: Standing = field(default_factory=lambda: Standing("", "nl", Owner.BOT))
    notes: dict[str, str] = field(default_factory=dict)
    calling_back: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    callers: dict[str, str | None] = field(default_factory=dict)
    cut: list[tuple[int, int, int]] = field(default_factory=list)
    """What callers heard only in part: its number, how many sentences, of how many."""

    async def begin(self, call: str, language: str, caller: str | None, *, through: str = "") -> Begun:
        self.callers.setdefault(call, caller)
        self.stands = replace(self.stands, language=language)
        seq = await self.record.begin(call)
        return Begun(call, seq, "")

    async def conversation(self, channel: str, sender_id: str) -> str | None:
        return sender_id if self.record.items.get(sender_id) else None

    async def call_from(self, channel: str, sender_id: str, language: str, user: str | None = None) -> Begun:
        self.stands = replace(self.stands, language=language)
        text = FROM_CHAT if self.record.items.get(sender_id) else GREETING
        return Begun(sender_id, await self.record.add(sender_id, "bot", {}, text), text, language)

    async def standing(self, call: str) -> Standing | None:
        items: Sequence[Item] = self.record.items.get(call, [])
        if not items:
            return None
        since = max((item.seq for item in items if item.type == "user"), default=0)
        last = [item for item in items if item.seq > since]
        spoken = [item for item in last if is_answer(item)]
        offered = tuple(QuickReply(**each) for each in replies_of(spoken[-1])) if spoken else ()
        return replace(self.stands, conversation_id=call, last=last, offered=offered)  # pyright: ignore

    async def standing_of(self, conversation_id: str) -> Standing | None:
        return await self.standing(conversation_id)

    async def accepted(self, call: str, external_id: str) -> Accepted | None:
        seq = self.record.by_id.get(external_id)
        return None if seq is None else taken(call, seq, duplicate=True)

    async def note(self, conversation_id: str, text: str, key: str) -> None:
        self.notes.setdefault(key, text)

    async def call_back(self, conversation_id: str, number: str, text: str, key: str) -> None:
        self.calling_back.append(number)
        self.notes.setdefault(key, text)

    async def end(self, conversation_id: str) -> bool:
        return await self.first(conversation_id, "bye")

    async def is_over(self, conversation_id: str) -> bool:
        return "bye" in self.keys

    async def first(self, conversation_id: str, key: str) -> bool:
        new = key not in self.keys
        self.keys.add(key)
        return new

    async def heard(self, conversation_id: str, seq: int, sentences: int, of: int) -> None:
        self.cut.append((seq, sentences, of))

    async def spoken(self, conversation_id: str, agent: Agent, text: str) -> None:
        await self.record.add(conversation_id, "agent", {"name": agent.name, "voice": True}, text)


@dataclass
class Lines:
    """The port of `channels.phone.switchboard`: which calls are on, and who speaks on them."""

    on: dict[str, str | None] = field(default_factory=dict)

    async def opened(self, conversation_id: str) -> None:
        self.on[conversation_id] = None

    async def closed(self, conversation_id: str) -> None:
        del self.on[conversation_id]

    async def talks(self, conversation_id: str, agent_id: str | None) -> None:
        if conversation_id in self.on:
            self.on[conversation_id] = agent_id

    async def keep(self) -> None:
        """No process dies here."""
