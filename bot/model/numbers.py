"""Whole numbers in what somebody gives: an address, a form, a search. Pure."""

from __future__ import annotations


def whole_number(text: str | None, digits: int = 9) -> int | None:
    """The number that a text is, if it is no more than so many plain digits; those of other scripts are none
    of ours."""
    given = text or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= digits else None
