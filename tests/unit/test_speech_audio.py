"""Sound as numbers: G.711's own table, other rates without a seam, frames that lose nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speech import audio

# Table 2a of G.711: the codes that begin and end each segment, and their values at 14 bits.
STANDARD = [
    (0x80, 8031), (0x8F, 4191), (0x90, 3999), (0x9F, 2079), (0xA0, 1983), (0xAF, 1023), (0xB0, 975),
    (0xBF, 495), (0xC0, 471), (0xCF, 231), (0xD0, 219), (0xDF, 99), (0xE0, 93), (0xEF, 33), (0xF0, 30),
    (0xFE, 2), (0xFF, 0),
]  # fmt: skip
# Its decision values: from here on upwards the code is this one.
DECISIONS = [
    (7903, 0x80), (4319, 0x8E), (4063, 0x8F), (2143, 0x9E), (2015, 0x9F), (1055, 0xAE), (991, 0xAF), (511, 0xBE), (479, 0xBF),
    (239, 0xCE), (223, 0xCF), (103, 0xDE), (95, 0xDF), (35, 0xEE), (31, 0xEF), (3, 0xFD), (1, 0xFE),
]  # fmt: skip


def pcm(*values: int) -> bytes:
    return np.array(values, audio.SAMPLE).tobytes()


def values(sound: bytes) -> list[int]:
    return np.frombuffer(sound, audio.SAMPLE).tolist()


@pytest.mark.parametrize(("code", "value"), STANDARD)
def test_codes_have_the_values_of_the_standard_and_their_negatives(code: int, value: int) -> None:
    assert values(audio.from_ulaw(bytes([code, code & 0x7F]))) == [4 * value, -4 * value]


@pytest.mark.parametrize(("value", "code"), DECISIONS)
def test_a_code_begins_at_the_decision_value_of_the_standard(value: int, code: int) -> None:
    assert audio.to_ulaw(pcm(4 * value)) == bytes([code])
    assert audio.to_ulaw(pcm(4 * value - 1)) == bytes([code + 1])


def test_what_is_louder_than_the_loudest_code_becomes_it() -> None:
    assert audio.to_ulaw(pcm(32_767, -32_768)) == b"\x80\x00"


@given(st.binary())
def test_every_code_survives_the_way_there_and_back(codes: bytes) -> None:
    once = audio.from_ulaw(codes)
    # there are two zeros, and PCM has one: only it is not told apart
    assert audio.to_ulaw(once) == codes.replace(b"\x7f", b"\xff")


@given(st.lists(st.integers(-32_124, 32_124)))
def test_no_value_moves_by_more_than_half_a_step(given: list[int]) -> None:
    for value, back in zip(given, values(audio.from_ulaw(audio.to_ulaw(pcm(*given)))), strict=True):
        segment = int(np.log2(min(abs(value), 32_635) + 132)) - 7
        assert abs(value - back) <= 4 << segment


@given(st.lists(st.binary(max_size=1000)), st.integers(1, 400))
def test_frames_lose_nothing_and_are_of_one_size(pieces: list[bytes], size: int) -> None:
    frames = audio.Frames(size)
    cut = [frame for piece in pieces for frame in frames.feed(piece)]
    whole = b"".join(pieces)
    assert all(len(frame) == size for frame in cut)
    assert b"".join(cut) == whole[: len(whole) // size * size]
    assert b"".join(cut + frames.end()).rstrip(b"\0") == whole.rstrip(b"\0")
    assert frames.end() == []


def test_frames_of_a_whole_sound_end_with_silence() -> None:
    assert list(audio.framed([b"ab", b"c", b"defg"], 4)) == [b"abcd", b"efg\0"]


def tone(rate: int, length: float = 1.0, pitch: float = 440.0) -> bytes:
    wave = 10_000 * np.sin(2 * np.pi * pitch * np.arange(int(rate * length)) / rate)
    return wave.astype(audio.SAMPLE).tobytes()


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100])
def test_a_tone_of_another_rate_is_the_same_tone(rate: int) -> None:
    made = np.array(values(audio.Resampler(rate).feed(tone(rate), last=True)), float)
    wanted = np.array(values(tone(audio.RATE)), float)
    assert abs(len(made) - len(wanted)) <= 1
    middle = slice(400, 7_600)
    assert np.abs(made[middle] - wanted[middle]).max() < 200


@given(st.lists(st.integers(1, 999), max_size=8))
def test_pieces_are_resampled_as_the_whole_is(lengths: list[int]) -> None:
    sound, resampler, made, at = tone(22_050, 0.1), audio.Resampler(22_050), b"", 0
    for length in lengths:
        made += resampler.feed(sound[at : at + length])
        at += length
    made += resampler.feed(sound[at:], last=True)
    assert (
        np.abs(np.subtract(values(made), values(audio.Resampler(22_050).feed(sound, last=True)))).max() <= 1
    )


def test_after_the_last_piece_another_sound_may_begin() -> None:
    resampler = audio.Resampler(16_000)
    first = resampler.feed(tone(16_000), last=True)
    assert resampler.feed(tone(16_000), last=True) == first


def test_seconds_and_silence_agree() -> None:
    assert audio.seconds(audio.silence(1.5)) == 1.5
