"""Articles in a conversation: which to suggest, step by step, how it ended; and the search for manuals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import quote

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import ShippedAction, items_of, language_of, said, slots, text_of
from bot.dialogue.pack import Pack
from bot.dialogue.skill import ADVANCED, SKILL
from bot.knowledge.articles import Article
from bot.knowledge.parsing import plain
from bot.knowledge.search import Hit, KnowledgeIndex
from bot.model.errors import NotFound
from bot.model.links import link

OTHER_SUBJECT = 0.45
"""How well an article of another subject must fit to be suggested for a known problem."""

SHOWN_HITS = 3

OUTCOMES = {"solved": "solved", "next": "not_solved", "stuck": "not_solved", "skip": "skipped"}
"""What an answer to a step says of the article."""


class Library:
    """The knowledge base as the actions see it: searching off the event loop, and addresses."""

    def __init__(
        self, index: Callable[[], KnowledgeIndex], pack: Callable[[], Pack], public_url: str | None
    ) -> None:
        self._index = index
        self._pack = pack
        self._public_url = public_url

    async def search(
        self, query: str, language: str, *, intent: str | None = None, exclude: Collection[str] = ()
    ) -> list[Hit]:
        """The articles that fit, best first."""
        index = self._index()
        return await asyncio.to_thread(
            index.search, query, language, intent=intent, exclude=exclude, limit=10
        )

    def find(self, slug: str, language: str) -> Article | None:
        """An article, by its slug."""
        return self._index().articles.find(slug, language)

    def url(self, article: Article, tracker: Tracker) -> str | None:
        """Where the article stands in the help centre; None where the customer could not follow that."""
        path = f"/help/{article.language}/{quote(article.slug)}"
        return link(path, self._public_url, tracker.get_latest_input_channel())

    def described(self, tracker: Tracker) -> str:
        """The problem in words, to search with: what was told, and every fact of it."""
        language = language_of(tracker)
        domain = self._pack().domain
        facts = [
            slot.value_label(tracker.slots[name], language)
            for name, slot in domain.slots.items()
            if slot.fact and tracker.slots.get(name) not in (None, True, False)
        ]
        return "\n".join([text_of(tracker, "problem_summary"), text_of(tracker, "problem_details"), *facts])


def _shown(library: Library, article: Article, tracker: Tracker) -> dict[str, Any]:
    """The slots of the article that is now worked through."""
    return {
        "article_slug": article.slug,
        "article_title": article.title,
        "article_summary": article.summary,
        "article_url": library.url(article, tracker),
        "article_minutes": float(article.minutes),
        "article_kind": article.kind,
        "article_step": 1.0,
        "article_steps": float(len(article.steps)),
        "article_has_more": len(article.steps) > 1,
        "article_advanced": (plain(article.advanced) or None) if _is_advanced(tracker) else None,
        "step_outcome": None,
    }


_NONE = dict.fromkeys(
    ("article_slug", "article_title", "article_summary", "article_url", "article_kind", "article_advanced")
)


def _with(suggestions: list[dict[str, Any]], slug: str, outcome: str) -> list[dict[str, Any]]:
    """The suggestions with one more, or with a known one's outcome."""
    kept = [item for item in suggestions if item.get("article") != slug]
    return [*kept, {"article": slug, "outcome": outcome}]


class SuggestArticle(ShippedAction):
    """The best article for the problem that was not suggested yet; `article_slug` is null when none fits."""

    action_name = "action_suggest_article"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Search, and fill the slots of the article."""
        suggestions = items_of(tracker, "suggestions")
        problem = text_of(tracker, "problem") or None
        hits = await self._library.search(
            self._library.described(tracker),
            language_of(tracker),
            intent=problem,
            exclude={str(item.get("article")) for item in suggestions},
        )
        best = next(
            (hit for hit in hits if problem in hit.article.intents or hit.score >= OTHER_SUBJECT), None
        )
        if best is None:
            return slots(**_NONE)
        slug = best.article.slug
        shown = _shown(self._library, best.article, tracker)
        return slots(**shown, suggestions=_with(suggestions, slug, "shown"))


class TakeArticle(ShippedAction):
    """The article that an agent chose, ready to go through; `article_slug` is null when it is gone."""

    action_name = "action_take_article"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Fill the slots of the article."""
        article = self._library.find(text_of(tracker, "article_slug"), language_of(tracker))
        if article is None:
            return slots(**_NONE)
        shown = _shown(self._library, article, tracker)
        return slots(**shown, suggestions=_with(items_of(tracker, "suggestions"), article.slug, "shown"))


