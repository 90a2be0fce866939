"""Everything that Balie raises on purpose, as one tree that knows no HTTP.

    BalieError
    ├── ContentError          a file of the pack is wrong: file, line, what, mend
    ├── ConfigError           a setting is wrong: which, what, mend
    ├── BadInput              what came from outside cannot be accepted
    │   ├── TooLarge
    │   └── Malformed
    ├── NotAuthenticated      who are you?
    ├── NotAllowed            you may not
    ├── NotFound
    ├── Conflict              somebody else was first, or the state forbids it
    │   ├── StaleVersion      the row changed since it was read
    │   └── Refused           a rule, or who would carry it out, says no; `why` names the rule
    ├── TooMany               slow down; carries retry_after seconds
    └── Unavailable           a component does not answer
        ├── OutcomeUnknown    it may have been done or not: nobody tries it again by itself
        ├── ActionFailed      an action raised, timed out or is unknown
        └── SpeechFailed      a recogniser or a synthesiser broke off
            └── FallenBehind  more was said than it can follow

`bot.web.errors` maps them to HTTP in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class BalieError(Exception):
    """The root; `str(error)` is a sentence that may be shown to whoever asked."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a content file: where it is, what it is, and how to mend it. `key` and `values` are
    for pages that say it in their reader's language; without a key they have these words only."""

    file: str
    line: int
    what: str
    mend: str = ""
    key: str = field(default="", compare=False, kw_only=True)
    values: Mapping[str, object] = field(default_factory=dict[str, object], compare=False, kw_only=True)

    def __str__(self) -> str:
        mend = f" {self.mend}" if self.mend else ""
        return f"{self.file}:{self.line}: {self.what}.{mend}"


class ContentError(BalieError):
    """The pack does not load; `problems` lists everything that is wrong with it at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ConfigError(BalieError):
    """A setting is missing or wrong."""


class BadInput(BalieError):
    """What came from outside cannot be accepted."""


class TooLarge(BadInput):
    """More bytes or characters than are accepted."""


class Malformed(BadInput):
    """Not of the form that was asked for."""


class NotAuthenticated(BalieError):
    """Nobody is logged in, or the token is unknown."""


class NotAllowed(BalieError):
    """Known, but without the right to do this."""


class NotFound(BalieError):
    """There is no such thing, or not for you."""


class Conflict(BalieError):
    """Somebody else was first, or the state forbids it."""


class StaleVersion(Conflict):
    """The row changed since it was read; read it again."""


class Refused(Conflict):
    """A rule, or who would carry it out, says no. `why` names it for pages that say it in their language."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class TooMany(BalieError):
    """Slow down."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(BalieError):
    """A component does not answer."""


class OutcomeUnknown(Unavailable):
    """It may have been done or not. Whoever catches this does not try it again."""


class ActionFailed(Unavailable):
    """An action raised, took too long or is not known."""


class SpeechFailed(Unavailable):
    """A recogniser or a synthesiser broke off or took too long."""


class FallenBehind(SpeechFailed):
    """A recogniser has more waiting than it can follow; what it was given last it will not hear."""
