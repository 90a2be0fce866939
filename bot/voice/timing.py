"""How long a call waits for what, and what it says then. Pauses in speech are `endpointing`'s."""

from __future__ import annotations

from bot.voice.actions import Prompt

MOMENT = 3.0
"""Seconds without an answer after which the caller hears that it takes a moment; then twice that, and on."""
MOMENT_MOST = 48.0
FINISH = 2.0
"""Seconds that the recogniser has to give what it still holds."""
MURMUR = 0.9
"""Seconds after which something murmured into the voice is over, and forgotten."""
ASKED_AGAIN = 8.0
"""Seconds of silence on each further rung of the ladder."""
OWN_TIME = 120.0
"""Seconds that a caller has who asked to wait."""
HOLD = 25.0
"""Seconds after which a caller who waits for a person hears that the line still stands."""
HOLDS = 5
"""How often that is said before nobody is expected any more."""
OVERHEARD = 1.2
"""Seconds without a new word after which what was said to a person is a turn."""

LADDER = (Prompt.NOT_HEARD, Prompt.ARE_YOU_THERE, Prompt.NOTHING_HEARD)
"""What is said to a caller who stays silent, one after the other."""
