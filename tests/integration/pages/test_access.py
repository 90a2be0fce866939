"""Every route and every role: who may, who may not; and what every answer says to the browser."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import socket

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.web import access, api, demo, help, ops, setup
from bot.web.access import access_of
from bot.web.site import MAX_BODY, SiteSettings
from tests.fixtures_pages import PEOPLE, TOKEN, Visited, visited

__all__ = ["visited"]

EXPECTED = {
    "/desk": access.AGENTS,
    "/review": access.READERS,
    "/review/queue": access.REVIEWERS,
    "/review/corrections": access.REVIEWERS,
    "/review/figures": access.FIGURES,
    "/review/drafts": access.REVIEWERS,
    "POST /review/drafts/{number}": access.EDITORS,
    "/review/corrections/{number}": access.EDITORS,
    "/review/{id}/": access.REVIEWERS,
    "/people": ("lead", "admin"),
    "/admin": ("admin",),
    "/account": access.READERS,
}
"""The areas behind a login, and who may enter: the longest beginning of an address counts, with its method or
without."""


def everything(app: web.Application) -> list[tuple[str, str, access.Access | None]]:
    found = []
    for route in app.router.routes():
        if route.resource is not None and route.method != "*":
            found.append((route.method, route.resource.canonical, access_of(route.handler)))
    return found


def concrete(path: str, id_: str) -> str:
    for name, value in (("{id}", id_), ("{deed}", "claim"), ("{number}", "1001"),
                        ("{seq}", "2"), ("{decision}", "approve"), ("{secret}", "nothing"),
                        ("{language}", "nl"), ("{slug}", "reset-password"), ("{table}", "days"),
                         ("{path}", "desk.js")):  # fmt: skip
        path = path.replace(name, value)
    return re.sub(r"\{\w+\}", "nothing", path)


async def test_every_route_says_who_it_is_for(visited: Visited) -> None:
    for method, path, rule in everything(visited.app):
        assert rule is not None, f"{method} {path}"
        both = (path, f"{method} {path}")
        area = max(
            (area for area in EXPECTED if any(each.startswith(area) for each in both)), key=len, default=""
        )
        if area and path not in ("/desk/login", "/desk/login/code", "/desk/logout"):
            assert rule.kind == "roles", f"{method} {path}"
            assert rule.roles == set(EXPECTED[area]), f"{method} {path}"
        if path.startswith(("/api/", "/model/", "/conversations/")) and not path.endswith("openapi.json"):
            assert rule.kind == "token", f"{method} {path}"


async def test_nobody_enters_without_a_login_or_a_token(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["hallo"])
    browser = await visited.browser()
    for method, path, rule in everything(visited.app):
        assert rule is not None
        if rule.kind not in ("roles", "token"):
            continue
        answer = await browser.request(method, concrete(path, id_), allow_redirects=False)
        if rule.kind == "token":
            assert answer.status == 401, path
            assert answer.content_type == "application/json"
        else:
            assert answer.status == 303, path
            assert answer.headers["Location"].startswith("/desk/login")


async def test_roles_by_routes(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["hallo"])
    people = {name: await visited.as_(name) for name in PEOPLE}
    for method, path, rule in everything(visited.app):
        assert rule is not None
        if rule.kind != "roles" or path in ("/desk/events", "/desk/logout") or method == "HEAD":
            continue
        for name, (_, role) in PEOPLE.items():
            person, where = people[name], concrete(path, id_)
            answer = await (person.post(where) if method == "POST" else person.get(where))
            if role in rule.roles:
                assert answer.status not in (401, 403), f"{role} {method} {path}"
            else:
                assert answer.status == 403, f"{role} {method} {path}"


async def test_a_route_without_a_mark_is_for_nobody(visited: Visited) -> None:
    async def forgotten(_: web.Request) -> web.Response:
        return web.Response(text="secret")

    visited.app.router._frozen = False
    visited.app.router.add_get("/forgotten", forgotten)
    answer = await (await visited.browser()).get("/forgotten")
    assert answer.status == 403
    assert "secret" not in await answer.text()


async def test_forms_need_the_sessions_token(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["hallo"])
    els, karim = await visited.as_("els"), await visited.as_("karim")
    path = f"/desk/c/{id_}/claim"
    for data, headers in (
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": karim.csrf}, {}),
        ({}, {"X-CSRF-Token": "x"}),
        ({"csrf": els.csrf}, {"Origin": "https://evil.example"}),
        ({"csrf": els.csrf}, {"Sec-Fetch-Site": "same-site"}),
    ):
        answer = await els.client.post(path, data=data, headers=headers, allow_redirects=False)
        assert answer.status == 403, (data, headers)
    answer = await els.client.post(path, headers={"X-CSRF-Token": els.csrf}, allow_redirects=False)
    assert answer.status == 303


async def test_every_answer_is_guarded(visited: Visited) -> None:
    browser = await visited.browser()
    for path in ("/desk/login", "/help/nl/", "/nowhere", "/healthz", "/static/desk.js", "/api/v1/tickets"):
        answer = await browser.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"]


async def test_too_long_a_body_is_refused(visited: Visited) -> None:
    els = await visited.as_("els")
    answer = await els.client.post("/desk/availability", data=b"x" * (MAX_BODY + 1))
    assert answer.status == 413

    async def chunks():  # type: ignore[no-untyped-def]
        for _ in range(MAX_BODY // 65_536 + 2):
            yield b"x" * 65_536

    browser = await visited.browser()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert (await browser.post("/model/parse", data=chunks(), headers=headers)).status == 413


@pytest.mark.parametrize("path", ["/desk", "/api/v1/tickets"])
async def test_what_breaks_is_not_explained(
    visited: Visited, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    person = await visited.as_("els")

    async def broken(_: object) -> None:
        raise RuntimeError("the secret detail")

    visited.site.database.read = broken  # type: ignore[method-assign, assignment]
    answer = await person.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    text = await answer.text()
    assert answer.status == 500
    assert "secret detail" not in text
    assert "Traceback" not in text
    assert "the secret detail" in caplog.text
    assert (answer.content_type == "application/json") == path.startswith("/api")


async def test_a_page_that_is_not_there(visited: Visited) -> None:
    answer = await (await visited.browser()).get("/nowhere", headers={"Accept-Language": "fr"})
    assert answer.status == 404
    page = await answer.text()
    assert "Cette page n’existe pas" in page
    assert re.search(r'<header class="topbar">.*href="/"', page), "and a way home at the top, as everywhere"
    answer = await (await visited.browser()).get("/api/v1/nothing")
    assert (await answer.json())["error"]["code"] == "not_found"


@pytest.mark.parametrize(("username", "home"), [("els", "/desk"), ("riet", "/review")])
async def test_a_page_that_is_not_there_leads_home_whoever_works_here(
    visited: Visited, username: str, home: str
) -> None:
    person = await visited.as_(username)
    for path in ("/nowhere", "/review/nothing"):
        page = await (await person.get(path)).text()
        assert re.findall(r'<a class="(?:brand|button)" href="([^"]+)"', page) == [home, home], path


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/static/%00", {}, b"", 404),
        ("GET", "/static/css/base.css%00.png", {}, b"", 404),
        ("GET", "/static/" + "a" * 5000, {}, b"", 404),
        ("GET", "/api/v1/tickets", {"Authorization": b"Bearer \xff\xfe"}, b"", 400),
        ("GET", "/desk", {"Cookie": b"balie_session=\xff\xfe"}, b"", 400),
        ("GET", "/desk", {"HX-Request": b"true", "HX-Current-URL": b"/desk"}, b"", 401),
        ("GET", "/desk", {"HX-Request": b"true", "HX-Current-URL": b"http://["}, b"", 401),
        ("POST", "/model/parse", {"Authorization": TOKEN.encode(), "Content-Encoding": b"gzip"}, b"no", 400),
        ("POST", "/desk/login",
         {"Content-Type": b"application/x-www-form-urlencoded; charset=nonsense"}, b"username=a", 400),
        ("POST", "/desk/login", {"Content-Type": b"multipart/form-data; boundary=x"}, b"--x\r\nno", 400),
    ],
)  # fmt: skip
async def test_a_request_that_makes_no_sense_is_not_our_fault(
    visited: Visited, method: str, path: str, headers: dict[str, bytes], body: bytes, status: int
) -> None:
    if headers.get("Authorization") == TOKEN.encode():
        headers = {**headers, "Authorization": b"Bearer " + TOKEN.encode()}
    answer = await raw(visited, method, path, headers, body)
    assert int(answer.split()[1]) == status, answer[:300]


@pytest.mark.parametrize("path", ["/desk/login", "/help/nl/", "/nowhere", "/healthz"])
async def test_a_name_that_leads_here_and_is_not_ours_is_refused(visited: Visited, path: str) -> None:
    browser = await visited.browser()
    answer = await browser.get(path, headers={"Host": "evil.example:5005", "Accept-Language": "nl"})
    text = await answer.text()
    assert answer.status == 421
    assert "evil.example" in text
    assert "BALIE_HOSTS" in text
    if path == "/healthz":
        assert (await answer.json())["error"]["code"] == "wrong_host"
    else:
        assert "Dit adres kent Balie niet" in text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        [style] = re.findall(r'href="(/static/css/base\.css[^"]*)"', text)
        assert (await browser.get(style, headers={"Host": "evil.example:5005"})).status == 200


async def test_the_machine_s_own_name_is_ours(visited: Visited) -> None:
    browser = await visited.browser()
    for name in {socket.gethostname(), "localhost", "127.0.0.1"}:
        assert (await browser.get("/healthz", headers={"Host": f"{name}:5005"})).status == 200, name


async def test_links_come_from_the_public_address_and_never_from_the_request(visited: Visited) -> None:
    settings = SiteSettings(public_url="https://balie.example", hosts=("other.example",), api_token=TOKEN)
    app = web.Application()
    setup.setup(app, dataclasses.replace(visited.site, settings=settings))
    app.add_routes([*access.opened(demo.routes()), *help.routes(), *api.routes()])
    told = {"Host": "other.example", "Authorization": f"Bearer {TOKEN}"}
    async with TestClient(TestServer(app)) as client:
        for path in ("/", "/help/nl/reset-password", "/api/v1/articles/search?q=wachtwoord&lang=nl"):
            answer = await client.get(path, headers=told)
            assert answer.status == 200
            everything = await answer.text() + answer.headers.get("Content-Security-Policy", "")
            assert "balie.example" in everything, path
            assert "other.example" not in everything, path


async def test_the_figures_are_for_this_machine_a_token_and_listed_networks(visited: Visited) -> None:
    settings = SiteSettings(
        trusted_proxies=("127.0.0.1",),
        metrics_from=("10.1.0.0/16",),
        hosts=("balie.example",),
        api_token=TOKEN,
    )
    app = web.Application()
    setup.setup(app, dataclasses.replace(visited.site, settings=settings))
    app.add_routes(ops.routes())
    token = {"Authorization": f"Bearer {TOKEN}"}
    async with TestClient(TestServer(app)) as client:
        for headers, status in (
            ({}, 200),
            ({"X-Forwarded-For": "10.1.2.3"}, 200),
            ({"X-Forwarded-For": "10.2.2.3"}, 401),
            ({"X-Forwarded-For": "10.1.2.3, 198.51.100.7"}, 401),
            ({"X-Forwarded-For": "198.51.100.7", **token}, 200),
            ({"X-Forwarded-For": "198.51.100.7", "Authorization": "Bearer wrong"}, 401),
            ({"Host": "balie.example"}, 401),  # a proxy that passes nothing on but the name
        ):
            answer = await client.get("/metrics", headers=headers)
            assert answer.status == status, headers
            assert ("balie_http_requests" in await answer.text()) == (status == 200)


@pytest.mark.parametrize("host", [b"evil.example;script-src *", b'x"><script>', b"a b", b""])
async def test_the_host_adds_nothing_to_the_policy(visited: Visited, host: bytes) -> None:
    answer = await raw(visited, "GET", "/help/nl/", {"Host": host}, b"")
    policy = next(line for line in answer.splitlines() if line.startswith(b"Content-Security-Policy"))
    assert b"evil" not in policy
    assert b"script-src 'self'; style-src 'self';" in policy
    assert b"connect-src 'self';" in policy


async def raw(visited: Visited, method: str, path: str, headers: dict[str, bytes], body: bytes) -> bytes:
    """The answer to bytes that no decent client sends."""
    reader, writer = await asyncio.open_connection(visited.server.host, visited.server.port)
    sent = {"Host": b"localhost", "Connection": b"close", "Content-Length": b"%d" % len(body), **headers}
    lines = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in sent.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n".encode() + lines + b"\r\n" + body)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return answer
