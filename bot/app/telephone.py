"""The telephone put together: who hears and speaks in calls, and how they come in: through Twilio, out of the
chat."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Mapping, Sequence
from functools import partial

from bot.app.config import Settings
from bot.model.errors import ConfigError, SpeechFailed
from bot.service.calls import Calls
from bot.service.lines import Lines
from bot.service.outgoing import Allowed
from bot.service.placed import PlacedCalls
from bot.service.relay import Relay
from bot.service.replies import Replies
from bot.speech.cache import PromptCache
from bot.speech.capacity import calls_carried
from bot.speech.espeak import find_espeak
from bot.speech.models import MANY, Model
from bot.speech.ports import SpeechToText, TextToSpeech
from bot.speech.vosk import load_vosk
from bot.speech.whisper import load_whisper
from bot.voice.actions import Prompt
from bot.voice.prompts import text_of
from bot.web.limits import AddressLimits
from channels.phone.channel import PhoneChannel
from channels.phone.gather import PREFIX, Gather
from channels.phone.passes import Passes
from channels.phone.recordings import TwilioRecordings
from channels.phone.rest import TWILIO, RestSettings, TwilioRest
from channels.phone.session import Counter, Engines
from channels.phone.settings import VOICES, GatherSettings
from channels.phone.stream import Streams
from channels.phone.switchboard import Switchboard
from channels.phone.twiml import Voice
from channels.phone.voicemail import Voicemail

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
    placed: PlacedCalls,
    relay: Relay | None,
) -> PhoneChannel:
    """Calls through the account that is set, where one is. Raises `ConfigError` where Twilio's library is
    missing."""
    if settings.phone.auth_token is None:
        return PhoneChannel([], switchboard, relay)
    if importlib.util.find_spec("twilio") is None:
        raise ConfigError("the telephone needs the extra 'phone': run 'make setup EXTRAS=phone'")
    token = settings.phone.auth_token.get_secret_value().strip()
    by_twilio = _gather_settings(settings, token)
    voicemail = _voicemail(settings, token, switchboard, counter)
    if settings.phone.mode == "gather" or switchboard is None:
        gather = Gather(
            counter.ingest, replies.answered, calls, limits, by_twilio, placed=placed, voicemail=voicemail
        )
        return PhoneChannel([gather], switchboard, relay)
    streams = Streams(Passes(counter.bus, token), counter, switchboard, by_twilio.transfer)
    gather = Gather(counter.ingest, replies.answered, calls, limits, by_twilio, streams, placed, voicemail)
    return PhoneChannel([streams, gather], switchboard, relay)


def _voicemail(
    settings: Settings, token: str, switchboard: Switchboard | None, counter: Counter
) -> Voicemail | None:
    """Who writes down what callers leave; None where nobody hears, or the account is not known."""
    account = settings.phone.account_sid
    if switchboard is None or not account:
        return None
    return Voicemail(TwilioRecordings(account, token), switchboard.ears, counter.ingest)


def make_carrier(settings: Settings, *, base: str = TWILIO) -> TwilioRest | None:
    """Who has our calls and texts go out; None where what that needs is not all set. `base`: where a peer
    stands in tests."""
    phone = settings.phone
    token = phone.auth_token.get_secret_value().strip() if phone.auth_token else ""
    if not (token and phone.account_sid and phone.number and settings.public_url):
        return None
    callbacks = settings.public_url.rstrip("/") + PREFIX
    return TwilioRest(
        RestSettings(phone.account_sid, token, phone.number, callbacks, phone.ring, phone.machines),
        base=base,
    )


def allowed(settings: Settings) -> Allowed:
    """What may go out."""
    phone = settings.phone
    return Allowed(frozenset(phone.countries), phone.calls_a_day, phone.texts_a_day)


def load_engines(settings: Settings, languages: Sequence[str]) -> Engines:
    """Our own ears and voice; takes seconds. Raises `ConfigError` where there are none for any language."""
    voice = find_espeak()
    ears = _ears(settings, languages)
    fixed = {language: [text_of(each, language) for each in Prompt] for language in languages}
    return Engines(ears, PromptCache(voice, fixed), asyncio.run(_carried(ears, voice)))


async def _carried(ears: SpeechToText, voice: TextToSpeech) -> int:
    """Calls at once in the first language; the others are heard by the same model, or one of its size."""
    language = ears.languages[0]
    try:
        text = text_of(Prompt.ARE_YOU_THERE, language)
        return await calls_carried(ears, voice, language, text, THREADS)
    except SpeechFailed as error:
        raise ConfigError(f"calls cannot be heard or spoken: {error}") from None


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
        number=phone.number,
        voices={
            code: Voice(tags.get(code, voice.tag), names.get(code, voice.name))
            for code, voice in VOICES.items()
        },
        answer_within=phone.answer_within,
        timeout=phone.timeout,
        ring=phone.ring,
        voicemail=phone.voicemail,
    )
