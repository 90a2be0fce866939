"""Calls by <Gather>, over a record in memory: language, silence, slow answers, repeats, keys, and what is no call."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from bot.voice import ear
from bot.voice.words import WORDS
from tests.gather_line import NL, PATH, Line, line, said, tags

__all__ = ["line"]  # the fixture


async def test_the_greeting_is_in_the_language_of_the_number(line: Line) -> None:
    twiml = await line.ask("webhook")
    assert said(twiml) == NL.greeting
    assert line.calls.callers == {"CA1": "+32470123456"}


async def test_on_another_number_the_language_is_asked(line: Line) -> None:
    menu = await line.ask("webhook", To="+3225559999")
    assert [say.get("language") for say in menu.iter("Say")] == ["nl-BE", "fr-BE", "en-GB"]
    assert said(await line.next(menu, Digits="2")) == ear.said(WORDS["fr"].greeting, "fr")


@pytest.mark.parametrize(("words", "language"), [("Nederlands.", "nl"), ("en français s'il vous plaît", "fr"), ("English please", "en")])  # fmt: skip
async def test_a_language_is_chosen_by_voice(line: Line, words: str, language: str) -> None:
    menu = await line.ask("webhook", To="+3225559999")
    assert said(await line.next(menu, SpeechResult=words)) == ear.said(WORDS[language].greeting, language)


async def test_who_chooses_no_language_twice_gets_the_packs_first(line: Line) -> None:
    menu = await line.ask("webhook", To="+3225559999")
    again = await line.next(menu)
    assert said(again) == said(menu)
    assert said(await line.next(again, SpeechResult="euh")) == NL.greeting


async def test_silence_asks_again_then_whether_somebody_is_there_then_ends(line: Line) -> None:
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    twiml = await line.next(twiml)
    assert said(twiml) == f"{NL.not_heard} U zei: wifi?"
    twiml = await line.next(twiml)
    assert said(twiml) == f"{NL.are_you_there} U zei: wifi?"
    line.calls.stands = replace(line.calls.stands, ticket=1042)
    twiml = await line.next(twiml)
    assert tags(twiml) == ["Say", "Hangup"]
    assert "ticket één nul vier twee" in said(twiml)
    await line.ask("status", CallStatus="completed", CallDuration="65")
    assert list(line.calls.notes.values()) == [NL.note_silence, NL.note_ended.format(length="1:05")]
    assert len(line.record.received) == 1


async def test_who_speaks_again_begins_at_the_foot_of_the_ladder(line: Line) -> None:
    twiml = await line.next(await line.next(await line.ask("webhook")))
    twiml = await line.next(await line.next(twiml, SpeechResult="wifi"))
    assert said(twiml).startswith(NL.not_heard)


async def test_who_does_a_step_is_given_time(line: Line) -> None:
    line.record.answer = lambda _: [("bot", {"metadata": {"step": {"number": 1}}}, "Zet hem uit.")]
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    assert twiml[0].get("timeout") == "30"
    heard = []
    while "Hangup" not in tags(twiml):
        twiml = await line.next(twiml)
        heard.append(said(twiml))
    assert heard[:2] == [NL.take_your_time] * 2
    assert heard[2].startswith(NL.are_you_there)
    assert len(heard) == 4


async def test_a_slow_answer_is_bridged(line: Line) -> None:
    line.slow = 3
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    heard = []
    while "Redirect" in tags(twiml):
        heard.append(said(twiml))
        twiml = await line.next(twiml)
    assert heard == [NL.one_moment, "", NL.still_busy]
    assert said(twiml) == "U zei: wifi?"
    assert len(line.record.received) == 1


async def test_an_answer_that_does_not_come_ends_with_a_person(line: Line) -> None:
    line.slow = 100
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    steps = 0
    while "Redirect" in tags(twiml):
        twiml, steps = await line.next(twiml), steps + 1
    assert steps == 5
    assert said(twiml) == f"{NL.too_slow} {NL.leave}"
    assert [message.text for message in line.record.received] == ["wifi", NL.person]
    assert list(line.calls.notes.values()) == [NL.note_slow]


async def test_fifty_copies_at_once_are_one_message_and_one_answer(line: Line) -> None:
    action = (await line.ask("webhook"))[0].attrib["action"]
    answers = await asyncio.gather(*(line.ask(action, SpeechResult="wifi") for _ in range(50)))
    assert len({ET.tostring(each) for each in answers}) == 1
    assert [message.text for message in line.record.received] == ["wifi"]


async def test_a_call_that_is_told_fifty_times_is_one_call(line: Line) -> None:
    answers = await asyncio.gather(*(line.ask("webhook") for _ in range(50)))
    assert len({ET.tostring(each) for each in answers}) == 1


async def test_a_copy_that_comes_late_changes_nothing(line: Line) -> None:
    action = (await line.ask("webhook"))[0].attrib["action"]
    first = await line.ask(action, SpeechResult="wifi")
    await line.next(first, SpeechResult="thuis")
    assert said(await line.ask(action, SpeechResult="wifi")).startswith("U zei: wifi?")
    assert [message.text for message in line.record.received] == ["wifi", "thuis"]


BUTTONS = [{"title": "Laptop", "payload": "/a"}, {"title": "Gsm", "payload": "/b"}]


@pytest.mark.parametrize(
    ("answer", "text", "payload"),
    [
        ({"Digits": "2"}, "Gsm", "/b"),
        ({"SpeechResult": "Laptop."}, "Laptop", "/a"),
        ({"SpeechResult": "twee"}, "Gsm", "/b"),
        ({"SpeechResult": "de tweede"}, "de tweede", None),
        ({"Digits": "3"}, "3", None),
        ({"Digits": "0"}, NL.person, None),
    ],
)
async def test_what_is_offered_is_chosen_by_key_or_voice(
    line: Line, answer: dict[str, str], text: str, payload: str | None
) -> None:
    line.record.answer = lambda _: [("bot", {"replies": BUTTONS}, "Welk toestel?")]
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    assert said(twiml) == "Welk toestel? Zeg laptop, of druk 1; of gsm, of druk 2."
    assert twiml[0].attrib["hints"].startswith("Laptop, Gsm")
    await line.next(twiml, **answer)
    assert (line.record.received[-1].text, line.record.received[-1].payload) == (text, payload)


async def test_a_star_repeats_and_is_no_message(line: Line) -> None:
    twiml = await line.next(await line.ask("webhook"), SpeechResult="wifi")
    assert said(await line.next(twiml, Digits="*")) == said(twiml)
    assert len(line.record.received) == 1


async def test_many_choices_are_read_to_who_asks(line: Line) -> None:
    many = [{"title": f"Keuze {n}", "payload": f"/{n}"} for n in "abcdef"]
    line.record.answer = lambda _: [("bot", {"replies": many}, "Wat past?")]
    twiml = await line.next(await line.ask("webhook"), SpeechResult="hulp")
    assert said(twiml) == f"Wat past? {NL.many}"
    twiml = await line.next(twiml, SpeechResult="keuzes")
    assert "keuze f, of druk 6" in said(twiml)
    await line.next(twiml, Digits="6")
    assert line.record.received[-1].payload == "/f"


async def test_a_number_is_keyed_in_whole(line: Line) -> None:
    line.calls.stands = replace(line.calls.stands, keyed=True)
    twiml = await line.next(await line.ask("webhook"), SpeechResult="bel mij terug")
    assert twiml[0].attrib["finishOnKey"] == "#"
    await line.next(twiml, Digits="0")
    assert line.record.received[-1].text == "0"


async def test_who_hangs_up_is_noted_once(line: Line) -> None:
    await line.next(await line.ask("webhook"), SpeechResult="wifi")
    for _ in range(2):
        await line.ask("status", CallStatus="completed", CallDuration="200")
    await line.ask("status", CallStatus="in-progress")
    assert list(line.calls.notes.values()) == [NL.note_hung_up.format(length="3:20")]


async def test_who_hangs_up_in_the_menu_leaves_nothing(line: Line) -> None:
    await line.ask("webhook", To="+3225559999")
    assert tags(await line.ask("status", CallStatus="completed", CallDuration="3")) == []
    assert line.record.items == {}


@pytest.mark.parametrize("signature", [None, "", "x", "é", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
@pytest.mark.parametrize(
    "step", ["webhook", "turn?lang=nl&turn=1", "status", "recorded?lang=nl", "whisper?call=CA1&lang=nl"]
)
async def test_what_twilio_has_not_signed_does_nothing(line: Line, step: str, signature: str | None) -> None:
    assert line.client is not None
    assert line.server is not None
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    url = str(line.server.make_url("/"))[:-1] + PATH + step
    async with line.client.post(
        url, data={"CallSid": "CA1", "SpeechResult": "wifi"}, headers=headers
    ) as answer:
        assert answer.status == 403
        assert "<Response" not in await answer.text()
    assert line.record.received == []
    assert line.record.items == {}


@pytest.mark.parametrize("step", ["turn", "turn?lang=xx", "turn?lang=nl&turn=-1", "turn?lang=nl&turn=1e9", "wait?lang=nl&turn=7", "turn?lang=nl&heard=999999999999", "callback?lang=nl&number=0470", "language?tries=99", "whisper?lang=nl"])  # fmt: skip
async def test_a_place_that_is_none_is_refused(line: Line, step: str) -> None:
    await line.ask("webhook")
    await line.ask(step, status=400)


async def test_a_call_that_nobody_knows_is_refused(line: Line) -> None:
    await line.ask("turn?lang=nl&turn=1", status=400, SpeechResult="wifi")
    assert line.record.received == []


async def test_one_caller_does_not_take_all(line: Line) -> None:
    for n in range(10):
        line.call = f"CA{n}"
        await line.ask("webhook")
    line.call = "CA10"
    await line.ask("webhook", status=429)
    await line.ask("webhook", From="+32470999999")
    line.call = "CA3"
    for _ in range(119):
        await line.ask("turn?lang=nl&turn=1&heard=0&silent=0", Digits="*")
    await line.ask("turn?lang=nl&turn=1&heard=0&silent=0", status=429, Digits="*")
