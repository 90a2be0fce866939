"""The real Vosk with a real model: words while they are spoken, answers, two calls at once, broken models."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.model.errors import ConfigError
from bot.speech.audio import silence
from bot.speech.capacity import calls_carried
from bot.speech.espeak import find_espeak
from bot.speech.vosk import load_vosk
from tests.need import need
from tests.speech_models import (
    NO_GROUP,
    finals,
    hear,
    korean_model,
    korean_vosk,
    need_espeak,
    said,
)

pytestmark = pytest.mark.slow

YES, NO = "네", "아니요"


@pytest.fixture(autouse=True)
def voice() -> None:
    need_espeak()


async def test_words_come_while_they_are_spoken_and_grow() -> None:
    heard = await hear(korean_vosk().open("ko"), await said("네 아니요 네 감사합니다 네 아니요"))
    partials = [each.text for each in heard if not each.final]
    assert len(partials) > 3
    assert len(partials[0]) < len(partials[-1])
    assert heard[-1].final


async def test_where_few_answers_are_possible_they_are_what_is_heard() -> None:
    for answer in (YES, NO):
        listener = korean_vosk().open("ko", [YES, NO])
        assert finals(await hear(listener, silence(0.3) + await said(answer) + silence(0.3))) == answer


async def test_answers_that_the_model_has_no_word_for_leave_the_others() -> None:
    listener = korean_vosk().open("ko", ["qwertyuiop", f"{YES}!"])
    assert set(finals(await hear(listener, await said(YES))).split()) == {YES}


async def test_a_pause_of_the_caller_does_not_end_what_they_say() -> None:
    pcm = await said(YES) + silence(3) + await said(NO)
    heard = await hear(korean_vosk().open("ko", [YES, NO]), pcm)
    assert [each.text for each in heard if each.final] == [f"{YES} {NO}"]


async def test_it_says_how_many_calls_it_carries_here() -> None:
    alone = await calls_carried(korean_vosk(), find_espeak({"ko": "ko"}), "ko", f"{YES} {NO} {YES}", 1)
    assert 1 <= alone < 100


async def test_four_calls_on_two_threads_hear_each_their_own() -> None:
    # of all words the library hears now these, now those in the very same sound; of two answers, always one
    answers = [YES, NO, YES, NO]
    spoken = [silence(0.3) + await said(answer) + silence(0.3) for answer in answers]
    heard = await asyncio.gather(*(hear(korean_vosk().open("ko", [YES, NO]), pcm) for pcm in spoken))
    assert [finals(each) for each in heard] == answers


def test_a_model_that_is_missing_or_broken_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    model = korean_model()
    need(model, NO_GROUP)
    assert model is not None
    broken = tmp_path / "broken"
    shutil.copytree(model, broken, ignore=shutil.ignore_patterns("*.fst"))
    engine = load_vosk({"nl": tmp_path / "none", "fr": broken, "ko": model})
    assert engine.languages == ("ko",)
    missing, wrong = map(str, engine.problems)
    assert f"no Vosk model in {tmp_path / 'none'}" in missing
    assert f"in {broken} is broken" in wrong
    assert "balie models fetch" in missing
    assert all(isinstance(problem, ConfigError) for problem in engine.problems)
    engine.close()
