"""The agreements of a helpdesk, read from `policy/{teams,intents,priorities,hours}.yml` and checked together.

What comes out is the frozen values of `handoff.policy`, `.routing`, `.sla` and `.calendar`; what the files
may contain stands in `handoff.forms`. Opening the files is not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.dialogue.pack import Pack
from bot.model.errors import ContentError, Problem
from bot.model.languages import LANGUAGES
from bot.model.ticket import Priority
from bot.source.forms import Form, form_of, place_of
from bot.source.nodes import Node, parse
from handoff.calendar import Calendar, ClosedDays
from handoff.forms import WEEK, HoursForm, IntentsForm, PrioritiesForm, TeamsForm
from handoff.policy import IntentRule, Raise, Reason, Rules, Weight, weigh
from handoff.routing import Routing, Team
from handoff.sla import Target


@dataclass(frozen=True)
class Policy:
    """All agreements: who, how pressing, until when, and when anybody is there."""

    rules: Rules
    routing: Routing
    targets: Mapping[Priority, Target]
    calendar: Calendar

    @property
    def teams(self) -> Mapping[str, Team]:
        """The teams by id."""
        return self.routing.teams

    def team_for(self, intent: str, language: str) -> Team:
        """The team that helps with this in this language; never nobody."""
        return self.routing.team_for(intent, language)

    def team_name(self, team: str, language: str) -> str:
        """A team's name for people; its id for a team that is gone."""
        return self.teams[team].name(language) if team in self.teams else team

    def weigh(self, intent: str, reason: Reason, *, scope: object = None, urgency: object = None) -> Weight:
        """Impact, urgency and priority of a handover."""
        return weigh(self.rules, intent=intent, reason=reason, scope=scope, urgency=urgency)


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────

F = TypeVar("F", bound=Form)


def load_policy(
    files: Mapping[str, str], *, intents: Collection[str] = (), languages: Collection[str] = LANGUAGES
) -> Policy:
    """The policy of some files (path in the pack → text); raises one `ContentError` with all that is wrong.

    `intents` are those that need an entry (`problem_intents` of the pack); other files are left aside.
    """
    reader = _Reader(files)
    teams = reader.read("teams", TeamsForm)
    rules = reader.read("intents", IntentsForm)
    priorities = reader.read("priorities", PrioritiesForm)
    hours = reader.read("hours", HoursForm)
    if teams is not None:
        reader.problems.extend(_check_teams(teams, reader.roots["teams"], languages))
    if rules is not None:
        reader.problems.extend(_check_intents(rules, reader.roots["intents"], teams, intents))
    if teams is None or rules is None or priorities is None or hours is None or reader.problems:
        raise ContentError(reader.problems)
    return Policy(
        rules=_rules(rules, priorities),
        routing=_routing(teams, rules),
        targets={
            priority: Target(timedelta(minutes=each.response), timedelta(minutes=each.resolution))
            for priority, each in priorities.times.items()
        },
        calendar=_calendar(hours),
    )


def problem_intents(pack: Pack) -> frozenset[str]:
    """The intents of the pack that start a problem scenario: each needs a team."""
    return frozenset(intent for intent, (flow, _) in pack.triggers.items() if flow.is_problem)


class _Reader:
    """Reads one file after the other and gathers what is wrong."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._texts = {path.rpartition("/")[2]: (path, text) for path, text in files.items()}
        self.roots: dict[str, Node] = {}
        self.problems: list[Problem] = []

    def read(self, name: str, form: type[F]) -> F | None:
        if f"{name}.yml" not in self._texts:
            self.problems.append(
                Problem(f"policy/{name}.yml", 1, "the file is missing", "Copy the one of the shipped pack.")
            )
            return None
        path, text = self._texts[f"{name}.yml"]
        found: list[Problem] = []
        root = self.roots[name] = parse(text, path, found)
        made = form_of(form, root)
        self.problems.extend(found)
        return made


def _check_teams(form: TeamsForm, root: Node, languages: Collection[str]) -> Iterator[Problem]:
    known = f"Known teams are {', '.join(form.teams)}."
    default = form.teams.get(form.default)
    if default is None:
        yield _at(root, "default").problem(f"the default team '{form.default}' does not exist", known)
    elif default.languages and set(languages) - set(default.languages):
        missing = ", ".join(sorted(set(languages) - set(default.languages)))
        yield _at(root, "teams", form.default).problem(
            f"the default team '{form.default}' does not help in {missing}",
            "It takes what no other team takes, so it needs every language.",
        )
    for name, team in form.teams.items():
        for language in languages:
            if not team.name.get(language):
                yield _at(root, "teams", name, "name").problem(
                    f"the team '{name}' has no name in '{language}'", f"Add '{language}: …'."
                )
        for language in team.languages:
            if language not in languages:
                yield _at(root, "teams", name, "languages").problem(
                    f"'{language}' is not a language of this pack",
                    f"Its languages are {', '.join(languages)}.",
                )
        if team.otherwise and team.otherwise not in form.teams:
            yield _at(root, "teams", name, "otherwise").problem(
                f"the team '{team.otherwise}' does not exist", known
            )


def _check_intents(
    form: IntentsForm, root: Node, teams: TeamsForm | None, wanted: Collection[str]
) -> Iterator[Problem]:
    for name, rule in form.intents.items():
        if teams is not None and rule.team not in teams.teams:
            yield _at(root, "intents", name, "team").problem(
                f"the intent '{name}' goes to the team '{rule.team}', which does not exist",
                f"Add it to teams.yml, or write one of {', '.join(teams.teams)}.",
            )
    for name in sorted(set(wanted) - set(form.intents)):
        yield _at(root, "intents").problem(
            f"the intent '{name}' has no entry", f"Add '{name}: {{team: …, impact: low, urgency: medium}}'."
        )


def _at(root: Node, *path: str) -> Node:
    return place_of(root, path)[0]


# ── from forms to values ──────────────────────────────────────────────────────────────────────────────────


def _rules(intents: IntentsForm, priorities: PrioritiesForm) -> Rules:
    return Rules(
        matrix={
            (impact, urgency): priority
            for impact, row in priorities.matrix.items()
            for urgency, priority in row.items()
        },
        intents={
            name: IntentRule(rule.impact, rule.urgency, rule.security)
            for name, rule in intents.intents.items()
        },
        default=IntentRule(intents.default.impact, intents.default.urgency),
        raises={
            reason: Raise(each.by, each.at_least, each.not_above)
            for reason, each in priorities.raises.items()
        },
    )


def _routing(teams: TeamsForm, intents: IntentsForm) -> Routing:
    return Routing(
        teams={
            name: Team(name, team.name, frozenset(team.languages), team.otherwise)
            for name, team in teams.teams.items()
        },
        default=teams.default,
        by_intent={name: rule.team for name, rule in intents.intents.items()},
    )


def _calendar(form: HoursForm) -> Calendar:
    closed = ClosedDays(
        country=form.holidays,
        every_year=frozenset(form.closed_every_year),
        periods=tuple(form.closed),
    )
    week = tuple(tuple(form.opening.get(day, ())) for day in WEEK)
    return Calendar(week, closed, ZoneInfo(form.timezone))
