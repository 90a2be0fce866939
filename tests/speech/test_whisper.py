"""The real Whisper on people who speak on a telephone: how many words are wrong, and what is not made up."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.model.errors import ConfigError
from bot.speech.audio import RATE, SAMPLE, silence
from bot.speech.whisper import FILES, Whisper, load_whisper
from tests.need import need
from tests.speech_models import (
    NO_GROUP,
    NO_RECORDINGS,
    finals,
    hear,
    need_espeak,
    real_whisper,
    recordings,
    said,
    whisper_model,
    word_errors,
)

pytestmark = pytest.mark.slow

SOME = 12
"""Recordings of a language, every so-manieth of them; the benchmark takes all."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "whisper"


@pytest.fixture
def whisper(folder: Path) -> Whisper:
    return real_whisper(folder)


@pytest.mark.parametrize(("language", "at_most"), [("en", 0.35), ("fr", None), ("nl", None)])
async def test_people_on_the_telephone_are_understood(
    whisper: Whisper, language: str, at_most: float | None
) -> None:
    known = list(recordings([language], longest=10))
    if not known:
        pytest.skip(NO_RECORDINGS)
    wrong = of = 0
    for recording in known[:: max(len(known) // SOME, 1)][:SOME]:
        heard = finals(await hear(whisper.open(language), recording.pcm + silence(0.3)))
        errors, number = word_errors(recording.text, heard)
        wrong, of = wrong + errors, of + number
    print(f"{language}: {wrong / of:.1%} of {of} words wrong")
    assert at_most is None or wrong / of < at_most


async def test_a_pause_ends_an_utterance_before_the_caller_does(whisper: Whisper) -> None:
    need_espeak()
    listener = whisper.open("en")
    pcm = await said("My printer does not work.", "en-gb")
    during = [each async for each in _all(listener, pcm + silence(1.5))]
    assert ["print" in each.text.casefold() for each in during] == [True]
    assert await listener.finish() == []


async def _all(listener, pcm):  # type: ignore[no-untyped-def]
    for at in range(0, len(pcm), 320):
        for heard in await listener.hear(pcm[at : at + 320]):
            yield heard


async def test_noise_and_hum_have_no_words(whisper: Whisper) -> None:
    chance = np.random.default_rng(7)
    noise = chance.normal(0, 400, 5 * RATE).astype(SAMPLE).tobytes()
    hum = (3_000 * np.sin(2 * np.pi * 50 * np.arange(5 * RATE) / RATE)).astype(SAMPLE).tobytes()
    for sound in (noise, hum):
        assert finals(await hear(whisper.open("nl"), sound)).strip() == ""


def test_a_model_that_is_missing_or_broken_is_told(folder: Path, tmp_path: Path) -> None:
    model = whisper_model(folder)
    need(model, NO_GROUP)
    assert model is not None
    with pytest.raises(ConfigError, match=r"model\.bin, config\.json, tokenizer\.json is missing"):
        load_whisper(tmp_path, ["nl"])
    for name in FILES:
        shutil.copy(model / name, tmp_path / name)
    (tmp_path / "model.bin").write_bytes((model / "model.bin").read_bytes()[:1_000_000])
    with pytest.raises(ConfigError, match="is broken") as told:
        load_whisper(tmp_path, ["nl"])
    assert str(tmp_path) in str(told.value)
    assert "balie models fetch" in str(told.value)
