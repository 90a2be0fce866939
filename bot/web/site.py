"""What the pages and the API work with, given to them once: one `Site` under one key of the application.

Composed by `bot.app.build` and, with fakes, by tests. Nothing here is made at import time.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from bot.bus import Bus
from bot.dialogue.pack import Pack
from bot.knowledge.articles import Articles
from bot.knowledge.search import KnowledgeIndex
from bot.model.errors import ConfigError
from bot.model.understanding import Understanding
from bot.service.agents import Agents
from bot.service.attendance import Attendance
from bot.service.lines import Talks
from bot.service.outgoing import Outgoing
from bot.service.overlay import Agreed, Library
from bot.service.pictures import Pictures
from bot.service.ticketing import Ticketing
from bot.store.database import Database
from bot.web.passwords import Passwords
from bot.web.running import Running
from handoff.agreements import Agreements

MAX_BODY = 1024 * 1024
"""Bytes of a request's body that pages and API read."""

Parse = Callable[[str], Awaitable[Understanding]]
"""Understands one text, off the event loop."""

Ready = Callable[[], Awaitable[Mapping[str, str]]]
"""What is not ready yet: component to reason; empty when all is well."""


async def _all_well() -> Mapping[str, str]:
    return {}


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=32)
def networks(setting: str, names: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks that a setting names; raises `ConfigError`."""
    try:
        return tuple(ipaddress.ip_network(name, strict=False) for name in names)
    except ValueError as error:
        raise ConfigError(f"{setting}: {error}. Give addresses or networks, as 10.0.0.0/8.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """How the pages are reached and what they are called.

    `trusted_proxies` are addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed.
    `metrics_from` are those that read /metrics without a token, besides this machine.
    `hosts` are names besides that of `public_url` and the machine's own; "*" is any.
    """

    name: str = "Balie"
    public_url: str | None = None
    hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    metrics_from: tuple[str, ...] = ()
    api_token: str | None = None
    timezone: str = "Europe/Brussels"
    session_hours: float = 12.0

    def __post_init__(self) -> None:
        """Wrong settings stop the start, not a visitor; raises `ConfigError`."""
        networks("trusted_proxies", self.trusted_proxies)
        networks("metrics_from", self.metrics_from)
        if any("/" in host for host in self.hosts):
            raise ConfigError("hosts: give names, as balie.example.org, without https:// or a path")
        if self.public_url and not re.match(r"https?://[^/]", self.public_url):
            raise ConfigError("public_url: give the whole address, as https://balie.example.org")
        try:
            ZoneInfo(self.timezone)
        except (ValueError, ZoneInfoNotFoundError):
            raise ConfigError(f"timezone: there is no time zone {self.timezone!r}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The collaborators. `pack` is asked each time, as `agreed` and `library` are, so that new content
    takes effect."""

    database: Database
    bus: Bus
    agents: Agents
    attendance: Attendance
    ticketing: Ticketing
    outgoing: Outgoing
    pack: Callable[[], Pack]
    agreed: Agreed
    library: Library
    channels: tuple[str, ...] = ()
    parse: Parse
    settings: SiteSettings = field(default_factory=SiteSettings)
    passwords: Passwords = field(default_factory=Passwords)
    pictures: Pictures = field(default_factory=Pictures)
    clock: Callable[[], float] = time.time
    ready: Ready = _all_well
    running: Callable[[], Running] = Running
    talks: Talks | None = None
    """The calls that are on, where there are some."""

    @property
    def agreements(self) -> Agreements:
        """What is agreed now."""
        return self.agreed.now

    def knowledge(self) -> KnowledgeIndex:
        """The knowledge base as it is now, to be searched."""
        return self.library.now

    @property
    def articles(self) -> Articles:
        """The knowledge base as it is now."""
        return self.knowledge().articles

    def subject(self, intent: str, language: str) -> str:
        """An intent for people: the name of the scenario that it starts, or its own without underscores."""
        found = self.pack().triggers.get(intent)
        name = found[0].name(language) if found else intent.replace("_", " ")
        return name[:1].upper() + name[1:]

    def team_name(self, team: str, language: str) -> str:
        """A team's name for people."""
        return self.agreements.policy.team_name(team, language)

    @property
    def zone(self) -> ZoneInfo:
        """The helpdesk's own time."""
        return ZoneInfo(self.settings.timezone)


SITE = web.AppKey("site", Site)


def site_of(request: web.Request) -> Site:
    """The site that this request is for."""
    return request.config_dict[SITE]
