"""The telephone put together: calls through Twilio, and who hears and speaks in them."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from functools import partial

from bot.app.config import Settings
from bot.bus import Bus
from bot.model.errors import ConfigError
from bot.service.calls import Calls
from bot.service.ingest import Ingest
from bot.service.replies import Replies
from bot.speech.cache import PromptCache
from bot.speech.espeak import find_espeak
from bot.speech.models import MANY, Model
from bot.speech.ports import SpeechToText
from bot.speech.vosk import load_vosk
from bot.speech.whisper import load_whisper
from bot.store.database import Database
from bot.voice.actions import Prompt
from bot.voice.prompts import text_of
from bot.web.limits import AddressLimits
from channels.phone.channel import PhoneChannel
from channels.phone.gather import Gather
from channels.phone.passes import Passes
from channels.phone.session import Counter, Engines
from channels.phone.settings import VOICES, GatherSettings
from channels.phone.stream import Streams
from channels.phone.switchboard import Switchboard
from channels.phone.twilio import Voice
from channels.transcripts import StoredTranscripts

THREADS = 2
"""For all who listen; more callers than threads wait for one another, in order."""


def make_telephone(
    settings: Settings,
    database: Database,
    bus: Bus,
    ingest: Ingest,
    replies: Replies,
    limits: AddressLimits,
    calls: Calls,
) -> PhoneChannel:
    """Calls through the account that is set. Raises `ConfigError` where Twilio's library is missing."""
    if settings.phone.auth_token is None or importlib.util.find_spec("twilio") is None:
        raise ConfigError("the telephone needs the extra 'phone': run 'make setup EXTRAS=phone'")
    token = settings.phone.auth_token.get_secret_value().strip()
    by_twilio = _gather_settings(settings, token)
    if settings.phone.mode == "gather":
        return PhoneChannel([Gather(ingest, replies.answered, calls, limits, by_twilio)])
    counter = Counter(ingest, StoredTranscripts(database), calls, bus)
    load = partial(load_engines, settings, calls.languages)
    switchboard = Switchboard(counter, load, most=settings.phone.calls)
    streams = Streams(Passes(bus, token), counter, switchboard, by_twilio.transfer)
    gather = Gather(ingest, replies.answered, calls, limits, by_twilio, streams)
    return PhoneChannel([streams, gather], switchboard)


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
