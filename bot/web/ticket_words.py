"""A ticket's fields and their values in words, by the names of `handoff.ticket_edit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.model.languages import LANGUAGES
from bot.web.texts import Words
from handoff.ticket_edit import FACT, STEP

_KINDS: Mapping[str, str] = {
    "impact": "level",
    "urgency": "level",
    "status": "ticket_status",
    "reason": "reason",
    STEP: "outcome",
}
"""Fields whose value is a name that has a text, and the prefix of those texts."""

Named = Callable[[str], str]


def field_words(t: Words, name: str, label: Named) -> str:
    """A field's name for people: a fact's is its slot's `label`, a step's its title."""
    if name.startswith(FACT):
        return label(name.removeprefix(FACT))
    return name.removeprefix(STEP) if name.startswith(STEP) else t.known("ticket", name)


def value_words(t: Words, name: str, text: str, *, subject: Named, team: Named) -> str:
    """A field's value for people; a dash for none."""
    if not text:
        return "–"
    kind = _KINDS.get(STEP if name.startswith(STEP) else name)
    if kind:
        return t.known(kind, text)
    if name.endswith("_due"):
        return text.replace("T", " ")
    named: Mapping[str, Named] = {
        "intent": subject,
        "team": team,
        "language": lambda code: LANGUAGES.get(code, code),
    }
    return named[name](text) if name in named else text
