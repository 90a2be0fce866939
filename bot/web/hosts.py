"""By which names this server may be asked for. A request under any other name is refused: a page that makes
its own name lead here (DNS rebinding) could otherwise speak to a Balie that only this machine or office
reaches, and what pages say of their own address would be the visitor's word.
"""

from __future__ import annotations

import asyncio
import socket
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.assets import PREFIX
from bot.web.errors import answer, wants_json
from bot.web.languages import page_language
from bot.web.reach import is_loopback, name_of, parsed_address
from bot.web.site import SiteSettings, site_of
from bot.web.texts import words


@lru_cache(maxsize=8)
def _configured(settings: SiteSettings) -> frozenset[str]:
    public = urlsplit(settings.public_url or "").hostname
    return frozenset(filter(None, (public, *map(name_of, settings.hosts))))


def is_known(name: str, settings: SiteSettings, here: str | None) -> bool:
    """Whether the settings say that the name is ours, or it is the address that was connected to (`here`)."""
    if "*" in settings.hosts or name in _configured(settings):
        return True
    ip = parsed_address(name)
    return is_loopback(name) or (ip is not None and ip == parsed_address(here))


@lru_cache(maxsize=1)
def own_names() -> frozenset[str]:
    """What this machine is called; may ask the network, once."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return frozenset({name, short, f"{short}.local", socket.getfqdn().lower()}) - {""}


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what is not for us and say how to allow it, on a page whose styles come from here too."""
    name = name_of(request.host)
    if name is None:
        return answer(request, 400, "bad_request", "the Host header is not the name of a host")
    here = request.get_extra_info("sockname")
    known = is_known(name, site_of(request).settings, here[0] if isinstance(here, tuple) else None)
    if known or request.path.startswith(PREFIX) or name in await asyncio.to_thread(own_names):
        return await handler(request)
    t = words("en" if wants_json(request) else page_language(request))
    return answer(request, 421, "wrong_host", t("error.add_host", host=name))
