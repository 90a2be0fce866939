"""Which teams an agent was put into; kept with the user's settings. Which of them there are now, and that
none means all, is `handoff.routing.Routing.helped_by`."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from bot.store.accounts import User, list_users
from bot.store.schema import users

_u = users.c

SETTING = "teams"


def teams_of(connection: Connection, user_id: str) -> frozenset[str]:
    """The ids of the teams that were chosen for somebody; none where nothing was."""
    settings = connection.execute(select(_u.settings).where(_u.id == user_id)).scalar() or {}
    return frozenset(settings.get(SETTING, ()))


def choose_teams(connection: Connection, user_id: str, teams: Collection[str]) -> bool:
    """Put somebody into these teams and no others; False where they were in just those."""
    kept = connection.execute(select(_u.settings).where(_u.id == user_id).with_for_update()).scalar() or {}
    chosen = sorted(set(teams))
    if kept.get(SETTING, []) == chosen:
        return False
    connection.execute(update(users).where(_u.id == user_id).values(settings={**kept, SETTING: chosen}))
    return True


def members_of(connection: Connection, team: str, roles: Collection[str]) -> list[User]:
    """Who was put into a team, by name; people with one of these roles who may log in."""
    chosen = {id_ for id_, kept in connection.execute(select(_u.id, _u.settings)) if team in _teams(kept)}
    return [
        user
        for user in list_users(connection)
        if user.id in chosen and user.role in roles and not user.disabled
    ]


def _teams(settings: dict[str, list[str]] | None) -> list[str]:
    return (settings or {}).get(SETTING, [])
