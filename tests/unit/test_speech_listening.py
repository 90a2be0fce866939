"""Listeners wait for nobody's engine: in order, one piece at a time, with a limit, and they outlive what goes wrong."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.model.errors import FallenBehind, SpeechFailed
from bot.speech.listening import LIMIT, PIECE, OrderedListener
from bot.speech.ports import Heard

A, B, C = b"a" * PIECE, b"b" * PIECE, b"c" * PIECE


class Ears:
    """Hears the first letter of each piece; waits where it is told to."""

    def __init__(self) -> None:
        self.text = ""
        self.go = threading.Event()
        self.go.set()
        self.began = threading.Event()
        self.at_work = 0

    def hear(self, pcm: bytes) -> list[Heard]:
        assert not self.at_work, "two threads at once"
        self.at_work += 1
        self.began.set()
        assert self.go.wait(10)
        self.at_work -= 1
        if pcm[:1] == b"!":
            raise ValueError("no such sound")
        self.text += pcm[:1].decode()
        return [Heard(self.text, final=False)] if pcm else []

    def finish(self) -> list[Heard]:
        text, self.text = self.text, ""
        return [Heard(text, final=True)] if text else []


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


async def test_pieces_are_collected_and_the_rest_is_heard_at_the_end(threads: ThreadPoolExecutor) -> None:
    listener = OrderedListener(Ears(), threads, "ears")
    assert await listener.hear(A[1:]) == []
    assert await listener.hear(A[:1]) == [Heard("a", False)]
    assert await listener.hear(b"b") == []
    assert await listener.finish() == [Heard("ab", True)]
    assert await listener.finish() == []


async def test_what_comes_at_once_is_heard_in_order_and_ends_where_the_caller_said(
    threads: ThreadPoolExecutor,
) -> None:
    listener = OrderedListener(Ears(), threads, "ears")
    answers = await asyncio.gather(listener.hear(A), listener.hear(B), listener.finish(), listener.hear(C))
    assert [[heard.text for heard in answer] for answer in answers] == [["a"], ["ab"], ["ab"], ["c"]]


async def test_who_is_cancelled_leaves_the_engine_to_one_thread(threads: ThreadPoolExecutor) -> None:
    ears = Ears()
    ears.go.clear()
    listener = OrderedListener(ears, threads, "ears")
    first = asyncio.create_task(listener.hear(A))
    assert await asyncio.to_thread(ears.began.wait, 10)
    first.cancel()
    second = asyncio.create_task(listener.hear(B))
    with pytest.raises(asyncio.CancelledError):
        await first
    ears.go.set()
    assert await second == [Heard("ab", False)]


async def test_who_falls_behind_says_so_and_goes_on(threads: ThreadPoolExecutor) -> None:
    ears = Ears()
    ears.go.clear()
    listener = OrderedListener(ears, threads, "ears")
    waiting = [asyncio.create_task(listener.hear(A)) for _ in range(LIMIT // PIECE)]
    assert await asyncio.to_thread(ears.began.wait, 10)
    with pytest.raises(FallenBehind, match="10 s behind"):
        await listener.hear(B)
    ears.go.set()
    await asyncio.gather(*waiting)
    assert await listener.hear(C) == [Heard("a" * len(waiting) + "c", False)]


async def test_an_engine_that_breaks_off_is_told(threads: ThreadPoolExecutor) -> None:
    listener = OrderedListener(Ears(), threads, "ears")
    with pytest.raises(SpeechFailed, match="ears broke off: no such sound"):
        await listener.hear(b"!" * PIECE)
    assert await listener.hear(A) == [Heard("a", False)]


async def test_who_closed_hears_nothing_more(threads: ThreadPoolExecutor) -> None:
    ears = Ears()
    ears.go.clear()
    listener = OrderedListener(ears, threads, "ears")
    hearing = asyncio.create_task(listener.hear(A))
    assert await asyncio.to_thread(ears.began.wait, 10)
    listener.close()
    ears.go.set()
    assert await hearing == await listener.hear(B) == await listener.finish() == []


async def test_an_engine_that_was_closed_first_is_told(threads: ThreadPoolExecutor) -> None:
    listener = OrderedListener(Ears(), threads, "ears")
    threads.shutdown()
    with pytest.raises(SpeechFailed):
        await listener.hear(A)
