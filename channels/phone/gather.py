"""Calls by Twilio's <Gather>: its own recogniser and voices, no model of ours. Each step of a call is a
request that is signed, put on record once, and answered by TwiML. The steps are in `talking`,
`people` and `outward`; what is said is `script`; the forms are `twilio`.

A call is a conversation of its own (the sender is Twilio's CallSid). Twilio waits 15 seconds for an answer;
one that takes longer is bridged: a word, and a redirect that asks again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import urlsplit

from aiohttp import web

from bot.model.errors import NotAllowed, TooLarge
from bot.web.limits import AddressLimits
from channels.contract import Answered, Ingest
from channels.phone import outward, people, talking, twilio, twiml
from channels.phone.exchange import Calls, Exchange, Placed, Step, Streams, Voicemail
from channels.phone.script import Script
from channels.phone.settings import GatherSettings
from channels.phone.twilio import Form

PREFIX = "/webhooks/twilio_voice"
STEPS: Mapping[str, Step] = {**talking.STEPS, **people.STEPS, **outward.STEPS}


class Gather:
    """A carrier of `channels.phone.channel`."""

    def __init__(
        self,
        ingest: Ingest,
        answered: Answered,
        calls: Calls,
        limits: AddressLimits,
        settings: GatherSettings,
        streams: Streams | None = None,
        placed: Placed | None = None,
        voicemail: Voicemail | None = None,
    ) -> None:
        script = Script(settings, urlsplit(settings.public_url or "").hostname or "")
        self._settings = settings
        self._exchange = Exchange(
            ingest, answered, calls, limits, settings, script, streams, placed, voicemail
        )

    def routes(self) -> Iterable[web.RouteDef]:
        """A path for each step."""
        return [web.post(f"{PREFIX}/{name}", self._handler(step)) for name, step in STEPS.items()]

    async def start(self) -> None:
        """Nothing runs beside the routes."""

    async def stop(self) -> None:
        """Requests under way are ended by the server; Twilio asks the next one again."""
        if self._exchange.voicemail is not None:
            await self._exchange.voicemail.stop()

    def _handler(self, step: Step) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            form = await self._admit(request)
            verbs = await step(self._exchange, form, request)
            body = twiml.encode(verbs, self._settings.voices)
            return web.Response(body=body, content_type="text/xml", headers={"Cache-Control": "no-store"})

        return handle

    async def _admit(self, request: web.Request) -> Form:
        """The form of a request that Twilio has signed; what is not is not looked at further."""
        signature = request.headers.get("X-Twilio-Signature")
        if not signature:
            raise NotAllowed("the request is not signed by Twilio")
        form = twilio.form_of(await _body(request))
        url = self._exchange.base(request) + request.raw_path  # as Twilio asked for it
        twilio.verify(url, form, signature, self._settings.auth_token)
        account = twilio.account_of(form)
        if self._settings.account_sid and account != self._settings.account_sid:
            raise NotAllowed("the request is of another account")
        return form


async def _body(request: web.Request) -> bytes:
    """The body, read no further than is accepted."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > twilio.MAX_FORM:
            raise TooLarge(f"a form has at most {twilio.MAX_FORM} bytes")
    return bytes(body)
