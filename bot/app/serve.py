"""`balie serve`: the HTTP server with everything behind it, and `balie worker`: the same without HTTP."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from aiohttp import web
from yarl import URL

from bot.app import process
from bot.app.build import Balie, build
from bot.app.config import Settings
from bot.app.listening import listen
from bot.app.loading import Content
from bot.model.errors import ConfigError
from bot.model.understanding import Understanding
from bot.store import accounts
from bot.web import (
    access,
    api,
    assets,
    demo,
    files,
    help,
    login,
    ops,
    people,
    setup,
    ticket_page,
    widget,
)
from bot.web.new_passwords import WeakPassword, check_new
from bot.web.passwords import Passwords
from bot.web.running import Running
from bot.web.site import MAX_BODY, Site, SiteSettings
from channels.phone.channel import PhoneChannel
from handoff import admin, desk, review
from nlu.pipeline import Query

log = logging.getLogger(__name__)

ADMIN = "admin"


def make_site(balie: Balie) -> Site:
    """What the pages work with."""
    settings = balie.settings

    async def parse(text: str) -> Understanding:
        return await balie.understander.understand(Query(text))

    token = settings.api_token.get_secret_value() if settings.api_token else None
    phone = balie.channels.get(PhoneChannel.name)
    return Site(
        database=balie.database,
        bus=balie.bus,
        agents=balie.agents,
        attendance=balie.attendance,
        ticketing=balie.ticketing,
        outgoing=balie.outgoing,
        pictures=balie.pictures,
        agreed=balie.agreed,
        channels=tuple(balie.channels),
        library=balie.library,
        pack=lambda: balie.content.pack,
        parse=parse,
        settings=SiteSettings(
            public_url=settings.public_url,
            hosts=settings.hosts,
            trusted_proxies=settings.trusted_proxies,
            metrics_from=settings.metrics_from,
            api_token=token,
        ),
        clock=balie.clock,
        running=lambda: running(balie),
        talks=phone.relay if isinstance(phone, PhoneChannel) else None,
    )


def running(balie: Balie) -> Running:
    """What the database does not know of this process."""
    settings, content = balie.settings, balie.content
    pack, pipeline = content.pack, content.serving.now
    return Running(
        version=version("balie"),
        process=balie.heartbeat.id,
        bus="redis" if settings.redis_url else "local",
        data=str(settings.data),
        contents={
            "intents": len(pipeline.intents),
            "flows": len(pack.flows),
            "articles": len(balie.library.now.articles),
        },
        model=pipeline.model,
        trained_at=_learned_at(settings.models, pipeline.model),
        sockets={name: getattr(channel, "sockets", None) for name, channel in balie.channels.items()},
    )


def _learned_at(models: Path, model: str) -> float | None:
    return next((path.stat().st_mtime for path in models.glob(f"nlu-{model[:16]}.model")), None)


def make_app(balie: Balie) -> web.Application:
    """The whole web application."""
    app = web.Application(client_max_size=MAX_BODY)
    setup.setup(app, make_site(balie))
    balie.telemetry.register(app[ops.METRICS].registry)
    for routes in (demo.routes(), widget.routes(), assets.routes()):
        app.add_routes(access.opened(routes))
    for channel in balie.channels.values():
        app.add_routes(access.opened(channel.routes()))
    for routes in (login, help, api, ops, ticket_page, files, people, desk, review, admin):
        app.add_routes(routes.routes())
    return app


async def ensure_admin(balie: Balie, passwords: Passwords) -> str | None:
    """Make the first administrator; returns the password when it was made up here."""
    if await balie.database.read(lambda connection: accounts.count_users(connection)):
        return None
    given = balie.settings.admin_password
    password = given.get_secret_value() if given else secrets.token_urlsafe(12)
    try:
        check_new(password, username=ADMIN, site=SiteSettings().name)
    except WeakPassword as weak:
        raise ConfigError(f"BALIE_ADMIN_PASSWORD: {weak}") from None
    hashed = await passwords.hashed(password)
    await balie.database.write(
        lambda connection: accounts.create_user(
            connection,
            username=ADMIN,
            name="Administrator",
            password_hash=hashed,
            role="admin",
            now=balie.clock(),
        )
    )
    return None if given else password


async def serve(settings: Settings, content: Content, sockets: Sequence[socket.socket]) -> None:
    """Serve on these until SIGINT or SIGTERM."""
    listen(sockets)
    balie = await build(settings, content, authorize=access.check_bearer)
    app = make_app(balie)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    password = await ensure_admin(balie, app_site(app).passwords)
    await balie.start(serves=True)
    process.settle()
    for each in sockets:
        await web.SockSite(runner, each).start()
    _announce(settings, runner, password)
    await _until_stopped()
    # Sockets are told first; what they still had to say is saved by the workers.
    await balie.stop()
    await runner.cleanup()


def app_site(app: web.Application) -> Site:
    """The site of an application."""
    from bot.web.site import SITE

    return app[SITE]


async def work(settings: Settings, content: Content) -> None:
    """Only work, for a server elsewhere on the same database and Redis."""
    balie = await build(settings, content)
    await balie.start()
    process.settle()
    print("working; stop with Ctrl+C", flush=True)
    await _until_stopped()
    await balie.stop()


async def _until_stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signal handlers on the loop
            loop.add_signal_handler(name, stop.set)
    await stop.wait()


def _announce(settings: Settings, runner: web.AppRunner, password: str | None) -> None:
    host, port = runner.addresses[0][:2]
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104
    shown = "localhost" if settings.loopback else socket.gethostname() if everywhere else host
    base = settings.public_url or str(URL.build(scheme="http", host=shown, port=port))
    print(f"\nBalie is open at {base}")
    if not settings.loopback and not settings.hosts:
        print("By another name? List it: BALIE_HOSTS=balie.example.org")
    print()
    for what, path in (
        ("demo page", "/"),
        ("help centre", "/help"),
        ("desk", "/desk"),
        ("review", "/review"),
    ):
        print(f"  {what:<12} {base.rstrip('/')}{path}")
    if password:
        print(f"\n  Log in at the desk as '{ADMIN}' with the password {password}")
        print("  It is shown this once; BALIE_ADMIN_PASSWORD sets it before the first start.")
    print(flush=True)
