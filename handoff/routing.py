"""To which team a conversation goes: by intent and language, with a queue that takes the rest. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Team:
    """A team as customers and agents know it. `otherwise` takes what it cannot help in its languages."""

    id: str
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    languages: frozenset[str] = frozenset()
    otherwise: str = ""

    def name(self, language: str) -> str:
        """The team's name for people."""
        return self.names.get(language) or next(iter(self.names.values()), self.id)

    def speaks(self, language: str) -> bool:
        """Whether it helps in a language; a team that names none helps in all."""
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Routing:
    """The teams, the one that takes everything else (`default`), and which intent is whose."""

    teams: Mapping[str, Team]
    default: str
    by_intent: Mapping[str, str] = field(default_factory=dict[str, str])

    def team_for(self, intent: str, language: str) -> Team:
        """The team that helps with this in this language, else the default one. Never nobody."""
        wanted = self.by_intent.get(intent, self.default)
        tried: set[str] = set()
        while wanted in self.teams and wanted not in tried:
            team = self.teams[wanted]
            if team.speaks(language):
                return team
            tried.add(wanted)
            wanted = team.otherwise
        return self.teams.get(self.default) or Team(self.default)

    def helped_by(self, chosen: Collection[str]) -> tuple[str, ...]:
        """The teams that somebody helps: those that were chosen for them and are there; all where none is."""
        return tuple(team for team in self.teams if team in chosen) or tuple(self.teams)
