"""`/widget.js`: the customer's chat as one file, joined from bot/web/static/widget/ when the routes are made;
and `/widget-sound.js`, which its calls load.

The parts are ordinary JavaScript modules that import from one another by name; joined in this order they need
no imports. Not a bundler: one-line imports and `export` before a declaration are all it knows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from aiohttp import web

PARTS = (
    "texts", "style", "memory", "connection", "view", "thread", "scrolling", "receipts", "menu", "picture",
    "call", "callbar", "launcher", "frame", "voices", "page", "element",
)  # fmt: skip
FOLDER = Path(__file__).parent / "static" / "widget"
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./(\w+)\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |class |function )", re.MULTILINE)


def source(folder: Path = FOLDER) -> str:
    """The widget as one script, in a scope of its own so that it adds nothing to the embedding page."""
    joined = "\n".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in PARTS)
    body = _EXPORT.sub("", _IMPORT.sub("", joined))
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def routes() -> Iterable[web.RouteDef]:
    """The script and its calls' sound, for any site: which sites may open the sockets is the web channel's
    list of origins."""
    sound = (FOLDER.parent / "sound.js").read_bytes()
    return [_script("/widget.js", source().encode()), _script("/widget-sound.js", sound)]


def _script(path: str, body: bytes) -> web.RouteDef:
    etag = hashlib.sha256(body).hexdigest()[:20]

    async def script(request: web.Request) -> web.Response:
        known = request.if_none_match or ()
        fresh = any(tag.value in (etag, "*") for tag in known)
        response = web.Response(
            status=304 if fresh else 200,
            body=None if fresh else body,
            headers={
                "Access-Control-Allow-Origin": "*",  # an audio worklet is fetched as a module is
                "Cache-Control": "public, max-age=300",
                "Cross-Origin-Resource-Policy": "cross-origin",
                "X-Content-Type-Options": "nosniff",
            },
        )
        response.etag = etag
        if not fresh:
            response.content_type = "text/javascript"
            response.charset = "utf-8"
            response.enable_compression()
        return response

    return web.get(path, script)
