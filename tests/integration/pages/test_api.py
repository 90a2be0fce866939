"""The API: its fields to the letter, its description, Rasa's two addresses, and what machines ask."""

from __future__ import annotations

import re
from typing import Any

from bot.store import accounts
from bot.web.api import openapi
from tests.fixtures_pages import START, TOKEN, Visited, visited

__all__ = ["visited"]

AUTH = {"Authorization": f"Bearer {TOKEN}"}

TICKET = {
    "number", "conversation_id", "sender_id", "customer", "contact", "channel", "language", "intent", "summary", "facts",
    "steps_tried", "articles", "impact", "urgency", "priority", "team", "status", "response_due",
    "resolution_due",
    "checks", "notes", "reason", "created_at", "url",
}  # fmt: skip


async def get(visited: Visited, path: str, status: int = 200, **params: str) -> Any:
    answer = await (await visited.browser()).get(path, params=params, headers=AUTH)
    assert answer.status == status, await answer.text()
    assert answer.content_type == "application/json"
    return await answer.json()


async def test_tickets(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet is weg"], notes=("heeft haast",))
    await visited.conversation("c2", ["printer"], customer="Bart De Smet")
    found = await get(visited, "/api/v1/tickets")
    assert found["total"] == 2
    for q, number in (
        ("1001", 1),
        ("#1001", 1),
        ("janssens", 1),
        (id_, 1),
        ("c1", 1),
        ("internet kantoor", 2),
        ("zzz", 0),
    ):
        assert (await get(visited, "/api/v1/tickets", q=q))["total"] == number, q
    one = await get(visited, "/api/v1/tickets/1001")
    assert one.keys() == TICKET
    assert one["facts"] == {"device": {"label": "Toestel", "value": "laptop"}}
    assert one["steps_tried"] == [
        {"title": "Router herstart", "outcome": "not_solved", "article": "reset-password"}
    ]
    assert (one["priority"], one["impact"], one["urgency"], one["team"]) == (
        "P2",
        "high",
        "medium",
        "network",
    )
    assert one["response_due"].startswith("2026-09-21T")
    assert (one["sender_id"], one["notes"]) == ("c1", ["heeft haast"])
    assert "secret" not in str(one).lower()
    await get(visited, "/api/v1/tickets/9999", 404)
    await get(visited, "/api/v1/tickets/abc", 404)
    await get(visited, "/api/v1/tickets", 400, limit="-1")
    await get(visited, "/api/v1/tickets", 400, q="\x00")
    assert len((await get(visited, "/api/v1/tickets", limit="1", offset="1"))["items"]) == 1


async def test_conversations(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet", "is weg"])
    found = await get(visited, "/api/v1/conversations", owner="queue")
    assert [item["id"] for item in found["items"]] == [id_]
    one = await get(visited, f"/api/v1/conversations/{id_}")
    assert (one["owner"], one["ticket"], one["sender_id"]) == ("queue", 1001, "c1")
    said = await get(visited, f"/api/v1/conversations/{id_}/transcript")
    assert [(each["author"], each["text"]) for each in said["messages"]] == [
        ("customer", "mijn internet"), ("customer", "is weg"), ("bot", "Klopt dat?"),
    ]  # fmt: skip
    await get(visited, "/api/v1/conversations/nothing", 404)


async def test_a_conversation_is_found_by_the_id_of_its_sender(visited: Visited) -> None:
    id_ = await visited.conversation("caller 7/b", ["mijn internet"], channel="rest")
    await visited.conversation("c1", ["caller 8"])
    for q, found in (("caller 7/b", [id_]), (id_, [id_]), ("caller 7", []), ("mijn internet", [id_])):
        items = (await get(visited, "/api/v1/conversations", q=q))["items"]
        assert [(item["id"], item["sender_id"]) for item in items] == [(each, "caller 7/b") for each in found]
    for path in ("", "/transcript"):
        by_sender = await get(visited, f"/api/v1/conversations/caller%207%2Fb{path}")
        assert by_sender == await get(visited, f"/api/v1/conversations/{id_}{path}")
    await get(visited, "/api/v1/conversations/c1", 404)  # of the widget: its id is nobody's name


async def test_articles(visited: Visited) -> None:
    found = await get(visited, "/api/v1/articles/search", q="wachtwoord", lang="nl")
    hit = found["items"][0]
    assert {"slug", "title", "score", "url"} <= hit.keys()
    assert hit["url"].endswith("/help/nl/reset-password")
    scores = [each["score"] for each in found["items"]]
    assert scores == sorted(scores, reverse=True)
    one = await get(visited, "/api/v1/articles/fr/reset-password")
    assert one["steps"][0]["why"] == "to see"
    await get(visited, "/api/v1/articles/fr/unlock-account", 404)
    await get(visited, "/api/v1/articles/search", 400, q="x", lang="de")
    await get(visited, "/api/v1/articles/search", 400, lang="nl")


async def test_tokens(visited: Visited) -> None:
    browser = await visited.browser()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"},
                    {"Authorization": "Bearer "},
                    {"Authorization": "Bearer " + "x" * 5000}):  # fmt: skip
        answer = await browser.get("/api/v1/tickets", headers=headers)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    database = visited.site.database
    made = await database.write(
        lambda c: accounts.create_token(
            c, name="reports", token_hash=accounts.digest("a-stored-token"), now=START
        )
    )
    stored = {"Authorization": "Bearer a-stored-token"}
    assert (await browser.get("/api/v1/tickets", headers=stored)).status == 200
    assert (await database.read(accounts.list_tokens))[0].used_at == START
    await database.write(lambda c: accounts.revoke_token(c, made.id, now=START))
    assert (await browser.get("/api/v1/tickets", headers=stored)).status == 401


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        mine = [node["$ref"]] if "$ref" in node else []
        return mine + [ref for value in node.values() for ref in references(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in references(value)]
    return []


async def test_the_description_is_whole(visited: Visited) -> None:
    answer = await (await visited.browser()).get("/api/v1/openapi.json")
    document = await answer.json()
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas
    assert set(schemas["Ticket"]["properties"]) == TICKET
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    for path, operations in document["paths"].items():
        for operation in operations.values():
            inside = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
            assert inside == set(re.findall(r"{(\w+)}", path))
            assert {"200", "default"} <= operation["responses"].keys()
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in visited.app.router.routes()
        if route.resource is not None
        and route.resource.canonical.startswith(("/api/", "/model/", "/conversations/"))
        and route.method != "HEAD"
    }
    described = {(method, path) for method, path, *_ in openapi.PATHS}
    assert served == described | {("get", "/api/v1/openapi.json")}


async def test_parse_as_rasa_does(visited: Visited) -> None:
    browser = await visited.browser()
    answer = await browser.post("/model/parse", json={"text": "laptop stuk"}, headers=AUTH)
    parsed = await answer.json()
    assert parsed["intent"] == {"name": "internet_down", "confidence": 0.9}
    assert parsed["intent_ranking"] == [{"name": "internet_down", "confidence": 0.9}]
    assert parsed["entities"][0] == {
        "entity": "device", "start": 0, "end": 6, "value": "laptop", "extractor": "lookup", "role": "own",
    }  # fmt: skip
    assert parsed["text"] == "laptop stuk"
    for body in (b"", b"{", b"[]", b'{"text": 3}', b"{}", b"\xff", b'{"text": null}'):
        answer = await browser.post("/model/parse", data=body, headers=AUTH)
        assert answer.status == 400, body
        assert (await answer.json())["error"]["message"]
    assert (await browser.post("/model/parse", json={"text": "x" * 9000}, headers=AUTH)).status == 413
    assert (await browser.post("/model/parse", json={"text": "hallo"})).status == 401


async def test_the_tracker_is_rasas(visited: Visited) -> None:
    id_ = await visited.conversation("caller-7", ["mijn internet", "is weg"], channel="rest")
    tracker = await get(visited, "/conversations/caller-7/tracker")
    assert tracker == {**(await get(visited, f"/conversations/{id_}/tracker")), "sender_id": "caller-7"}
    assert tracker.keys() >= {
        "sender_id", "slots", "latest_message", "latest_event_time", "followup_action", "paused", "events",
        "latest_input_channel", "active_loop", "latest_action", "latest_action_name", "stack",
    }  # fmt: skip
    assert tracker["slots"]["device"] == "laptop"
    assert tracker["slots"]["requested_slot"] == "device"
    assert tracker["paused"] is True
    assert tracker["latest_message"]["intent"] == {"name": "internet_down", "confidence": 0.83}
    assert tracker["latest_message"]["text"] == "is weg"
    assert tracker["active_loop"] == {"name": "internet_down"}
    kinds = [event["event"] for event in tracker["events"]]
    assert kinds == ["user", "user", "flow_started", "slot", "action", "bot"]
    bot = tracker["events"][-1]
    assert bot["data"]["buttons"] == [{"title": "Ja", "payload": "/affirm"}]
    assert bot["metadata"]["utter_action"] == "utter_ask"
    assert all(isinstance(event["timestamp"], float) for event in tracker["events"])


async def test_the_tracker_of_somebody_who_never_wrote_is_empty(visited: Visited) -> None:
    tracker = await get(visited, "/conversations/nobody/tracker")
    assert tracker["events"] == []
    assert tracker["slots"] == {"device": None, "operating_system": None}
    assert tracker["paused"] is False


async def test_health_readiness_and_figures(visited: Visited) -> None:
    browser = await visited.browser()
    assert (await (await browser.get("/healthz")).json()) == {"status": "ok"}
    assert (await browser.get("/readyz")).status == 200
    await visited.conversation("c1", ["help"])
    await browser.get("/help/nl/reset-password")
    figures = await (await browser.get("/metrics")).text()
    assert 'balie_conversations{owner="queue"} 1.0' in figures
    assert re.search(
        r'balie_http_requests_total\{method="GET",route="/help/[^"]*slug[^"]*",status="200"\} 1.0', figures
    )
    await visited.site.database.close()
    broken = await browser.get("/readyz")
    assert broken.status == 503
    assert "database" in (await broken.json())["problems"]
