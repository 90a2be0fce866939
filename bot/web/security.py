"""What every response says to the browser, and how much of a body is read. No inline script or style runs on
any page; a page that needs more (the widget's socket) says so itself, and keeps the rest.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.model.errors import NotAllowed, TooLarge
from bot.web.reach import is_https, public_base
from bot.web.site import MAX_BODY, site_of
from bot.web.uploads import most_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

MICROPHONE = {
    "Permissions-Policy": HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
}
"""What a page says instead on which one can speak."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def headers_with_widget(request: web.Request) -> dict[str, str]:
    """What a page with the chat says: its sockets are named, for browsers whose 'self' leaves them out, and
    the microphone is for calls out of it."""
    host = urlsplit(public_base(request)).netloc
    return {
        "Content-Security-Policy": POLICY.replace(
            "connect-src 'self'", f"connect-src 'self' ws://{host} wss://{host}"
        ),
        **MICROPHONE,
    }


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The signal on_response_prepare: what a handler set itself stays."""
    headers = response.headers
    if "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = POLICY
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if is_https(request):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


@web.middleware
async def limit_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a body that says that it is too long; one that does not say so is cut by `client_max_size`, or
    by the handler that reads it itself."""
    most = most_of(request.match_info.handler) or MAX_BODY
    if (request.content_length or 0) > most:
        raise TooLarge(f"a request has at most {most} bytes")
    return await handler(request)


def own_origins(request: web.Request) -> set[str]:
    """The addresses of our own pages, as browsers say them."""
    ours = {public_base(request), f"{request.scheme}://{request.host}"}
    if site_of(request).settings.public_url is None:
        ours |= {f"http://{request.host}", f"https://{request.host}"}
    return ours


def check_origin(request: web.Request) -> None:
    """Refuse what another site makes a visitor's browser send. A client that is no browser says nothing."""
    if request.method in SAFE:
        return
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched is not None and fetched not in ("same-origin", "none"):
        raise NotAllowed("this form was sent from another site")
    origin = request.headers.get("Origin")
    if origin is None:
        return
    if origin not in own_origins(request):
        raise NotAllowed("this form was sent from another site")
