"""Whole calls through Twilio's <Gather>, on a running Balie: signed, followed and heard as Twilio does."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.fixtures_server import Served, new_var
from tests.twilio_caller import HELPDESK, PATH, TOKEN, Caller

pytestmark = pytest.mark.slow  # whole calls

PUBLIC = "https://help.example.org/balie"
TEAM = "+3225550000"
RECORDING = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE0123456789abcdef0123456789abcdef"

Ring = Callable[..., Caller]


@pytest.fixture(scope="module")
def phone(trained: Path, open_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with a telephone, behind a proxy that has put it under a path."""
    settings = {
        "BALIE_DATA": str(open_data),
        "BALIE_PUBLIC_URL": PUBLIC,
        "BALIE_PHONE__AUTH_TOKEN": TOKEN,
        "BALIE_PHONE__ACCOUNT_SID": "AC1",
        "BALIE_PHONE__NUMBERS": orjson.dumps({HELPDESK: "nl"}).decode(),
        "BALIE_PHONE__TRANSFER_TO": orjson.dumps({"network": TEAM}).decode(),
    }
    server = Served(new_var(trained, tmp_path_factory.mktemp("phone")), settings)
    server.start()
    server.wait_ready(120)
    yield server
    server.stop()


@pytest.fixture
def ring(phone: Served) -> Ring:
    """Calls the helpdesk."""

    def call(**more: Any) -> Caller:
        caller = Caller(phone.url, PUBLIC, f"CA{uuid.uuid4().hex}", **more)
        caller.ring()
        return caller

    return call


def events(phone: Served, caller: Caller, *types: str) -> list[str]:
    """The texts of a call's events of these types."""
    database = sqlite3.connect(phone.var / "balie.db")
    marks = ",".join("?" * len(types))
    rows = database.execute(
        "select t.content from conversations c join events e on e.conversation_id = c.id"
        " join contents t on t.conversation_id = c.id and t.seq = e.seq"
        f" where c.channel = 'phone' and c.sender_id = ? and e.type in ({marks}) order by e.seq",
        (caller.call, *types),
    ).fetchall()
    database.close()
    return [orjson.loads(row[0])["text"] for row in rows]


def ticket(phone: Served, caller: Caller) -> dict[str, Any]:
    database = sqlite3.connect(phone.var / "balie.db")
    database.row_factory = sqlite3.Row
    row = database.execute(
        "select t.* from tickets t join conversations c on c.id = t.conversation_id where c.sender_id = ?",
        (caller.call,),
    ).fetchone()
    database.close()
    return dict(row) if row else {}


def test_a_call_in_dutch_from_greeting_to_voicemail(phone: Served, ring: Ring) -> None:
    caller = ring()
    assert "automatische assistent" in caller.heard
    assert "via Twilio" in caller.heard
    assert "druk 0" in caller.heard
    caller.says("ik heb problemen met de wifi")
    assert "of druk 1;" in caller.heard
    caller.says("de verbinding valt altijd weg")
    caller.says("laptop")
    caller.presses("1")
    assert "Klopt dat?" in caller.heard
    caller.says("ja")
    assert "Stap 1 van" in caller.heard
    assert caller.gather is not None
    assert int(caller.gather.attrib["timeout"]) >= 20
    step = caller.heard
    for sign in ("http", "**", "[", "klik hier", "schrijf"):
        assert sign not in step
    assert "zeg verder of druk 2" in step
    caller.presses("*")
    assert caller.heard.endswith(step[step.index("Stap 1") :])
    caller.says("verder")
    assert "Stap 2 van" in caller.heard
    caller.presses("2")
    assert "Stap 3 van" in caller.heard
    caller.presses("0")
    assert "Op welke naam" in caller.heard
    assert "nummer" not in caller.heard  # it is known: they call with it
    caller.says("Jan Peeters")
    assert "als eerste aan de beurt" in caller.heard
    assert caller.dial is not None
    assert caller.dial.findtext("Number") == TEAM
    caller.dialled_with("no-answer", bridged=False)
    assert "boodschap" in caller.heard
    caller.presses("1")
    assert caller.record is not None
    caller.records(34, RECORDING)
    assert caller.over
    caller.hangs_up(185)
    notes = events(phone, caller, "note")
    assert notes[-2:] == [
        f"Ingesproken boodschap (0:34): {RECORDING}",
        "Het telefoongesprek is beëindigd na 3:05.",
    ]
    filled = ticket(phone, caller)
    assert (filled["channel"], filled["contact"]) == ("phone", "+32470123456")
    assert filled["team"] == "network"
    assert filled["customer"] == "Jan Peeters"


def test_a_call_in_french_that_is_solved(phone: Served, ring: Ring) -> None:
    caller = ring(dialled="+3225559999")
    assert [each.split()[0] for each in caller.said] == ["Voor", "Pour", "For"]
    caller.says("Français")
    assert "assistant automatique" in caller.heard
    caller.says("Mon wifi coupe tout le temps")
    caller.presses("1")
    caller.presses("1")
    assert "Est-ce exact" in caller.heard
    caller.says("oui")
    assert "Étape 1 sur" in caller.heard
    caller.says("ça marche")
    assert "de 1 à 5" in caller.heard
    caller.says("cinq")
    caller.presses("1")
    assert caller.over
    assert "Au revoir" in caller.heard
    assert ticket(phone, caller) == {}
    assert all("Twilio" not in text for text in events(phone, caller, "user"))


