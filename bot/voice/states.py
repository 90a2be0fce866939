"""Where a call can stand; what each state does with an event is in the table of `bot.voice.call`."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """Where a call stands."""

    CONNECTING = "connecting"
    SPEAKING = "speaking"
    LISTENING = "listening"
    HEARING = "hearing"
    """The caller speaks."""
    FINISHING = "finishing"
    """The caller has paused long enough; the recogniser gives the rest."""
    KEYING = "keying"
    THINKING = "thinking"
    """The caller waits for an answer."""
    WAITING = "waiting"
    """The caller waits for a person."""
    WITH_PERSON = "with_person"
    """A person speaks with the caller; what the caller says is still written down."""
    ENDED = "ended"
