"""What a browser calls itself, made coarse: "Firefox, Windows". Enough to tell one's telephone from one's
laptop, too little to follow somebody by. Pure.
"""

from __future__ import annotations

FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is there counts: most say that they are some of the others too."""

SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def coarse(user_agent: str) -> str | None:
    """The family and the system; None for what says neither."""
    found = [_first(names, user_agent) for names in (FAMILIES, SYSTEMS)]
    return ", ".join(each for each in found if each) or None


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for mark, name in names if mark in text), None)
