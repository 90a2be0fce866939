"""Numbers as people of each language write them. Not for machines: those get plain digits."""

from __future__ import annotations

_PERCENT = {"nl": "{}\u00a0%", "fr": "{}\u202f%", "en": "{}%"}
_POINT = {"nl": ",", "fr": ",", "en": "."}
_THOUSANDS = {"nl": ".", "fr": "\u202f", "en": ","}


def percent(share: float, language: str) -> str:
    """0.483 to 48 %."""
    return _PERCENT[language].format(round(100 * share))


def decimal(value: float, language: str) -> str:
    """3.66 to 3,7."""
    return f"{value:.1f}".replace(".", _POINT[language])


def whole(value: int, language: str) -> str:
    """12345 to 12.345."""
    return f"{value:,}".replace(",", _THOUSANDS[language])
