"""What a password that somebody chooses must be. Not how it is kept or checked: that is `passwords`.

How easily one is guessed is estimated by zxcvbn, which knows common ones in several languages, names, repeats
and rows of keys. It is loaded when the first one is chosen.
"""

from __future__ import annotations

import re

from bot.model.errors import BadInput
from bot.web.passwords import LONGEST, SHORTEST

SCORE = 3
"""Of 4, what it must reach: more than a hundred million guesses."""

_LOOKED_AT = 72
"""Characters that are looked at: the time that takes grows with their square."""

_TELLING = 3
"""Letters that a name must have to be looked for in a password."""


class WeakPassword(BadInput):
    """A password that is not taken. `why` is `short`, `names` or `guessable`."""

    def __init__(self, why: str, told: str) -> None:
        super().__init__(told)
        self.why = why


def check_new(password: str, *, username: str, site: str) -> None:
    """Raise `WeakPassword` for a password that this user of this site should not have."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword("short", f"a password has at least {SHORTEST} characters")
    names, plain = {_letters(username), _letters(site)}, _letters(password)
    if any(len(name) >= _TELLING and name in plain for name in names):
        raise WeakPassword("names", "a password does not contain the user's name or that of this site")
    from zxcvbn import zxcvbn  # 30 ms, for what is seldom done

    found = zxcvbn(password[:_LOOKED_AT], [username, site, *site.split()])
    goes_on = [each["pattern"] for each in found["sequence"]] in (["repeat"], ["sequence"])
    if goes_on or found["score"] < SCORE:
        raise WeakPassword(
            "guessable", "this password is easy to guess; take a few words that do not belong together"
        )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
