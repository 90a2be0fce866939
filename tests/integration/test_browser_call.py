"""Calls out of the chat over their own socket: heard, answered, interrupted and hung up, at the pace of speech."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.conversation import Owner
from bot.model.errors import Unavailable
from bot.speech.audio import RATE, silence, to_ulaw
from bot.voice.words import words
from channels.web import call
from tests.browser_line import SENDER, SPEECH, Serve, serve, until
from tests.fixtures_phone import FROM_CHAT, GREETING
from tests.scripted_speech import tone

__all__ = ["serve"]

pytestmark = pytest.mark.slow  # it keeps to the time of speech

CHOICES = {"replies": [{"title": "Laptop", "payload": "/laptop"}, {"title": "Gsm", "payload": "/gsm"}]}
NL = words("nl")
SILENCE = to_ulaw(silence(0.1))


async def test_a_call_is_greeted_answered_and_hung_up(serve: Serve) -> None:
    async with serve(["mijn printer doet het niet"]) as line:
        page = await line.call()
        await page.hear("mark")
        assert bytes(page.sound) == to_ulaw(tone(line.voice.a_word)) * len(GREETING.split())
        page.sound.clear()
        await page.speak()
        await until(lambda: page.sound)
        [message] = line.record.received
        assert (message.channel, message.sender_id, message.voice) == ("web", SENDER, True)
        assert (message.text, message.language) == ("mijn printer doet het niet", "nl")
        await page.hear("mark")
        assert line.voice.said == [GREETING, "Goed."]
        await until(lambda: line.record.receipts == {SENDER: (3, 3)})  # heard to its end
        await page.hang_up()
        await line.deaf()
        assert page.closed == 1000
        assert list(line.calls.notes.values()) == [NL.note_ended.format(length="0:01")]


async def test_who_was_chatting_goes_on_there(serve: Serve) -> None:
    async with serve(["nee nog altijd niet"]) as line:
        await line.record.add(SENDER, "bot", {}, "Doet het scherm het weer?")
        page = await line.greeted()
        await page.speak()
        await until(line.said)
        await page.hang_up()
        assert line.voice.said[0] == FROM_CHAT, "what was written before is not read out"
        texts = [(item.content or {})["text"] for item in line.record.items[SENDER]]
        assert texts[:3] == ["Doet het scherm het weer?", FROM_CHAT, "nee nog altijd niet"]


async def test_what_is_typed_or_said_by_others_meanwhile_is_spoken(serve: Serve) -> None:
    async with serve([]) as line:
        page = await line.greeted()
        await line.record.add(SENDER, "user", {"channel": "web"}, "mijn naam is Sofie")
        await line.record.add(SENDER, "bot", {}, "Dag Sofie.")
        await page.hear("mark")
        assert line.voice.said == [GREETING, "Dag Sofie."]


async def test_a_key_is_the_choice_with_its_number_and_zero_a_person(serve: Serve) -> None:
    async with serve(
        ["mijn laptop start niet"], lambda _: [("bot", CHOICES, "Welk toestel is het?")]
    ) as line:
        page = await line.greeted()
        await page.speak()
        await page.hear("mark")
        await page.key("2")
        await until(lambda: len(line.said()) == 2)
        await page.key("0")
        await until(lambda: len(line.said()) == 3)
        chosen, person = line.record.received[1:]
        assert (chosen.text, chosen.payload) == ("Gsm", "/gsm")
        assert (person.text, person.payload) == (NL.person, None)


async def test_speaking_stops_the_voice(serve: Serve) -> None:
    async with serve(["ik heb een dringend probleem"]) as line:
        line.voice.a_word = 2.0
        page = await line.call(held=True)
        await until(lambda: page.sound)
        await page.speak()
        await page.hear("clear")
        heard = len(page.sound)
        await until(line.said)
        assert line.said() == ["ik heb een dringend probleem"]
        assert len(page.sound) - heard < 2 * RATE, "no more of the greeting came"
        assert line.record.receipts == {}, "it was not heard to its end"


async def test_a_murmur_does_not(serve: Serve) -> None:
    async with serve(["hm"]) as line:
        line.voice.a_word = 0.3
        page = await line.call(held=True)
        await until(lambda: page.sound)
        await page.speak()
        await until(lambda: any(frame["type"] == "mark" for frame in page.told))
        assert [frame["type"] for frame in page.told] == ["mark"]
        assert line.said() == []


async def test_hanging_up_in_mid_sentence_loses_no_word(serve: Serve) -> None:
    async with serve(["mijn vpn valt altijd"]) as line:
        page = await line.greeted()
        await page.speak()
        await line.has_heard(SPEECH)
        await page.hang_up()
        await line.deaf()
        assert line.said() == ["mijn vpn valt altijd"]


async def test_a_page_that_is_closed_loses_no_word(serve: Serve) -> None:
    async with serve(["mijn vpn valt altijd"]) as line:
        page = await line.greeted()
        await page.speak()
        await line.has_heard(SPEECH)
        await page.socket.close()
        await line.deaf()
        assert line.said() == ["mijn vpn valt altijd"]


async def test_a_server_that_stops_keeps_what_was_said(serve: Serve) -> None:
    async with serve(["de server is traag"]) as line:
        page = await line.greeted()
        await page.speak()
        await line.has_heard(SPEECH)
        await line.switchboard.stop()
        await page.over()
        assert line.said() == ["de server is traag"]
        assert not [frame for frame in page.told if frame["type"] == "over"], "it did not end in order"
        await until(lambda: line.calls.notes)


async def test_a_goodbye_of_ours_hangs_up_in_order(serve: Serve) -> None:
    bye = {"metadata": {"hang_up": True}}
    async with serve(["dank u dat was alles"], lambda _: [("bot", bye, "Tot ziens.")]) as line:
        page = await line.greeted()
        await page.speak()
        await page.hear("over")
        assert await page.over() == 1000
        assert line.voice.said[-1] == "Tot ziens."


async def test_where_people_have_it_the_caller_stays_on_the_line(serve: Serve) -> None:
    async with serve(
        ["ik wil een medewerker", "bent u daar"], lambda _: [("system", {}, "Een ogenblik.")]
    ) as line:
        page = await line.greeted()
        line.calls.stands = replace(line.calls.stands, owner=Owner.QUEUE)
        await page.speak()
        await page.hear("mark")
        await page.speak()
        await until(lambda: len(line.said()) == 2)
        assert page.closed is None


async def test_who_asks_for_another_language_is_heard_in_it(serve: Serve) -> None:
    async with serve(["kunnen we frans spreken"], lambda _: [("bot", {}, "Bien sûr.")]) as line:
        page = await line.greeted()
        line.calls.stands = replace(line.calls.stands, language="fr")
        await page.speak()
        await page.hear("mark")
        assert line.voice.languages_said == ["nl", "fr"]
        await page.speak(SILENCE)
        await until(lambda: line.ears.languages_opened == ["nl", "fr"])


async def test_a_voice_that_breaks_off_does_not_end_the_call(serve: Serve) -> None:
    async with serve(["mijn scherm is zwart", "ja"], lambda _: [("bot", {}, "Dit breekt af.")]) as line:
        line.voice.breaks = "breekt"
        page = await line.greeted()
        await page.speak()
        await until(lambda: line.voice.said[-1] == "Dit breekt af.")
        await page.speak()
        await until(lambda: len(line.said()) == 2)
        assert line.said() == ["mijn scherm is zwart", "ja"]


async def test_what_cannot_be_kept_is_asked_again(serve: Serve) -> None:
    async with serve(["mijn muis doet raar"]) as line:
        page = await line.greeted()
        line.record.failing = Unavailable("the database is away")
        await page.speak()
        await page.hear("mark")
        assert line.voice.said[-1] == NL.not_heard


async def test_a_page_that_falls_silent_is_let_go(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "DEAD_AFTER", 0.5)
    async with serve(["half gezegd en"]) as line:
        page = await line.greeted()
        await page.speak()
        await page.over()
        await line.deaf()
        assert line.said() == ["half gezegd en"]
