"""The left pane: which conversations an agent's list shows, by the fields of its form, and what it shows of
them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.model.languages import LANGUAGES
from bot.model.numbers import whole_number
from bot.model.ticket import Priority
from bot.store import desk
from bot.store.accounts import User
from bot.store.calls import CallRow, on_line
from bot.store.desk import DeskItem, DeskQuery
from bot.store.desk_counts import Counts, counts
from bot.store.teams import teams_of
from bot.web.site import Site

AT_ONCE = 50
MOST_SHOWN = 500
MOST_SEARCHED = 200

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "view": ("unassigned", "mine", "all", "mentions"),
    "status": desk.STATUSES,
    "sort": desk.SORTS,
}
"""What may be chosen; the first is the default."""

_FILTERS = ("team", "channel", "priority", "language")
FIELDS = (*_CHOICES, "q", *_FILTERS)


@dataclass(frozen=True, slots=True)
class ListForm:
    """The list's form: what is wanted, and how many lines of it."""

    wanted: DeskQuery
    shown: int

    @property
    def address(self) -> str:
        """The same as the query of an address."""
        return self.other()

    def other(self, **changed: str) -> str:
        """The query of an address with these fields changed and the others kept. Only what is not the
        default, so that an address can be read: `?view=mine&sort=due`."""
        fields = {name: str(getattr(self.wanted, name)) for name in FIELDS} | changed
        usual = {name: choices[0] for name, choices in _CHOICES.items()}
        query = {name: value for name, value in fields.items() if value and value != usual.get(name)}
        return str(URL("").with_query(query)) if query else ""

    @property
    def narrowed(self) -> bool:
        """Whether a filter leaves something out."""
        wanted = self.wanted
        return any(getattr(wanted, name) for name in _FILTERS) or wanted.status != "open"

    @property
    def filtered(self) -> bool:
        """Whether something is left out besides the view."""
        return bool(self.wanted.q) or self.narrowed


@dataclass(frozen=True, slots=True)
class DeskList:
    """The lines of a list, how many there are in each view, and what the filters offer."""

    form: ListForm
    items: tuple[DeskItem, ...]
    more: bool
    counts: Counts
    teams: Mapping[str, str] = field(default_factory=dict[str, str])
    channels: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """The teams that this agent helps."""
    on_line: Mapping[str, CallRow] = field(default_factory=dict[str, CallRow])
    """The calls of those whose customer is on the line."""

    @property
    def teams_shown(self) -> Mapping[str, str]:
        """The teams that are offered above the list: the one that is chosen first, then those that have
        something in this view, the agent's own before others; none where there is no choice."""
        wanted = self.form.wanted
        if wanted.view == "mentions":
            return {}
        busy = {
            id_: name
            for id_, name in sorted(self.teams.items(), key=lambda team: team[0] not in self.own)
            if id_ == wanted.team or self.counts.number(wanted.view, id_)
        }
        if wanted.team in busy:
            return {wanted.team: busy[wanted.team]} | busy
        return busy if len(busy) > 1 else {}

    @property
    def waiting(self) -> int:
        """How many wait whom this agent is called for: those of their own teams, and of none."""
        if len(self.own) == len(self.teams):
            return self.counts.number("unassigned")
        return sum(self.counts.views["unassigned"].get(team, 0) for team in ("", *self.own))


def list_form(request: web.Request, user: User) -> ListForm:
    """The form of a request; what makes no sense is the default."""
    given = {name: request.query.get(name, "").replace("\x00", "").strip() for name in FIELDS}
    chosen = {
        name: given[name] if given[name] in choices else choices[0] for name, choices in _CHOICES.items()
    }
    chosen |= {name: given[name][:50] for name in _FILTERS}
    if chosen["language"] not in LANGUAGES:
        chosen["language"] = ""
    if chosen["priority"] not in Priority.__members__:
        chosen["priority"] = ""
    chosen["q"] = given["q"][:MOST_SEARCHED]
    shown = whole_number(request.query.get("shown"), digits=4)
    lines = AT_ONCE if shown is None else shown
    return ListForm(DeskQuery(user.id, **chosen), max(AT_ONCE, min(lines, MOST_SHOWN)))


def read_list(connection: Connection, site: Site, form: ListForm, language: str) -> DeskList:
    """The list as it is now: two queries for its lines, the counts, whose it is, and who is on the line."""
    page = desk.listed(connection, form.wanted, limit=form.shown)
    user_id, policy = form.wanted.user_id, site.agreements.policy
    teams = {team.id: team.name(language) for team in policy.teams.values()}
    own = policy.routing.helped_by(teams_of(connection, user_id))
    on = on_line(connection, [item.conversation_id for item in page.items], now=site.clock())
    return DeskList(form, page.items, page.more, counts(connection, user_id), teams, site.channels, own, on)
