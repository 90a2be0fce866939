"""The contract of everybody who listens and of everybody who speaks, ours for tests and the real ones."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from itertools import pairwise

import numpy as np
import pytest

from bot.model.errors import NotFound
from bot.speech.audio import FRAME, RATE, SAMPLE, WIDTH, seconds, silence
from bot.speech.cache import PromptCache
from bot.speech.espeak import find_espeak
from bot.speech.ports import SpeechToText, TextToSpeech
from bot.speech.vosk import Vosk
from tests.speech_models import finals, hear, korean_vosk, need_espeak, real_whisper, said

# ── who listens ───────────────────────────────────────────────────────────────────────────────────────────


class ScriptedLibrary:
    """In the place of Vosk's library: a loud tenth of a second is a word, and Kaldi sees an end after three."""

    def vosk_model_find_word(self, word: str) -> int:
        return 1 if word in ("la", "[unk]") else -1

    def KaldiRecognizer(self, model: object, rate: int, grammar: str = "") -> ScriptedRecogniser:
        return ScriptedRecogniser()


class ScriptedRecogniser:
    def __init__(self) -> None:
        self.words = 0

    def SetWords(self, wanted: bool) -> None:
        pass

    def AcceptWaveform(self, pcm: bytes) -> int:
        self.words += bool(np.abs(np.frombuffer(pcm, SAMPLE).astype(int)).max() > 500)
        return self.words >= 3

    def PartialResult(self) -> str:
        return json.dumps({"partial": " ".join(["la"] * self.words)})

    def Result(self) -> str:
        words, self.words = self.words, 0
        return json.dumps({"result": [{"word": "la", "conf": 0.5}] * words})

    FinalResult = Result


Spoken = tuple[SpeechToText, str, bytes]
"""An engine, a language that it has, and some seconds of speech in it."""


@pytest.fixture(
    params=["scripted", *(pytest.param(name, marks=pytest.mark.slow) for name in ("vosk", "whisper"))]
)
async def spoken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    if request.param == "scripted":
        library = ScriptedLibrary()
        loud = np.tile(np.array([9_000, -9_000], SAMPLE), 8_000).tobytes()
        return Vosk(library, {"nl": library}, 2), "nl", loud
    need_espeak()
    if request.param == "vosk":
        return korean_vosk(), "ko", await said("안녕하세요. 네, 감사합니다.")
    whisper = real_whisper(tmp_path_factory.getbasetemp() / "whisper")
    return whisper, "en", await said("I need a new password for my computer.", "en-gb")


async def test_who_speaks_is_heard_and_the_utterance_ends_when_the_caller_says(spoken: Spoken) -> None:
    engine, language, pcm = spoken
    listener = engine.open(language)
    heard = await hear(listener, pcm)
    assert heard[-1].final
    assert finals(heard)
    assert all(0 < (each.confidence or 0) <= 1 for each in heard if each.final)
    assert await listener.finish() == []


async def test_a_second_utterance_has_none_of_the_first(spoken: Spoken) -> None:
    engine, language, pcm = spoken
    listener = engine.open(language)
    first = finals(await hear(listener, pcm))
    second = finals(await hear(listener, pcm))
    assert len(second) < 1.5 * len(first)


async def test_silence_has_no_words(spoken: Spoken) -> None:
    engine, language, _ = spoken
    assert [each for each in await hear(engine.open(language), silence(3)) if each.text] == []


async def test_a_partial_comes_only_when_its_text_is_another(spoken: Spoken) -> None:
    engine, language, pcm = spoken
    partials = [each.text for each in await hear(engine.open(language), pcm) if not each.final]
    assert all(one != other for one, other in pairwise(partials))
    assert partials[:1] != [""]


async def test_two_calls_do_not_hear_each_other(spoken: Spoken) -> None:
    engine, language, pcm = spoken
    spoke, silent = await asyncio.gather(
        hear(engine.open(language), pcm), hear(engine.open(language), silence(seconds(pcm)))
    )
    assert finals(spoke)
    assert finals(silent) == ""


async def test_who_closed_hears_nothing_more(spoken: Spoken) -> None:
    engine, language, pcm = spoken
    listener = engine.open(language)
    await listener.hear(pcm[: 2 * RATE])
    listener.close()
    assert await listener.hear(pcm) == await listener.finish() == []


async def test_answers_may_be_given_and_need_not_be_known(spoken: Spoken) -> None:
    engine, language, pcm = spoken
    listener = engine.open(language, ["Ja, graag!", "네", "nee", "…"])
    assert await hear(listener, pcm)


async def test_a_language_that_is_not_there_is_told(spoken: Spoken) -> None:
    with pytest.raises(NotFound, match="'xx'"):
        spoken[0].open("xx")
    assert spoken[1] in spoken[0].languages


# ── who speaks ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=["espeak", "cached"])
def voice(request: pytest.FixtureRequest) -> TextToSpeech:
    need_espeak()
    voice = find_espeak()
    return voice if request.param == "espeak" else PromptCache(voice, {"nl": [GREETING]})


GREETING = "Goeiedag. Waarmee kan ik u helpen?"


async def sound_of(voice: TextToSpeech, text: str, language: str = "nl") -> bytes:
    return b"".join([piece async for piece in voice.say(text, language)])


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
async def test_every_language_is_spoken_at_the_rate_of_a_telephone(
    voice: TextToSpeech, language: str
) -> None:
    assert language in voice.languages
    sound = await sound_of(voice, "1 2 3 4 5", language)
    assert 1 < seconds(sound) < 5
    assert np.abs(np.frombuffer(sound, SAMPLE).astype(int)).max() > 3_000


async def test_pieces_have_whole_samples_and_are_the_same_each_time(voice: TextToSpeech) -> None:
    pieces = [piece async for piece in voice.say(GREETING, "nl")]
    assert all(piece and len(piece) % WIDTH == 0 for piece in pieces)
    assert await sound_of(voice, GREETING) == b"".join(pieces)
    assert len(pieces) > 1


async def test_the_first_piece_does_not_wait_for_a_long_text(voice: TextToSpeech) -> None:
    text = "Dit is een zin. " * 500
    async with aclosing(voice.say(text, "nl")) as pieces:
        first = await anext(pieces)
    assert FRAME <= len(first) < RATE * WIDTH * 3


@pytest.mark.parametrize("text", ["", "  \n", "…", "☺"])
async def test_what_cannot_be_said_is_not_a_failure(voice: TextToSpeech, text: str) -> None:
    assert seconds(await sound_of(voice, text)) < 3


@pytest.mark.parametrize(
    "text", ["--help", "[[h@l'oU]]", "<speak>x</speak>", "a\x01b\x00c", "-f /dev/zero", "ŝ" * 3_000]
)
async def test_a_text_is_said_and_never_obeyed(voice: TextToSpeech, text: str) -> None:
    assert seconds(await sound_of(voice, text)) > 0.2


async def test_ten_say_something_at_once(voice: TextToSpeech) -> None:
    alone = await sound_of(voice, GREETING)
    assert await asyncio.gather(*(sound_of(voice, GREETING) for _ in range(10))) == [alone] * 10


async def test_a_language_without_a_voice_is_told(voice: TextToSpeech) -> None:
    with pytest.raises(NotFound, match="'xx'"):
        await sound_of(voice, "x", "xx")
