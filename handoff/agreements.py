"""All that a helpdesk has agreed, read from the files of `policy/` together. Pure; opening the files is not
here, nor what is edited in the pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.model.errors import ContentError, Problem
from bot.source.nodes import parse
from handoff.canned import Canned, load_canned
from handoff.config import Policy, load_policy
from handoff.presence import Presence, load_presence
from handoff.retention import Retention, load_retention
from handoff.scorecard import Scorecard, load_scorecard
from handoff.when import When, load_when

T = TypeVar("T")

TEAMS = "policy/teams.yml"


@dataclass(frozen=True)
class Agreements:
    """Who helps whom and when, what is kept ready for agents, how long what was said stays."""

    policy: Policy
    when: When
    canned: Canned
    presence: Presence
    retention: Retention
    scorecard: Scorecard


def load_agreements(
    files: Mapping[str, str], *, intents: Collection[str], languages: Collection[str]
) -> Agreements:
    """The agreements in some files (path in the pack → text).

    `intents` are those that need an entry. Raises one `ContentError` with all that is wrong.
    """
    problems: list[Problem] = []

    def tried(load: Callable[[], T]) -> T | None:
        try:
            return load()
        except ContentError as error:
            problems.extend(error.problems)
            return None

    policy = tried(lambda: load_policy(files, intents=intents, languages=languages))
    teams = policy.teams if policy else _names(files.get(TEAMS, ""))
    when = tried(lambda: load_when(files))
    canned = tried(lambda: load_canned(files, languages=languages, teams=teams))
    presence = tried(lambda: load_presence(files))
    retention = tried(lambda: load_retention(files))
    scorecard = tried(lambda: load_scorecard(files))
    if not (policy and when and canned and presence and retention and scorecard):
        raise ContentError(problems)
    return Agreements(policy, when, canned, presence, retention, scorecard)


def _names(teams: str) -> list[str]:
    """The teams that a file names whose other mistakes are told elsewhere."""
    return [name for name, _ in parse(teams, TEAMS, [])["teams"].entries()]
