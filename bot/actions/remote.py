"""Custom actions on an action server: Rasa's webhook protocol over HTTP.

One retry after a connection error or a 5xx; 449 asks for the domain, which is then sent along. 400 is a
rejected call, 404 an unknown action. Like every runner it never raises.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import zlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, cast

import aiohttp
import orjson
import rasa_sdk
from yarl import URL

from bot.actions.events import read_result
from bot.actions.runner import Domain, failed
from bot.model.actions import ActionCall, ActionResult

log = logging.getLogger(__name__)

VERSION = rasa_sdk.__version__
"""What is sent as Rasa's version: an action server of the same age as ours takes it without a warning."""

MAX_ANSWER = 1_000_000
"""Bytes of an answer that are read."""


class _Again(Exception):
    """The server did not answer properly; once more may help."""


class HttpRunner:
    """Runs actions on `url` (…/webhook). All are durable but those in `inline`: networks may be slow."""

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        *,
        names: Callable[[], set[str]] = set,
        inline: Collection[str] = (),
        domain: Callable[[], Domain] = dict,
        timeout: float = 10.0,
        backoff: float = 0.5,
        token: str = "",
        compress: bool = False,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = URL(url)
        self._session = session
        self._names = names
        self._inline = frozenset(inline)
        self._domain = domain
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._backoff = backoff
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        if compress:
            self._headers["Content-Encoding"] = "deflate"
        self._compress = compress
        self._pause = pause
        self._clock = clock

    def names(self) -> set[str]:
        """The actions that the server is expected to have, as far as anybody said."""
        return self._names()

    def durable(self, name: str) -> bool:
        """Whether the action must run as a job: unless it was said to be quick and without effects."""
        return name not in self._inline

    async def run(self, call: ActionCall) -> ActionResult:
        """One call, with a retry; what goes wrong becomes the result's error."""
        begin = self._clock()
        domain = self._domain()
        body: dict[str, Any] = {
            "next_action": call.name,
            "sender_id": call.tracker.get("sender_id", "default"),
            "tracker": call.tracker,
            "version": VERSION,
            "domain_digest": _digest(domain),
        }
        headers = self._headers | {"Idempotency-Key": call.key}
        error = ""
        for attempt in (1, 2):
            try:
                status, answer = await self._post(body, headers)
                if status == 449:
                    status, answer = await self._post({**body, "domain": domain}, headers)
                return self._result(call, status, answer, round((self._clock() - begin) * 1000))
            except TimeoutError:
                error = f"the action server did not answer within {self._timeout.total:g} s"
                break  # it may still be at work: asking twice would do the deed twice
            except (_Again, aiohttp.ClientError, OSError) as caught:
                error = (
                    f"{type(caught).__name__}: {caught}" if not isinstance(caught, _Again) else str(caught)
                )
                if attempt == 1:
                    await self._pause(self._backoff)
            except (ValueError, TypeError) as caught:
                error = f"the action server's answer cannot be read: {caught}"
                break
        log.error("action server failed", extra={"action": call.name, "url": str(self._url), "error": error})
        return failed(call, error, round((self._clock() - begin) * 1000))

    async def _post(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        data = orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)
        if self._compress:
            data = zlib.compress(data)
        async with self._session.post(
            self._url, data=data, headers=dict(headers), timeout=self._timeout, allow_redirects=False
        ) as response:
            raw = await response.content.read(MAX_ANSWER + 1)
            while len(raw) <= MAX_ANSWER and not response.content.at_eof():
                raw += await response.content.read(MAX_ANSWER + 1 - len(raw))
            if len(raw) > MAX_ANSWER:
                raise ValueError(f"it is longer than {MAX_ANSWER} bytes")
            if response.status in (502, 503, 504):
                raise _Again(f"the action server answered {response.status}")
            try:
                answer = orjson.loads(raw) if raw else {}
            except orjson.JSONDecodeError:
                answer = {"error": raw[:200].decode("utf-8", "replace")}
                if response.status < 400:
                    raise
            if response.status >= 500:
                raise _Again(f"the action server answered {response.status}: {_error(answer)}")
            return response.status, cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}

    def _result(self, call: ActionCall, status: int, answer: Mapping[str, Any], ms: int) -> ActionResult:
        if status == 200:
            return read_result(call, answer.get("events") or [], answer.get("responses") or [], ms)
        meaning = {
            400: "the action rejected the call",
            401: "the action server wants a token",
            403: "the action server refuses the token",
            404: f"the action server does not know '{call.name}'",
            449: "the action server asks for the domain again and again",
        }.get(status, f"the action server answered {status}")
        log.error("action failed", extra={"action": call.name, "status": status, "error": _error(answer)})
        return failed(call, f"{meaning}: {_error(answer)}".rstrip(": "), ms)


def _error(answer: object) -> str:
    return (
        str(cast("Mapping[str, Any]", answer).get("error") or "")[:300] if isinstance(answer, Mapping) else ""
    )


def _digest(domain: Domain) -> str:
    return hashlib.sha256(orjson.dumps(domain, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()
