"""What the telephone can be set to; `[phone]` of the configuration, put together by `bot.app.build`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.phone.twiml import Voice

VOICES: Mapping[str, Voice] = {
    "nl": Voice("nl-BE", "Polly.Lisa-Neural"),
    "fr": Voice("fr-BE", "Polly.Isabelle-Neural"),
    "en": Voice("en-GB", "Polly.Amy-Neural"),
}


@dataclass(frozen=True, slots=True)
class GatherSettings:
    """Calls by Twilio's <Gather>.

    `numbers` are the numbers that are dialled, with the language that is spoken there. `transfer_to` are
    teams' numbers, "*" for all others; `number` is what we call from. `answer_within`
    must stay under Twilio's 15 seconds.
    """

    auth_token: str
    account_sid: str = ""
    public_url: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict[str, str])
    transfer_to: Mapping[str, str] = field(default_factory=dict[str, str])
    number: str = ""
    voices: Mapping[str, Voice] = field(default_factory=lambda: dict(VOICES))
    answer_within: float = 8.0
    waits: int = 5
    timeout: int = 6
    ring: int = 25
    voicemail: int = 120

    def transfer(self, team: str) -> str | None:
        """Whom to ring for a team."""
        return self.transfer_to.get(team) or self.transfer_to.get("*")
