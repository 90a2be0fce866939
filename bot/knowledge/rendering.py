"""Articles as HTML that is safe to put in a page: Markdown rendered, then sanitised.

Raw HTML in an article is shown as text; scripts, styles, images and odd schemes do not survive. Links to
other articles are slugs and become addresses by the `link` that the caller gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from bot.knowledge.articles import SLUG, Article

TAGS = {
    "a", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "kbd", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}

Link = Callable[[str], str]
"""From a slug to the address of that article."""


@dataclass(frozen=True, slots=True)
class RenderedStep:
    """A step for a page: `text` is HTML, the rest plain text that the template escapes."""

    title: str
    text: str
    why: str
    result: str
    minutes: int


@dataclass(frozen=True, slots=True)
class RenderedArticle:
    """The parts of an article for a page; `intro`, `advanced` and each step's `text` are safe HTML."""

    intro: str
    steps: tuple[RenderedStep, ...]
    advanced: str


def render_markdown(markdown: str, link: Link) -> str:
    """Safe HTML of a piece of Markdown."""
    parser = _parser()
    tokens = parser.parse(markdown)
    for token in tokens:
        for child in token.children or ():
            href = child.attrGet("href") if child.type == "link_open" else None
            if isinstance(href, str) and SLUG.fullmatch(href):
                child.attrSet("href", link(href))
    return sanitise(parser.renderer.render(tokens, parser.options, {}))


def render_article(article: Article, link: Link) -> RenderedArticle:
    """Every part of an article as safe HTML."""
    return RenderedArticle(
        intro=render_markdown(article.intro, link),
        steps=tuple(
            RenderedStep(
                step.title, render_markdown(step.markdown, link), step.why, step.result, step.minutes
            )
            for step in article.steps
        ),
        advanced=render_markdown(article.advanced, link),
    )


def sanitise(html: str) -> str:
    """HTML with only the tags, attributes and schemes of the tables above."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style"},
        link_rel="noopener noreferrer",
    )


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
