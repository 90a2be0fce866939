"""The steps in which a caller is brought to a person: ringing one, leaving a message, being called back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from aiohttp import web

from bot.model.errors import Malformed
from bot.voice import ear
from bot.voice.words import words
from channels.phone import twilio
from channels.phone.exchange import TRIES, Exchange, Step, message_of
from channels.phone.script import Place, Standing
from channels.phone.twilio import Form
from channels.phone.twiml import Hangup, Verb


async def whisper(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """A person picked up, and hears what it is about; any key takes the call."""
    call, place = _param(request, "call"), Place.of(request.query)
    standing = await at.standing(call)
    query = {"call": call, "lang": place.language, "number": place.number}
    return at.script.whisper(place, standing, f"taken?{urlencode(query)}")


async def taken(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """The person pressed a key: an empty answer connects the two. Who did not is hung up on."""
    call, place = _param(request, "call"), Place.of(request.query)
    if not twilio.heard(form).digits:
        return [Hangup()]
    standing = await at.standing(call)
    text = words(standing.language).note_accepted.format(number=place.number)
    await at.calls.note(standing.conversation_id, text, f"{call}:taken:{place.number}")
    return []


async def dialled(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """The call to a person is over, or nobody took it."""
    result, place = twilio.dialled(form), Place.of(request.query)
    standing, say = await at.standing(result.call), words(place.language)
    key = f"{result.call}:dialled:{place.turn}"
    if result.bridged:
        text = say.note_answered.format(number=place.number, length=ear.length(result.seconds))
        await at.calls.note(standing.conversation_id, text, key)
        verbs = at.script.end(place, standing, say.after_person, ticket=False)
        return await at.ending(standing, verbs)
    text = say.note_not_answered.format(number=place.number, why=result.status or "no-answer")
    await at.calls.note(standing.conversation_id, text, key)
    return at.script.leave(replace(place, number=""), say.nobody)


async def leave(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """A message or a call back was chosen; other words are added to the ticket."""
    heard, place = twilio.heard(form), Place.of(request.query)
    await at.limits.step(heard.call)
    standing, say = await at.standing(heard.call), words(place.language)
    said = ear.normal(heard.speech)
    message, back = (any(word in said for word in wordings) for wordings in say.leave_hints)
    if heard.digits == "2" or (back and not heard.digits):
        return at.script.confirm(replace(place, silent=0, number=standing.phone or ""))
    if heard.digits == "1" or message:
        return at.script.record(place)
    if said:
        return await _add(at, heard, place, standing)
    if place.silent + 1 < TRIES:
        return at.script.leave(replace(place, silent=place.silent + 1))
    return await at.ending(standing, at.script.end(place, standing, ""))


async def more(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """All is arranged; what the caller still says is added to the ticket."""
    heard, place = twilio.heard(form), Place.of(request.query)
    await at.limits.step(heard.call)
    standing = await at.standing(heard.call)
    if heard.speech.strip() and ear.normal(heard.speech) not in words(place.language).no:
        return await _add(at, heard, place, standing)
    verbs = at.script.end(place, standing, "", ticket=False)
    return await at.ending(standing, verbs)


async def _add(at: Exchange, heard: twilio.Heard, place: Place, standing: Standing) -> Sequence[Verb]:
    await at.ingest.receive(message_of(heard.call, place, heard.speech))
    verbs = at.script.end(place, standing, words(place.language).added)
    return await at.ending(standing, verbs)


async def recorded(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """A message was left. Of its sound only the address is kept: Twilio gives it to who has the account."""
    result, place = twilio.recorded(form), Place.of(request.query)
    standing, say = await at.standing(result.call), words(place.language)
    if not result.url or not result.seconds:
        verbs = at.script.end(place, standing, say.not_recorded)
        return await at.ending(standing, verbs)
    text = say.note_recording.format(length=ear.length(result.seconds), url=result.url)
    await at.calls.note(standing.conversation_id, text, f"{result.call}:recorded:{result.url[-34:]}")
    if at.voicemail is not None:
        at.voicemail.write_down(result.call, place.language, result.url)
    ticket = ear.digits(str(standing.ticket), place.language) if standing.ticket else ""
    verbs = at.script.end(place, standing, say.recorded.format(ticket=ticket), ticket=False)
    return await at.ending(standing, verbs)


async def number(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """A number to call back was keyed in, or said."""
    heard, place = twilio.heard(form), Place.of(request.query)
    await at.limits.step(heard.call)
    keys = heard.digits or "".join(letter for letter in heard.speech if letter in "+0123456789")
    number = twilio.keyed_number(keys) if keys else None
    if number is not None:
        return at.script.confirm(replace(place, number=number, silent=0))
    if place.silent + 1 < TRIES:
        return at.script.ask_number(
            replace(place, silent=place.silent + 1), words(place.language).no_number if keys else ""
        )
    standing = await at.standing(heard.call)
    return await at.ending(standing, at.script.end(place, standing, ""))


async def callback(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """The number was read back: right, or another one?"""
    heard, place = twilio.heard(form), Place.of(request.query)
    await at.limits.step(heard.call)
    standing, say, said = (
        await at.standing(heard.call),
        words(place.language),
        ear.normal(heard.speech),
    )
    if heard.digits == "2" or said in say.no or said.split()[:1] in (["nee"], ["neen"], ["non"], ["no"]):
        return at.script.ask_number(replace(place, silent=0))
    if heard.digits == "1" or said in say.yes or said.split()[:1] in (["ja"], ["oui"], ["yes"]):
        text = say.note_call_back.format(number=place.number)
        key = f"{heard.call}:callback:{place.number}"
        await at.calls.call_back(standing.conversation_id, place.number, text, key)
        spoken = ear.digits(place.number, place.language)
        ticket = ear.digits(str(standing.ticket), place.language) if standing.ticket else ""
        told = say.call_back.format(number=spoken, ticket=ticket)
        verbs = at.script.end(place, standing, told, ticket=False)
        return await at.ending(standing, verbs)
    if place.silent + 1 < TRIES:
        return at.script.confirm(replace(place, silent=place.silent + 1))
    return await at.ending(standing, at.script.end(place, standing, ""))


def _param(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    if not value or len(value) > 64:
        raise Malformed(f"{name} is missing")
    return value


STEPS: Mapping[str, Step] = {
    "whisper": whisper,
    "taken": taken,
    "dialled": dialled,
    "leave": leave,
    "more": more,
    "recorded": recorded,
    "number": number,
    "callback": callback,
}
