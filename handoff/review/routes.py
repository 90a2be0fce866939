"""The review's addresses."""

from __future__ import annotations

from handoff.review.pages import routes

__all__ = ["routes"]
