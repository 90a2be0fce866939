"""The Dutch words of the pages, a module for each group of pages."""

from __future__ import annotations

from bot.web.texts.nl import desk, help, pages, review

TEXTS: dict[str, str] = desk.TEXTS | help.TEXTS | pages.TEXTS | review.TEXTS
