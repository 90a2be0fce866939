"""Who may call out of the chat, how often, and what a call's socket is closed for."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket

import pytest
from aiohttp import WSServerHandshakeError

from bot.service.calls import Begun
from bot.speech.audio import silence, to_ulaw
from channels.web import call
from channels.web.channel import PATH
from channels.web.settings import WebSettings
from tests.browser_line import SENDER, Line, Page, Serve, serve, until

__all__ = ["serve"]

OTHER = "u" * 43
SECOND = to_ulaw(silence(1.0))


async def refused(page: Page) -> tuple[str, int | None]:
    """What a call that was not taken is told, and how its socket is closed."""
    error = await page.hear("error")
    return error["code"], await page.over()


async def nobody_listens(line: Line) -> bool:
    """Whether no call ever began."""
    return line.ears.languages_opened == []


# ── at the door ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_a_foreign_page_may_not_call(serve: Serve, origin: str) -> None:
    async with serve([], settings=WebSettings(public_url="https://balie.example")) as line:
        with pytest.raises(WSServerHandshakeError) as error:
            await line.open(origin=origin)
        assert error.value.status == 403


async def test_a_listed_page_may(serve: Serve) -> None:
    async with serve([], settings=WebSettings(origins=("https://intranet.example",))) as line:
        page = await line.open(origin="https://intranet.example")
        await page.send({"type": "hello", "token": OTHER, "language": "nl"})
        await page.hear("connected")


async def test_what_is_no_socket_is_told_so(serve: Serve) -> None:
    async with serve([]) as line, line.client.get(line.server.make_url(call.PATH)) as answer:
        assert answer.status == 400


async def test_who_says_nothing_is_shown_the_door(serve: Serve) -> None:
    async with serve([], settings=WebSettings(hello_within=0.05)) as line:
        pages = [await line.open() for _ in range(20)]
        assert {await page.over() for page in pages} == {4408}
        assert await nobody_listens(line)


@pytest.mark.parametrize(
    "first", ['{"type": "ping"}', '{"type": "bye"}', "nonsense", '{"type": "hello", "token": "short"}']
)
async def test_who_does_not_say_hello_is_shown_the_door(serve: Serve, first: str) -> None:
    async with serve([]) as line:
        page = await line.open()
        await page.socket.send_str(first)
        assert await refused(page) == ("bad_frame", 4400)
        assert await nobody_listens(line)


async def test_sound_is_no_hello(serve: Serve) -> None:
    async with serve([]) as line:
        page = await line.open()
        await page.speak()
        assert await refused(page) == ("bad_frame", 4400)
        assert await nobody_listens(line)


async def test_nobody_calls_without_saying_who_it_is(serve: Serve) -> None:
    async with serve([]) as line:
        assert await refused(await line.ring(None)) == ("not_allowed", 4403)


async def test_a_signed_user_calls_and_a_forged_one_does_not(serve: Serve) -> None:
    signature = hmac.new(b"secret", b"jan", hashlib.sha256).hexdigest()
    async with serve([], settings=WebSettings(identity_secret="secret")) as line:
        page = await line.ring(None, identity={"user": "jan", "hmac": signature})
        await page.hear("connected")
        forged = await line.ring(None, identity={"user": "els", "hmac": signature})
        assert await refused(forged) == ("not_allowed", 4403)


# ── where there is no line ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["fr", None])
async def test_a_language_that_nobody_hears(serve: Serve, language: str | None) -> None:
    async with serve([]) as line:
        line.ears.languages = ("nl",)
        page = await line.ring(language=language)
        code, closed = await refused(page)
        assert (code, closed) == ("unavailable", 1013)
        assert line.record.items == {}, "no conversation begins"


async def test_until_the_ears_are_loaded_no_call_is_taken(serve: Serve) -> None:
    async with serve([], loaded=False) as line:
        assert await refused(await line.ring()) == ("unavailable", 1013)


@pytest.mark.parametrize(("language", "possible"), [("nl", True), ("fr", False)])
async def test_who_was_welcomed_before_the_ears_were_loaded_is_told_once_they_are(
    serve: Serve, language: str, possible: bool
) -> None:
    async with serve([], loaded=False) as line:
        line.ears.languages = ("nl",)
        widget = Page(await line.client.ws_connect(line.server.make_url(PATH)))
        widget.read()
        await widget.send({"type": "hello", "last_seq": 0, "language": language})
        assert (await widget.hear("welcome"))["call"] is False
        await line.switchboard.start()
        await line.switchboard.ready()
        await widget.send({"type": "ping"})
        await until(lambda: {"type": "pong"} in widget.told)
        assert ({"type": "calls"} in widget.told) is possible


async def test_a_conversation_is_on_the_line_once(serve: Serve) -> None:
    async with serve([]) as line:
        first = await line.greeted()
        second = await line.ring()
        error = await second.hear("error")
        assert error["code"] == "too_many"
        assert error["retry_after"] > 0
        assert await second.over() == 1013
        assert first.closed is None
        await first.hang_up()
        await line.call()


@pytest.mark.parametrize(("most", "carries"), [(1, None), (1, 9), (9, 1)])
async def test_there_is_room_for_so_many_calls_and_as_many_as_are_carried(
    serve: Serve, most: int, carries: int | None
) -> None:
    async with serve([], most=most, carries=carries) as line:
        first = await line.greeted()
        assert await refused(await line.ring(OTHER)) == ("too_many", 1013)
        await first.hang_up()
        await line.call(OTHER)


async def test_two_calls_at_once_are_greeted_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve([]) as line:
        begin, both, waiting = line.calls.call_from, asyncio.Event(), list[str]()

        async def slow(channel: str, sender_id: str, language: str, user: str | None) -> Begun:
            waiting.append(sender_id)
            await both.wait()
            return await begin(channel, sender_id, language, user)

        monkeypatch.setattr(line.calls, "call_from", slow)
        first = await line.ring()
        await until(lambda: waiting)
        second = await line.ring()
        assert await refused(second) == ("too_many", 1013)
        both.set()
        await first.hear("connected")
        assert len(line.record.items[SENDER]) == 1


async def test_who_is_gone_before_the_call_is_taken_is_not_on_the_line(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve([], most=1) as line:
        begin, asked, gone = line.calls.call_from, asyncio.Event(), asyncio.Event()

        async def slow(channel: str, sender_id: str, language: str, user: str | None) -> Begun:
            asked.set()
            await gone.wait()
            return await begin(channel, sender_id, language, user)

        monkeypatch.setattr(line.calls, "call_from", slow)
        page = await line.ring()
        await asked.wait()
        page.socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        await page.over()
        gone.set()
        await until(lambda: line.record.items and line.switchboard.takes("nl"))


async def test_what_goes_wrong_here_is_told_there(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve([]) as line:

        async def broken(channel: str, sender_id: str) -> str | None:
            raise RuntimeError("the database is gone")

        monkeypatch.setattr(line.calls, "conversation", broken)
        assert await refused(await line.ring()) == ("unavailable", 1013)


async def test_a_page_is_told_in_a_frame_that_its_address_has_to_wait(serve: Serve) -> None:
    async with serve([], sockets_per_minute=1) as line:
        own = f"http://{line.server.host}:{line.server.port}"
        await line.open(origin=own)
        assert await refused(await line.open(origin=own)) == ("too_many", 4429)
        with pytest.raises(WSServerHandshakeError) as error:
            await line.open()
        assert error.value.status == 429


async def test_who_calls_again_and_again_waits_a_moment(serve: Serve) -> None:
    async with serve([]) as line:
        for _ in range(10):
            page = await line.call()
            await page.hang_up()
        page = await line.ring()
        error = await page.hear("error")
        assert (error["code"], await page.over()) == ("too_many", 1013)
        assert 0 < error["retry_after"] <= 60
        await line.call(OTHER)


# ── on the line ───────────────────────────────────────────────────────────────────────────────────────────


async def test_frames_that_cannot_be_read_are_passed_over_and_at_last_end_it(serve: Serve) -> None:
    async with serve([]) as line:
        page = await line.greeted()
        for _ in range(call.MAX_BAD):
            await page.socket.send_str("{")
        await page.send({"type": "mark", "name": "none"})
        await page.key("*")
        await page.hear("mark")
        assert page.closed is None
        await page.socket.send_str("{")
        await page.over()
        await line.deaf()


@pytest.mark.parametrize("size", [8_001, 64 * 1024 - 1])
async def test_a_frame_of_sound_has_an_end(serve: Serve, size: int) -> None:
    async with serve(["te veel ineens"]) as line:
        page = await line.greeted()
        for _ in range(call.MAX_BAD + 1):
            await page.socket.send_bytes(bytes(size))
        await page.over()
        assert line.said() == [], "none of it was heard"


async def test_no_frame_is_longer_than_one_of_the_chat(serve: Serve) -> None:
    async with serve([]) as line:
        page = await line.greeted()
        await page.socket.send_bytes(bytes(64 * 1024 + 1))
        assert await page.over() == 1009
        await line.deaf()


async def test_keys_come_no_quicker_than_fingers(serve: Serve) -> None:
    async with serve([]) as line:
        page = await line.greeted()
        for _ in range(call.FRAMES_AT_ONCE + 2 * call.MAX_BAD):
            await page.key("*")
        await page.over()
        await line.deaf()


async def test_no_more_is_heard_than_can_be_said(serve: Serve) -> None:
    async with serve([]) as line:
        page = await line.greeted()
        for _ in range(60):
            await page.socket.send_bytes(SECOND)
        await page.hang_up()
        await line.deaf()
        pcm = 2 * (call.SOUND_AT_ONCE + call.SOUND)
        assert len(line.ears.sound) <= pcm
