"""Who administers: people and invitations, API tokens, the audit log, how the system does. And everybody's
own account: password, where they are logged in, the second step of their login."""

from __future__ import annotations

from aiohttp import web

from handoff.admin import (
    account,
    agreements,
    audit,
    details,
    edit,
    health,
    invitations,
    memberships,
    passwords,
    people,
    tokens,
    two_step,
)

__all__ = ["routes"]


def routes() -> list[web.RouteDef]:
    """Everything under /admin and /account, and the pages that links for others open."""
    # Links for a new password, teams and details before people, whose routes take every other deed.
    before = (passwords, memberships, details)
    areas = (*before, people, invitations, tokens, audit, health, agreements, edit, account, two_step)
    return [route for area in areas for route in area.routes()]