class AskStepOutcome(ShippedAction):
    """Tells the step at hand and asks how it went."""

    action_name = "action_ask_step_outcome"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Say the step; the widget gets its parts beside the text."""
        article, number = _at(self._library, tracker)
        step = article.steps[number - 1]
        howto = article.kind == "howto"
        why = "" if _is_advanced(tracker) else step.why
        parts = {
            "number": number,
            "of": len(article.steps),
            "title": step.title,
            "text": step.text,
            "why": why,
            "result": step.result,
            "minutes": step.minutes,
        }
        shown = {
            "number": number,
            "of": len(article.steps),
            "what": step.title,
            "text": step.text,
            "why": why,
            "expected": step.result,
            "minutes": step.minutes,
        }
        dispatcher.utter_message(
            response="utter_article_howto_step" if howto else "utter_article_step",
            json_message={"step": shown, "article": article.slug, "url": self._library.url(article, tracker)},
            **parts,
        )
        return []


class NextArticleStep(ShippedAction):
    """Writes down how a step went and moves on to the next."""

    action_name = "action_next_article_step"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Add to `steps_tried`; `article_step` may become one more than there are."""
        article, number = _at(self._library, tracker)
        tried = {
            "title": article.steps[number - 1].title,
            # After a fix's step the next one is asked because it did not help; a how-to's step was done.
            "outcome": "not_solved" if text_of(tracker, "step_outcome") == "next" else "done",
            "article": article.slug,
        }
        return slots(
            steps_tried=[*items_of(tracker, "steps_tried"), tried],
            article_step=float(number + 1),
            article_has_more=number + 1 < len(article.steps),
            step_outcome=None,
        )


class CloseArticle(ShippedAction):
    """Writes down how an article ended: solved, not solved or skipped, and the step at which it did."""

    action_name = "action_close_article"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Change the article's entry in `suggestions`."""
        slug = text_of(tracker, "article_slug")
        if not slug:
            return []
        answer = text_of(tracker, "step_outcome")
        suggestions = _with(items_of(tracker, "suggestions"), slug, OUTCOMES.get(answer, "not_solved"))
        closed = slots(suggestions=suggestions)
        article = self._library.find(slug, language_of(tracker))
        number = _number(tracker)
        if answer in ("solved", "stuck") and article is not None and number <= len(article.steps):
            tried = {"title": article.steps[number - 1].title, "outcome": answer, "article": slug}
            closed += slots(steps_tried=[*items_of(tracker, "steps_tried"), tried])
        return closed


class SearchKnowledge(ShippedAction):
    """Answers "where do I find …" with the best articles, and makes the first one ready to go through."""

    action_name = "action_search_knowledge"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Search with the question, else with what was said last."""
        query = text_of(tracker, "knowledge_query") or said(tracker)
        hits = (await self._library.search(query, language_of(tracker)))[:SHOWN_HITS]
        if not hits:
            return slots(knowledge_found=False, **_NONE)
        found = [
            {
                "slug": hit.article.slug,
                "title": hit.article.title,
                "url": self._library.url(hit.article, tracker),
            }
            for hit in hits
        ]
        lines = [f"- {each['title']}" + (f": {each['url']}" if each["url"] else "") for each in found]
        dispatcher.utter_message(
            response="utter_knowledge_hits", hits="\n".join(lines), json_message={"articles": found}
        )
        suggestions = items_of(tracker, "suggestions")
        for hit in reversed(hits):
            if hit.article.slug not in {item.get("article") for item in suggestions}:
                suggestions = _with(suggestions, hit.article.slug, "shown")
        shown = _shown(self._library, hits[0].article, tracker)
        return slots(knowledge_found=True, **shown, suggestions=suggestions)


def _is_advanced(tracker: Tracker) -> bool:
    """Whether the customer knows computers: they need no reasons, and may go further by themselves."""
    return text_of(tracker, SKILL) == ADVANCED


def _number(tracker: Tracker) -> int:
    value: Any = tracker.slots.get("article_step")
    return max(int(value), 1) if isinstance(value, int | float) else 1


def _at(library: Library, tracker: Tracker) -> tuple[Article, int]:
    """The article at hand and the number of its step; raises `NotFound` when the knowledge base lost it."""
    slug = text_of(tracker, "article_slug")
    article = library.find(slug, language_of(tracker))
    if article is None:
        raise NotFound(f"there is no article '{slug}' any more")
    return article, min(_number(tracker), len(article.steps))
