"""`/static/…`: stylesheets, scripts and icons, and their addresses for templates. An address carries the hash
of its content, so that browsers keep a file for ever and still see a new one at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"


@lru_cache(maxsize=256)
def url(path: str) -> str:
    """The address of a file under static/: `url("css/base.css")`."""
    content = (FOLDER / path).read_bytes()
    return f"{PREFIX}{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


def icon(name: str) -> str:
    """The address of one icon in the sprite that hatch_build.py draws."""
    return f"{url('vendor/icons.svg')}#{name}"


def routes() -> Iterable[web.RouteDef]:
    """Everything under static/ but hidden files."""

    async def serve(request: web.Request) -> web.StreamResponse:
        try:
            path = (FOLDER / request.match_info["path"]).resolve()
            inside = path.is_relative_to(FOLDER) and path.is_file()
        except (ValueError, OSError):  # a null character, or longer than a file's name may be
            raise web.HTTPNotFound from None
        if not inside or any(part.startswith(".") for part in path.relative_to(FOLDER).parts):
            raise web.HTTPNotFound
        kept = "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"
        return web.FileResponse(path, headers={"Cache-Control": kept, "X-Content-Type-Options": "nosniff"})

    return [web.get(PREFIX + "{path:.+}", serve)]
