"""The teams' pages: what was said, what was understood of it, and why the bot did what it did."""

from __future__ import annotations

from handoff.review.pages import routes

__all__ = ["routes"]
