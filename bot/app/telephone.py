"""The telephone put together: who hears and speaks in calls, and how they come in: through Twilio, out of the
chat."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from collections.abc import Mapping, Sequence
from functools import partial

from bot.app.config import Settings
from bot.model.errors import ConfigError
from bot.service.calls import Begun, Calls
from bot.service.lines import Lines
from bot.service.replies import Replies
from bot.speech.cache import PromptCache
from bot.speech.espeak import find_espeak
from bot.speech.models import MANY, Model
from bot.speech.ports import SpeechToText
from bot.speech.vosk import load_vosk
from bot.speech.whisper import load_whisper
from bot.voice import ear
from bot.voice.actions import Prompt
from bot.voice.prompts import text_of
from bot.voice.words import words
from bot.web.limits import AddressLimits
from channels.phone.channel import PhoneChannel
from channels.phone.gather import Gather
from channels.phone.line import Line
from channels.phone.passes import Passes
from channels.phone.session import Caller, Counter, Engines, Session
from channels.phone.settings import VOICES, GatherSettings
from channels.phone.stream import Streams
from channels.phone.switchboard import Switchboard
from channels.phone.twilio import Voice

THREADS = 2
"""For all who listen; more callers than threads wait for one another, in order."""


def make_switchboard(
    settings: Settings, counter: Counter, lines: Lines, languages: Sequence[str]
) -> Switchboard | None:
    """For the calls that are heard here; None where all are heard elsewhere, or there are none."""
    phone = settings.phone
    if not phone.browser and (phone.auth_token is None or phone.mode == "gather"):
        return None
    return Switchboard(counter, lines, partial(load_engines, settings, languages), most=phone.calls)


def make_telephone(
    settings: Settings,
    counter: Counter,
    replies: Replies,
    limits: AddressLimits,
    calls: Calls,
    switchboard: Switchboard | None,
) -> PhoneChannel:
    """Calls through the account that is set, where one is. Raises `ConfigError` where Twilio's library is
    missing."""
    if settings.phone.auth_token is None:
        return PhoneChannel([], switchboard)
    if importlib.util.find_spec("twilio") is None:
        raise ConfigError("the telephone needs the extra 'phone': run 'make setup EXTRAS=phone'")
    token = settings.phone.auth_token.get_secret_value().strip()
    by_twilio = _gather_settings(settings, token)
    if settings.phone.mode == "gather" or switchboard is None:
        gather = Gather(counter.ingest, replies.answered, calls, limits, by_twilio)
        return PhoneChannel([gather], switchboard)
    streams = Streams(Passes(counter.bus, token), counter, switchboard, by_twilio.transfer)
    gather = Gather(counter.ingest, replies.answered, calls, limits, by_twilio, streams)
    return PhoneChannel([streams, gather], switchboard)


class FromChat:
    """Calls out of the chat (`channels.web.call.Telephone`): the conversation goes on by voice."""

    def __init__(self, calls: Calls, switchboard: Switchboard) -> None:
        self._calls = calls
        self._switchboard = switchboard

    def speaks(self, language: str) -> bool:
        """Whether calls in a language can be taken."""
        return self._switchboard.speaks(language)

    async def call(
        self, channel: str, sender_id: str, language: str, line: Line
    ) -> tuple[Session, asyncio.Task[None]]:
        """A call begins; the task is done when it is over. Raises `Unavailable` or `TooMany`."""
        known = await self._calls.conversation(channel, sender_id)
        self._switchboard.check(language, known)
        begun = await self._calls.call_from(channel, sender_id, language)
        caller = Caller(channel, sender_id, begun.conversation_id, language, begun.seq - 1)
        session, call = self._switchboard.connect(caller, line)
        return session, asyncio.create_task(self._until_over(call, begun, language))

    async def _until_over(self, call: asyncio.Task[None], begun: Begun, language: str) -> None:
        """Agents read how long it was."""
        began = time.monotonic()
        await asyncio.wait((call,))
        text = words(language).note_ended.format(length=ear.length(round(time.monotonic() - began)))
        await self._calls.note(begun.conversation_id, text, f"{begun.conversation_id}:call:{begun.seq}")


def load_engines(settings: Settings, languages: Sequence[str]) -> Engines:
    """Our own ears and voice; takes seconds. Raises `ConfigError` where there are none for any language."""
    ears = _ears(settings, languages)
    fixed = {language: [text_of(each, language) for each in Prompt] for language in languages}
    return Engines(ears, PromptCache(find_espeak(), fixed))


def _ears(settings: Settings, languages: Sequence[str]) -> SpeechToText:
    engine = settings.phone.ears
    if engine == "whisper":
        return load_whisper(Model(engine, MANY).folder(settings.models), languages, THREADS)
    ears = load_vosk({each: Model(engine, each).folder(settings.models) for each in languages}, THREADS)
    if not ears.languages:
        raise ears.problems[0]
    return ears


def _gather_settings(settings: Settings, token: str) -> GatherSettings:
    phone = settings.phone
    to = phone.transfer_to
    tags: Mapping[str, str] = {**phone.languages}
    names: Mapping[str, str] = {**phone.voices}
    return GatherSettings(
        auth_token=token,
        account_sid=phone.account_sid,
        public_url=settings.public_url,
        numbers=phone.numbers,
        transfer_to={"*": to} if isinstance(to, str) else to,
        voices={
            code: Voice(tags.get(code, voice.tag), names.get(code, voice.name))
            for code, voice in VOICES.items()
        },
        answer_within=phone.answer_within,
        timeout=phone.timeout,
        ring=phone.ring,
        voicemail=phone.voicemail,
    )
