"""The sound of a recording at Twilio. It is there for who has the account, some seconds after it was made."""

from __future__ import annotations

import asyncio
import io
import struct
import wave
from urllib.parse import urlsplit

import numpy as np
from aiohttp import ClientError, ClientSession, ClientTimeout, encode_basic_auth

from bot.model.errors import Malformed, TooLarge, Unavailable
from bot.speech.audio import SAMPLE, WIDTH, Resampler
from channels.phone.rest import TWILIO

PAUSES = (2.0, 5.0, 15.0, 45.0)
"""Seconds after which a recording that is not there yet is asked for again."""
MOST = 20 * 1024 * 1024
"""Bytes of a recording: twenty minutes of it."""
RATES = (8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Samples a second of recordings that are known."""
WITHIN = ClientTimeout(total=60)


class TwilioRecordings:
    """Gets recordings; the account's secret goes to `base` alone, whatever host an address names."""

    def __init__(self, account_sid: str, auth_token: str, *, base: str = TWILIO) -> None:
        self._headers = {"Authorization": encode_basic_auth(account_sid, auth_token)}
        self._base = base

    async def pcm(self, url: str) -> bytes:
        """The sound of the recording at an address, as `bot.speech.audio` has it. Raises `Unavailable` where
        it cannot be had, `TooLarge` and `Malformed` where it is not what we know."""
        address = f"{self._base}{urlsplit(url).path}.wav"
        async with ClientSession(timeout=WITHIN, headers=self._headers) as session:
            for pause in (*PAUSES, None):
                sound = await self._ask(session, address)
                if sound is not None:
                    return await asyncio.to_thread(pcm_of, sound)
                if pause is not None:
                    await asyncio.sleep(pause)
        raise Unavailable("Twilio does not have the recording")

    async def _ask(self, session: ClientSession, address: str) -> bytes | None:
        """The file; None while it is not there."""
        try:
            async with session.get(address, allow_redirects=False) as answer:
                if answer.status == 404:
                    return None
                if answer.status != 200:
                    raise Unavailable(f"Twilio answered {answer.status} where the recording was asked for")
                sound = bytearray()
                async for piece in answer.content.iter_any():
                    sound += piece
                    if len(sound) > MOST:
                        raise TooLarge(f"a recording has at most {MOST} bytes")
                return bytes(sound)
        except (ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"the recording could not be got: {type(error).__name__}") from None


def pcm_of(file: bytes) -> bytes:
    """The sound of a WAV file, its channels mixed; raises `Malformed`."""
    try:
        with wave.open(io.BytesIO(file)) as sound:
            width, channels, rate = sound.getsampwidth(), sound.getnchannels(), sound.getframerate()
            frames = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError, RuntimeError, ValueError, struct.error) as error:
        raise Malformed(f"the recording is no WAV file: {error!r}") from None
    if width != WIDTH or channels > 2 or rate not in RATES:
        raise Malformed(f"the recording has {width * 8} bits, {channels} channels, {rate} samples a second")
    whole = len(frames) // (WIDTH * channels) * WIDTH * channels
    samples = np.frombuffer(frames[:whole], SAMPLE).reshape(-1, channels)
    mixed = samples.mean(axis=1).astype(SAMPLE).tobytes() if channels > 1 else samples.tobytes()
    return Resampler(rate).feed(mixed, last=True)
