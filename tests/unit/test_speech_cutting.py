"""Utterances are cut where speech pauses: nothing said is lost, clicks and silence give nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.speech.audio import SAMPLE, seconds, silence
from bot.speech.cutting import LONGEST, MOMENT, RATE, Cutter

LOUD = 5_000


def tone(length: float) -> bytes:
    wave = LOUD * np.sin(2 * np.pi * 300 * np.arange(round(8_000 * length)) / 8_000)
    return wave.astype(SAMPLE).tobytes()


def loudness(moment: bytes) -> float:
    """A detector that takes whatever is loud for speech."""
    return float(np.abs(np.frombuffer(moment, SAMPLE).astype(float)).max() / LOUD)


def cut(sound: bytes, piece: int = 1_600) -> tuple[list[float], list[float]]:
    """How long the utterances are that a pause ended, and those that the end did."""
    cutter = Cutter(loudness)
    paused = [each for at in range(0, len(sound), piece) for each in cutter.feed(sound[at : at + piece])]
    return [seconds(each, RATE) for each in paused], [seconds(each, RATE) for each in cutter.finish()]


def test_silence_and_a_click_give_nothing() -> None:
    assert cut(silence(5) + tone(0.04) + silence(5)) == ([], [])


def test_a_pause_ends_an_utterance_and_a_breath_does_not() -> None:
    [first], [second] = cut(silence(1) + tone(1) + silence(0.4) + tone(1) + silence(1) + tone(0.5))
    assert 2.4 + 0.6 + 0.7 < first < 2.4 + 0.6 + 0.9
    assert 0.5 + 0.6 - 0.1 < second < 0.5 + 0.6 + 0.1


def test_an_utterance_has_its_softer_beginning() -> None:
    _, [length] = cut(silence(1) + tone(0.5))
    assert length > 1.0


def test_who_does_not_stop_is_cut_before_it_is_too_much() -> None:
    [first], [rest] = cut(tone(40))
    assert first == LONGEST * MOMENT / 2 / RATE < 30
    assert abs(40 - first - rest) < 0.7


def test_after_the_end_a_new_stream_may_come() -> None:
    cutter = Cutter(loudness)
    for _ in range(2):
        assert cutter.feed(silence(0.5) + tone(1)) == []
        assert len(cutter.finish()) == 1
    assert cutter.finish() == []


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.05, 1)), max_size=6), st.integers(50, 4_000))
def test_pieces_of_any_size_are_cut_alike(parts: list[tuple[bool, float]], piece: int) -> None:
    sound = b"".join(tone(length) if loud else silence(length) for loud, length in parts)
    assert cut(sound, 2 * piece) == cut(sound)
