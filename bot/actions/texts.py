"""An article sent to whoever is on the telephone, as a text with its address."""

from __future__ import annotations

from typing import Any, Protocol

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.articles import Library
from bot.actions.base import ShippedAction, language_of, slots, text_of
from bot.model.messages import PHONE


class Texts(Protocol):
    """Who sends texts (`bot.service.outgoing.Outgoing`)."""

    async def text_article(self, conversation_id: str, slug: str, title: str, url: str) -> str: ...


class SendArticle(ShippedAction):
    """Sends the article at hand to the caller's mobile number, once a call. `article_sent` says what became
    of it: `sent`, `already`, `unknown`, `shown` (it is on the screen already), `none` (there is no article),
    or why not, as `no_mobile`."""

    action_name = "action_send_article"
    balie_durable = True

    def __init__(self, library: Library, texts: Texts | None) -> None:
        self._library = library
        self._texts = texts

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Fill `article_sent`."""
        return slots(article_sent=await self._send(tracker))

    async def _send(self, tracker: Tracker) -> str:
        article = self._library.find(text_of(tracker, "article_slug"), language_of(tracker))
        if article is None:
            return "none"
        if tracker.get_latest_input_channel() != PHONE:
            return "shown"
        url = self._library.url(article, tracker)
        if url is None or self._texts is None:
            return "not_done"
        return await self._texts.text_article(tracker.sender_id, article.slug, article.title, url)
