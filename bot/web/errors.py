"""Errors to HTTP, in one place: the `BalieError` tree to a status and a kind body, everything else to a 500
without details. JSON for programs, a toast for htmx, a small page for people.
"""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from yarl import URL

from bot.model.errors import (
    BadInput,
    BalieError,
    Conflict,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    TooLarge,
    TooMany,
    Unavailable,
)

log = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[BalieError], int, str], ...] = (
    (TooLarge, 413, "too_large"),
    (BadInput, 400, "bad_request"),
    (NotAuthenticated, 401, "not_authenticated"),
    (NotAllowed, 403, "not_allowed"),
    (NotFound, 404, "not_found"),
    (Conflict, 409, "conflict"),
    (TooMany, 429, "too_many"),
    (Unavailable, 503, "unavailable"),
    (BalieError, 500, "internal"),
)
"""The first kind that fits. A root error that reaches a visitor is ours to mend, so it is a 500."""

CODES = {
    400: "bad_request", 401: "not_authenticated", 403: "not_allowed", 404: "not_found", 405: "wrong_method",
    409: "conflict", 413: "too_large", 415: "wrong_type", 421: "wrong_host", 429: "too_many", 500: "internal",
    503: "unavailable",
}  # fmt: skip

FOR_PROGRAMS = ("/api/", "/webhooks/", "/model/", "/conversations/", "/healthz", "/readyz", "/metrics")
"""Paths that answer JSON whatever the client says it accepts."""

LOGIN = "/desk/login"


def status_of(error: BalieError) -> tuple[int, str]:
    """The HTTP status of an error and its code for programs."""
    return next((status, code) for kind, status, code in STATUSES if isinstance(error, kind))


def wants_json(request: web.Request) -> bool:
    """Whether a program asks."""
    return request.path.startswith(FOR_PROGRAMS)


def is_htmx(request: web.Request) -> bool:
    """Whether a part of a page asks, and not the address bar."""
    return request.headers.get("HX-Request") == "true"


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost middleware: nothing that a handler raises leaves in another form."""
    try:
        return await handler(request)
    except BalieError as error:
        status, code = status_of(error)
        if status >= 500:
            log.error("%s %s: %s", request.method, request.path, error)
        return answer(request, status, code, _told(status, error), headers=_retry(error))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        return answer(
            request, error.status, CODES.get(error.status, "error"), error.reason.lower(), headers=headers
        )
    except (ValueError, LookupError, web.RequestPayloadError, HttpProcessingError) as error:
        if not _from_request(error):
            return _unknown(request)
        return answer(request, 400, "bad_request", "the request cannot be read")
    except ConnectionError:
        raise  # the visitor went away: there is nobody to answer
    except Exception:
        return _unknown(request)


def _from_request(error: BaseException) -> bool:
    """Whether the request's own encoding made it fail, in aiohttp's reading of it, and not our code.

    Headers that are not UTF-8 come with half surrogates in them, which nothing can write down again.
    """
    if isinstance(error, UnicodeEncodeError):
        return error.reason == "surrogates not allowed"
    if isinstance(error, web.RequestPayloadError | HttpProcessingError):
        return True
    if isinstance(error, KeyError | IndexError):
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = trace.tb_frame.f_globals.get("__name__", "") if trace else ""
    return module.startswith(("aiohttp.", "multidict", "yarl", "encodings", "email."))


def _unknown(request: web.Request) -> web.StreamResponse:
    reference = secrets.token_hex(4)
    log.exception("%s %s failed (%s)", request.method, request.path, reference)
    return answer(request, 500, "internal", f"something went wrong here; reference {reference}")


def _told(status: int, error: BalieError) -> str:
    return "something went wrong here" if status == 500 else str(error)


def _retry(error: BalieError) -> dict[str, str] | None:
    return {"Retry-After": str(math.ceil(error.retry_after))} if isinstance(error, TooMany) else None


def answer(
    request: web.Request, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> web.StreamResponse:
    """An error's answer in the form that whoever asked can read."""
    if wants_json(request):
        extra = {"WWW-Authenticate": 'Bearer realm="Balie"'} if status == 401 else {}
        return json(
            {"error": {"code": code, "message": message}}, status=status, headers={**(headers or {}), **extra}
        )
    if status == 401:
        return _to_login(request)
    from bot.web import templates  # the pages' own errors come here too, so it cannot be the other way round

    if is_htmx(request):
        # The part of the page that asked keeps what it has; the message comes beside it.
        return templates.toast(request, status, code, message, headers)
    return templates.error_page(request, status, code, message, headers)


def _to_login(request: web.Request) -> web.StreamResponse:
    if is_htmx(request):
        address = URL(LOGIN).with_query({"next": _page_of(request)})
        return web.Response(status=401, headers={"HX-Redirect": str(address)})
    if request.method in ("GET", "HEAD"):
        address = URL(LOGIN).with_query({"next": request.path_qs})
        return web.Response(status=303, headers={"Location": str(address), "Cache-Control": "no-store"})
    return web.Response(status=303, headers={"Location": LOGIN, "Cache-Control": "no-store"})


def _page_of(request: web.Request) -> str:
    """The page that a part was asked for, without its host."""
    try:
        return str(URL(request.headers.get("HX-Current-URL", "")).relative())
    except ValueError:
        return "/desk"


def json(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON, as bytes once."""
    return web.Response(
        body=orjson.dumps(value, default=str),
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        content_type="application/json",
    )
