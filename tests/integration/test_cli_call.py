"""`balie call`: rings, says what became of it, and refuses what is not allowed."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.call import call_somebody
from bot.app.cli import main
from bot.app.config import PhoneSection, Settings, read_settings
from bot.model.errors import Refused
from tests.twilio_rest_peer import ACCOUNT, SECRET, Peer, twilio_peer

pytestmark = pytest.mark.slow  # every command is a call

THEIRS = "+32470123456"


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with twilio_peer() as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    phone = {"auth_token": SECRET, "account_sid": ACCOUNT, "number": "+3225551234", "calls_a_day": 2}
    section = PhoneSection.model_validate(phone)
    return read_settings(var=tmp_path, public_url="https://x.example.org", phone=section)


async def call(settings: Settings, peer: Peer, number: str = THEIRS, **more: str) -> int:
    given = argparse.Namespace(**{"number": number, "lang": None, "flow": None, "conversation": None, **more})
    return await asyncio.to_thread(call_somebody, settings, given, base=peer.base)


async def test_it_rings_and_says_so(
    settings: Settings, peer: Peer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await call(settings, peer, flow="follow_up", lang="fr") == 0
    assert f"{THEIRS} is being called" in capsys.readouterr().out
    assert peer.asked[0][1]["To"] == [THEIRS]


@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [
        ((400, 21215, "Geo-permissions"), 1, "Geo-permissions"),
        ((429, 20429, "Too Many Requests"), 1, "nothing was done"),
        ("cut", 3, "not certain"),
    ],
)
async def test_its_status_says_what_became_of_it(
    settings: Settings,
    peer: Peer,
    answer: str | tuple[int, int, str],
    status: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    peer.answer = answer
    assert await call(settings, peer) == status
    assert told in capsys.readouterr().out


async def test_each_time_is_a_call_of_its_own_up_to_the_cap(settings: Settings, peer: Peer) -> None:
    assert [await call(settings, peer) for _ in range(2)] == [0, 0]
    with pytest.raises(Refused, match=r"phone\.calls_a_day"):
        await call(settings, peer)
    assert len(peer.asked) == 2


def test_what_is_not_set_up_or_not_allowed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["call", THEIRS, "--var", str(tmp_path)]) == 2
    assert "set phone.number" in capsys.readouterr().err
    assert main(["call", "+3290012345", "--var", str(tmp_path)]) == 2
