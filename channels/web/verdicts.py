"""What the widget is told of an error: a code, and in how many seconds it may send the same again. Pure."""

from __future__ import annotations

from bot.model.errors import BadInput, BalieError, NotAllowed, TooLarge, TooMany

_VERDICTS: tuple[tuple[type[BalieError], str, float | None], ...] = (
    (TooLarge, "too_large", None),
    (BadInput, "bad_input", None),
    (NotAllowed, "not_allowed", None),
    (BalieError, "unavailable", 3.0),
)


def verdict(error: Exception) -> tuple[str, float | None]:
    """The code, and the seconds where trying again may help."""
    if isinstance(error, TooMany):
        return "too_many", error.retry_after
    for kind, code, retry_after in _VERDICTS:
        if isinstance(error, kind):
            return code, retry_after
    return "unavailable", 3.0
