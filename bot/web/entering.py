"""What happens when somebody has proved who they are: a session begins, and they go to their work. How they
prove it is `login`, `second_step` and, for the first time, an invitation."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.store.accounts import User, audit, update_user
from bot.web import access, attempts
from bot.web.errors import LOGIN
from bot.web.sessions import begin
from bot.web.site import site_of


async def enter(request: web.Request, user: User, to: str) -> web.Response:
    """Logged in, and on to that address of ours."""
    site = site_of(request)

    def work(connection: Connection) -> None:
        attempts.forgiven(connection, user.username)
        if user.role in access.AGENTS:
            update_user(connection, user.id, availability="online")
        audit(connection, actor=user.id, deed="login", subject="session", now=site.clock())

    await site.database.write(work)
    if user.role in access.AGENTS:
        await site.agents.tell_availability(user.id, "online")
    response = web.Response(status=303, headers={"Location": to, "Cache-Control": "no-store"})
    await begin(request, response, user)
    return response


def home_of(user: User) -> str:
    """Where somebody's work is."""
    return "/desk" if user.role in access.AGENTS else "/review"


def inside(address: str) -> str:
    """An address of ours to go on to; nothing for one that leads away."""
    if not address.startswith("/") or address.startswith(("//", "/\\")) or any(c < " " for c in address):
        return ""
    try:
        url = URL(address)
    except ValueError:
        return ""
    return str(url) if not url.absolute and not url.path.startswith(LOGIN) else ""


def field(value: object) -> str:
    """A field of a form as text, of a length that a person types."""
    return value[:1_000] if isinstance(value, str) else ""
