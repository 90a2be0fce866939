"""The REST channel: a message in, what is said to it out, in one request, as Rasa's does. What was said since
the sender's last request (an agent's answer, a notice, a question) comes with the next one, before that one's
own answer; each thing comes once. Errors leave as `BalieError`; `bot.web.errors` makes JSON of them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.model.errors import NotAllowed, TooLarge, Unavailable
from bot.web.limits import AddressLimits
from bot.web.reach import counted_address, from_this_machine, public_base
from channels.contract import Answered, Ingest
from channels.rest import codec

Authorize = Callable[[web.Request], Awaitable[None]]
"""Raises `NotAuthenticated` or `NotAllowed` when the request may not speak for its senders."""


@dataclass(frozen=True, slots=True)
class RestSettings:
    """The REST channel's section of the configuration. Without an `authorize`, `open` must be set."""

    open: bool = False
    timeout: float = 30.0
    """Seconds that a request waits for its answer."""


class RestChannel:
    """Rasa's `rest` input channel. No burst is waited for: a request is a turn."""

    name = codec.NAME
    push = False
    burst = 0.0

    def __init__(
        self,
        ingest: Ingest,
        answered: Answered,
        limits: AddressLimits,
        settings: RestSettings,
        authorize: Authorize | None = None,
    ) -> None:
        self._ingest = ingest
        self._answered = answered
        self._limits = limits
        self._settings = settings
        self._authorize = authorize
        self._run, self._requests = secrets.token_hex(16), itertools.count(1)

    def routes(self) -> Iterable[web.RouteDef]:
        """Rasa's two paths."""
        return [
            web.get("/webhooks/rest/", self._health),
            web.get("/webhooks/rest", self._health),
            web.post("/webhooks/rest/webhook", self._webhook),
        ]

    async def start(self) -> None:
        """Nothing runs beside the routes."""

    async def stop(self) -> None:
        """Requests under way are ended by the server."""

    async def _health(self, _: web.Request) -> web.Response:
        return _json({"status": "ok"})

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        await self._admit(request)
        message = codec.decode(await _body(request), self._fresh_id())
        if self._settings.open and not from_this_machine(request):
            # A program with a token, or of this machine, speaks for many; anybody else is counted.
            await self._limits.message(counted_address(request), self.name, message.sender_id)
        accepted = await self._ingest.receive(message)
        try:
            items = await self._answered(accepted, self._settings.timeout)
        except TimeoutError:
            raise Unavailable(
                "no answer yet; the message was taken in: its answer comes with the next request's"
            ) from None
        answers = codec.encode(items, message.sender_id, public_base(request))
        if request.query.get("stream", "").lower() == "true":
            return await _stream(request, answers)
        return _json(answers)

    def _fresh_id(self) -> str:
        """No other message has it: random for this run of the server, then counted."""
        return f"{self._run}-{next(self._requests)}"

    async def _admit(self, request: web.Request) -> None:
        if self._settings.open:
            _no_other_site(request)
            return
        if self._authorize is None:
            raise NotAllowed("the REST channel is closed: set rest.open, or give a token")
        await self._authorize(request)


def _no_other_site(request: web.Request) -> None:
    """Refuse what a page of another site makes a visitor's browser send: open is for programs."""
    origin, fetched = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    ours = origin is None or origin in (f"http://{request.host}", f"https://{request.host}")
    if not ours or fetched not in (None, "same-origin", "none"):
        raise NotAllowed("a page of another site may not use the REST channel")


async def _body(request: web.Request) -> bytes:
    """The body, read no further than is accepted."""
    if (request.content_length or 0) > codec.MAX_BODY:
        raise TooLarge(f"a request has at most {codec.MAX_BODY} bytes")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > codec.MAX_BODY:
            raise TooLarge(f"a request has at most {codec.MAX_BODY} bytes")
    return bytes(body)


async def _stream(request: web.Request, answers: list[dict[str, Any]]) -> web.StreamResponse:
    """One JSON object a line, with the content type that Rasa gives it."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    for answer in answers:
        await response.write(codec.dumps(answer) + b"\n")
    await response.write_eof()
    return response


def _json(value: object) -> web.Response:
    return web.Response(body=codec.dumps(value), content_type="application/json")
