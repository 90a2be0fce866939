"""Twilio's REST: a call or a text is asked for once. What is not known to have failed is never asked again.

`base` is another address than Twilio's for tests, where a peer stands that plays it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientConnectorError, ClientError

from bot.model.errors import NotAllowed, OutcomeUnknown, Refused, TooMany, Unavailable

TWILIO = "https://api.twilio.com"
EVENTS = ("initiated", "ringing", "answered", "completed")
"""What Twilio tells of a call; how it ended (busy, no answer) comes with the last."""
WITHIN = 10.0
"""Seconds for an answer."""
RETRY = 60.0
"""Seconds after which one may ask again who was told that there is too much going on."""
MOST_WHY = 300

_SID = re.compile(r"[A-Za-z]{2}[0-9A-Za-z]{2,62}")
_quiet = logging.getLogger("balie.twilio")
"""The library logs headers and addresses with the account in them: it gets a log that nobody keeps."""
_quiet.disabled = True


@dataclass(frozen=True, slots=True)
class RestSettings:
    """What is asked for in each request. `number` is what we call and text from, `callbacks` the address of
    our own steps, `ring` the seconds that a telephone may ring; with `machines` Twilio listens for an
    answering machine first, for which it charges and takes some seconds."""

    account_sid: str
    auth_token: str
    number: str
    callbacks: str
    ring: int = 25
    machines: bool = False
    within: float = WITHIN


class TwilioRest:
    """A carrier of `bot.service.outgoing`."""

    def __init__(self, settings: RestSettings, *, base: str = TWILIO) -> None:
        self._settings = settings
        self._base = base

    async def call(self, id: str, to: str) -> str:
        """As `Carrier.call`."""
        settings, query = self._settings, urlencode({"id": id})
        return await self._ask(
            lambda client: client.calls.create_async(
                to=to,
                from_=settings.number,
                url=f"{settings.callbacks}/answered?{query}",
                method="POST",
                status_callback=f"{settings.callbacks}/progress?{query}",
                status_callback_method="POST",
                status_callback_event=list(EVENTS),
                timeout=settings.ring,
                **({"machine_detection": "Enable"} if settings.machines else {}),
            )
        )

    async def text(self, to: str, text: str) -> str:
        """As `Carrier.text`."""
        number = self._settings.number
        return await self._ask(lambda client: client.messages.create_async(to=to, from_=number, body=text))

    async def _ask(self, request: Callable[[Any], Awaitable[Any]]) -> str:
        """Make one request, on a connection of its own: one that was kept may be cut as it is used."""
        rest = await asyncio.to_thread(import_module, "twilio.rest")  # most of a second, the first time
        web = await asyncio.to_thread(import_module, "twilio.http.async_http_client")
        errors = import_module("twilio.base.exceptions")
        try:
            async with (
                asyncio.timeout(self._settings.within),
                web.AsyncTwilioHttpClient(logger=_quiet) as http,
            ):
                client = rest.Client(
                    self._settings.account_sid,
                    self._settings.auth_token,
                    http_client=http,
                    environment={"TWILIO_EDGE": ""},  # not the machine's own variables
                )
                client.api.base_url = self._base
                made = await request(client)
        except (errors.TwilioRestException, errors.TwilioServiceException) as error:
            raise _refused(error) from None
        except ClientConnectorError:
            raise Unavailable("Twilio cannot be reached; nothing was asked of it") from None
        except (TimeoutError, ClientError, OSError, ValueError, errors.TwilioException):
            raise OutcomeUnknown("Twilio gave no clear answer: it may have been done or not") from None
        sid = getattr(made, "sid", None)
        if not isinstance(sid, str) or not _SID.fullmatch(sid):
            raise OutcomeUnknown("Twilio's answer has no id: it may have been done or not")
        return sid


def _refused(error: Any) -> Exception:
    """What an answer that is no success means: only a 4xx says that nothing was done."""
    status = error.status if isinstance(error.status, int) else 500
    if status == 429:
        return TooMany("Twilio has too many requests of this account at once; nothing was done", RETRY)
    if not 400 <= status < 500 or status == 408:
        return OutcomeUnknown(f"Twilio answered {status}: it may have been done or not")
    why = " ".join(str(getattr(error, "msg", None) or getattr(error, "title", "")).split())[:MOST_WHY]
    if status in (401, 403):
        return NotAllowed(f"Twilio does not let this account in ({error.code}: {why}); nothing was done")
    return Refused("refused", f"Twilio {error.code}: {why}")
