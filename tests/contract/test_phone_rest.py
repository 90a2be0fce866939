"""Calls and texts by Twilio's REST: what is asked for, how refusals are told from what nobody knows, and
that nothing is ever asked twice."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from bot.model.errors import BalieError, NotAllowed, OutcomeUnknown, Refused, TooMany, Unavailable
from channels.phone.rest import RestSettings, TwilioRest
from tests.twilio_rest_peer import ACCOUNT, SECRET, Peer, twilio_peer

OURS, THEIRS = "+3225551234", "+32470123456"
CALLBACKS = "https://help.example.org/balie/webhooks/twilio_voice"


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with twilio_peer() as made:
        yield made


def rest(peer: Peer, *, within: float = 5.0, machines: bool = False) -> TwilioRest:
    settings = RestSettings(ACCOUNT, SECRET, OURS, CALLBACKS, ring=30, machines=machines, within=within)
    return TwilioRest(settings, base=peer.base)


async def test_a_call_is_asked_for_with_where_its_news_goes(peer: Peer) -> None:
    assert await rest(peer).call("an-id", THEIRS) == peer.sid("Calls", 1)
    assert peer.asked == [
        (
            "Calls",
            {
                "To": [THEIRS],
                "From": [OURS],
                "Url": [f"{CALLBACKS}/answered?id=an-id"],
                "Method": ["POST"],
                "StatusCallback": [f"{CALLBACKS}/progress?id=an-id"],
                "StatusCallbackMethod": ["POST"],
                "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
                "Timeout": ["30"],
            },
        )
    ]


async def test_an_answering_machine_is_listened_for_where_that_is_set(peer: Peer) -> None:
    await rest(peer, machines=True).call("an-id", THEIRS)
    assert peer.asked[0][1]["MachineDetection"] == ["Enable"]


async def test_a_text_is_sent_as_it_is(peer: Peer) -> None:
    text = "IT-helpdesk: Café ☕ https://help.example.org/help/nl/a"
    assert await rest(peer).text(THEIRS, text) == peer.sid("Messages", 1)
    assert peer.asked == [("Messages", {"To": [THEIRS], "From": [OURS], "Body": [text]})]


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        ((400, 21211, "Invalid 'To' Phone Number"), Refused, "21211"),
        ((400, 21215, "Account not authorized to call that country"), Refused, "not authorized"),
        ((404, 20404, "The requested resource was not found"), Refused, "20404"),
        ((401, 20003, "Authenticate"), NotAllowed, "nothing was done"),
        ((429, 20429, "Too Many Requests"), TooMany, "nothing was done"),
        ((500, 20500, "Internal Server Error"), OutcomeUnknown, "500"),
        ((503, 20503, "Service Unavailable"), OutcomeUnknown, "503"),
        ((302, 0, "elsewhere"), OutcomeUnknown, "302"),
        ("garbage", OutcomeUnknown, "no clear answer"),
        ("nameless", OutcomeUnknown, "no"),
        ("cut", OutcomeUnknown, "no clear answer"),
        ("slow", OutcomeUnknown, "no clear answer"),
    ],
)
@pytest.mark.parametrize("what", ["call", "text"])
async def test_what_goes_wrong_is_told_apart_and_asked_once(
    peer: Peer, answer: str | tuple[int, int, str], kind: type[BalieError], told: str, what: str
) -> None:
    peer.answer = answer
    carrier = rest(peer, within=0.3 if answer == "slow" else 5.0)
    with pytest.raises(BalieError) as caught:
        await (carrier.call("an-id", THEIRS) if what == "call" else carrier.text(THEIRS, "hallo"))
    assert type(caught.value) is kind
    assert told in str(caught.value)
    assert len(peer.asked) == 1


async def test_where_twilio_is_not_reached_nothing_was_asked(peer: Peer) -> None:
    settings = RestSettings(ACCOUNT, SECRET, OURS, CALLBACKS)
    with pytest.raises(Unavailable, match="nothing was asked") as caught:
        await TwilioRest(settings, base="http://127.0.0.1:1").call("an-id", THEIRS)
    assert not isinstance(caught.value, OutcomeUnknown)


async def test_nothing_of_it_is_in_a_log(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await rest(peer).call("an-id", THEIRS)
        peer.answer = (400, 21211, f"{THEIRS} is no number")
        with pytest.raises(Refused):
            await rest(peer).text(THEIRS, "hallo")
    for hidden in (ACCOUNT, SECRET, THEIRS, "an-id"):
        assert hidden not in caplog.text
