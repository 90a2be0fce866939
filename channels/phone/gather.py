"""Calls by Twilio's <Gather>: its own recogniser and voices, no model of ours. Each step of a call is a
request that is signed, put on record once, and answered by TwiML. What is said is `script`; the forms are
`twilio`.

A call is a conversation of its own (the sender is Twilio's CallSid). Twilio waits 15 seconds for an answer;
one that takes longer is bridged: a word, and a redirect that asks again.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.model.conversation import Owner
from bot.model.errors import Malformed, NotAllowed, TooLarge
from bot.model.messages import Accepted, InboundMessage
from bot.service.calls import CHANNEL
from bot.voice import ear
from bot.voice.words import words
from bot.web.limits import AddressLimits
from bot.web.reach import public_base
from channels.contract import Answered, Ingest
from channels.phone import twilio
from channels.phone.script import Place, Script, Standing, left_open, meant
from channels.phone.settings import GatherSettings
from channels.phone.twilio import Connect, Form, Hangup, Redirect, Verb

log = logging.getLogger(__name__)

PREFIX = "/webhooks/twilio_voice"
TRIES = 2
"""How often the language, or a number, is asked for."""


class Begun(Protocol):
    """A call's conversation (`bot.service.calls.Begun`)."""

    @property
    def conversation_id(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def greeting(self) -> str: ...


class Calls(Protocol):
    """The record of calls (`bot.service.calls.Calls`)."""

    @property
    def languages(self) -> tuple[str, ...]: ...
    async def begin(self, call: str, language: str, caller: str | None, *, through: str = "") -> Begun: ...
    async def standing(self, call: str) -> Standing | None: ...
    async def accepted(self, call: str, external_id: str) -> Accepted | None: ...
    async def note(self, conversation_id: str, text: str, key: str) -> None: ...
    async def call_back(self, conversation_id: str, number: str, text: str, key: str) -> None: ...
    async def first(self, conversation_id: str, key: str) -> bool: ...
    async def end(self, conversation_id: str) -> bool: ...
    async def is_over(self, conversation_id: str) -> bool: ...


class Streams(Protocol):
    """Our own ears and voice, where there are some (`channels.phone.stream.Streams`)."""

    def address(self, call: str, language: str, base: str) -> str | None:
        """Where Twilio brings the sound of a call; None where it cannot be heard or spoken with now."""
        ...


Step = Callable[["Gather", Form, web.Request], Awaitable[Sequence[Verb]]]


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
    ) -> None:
        self._ingest = ingest
        self._answered = answered
        self._calls = calls
        self._limits = limits
        self._settings = settings
        self._streams = streams
        self._script = Script(settings, urlsplit(settings.public_url or "").hostname or "")

    def routes(self) -> Iterable[web.RouteDef]:
        """A path for each step."""
        return [web.post(f"{PREFIX}/{name}", self._handler(step)) for name, step in _STEPS.items()]

    async def start(self) -> None:
        """Nothing runs beside the routes."""

    async def stop(self) -> None:
        """Requests under way are ended by the server; Twilio asks the next one again."""

    def _handler(self, step: Step) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            form = await self._admit(request)
            verbs = await step(self, form, request)
            body = twilio.encode(verbs, self._settings.voices)
            return web.Response(body=body, content_type="text/xml", headers={"Cache-Control": "no-store"})

        return handle

    async def _admit(self, request: web.Request) -> Form:
        """The form of a request that Twilio has signed; what is not is not looked at further."""
        signature = request.headers.get("X-Twilio-Signature")
        if not signature:
            raise NotAllowed("the request is not signed by Twilio")
        form = twilio.form_of(await _body(request))
        twilio.verify(self._url(request), form, signature, self._settings.auth_token.strip())
        account = twilio.account_of(form)
        if self._settings.account_sid and account != self._settings.account_sid:
            raise NotAllowed("the request is of another account")
        return form

    def _url(self, request: web.Request) -> str:
        """The URL as Twilio asked for it: its path and query as they came, under our public address."""
        return self._base(request) + request.raw_path

    def _base(self, request: web.Request) -> str:
        return (self._settings.public_url or public_base(request)).rstrip("/")

    # ── the beginning ─────────────────────────────────────────────────────────────────────────────────────

    async def ring(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """Somebody calls."""
        call = twilio.ringing(form)
        await self._limits.step(call.call)
        await self._limits.call(call.caller or f"hidden to {call.dialled}", call.call)
        known, languages = self._settings.numbers.get(call.dialled, ""), self._calls.languages
        if known in languages:
            return await self._begin(call, known, request)
        if len(languages) == 1:
            return await self._begin(call, languages[0], request)
        return self._script.menu(languages, 1)

    async def language(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """A language was chosen, by key or by voice; who says nothing twice gets the first one."""
        call, heard = twilio.ringing(form), twilio.heard(form)
        await self._limits.step(call.call)
        languages, tries = self._calls.languages, _small(request.query.get("tries", "1"))
        keys = {str(key): code for key, code in enumerate(languages, start=1)}
        said = ear.normal(heard.speech)
        named = (code for code in languages if any(word in said.split() for word in words(code).of_language))
        chosen = keys.get(heard.digits) or next(named, None)
        if chosen is None and tries < TRIES:
            return self._script.menu(languages, tries + 1)
        return await self._begin(call, chosen or languages[0], request)

    async def _begin(self, call: twilio.Ringing, language: str, request: web.Request) -> Sequence[Verb]:
        base, streams = self._base(request), self._streams
        address = streams.address(call.call, language, base) if streams else None
        begun = await self._calls.begin(call.call, language, call.caller, through="" if address else "Twilio")
        place = Place(language, heard=begun.seq)
        if address:
            return [Connect(address), Redirect(place.url("resume"))]
        return self._script.begin(place, begun.greeting)

    async def resume(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """The socket of a call was closed: in order, or because people have it, or it broke off."""
        call, place = twilio.heard(form).call, Place.of(request.query)
        await self._limits.step(call)
        standing = await self._standing(call)
        if await self._calls.is_over(standing.conversation_id):
            return [Hangup()]
        if standing.owner is Owner.QUEUE:  # the stream has told so
            return self._script.handed(place, "", standing, call)
        return await self._ending(call, standing, self._script.told(place, standing.last, standing, call))

    # ── a turn ────────────────────────────────────────────────────────────────────────────────────────────

    async def turn(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """Something was said, or nothing."""
        heard, place = twilio.heard(form), Place.of(request.query)
        await self._limits.step(heard.call)
        accepted = await self._calls.accepted(heard.call, _id(heard.call, place))
        if accepted is None:
            standing = await self._standing(heard.call)
            what = meant(heard.speech, heard.digits, standing)
            if what.deed == "silence":
                what = left_open(place, standing) or what
            match what.deed:
                case "silence":
                    verbs = self._script.silence(place, standing)
                    if any(isinstance(verb, Hangup) for verb in verbs):
                        await self._note(standing, heard.call, "silence")
                    return await self._ending(heard.call, standing, verbs)
                case "repeat" | "choices":
                    return self._script.again(replace(place, silent=0), standing, every=True)
                case _:
                    message = self._message(heard.call, place, what.text, what.payload)
                    accepted = await self._ingest.receive(message)
        return await self._answer(heard.call, place, accepted)

    async def wait(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """An answer was not ready, and is asked for again."""
        call, place = twilio.heard(form).call, Place.of(request.query)
        await self._limits.step(call)
        accepted = await self._calls.accepted(call, _id(call, place))
        if accepted is None:
            raise Malformed("there is nothing to wait for")
        return await self._answer(call, place, accepted)

    def _message(self, call: str, place: Place, text: str, payload: str | None = None) -> InboundMessage:
        return InboundMessage(
            channel=CHANNEL,
            sender_id=call,
            external_id=_id(call, place),
            text=text,
            payload=payload,
            language=place.language,
        )

    async def _answer(self, call: str, place: Place, accepted: Accepted) -> Sequence[Verb]:
        try:
            items = await self._answered(accepted, self._settings.answer_within)
        except TimeoutError:
            if place.waits < self._settings.waits:
                return self._script.wait(place)
            return await self._too_slow(call, place)
        standing = await self._standing(call)
        after = replace(place, turn=place.turn + 1)
        return await self._ending(call, standing, self._script.told(after, items, standing, call))

    async def _too_slow(self, call: str, place: Place) -> Sequence[Verb]:
        """An apology, and a person: the record asks for one too, for when the bot is back."""
        standing, after, say = (
            await self._standing(call),
            replace(place, turn=place.turn + 1),
            words(place.language),
        )
        await self._ingest.receive(self._message(call, after, say.person))
        await self._calls.note(standing.conversation_id, say.note_slow, f"{call}:slow")
        after = replace(after, turn=after.turn + 1, waits=0)
        return self._script.handed(after, say.too_slow, standing, call)

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────

    async def whisper(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """A person picked up, and hears what it is about; any key takes the call."""
        call, place = _param(request, "call"), Place.of(request.query)
        standing = await self._standing(call)
        query = {"call": call, "lang": place.language, "number": place.number}
        return self._script.whisper(place, standing, f"taken?{urlencode(query)}")

    async def taken(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """The person pressed a key: an empty answer connects the two. Who did not is hung up on."""
        call, place = _param(request, "call"), Place.of(request.query)
        if not twilio.heard(form).digits:
            return [Hangup()]
        standing = await self._standing(call)
        text = words(standing.language).note_accepted.format(number=place.number)
        await self._calls.note(standing.conversation_id, text, f"{call}:taken:{place.number}")
        return []

    async def dialled(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """The call to a person is over, or nobody took it."""
        result, place = twilio.dialled(form), Place.of(request.query)
        standing, say = await self._standing(result.call), words(place.language)
        key = f"{result.call}:dialled:{place.turn}"
        if result.bridged:
            text = say.note_answered.format(number=place.number, length=ear.length(result.seconds))
            await self._calls.note(standing.conversation_id, text, key)
            verbs = self._script.end(place, standing, say.after_person, ticket=False)
            return await self._ending(result.call, standing, verbs)
        text = say.note_not_answered.format(number=place.number, why=result.status or "no-answer")
        await self._calls.note(standing.conversation_id, text, key)
        return self._script.leave(replace(place, number=""), say.nobody)

    async def leave(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """A message or a call back was chosen; other words are added to the ticket."""
        heard, place = twilio.heard(form), Place.of(request.query)
        await self._limits.step(heard.call)
        standing, say = await self._standing(heard.call), words(place.language)
        said = ear.normal(heard.speech)
        message, back = (any(word in said for word in wordings) for wordings in say.leave_hints)
        if heard.digits == "2" or (back and not heard.digits):
            return self._script.confirm(replace(place, silent=0, number=standing.phone or ""))
        if heard.digits == "1" or message:
            return self._script.record(place)
        if said:
            return await self._add(heard, place, standing)
        if place.silent + 1 < TRIES:
            return self._script.leave(replace(place, silent=place.silent + 1))
        return await self._ending(heard.call, standing, self._script.end(place, standing, ""))

    async def more(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """All is arranged; what the caller still says is added to the ticket."""
        heard, place = twilio.heard(form), Place.of(request.query)
        await self._limits.step(heard.call)
        standing = await self._standing(heard.call)
        if heard.speech.strip() and ear.normal(heard.speech) not in words(place.language).no:
            return await self._add(heard, place, standing)
        verbs = self._script.end(place, standing, "", ticket=False)
        return await self._ending(heard.call, standing, verbs)

    async def _add(self, heard: twilio.Heard, place: Place, standing: Standing) -> Sequence[Verb]:
        await self._ingest.receive(self._message(heard.call, place, heard.speech))
        verbs = self._script.end(place, standing, words(place.language).added)
        return await self._ending(heard.call, standing, verbs)

    async def recorded(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """A message was left. Only its address is kept: Twilio gives the sound to who has the account."""
        result, place = twilio.recorded(form), Place.of(request.query)
        standing, say = await self._standing(result.call), words(place.language)
        if not result.url or not result.seconds:
            verbs = self._script.end(place, standing, say.not_recorded)
            return await self._ending(result.call, standing, verbs)
        text = say.note_recording.format(length=ear.length(result.seconds), url=result.url)
        await self._calls.note(standing.conversation_id, text, f"{result.call}:recorded:{result.url[-34:]}")
        ticket = ear.digits(str(standing.ticket), place.language) if standing.ticket else ""
        verbs = self._script.end(place, standing, say.recorded.format(ticket=ticket), ticket=False)
        return await self._ending(result.call, standing, verbs)

    async def number(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """A number to call back was keyed in, or said."""
        heard, place = twilio.heard(form), Place.of(request.query)
        await self._limits.step(heard.call)
        keys = heard.digits or "".join(letter for letter in heard.speech if letter in "+0123456789")
        number = twilio.keyed_number(keys) if keys else None
        if number is not None:
            return self._script.confirm(replace(place, number=number, silent=0))
        if place.silent + 1 < TRIES:
            return self._script.ask_number(
                replace(place, silent=place.silent + 1), words(place.language).no_number if keys else ""
            )
        standing = await self._standing(heard.call)
        return await self._ending(heard.call, standing, self._script.end(place, standing, ""))

    async def callback(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """The number was read back: right, or another one?"""
        heard, place = twilio.heard(form), Place.of(request.query)
        await self._limits.step(heard.call)
        standing, say, said = (
            await self._standing(heard.call),
            words(place.language),
            ear.normal(heard.speech),
        )
        if heard.digits == "2" or said in say.no or said.split()[:1] in (["nee"], ["neen"], ["non"], ["no"]):
            return self._script.ask_number(replace(place, silent=0))
        if heard.digits == "1" or said in say.yes or said.split()[:1] in (["ja"], ["oui"], ["yes"]):
            text = say.note_call_back.format(number=place.number)
            key = f"{heard.call}:callback:{place.number}"
            await self._calls.call_back(standing.conversation_id, place.number, text, key)
            spoken = ear.digits(place.number, place.language)
            ticket = ear.digits(str(standing.ticket), place.language) if standing.ticket else ""
            told = say.call_back.format(number=spoken, ticket=ticket)
            verbs = self._script.end(place, standing, told, ticket=False)
            return await self._ending(heard.call, standing, verbs)
        if place.silent + 1 < TRIES:
            return self._script.confirm(replace(place, silent=place.silent + 1))
        return await self._ending(heard.call, standing, self._script.end(place, standing, ""))

    # ── the end ───────────────────────────────────────────────────────────────────────────────────────────

    async def status(self, form: Form, request: web.Request) -> Sequence[Verb]:
        """The call is over: agents see how long it was, and whether the caller hung up."""
        over = twilio.over(form)
        await self._limits.step(over.call)
        standing = await self._calls.standing(over.call) if over.ended else None
        if standing is None:
            return []
        say = words(standing.language)
        hung_up = await self._calls.end(standing.conversation_id)
        text = (say.note_hung_up if hung_up else say.note_ended).format(length=ear.length(over.seconds))
        await self._calls.note(standing.conversation_id, text, f"{over.call}:over")
        return []

    async def _ending(self, call: str, standing: Standing, verbs: Sequence[Verb]) -> Sequence[Verb]:
        """Where we hang up, remember that it was not the caller."""
        if any(isinstance(verb, Hangup) for verb in verbs):
            await self._calls.end(standing.conversation_id)
        return verbs

    async def _note(self, standing: Standing, call: str, what: str) -> None:
        text = words(standing.language).note_silence
        await self._calls.note(standing.conversation_id, text, f"{call}:{what}")

    async def _standing(self, call: str) -> Standing:
        standing = await self._calls.standing(call)
        if standing is None:
            raise Malformed("there is no such call")
        return standing


_STEPS: dict[str, Step] = {
    "webhook": Gather.ring,
    "language": Gather.language,
    "resume": Gather.resume,
    "turn": Gather.turn,
    "wait": Gather.wait,
    "whisper": Gather.whisper,
    "taken": Gather.taken,
    "dialled": Gather.dialled,
    "leave": Gather.leave,
    "more": Gather.more,
    "recorded": Gather.recorded,
    "number": Gather.number,
    "callback": Gather.callback,
    "status": Gather.status,
}


def _id(call: str, place: Place) -> str:
    """The id of what is said next in a call: the same for a request that is repeated."""
    return f"{call}:{place.turn}"


def _small(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise Malformed("tries is a number")
    return int(text)


def _param(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    if not value or len(value) > 64:
        raise Malformed(f"{name} is missing")
    return value


async def _body(request: web.Request) -> bytes:
    """The body, read no further than is accepted."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > twilio.MAX_FORM:
            raise TooLarge(f"a form has at most {twilio.MAX_FORM} bytes")
    return bytes(body)
