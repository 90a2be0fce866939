"""Addresses of Balie's own pages in what is said. Pure."""

from __future__ import annotations

KNOW_THE_SERVER = frozenset({"web"})
"""Channels whose client knows which server it talks to, so that a path is an address there."""


def link(path: str, public_url: str | None, channel: str | None) -> str | None:
    """A page's address for a channel; None where nobody could follow it: a path alone, in plain text."""
    if public_url:
        return public_url.rstrip("/") + path
    return path if channel in KNOW_THE_SERVER else None
