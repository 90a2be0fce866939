"""`balie chat`: a conversation in the terminal, by the same way in and the same turns as everywhere."""

from __future__ import annotations

import asyncio
import secrets
import sys
from contextlib import suppress

from bot.app.build import Balie, build
from bot.app.config import Settings
from bot.app.loading import Content
from bot.bus import conversation_topic
from bot.dialogue.render import numbered
from bot.model.errors import BadInput, TooMany
from bot.model.messages import InboundMessage, QuickReply
from bot.store import views
from bot.store.views import TimelineItem

CHANNEL = "terminal"
_PROMPT = {"nl": "u", "fr": "vous", "en": "you"}
_AGENT = {"nl": "medewerker", "fr": "collaborateur", "en": "agent"}
_HELLO = {
    "nl": "Typ uw vraag; een keuze mag met haar nummer. Stoppen doet u met Ctrl+D.",
    "fr": "Tapez votre question ; un choix se fait aussi par son numéro. Ctrl+D pour quitter.",
    "en": "Type your question; a choice may be its number. Ctrl+D leaves.",
}


async def chat(settings: Settings, content: Content, language: str) -> None:
    """Talk until the input ends. What a person at the desk answers appears here too."""
    balie = await build(settings, content)
    await balie.start()
    try:
        print(_HELLO.get(language, _HELLO["en"]))
        await _talk(balie, language)
    finally:
        await balie.stop()


async def _talk(balie: Balie, language: str) -> None:
    sender = secrets.token_urlsafe(8)
    shown = _Shown(balie, _AGENT.get(language, "agent"))
    listener: asyncio.Task[None] | None = None
    try:
        number = 0
        while True:
            line = await asyncio.to_thread(_read, _PROMPT.get(language, "you"))
            if line is None:
                return
            if not line.strip():
                continue
            number += 1
            message = InboundMessage(CHANNEL, sender, f"{sender}-{number}", line, language=language)
            try:
                accepted = await balie.ingest.receive(message)
            except (BadInput, TooMany) as error:
                print(f"({error})")
                continue
            with suppress(TimeoutError):
                await balie.replies.answered(accepted, 30)
            await shown.show(accepted.conversation_id)
            if listener is None:
                listener = asyncio.create_task(shown.listen(accepted.conversation_id))
    finally:
        if listener:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)


class _Shown:
    """Prints what was said, once."""

    def __init__(self, balie: Balie, agent: str) -> None:
        self._balie = balie
        self._agent = agent
        self._seq = 0
        self._lock = asyncio.Lock()

    async def show(self, conversation_id: str) -> None:
        async with self._lock:
            items = await self._balie.database.read(
                lambda connection: views.transcript(connection, conversation_id, after=self._seq)
            )
            for item in items:
                self._seq = item.seq
                if item.type != "user":
                    print(_text(item, self._agent), flush=True)

    async def listen(self, conversation_id: str) -> None:
        """Show what a person says between two lines; looks every second where the desk is another process."""
        async with self._balie.bus.subscribe(conversation_topic(conversation_id)) as events:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await anext(aiter(events))
                await self.show(conversation_id)


def _text(item: TimelineItem, agent: str) -> str:
    content = item.content or {}
    replies = [QuickReply(each["title"], each["payload"]) for each in item.data.get("replies") or ()]
    name = item.data.get("name")
    who = {"bot": "Balie", "system": "*", "agent": f"{name} ({agent})" if name else agent}[item.type]
    lines = [f"{who}: {content.get('text', '')}"]
    if replies:
        lines.append(numbered(replies))
    return "\n".join(lines)


def _read(prompt: str) -> str | None:
    try:
        return input(f"{prompt}> ")
    except EOFError:
        if sys.stdin.isatty():
            print()
        return None
