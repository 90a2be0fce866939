"""Masks what nobody should keep: card numbers, Belgian national numbers, passwords and PINs.

One pure function, `redact`, that runs on every text before it is stored, understood or logged. Linear
in the length of the text and idempotent. It is not an anonymiser: names, addresses, telephone
numbers, IBANs, ticket numbers and error codes are what an agent needs, and stay.
"""

from __future__ import annotations

from bot.model.redact_numbers import CARD, NATIONAL, Span, find_numbers
from bot.model.redact_passwords import PASSWORD, find_passwords

__all__ = ["CARD", "NATIONAL", "PASSWORD", "redact"]

_PASSES = 3
"""A masked password may bring the next one to light; the last pass finds nothing, as a rule the second."""


def redact(text: str) -> str:
    """`text` with secrets replaced by fixed masks; the same text comes back when there are none."""
    text = _apply(text, list(find_numbers(text)))
    for _ in range(_PASSES):
        spans = list(find_passwords(text))
        if not spans:
            break
        text = _apply(text, spans)
    return text


def _apply(text: str, spans: list[Span]) -> str:
    if not spans:
        return text
    parts: list[str] = []
    at = 0
    for start, end, mask in spans:
        parts += (text[at:start], mask)
        at = end
    parts.append(text[at:])
    return "".join(parts)