def test_a_call_in_english_that_asks_to_be_called_back(phone: Served, ring: Ring) -> None:
    caller = ring(dialled="+3225559999", number="anonymous")
    caller.presses("3")
    caller.says("I want to talk to a person")
    caller.says("Ann Smith, 0470 12 34 56")
    assert caller.dial is None  # no number is set for that team
    caller.says("call back")
    assert "zero four seven zero, one two, three four, five six" in caller.heard
    caller.presses("2")
    caller.presses("025551234")
    assert "zero two five five, five one, two three, four" in caller.heard
    caller.says("yes")
    assert caller.over
    assert events(phone, caller, "note") == ["The caller asks to be called back on +3225551234."]
    assert ticket(phone, caller)["contact"] == "+3225551234"


def test_who_says_nothing_at_the_end_is_handed_over_all_the_same(phone: Served, ring: Ring) -> None:
    caller = ring()
    caller.presses("0")
    caller.silent()
    caller.silent()
    assert ticket(phone, caller)["reason"] == "asked"


def test_a_call_back_that_the_bot_has_arranged_rings_nobody(phone: Served, ring: Ring) -> None:
    caller = ring()
    caller.says("kunnen jullie mij terugbellen")
    assert "nul vier zeven nul, twaalf, vierendertig, zesenvijftig" in caller.heard
    caller.says("ja")
    caller.says("morgenvoormiddag")
    caller.says("mijn wifi valt weg")
    caller.presses("1")
    assert caller.dial is None
    assert "belt u terug" in caller.heard
    caller.says("het is dringend")
    assert caller.over
    assert events(phone, caller, "user")[-1] == "het is dringend"
    assert ticket(phone, caller)["reason"] == "callback"


def test_who_only_claims_a_number_is_told_nothing_of_who_has_it(phone: Served, ring: Ring) -> None:
    number = "+32470555555"
    first = ring(number=number)
    first.presses("0")
    first.says("Jan Peeters")
    database = sqlite3.connect(phone.var / "balie.db")
    known = "update customers set name = 'Jan Peeters', email = 'jan@example.org' where phone = ?"
    assert database.execute(known, (number,)).rowcount == 1
    database.commit()
    database.close()
    second = ring(number=number)
    second.presses("0")
    assert "Op welke naam" in second.heard
    assert "Peeters" not in " ".join(second.log)
    assert ticket(phone, second) == {}


def test_who_hangs_up_is_noted_and_what_was_said_is_kept(phone: Served, ring: Ring) -> None:
    caller = ring()
    caller.says("mijn outlook werkt niet")
    caller.hangs_up(42)
    assert events(phone, caller, "note") == ["De beller heeft opgehangen na 0:42."]
    assert events(phone, caller, "user") == ["mijn outlook werkt niet"]
    assert events(phone, caller, "bot")[0].startswith("Dag, u spreekt met Balie")


def test_each_call_is_a_conversation_of_its_own(phone: Served, ring: Ring) -> None:
    first, second = ring(), ring()
    first.says("mijn outlook werkt niet")
    second.says("dag")
    assert events(phone, second, "user") == ["dag"]
    assert "outlook" not in second.heard.casefold()


def test_fifty_copies_at_once_are_one_row_and_one_answer(phone: Served, ring: Ring) -> None:
    caller = ring()
    assert caller.gather is not None
    action = caller.gather.attrib["action"]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: caller.post(action, {"SpeechResult": "wifi valt weg"}), range(50)))
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) == 1
    assert events(phone, caller, "user") == ["wifi valt weg"]


def test_fifty_calls_that_begin_with_the_same_id_are_one(phone: Served, ring: Ring) -> None:
    caller = ring()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: caller.post("webhook", {}), range(20)))
    assert len({body for _, body in answers}) == 1
    assert len(events(phone, caller, "bot")) == 1


def test_a_wrong_signature_does_nothing(phone: Served, ring: Ring) -> None:
    caller = ring()
    assert caller.gather is not None
    action = caller.gather.attrib["action"]
    stranger = Caller(phone.url, PUBLIC, caller.call, token="another")
    assert stranger.post(action, {"SpeechResult": "wifi"})[0] == 403
    assert caller.post(action, {"SpeechResult": "wifi"}, signature="")[0] == 403
    assert caller.post(action, {"SpeechResult": "wifi", "AccountSid": "AC2"})[0] == 403
    assert events(phone, caller, "user") == []


def test_what_a_caller_id_says_is_only_text(phone: Served, ring: Ring) -> None:
    caller = ring(number="<b>{{ 7*7 }}</b>")
    caller.presses("0")
    caller.says("Jan Peeters")
    assert ticket(phone, caller)["contact"] == ""


def test_without_an_account_there_is_no_telephone(served: Served) -> None:
    status, _ = served.request("POST", PATH + "/webhook", b"CallSid=CA1", token=None)
    assert status == 404
    assert "BALIE_PHONE__AUTH_TOKEN" not in os.environ
