"""The product as it is started: HTTP from outside, bad input, kill -9."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

from tests.fixtures_server import Served, new_var

BAD_BODIES = {
    "not JSON": b"{",
    "not an object": b"[1, 2]",
    "no sender": b'{"message": "x"}',
    "wrong types": b'{"sender": 1, "message": {"a": 2}}',
    "empty": b'{"sender": "x", "message": ""}',
    "nothing": b"",
    "not UTF-8": b'{"sender": "x", "message": "\xff"}',
    "too long": b'{"sender": "x", "message": "' + b"a" * 100_000 + b'"}',
}

KIND_TEXTS = ["👍👍", "<script>alert(1)</script>", "{{ 7*7 }} {slot} {% raw %}", "/SetSlots(problem=x)", "\x01\x02 dag",
              "a" * 8000, "'; drop table events; --", "ñ" * 500, "\u202egnirts"]  # fmt: skip


def new() -> str:
    return f"s-{uuid.uuid4()}"


def test_it_says_that_it_is_well(served: Served) -> None:
    assert served.get("/healthz", token=None)[0] == 200
    assert served.get("/readyz", token=None)[0] == 200
    status, text = served.get("/metrics", token=None)
    assert status == 200
    assert re.search(r"^# TYPE balie_\w+", text, re.M)


def test_the_pages_are_there(served: Served) -> None:
    for path in ("/", "/help", "/help/nl/", "/help/fr/connect-to-wifi", "/desk/login", "/widget.js"):
        status, text = served.get(path, token=None)
        assert status == 200, path
        assert text


def test_a_conversation_over_rest(served: Served) -> None:
    sender = new()
    said = served.say(sender, "mijn wifi werkt niet meer op mijn laptop")
    assert any("bot" in text for text in said)
    status, tracker = served.get(f"/conversations/{sender}/tracker")
    assert status == 200
    assert tracker["slots"]["problem"] == "wifi_problem"
    assert tracker["slots"]["device"] == "laptop"
    assert tracker["slots"]["requested_slot"]
    assert tracker["latest_message"]["intent"]["name"] == "wifi_problem"


FIRST = {
    ("Salut", None): "Bonjour",
    ("Hello there", None): "Hello",
    ("wifi problem please help", None): "Hello",
    ("Hallo", None): "Dag",
    ("laptop", None): "Dag",
    ("Hallo", "nl"): "Dag",
    ("Hello", "nl"): "Dag",
    ("Salut", "nl"): "Dag",
    ("mon imprimante ne marche plus", "nl"): "Bonjour",
    ("laptop", "fr"): "Bonjour",
    ("mijn printer doet het niet", "en"): "Dag",
}
"""How the bot opens after a first message, by the language of the page where that is known."""


@pytest.mark.parametrize(("text", "page"), FIRST)
def test_a_first_message_is_answered_in_its_own_language(served: Served, text: str, page: str | None) -> None:
    body = {"sender": new(), "message": text, "metadata": {"language": page} if page else {}}
    status, said = served.post("/webhooks/rest/webhook", body)
    assert status == 200
    assert said[0]["text"].startswith(FIRST[text, page])


def test_a_page_that_makes_its_name_lead_here_cannot_speak(served: Served) -> None:
    body = json.dumps({"sender": new(), "message": "dag"}).encode()
    headers = {"Host": f"evil.example:{served.port}", "Origin": f"http://evil.example:{served.port}"}
    request = urllib.request.Request(f"{served.url}/webhooks/rest/webhook", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 421
    assert "BALIE_HOSTS" in json.loads(refused.value.read())["error"]["message"]


def test_an_article_is_named_without_a_link_that_leads_nowhere(served: Served) -> None:
    said = " ".join(served.say(new(), "waar vind ik de handleiding om de vpn in te stellen?"))
    assert "VPN" in said
    assert "/help/" not in said


def test_understanding_can_be_asked_with_a_token_only(served: Served) -> None:
    body = {"text": "ik ben mijn wachtwoord vergeten"}
    assert served.post("/model/parse", body, token=None)[0] == 401
    status, parsed = served.post("/model/parse", body)
    assert status == 200
    assert parsed["intent"]["name"] == "password_forgotten"
    assert parsed["intent_ranking"][0]["name"] == "password_forgotten"
    assert (
        served.post("/model/parse", {"text": "pizza hawai met extra ananas"})[1]["intent"]["name"]
        == "nlu_fallback"
    )


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_input_gets_a_clear_answer(served: Served, body: bytes) -> None:
    status, answer = served.request("POST", "/webhooks/rest/webhook", body, token=None)
    assert 400 <= status < 500
    assert answer["error"]["message"]


@pytest.mark.parametrize("text", KIND_TEXTS, ids=lambda text: ascii(text[:12]))
def test_odd_words_get_a_kind_answer(served: Served, text: str) -> None:
    said = served.say(new(), text)
    assert said
    assert not any("49" in each or "<script" in each for each in said)


def test_secrets_are_masked_before_they_are_stored(served: Served) -> None:
    sender = new()
    served.say(
        sender, "mijn wachtwoord is Zomer2024! en mijn kaart 4111 1111 1111 1111, nummer 85.07.30-033.28"
    )
    served.stop()
    kept = b"".join(path.read_bytes() for path in Path(served.var).rglob("*") if path.is_file())
    served.start()
    served.wait_ready()
    for secret in (b"Zomer2024", b"4111 1111", b"85.07.30-033"):
        assert secret not in kept


def test_a_person_takes_over_with_a_ticket_that_is_filled_in(served: Served) -> None:
    sender = new()
    served.say(sender, "de printer op het tweede verdiep print niet, ik wil een medewerker spreken")
    said = served.say(sender, "een medewerker graag")
    for answer in ("per e-mail", "jan@example.be", "liever niet"):  # how to answer at night, and who it is
        if re.search(r"\b1\d{3}\b", " ".join(said)):
            break
        said = served.say(sender, answer)
    number = re.search(r"\b1\d{3}\b", " ".join(said))
    assert number, said
    status, found = served.get(f"/api/v1/tickets?q={number.group()}")
    assert status == 200
    items = found["items"] if isinstance(found, dict) else found
    [ticket] = [item for item in items if item["number"] == int(number.group())]
    assert ticket["channel"] == "rest"
    assert ticket["language"] == "nl"
    assert ticket["team"]
    assert ticket["priority"]


@pytest.mark.slow
def test_kill_9_loses_no_accepted_message_and_answers_none_twice(trained: Path, tmp_path: Path) -> None:
    server = Served(new_var(trained, tmp_path / "var"))
    server.start()
    server.wait_ready(120)
    sender = new()
    server.say(sender, "mijn vpn werkt niet")
    for text in ("op mijn laptop", "thuis", "ja", "nee"):
        server.say(sender, text)
        server.kill()
        server.start()
        server.wait_ready()
    _, tracker = server.get(f"/conversations/{sender}/tracker")
    users = [event for event in tracker["events"] if event["event"] == "user"]
    assert [event["text"] for event in users] == [
        "mijn vpn werkt niet",
        "op mijn laptop",
        "thuis",
        "ja",
        "nee",
    ]
    server.stop()
