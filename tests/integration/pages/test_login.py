"""Who gets in, who does not, and how fast somebody may guess."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.store import accounts
from bot.web.attempts import FREE
from tests.fixtures_pages import PASSWORD, Visited
from tests.fixtures_pages import on_both as visited

__all__ = ["visited"]


async def test_a_session_is_a_random_token_whose_hash_is_kept(visited: Visited) -> None:
    els = await visited.as_("els")
    cookie = next(c for c in els.client.session.cookie_jar if c.key == "balie_session")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    database = visited.site.database
    now = visited.clock()
    assert await database.read(lambda c: accounts.find_session(c, cookie.value, now=now)) is None
    assert await database.read(lambda c: accounts.find_session(c, accounts.digest(cookie.value), now=now))


async def test_a_session_ends(visited: Visited) -> None:
    els = await visited.as_("els")
    assert (await els.get("/desk")).status == 200
    visited.clock.now += 13 * 3600
    assert (await els.get("/desk")).headers["Location"].startswith("/desk/login?next=")


async def test_logging_out_ends_the_session(visited: Visited) -> None:
    els = await visited.as_("els")
    assert (await els.post("/desk/logout")).status == 303
    assert (await els.get("/desk")).status == 303


async def test_wrong_name_and_wrong_password_read_the_same(visited: Visited) -> None:
    pages = []
    for name in ("els", "nobody"):
        browser = await visited.browser()
        answer = await browser.post("/desk/login", data={"username": name, "password": "wrong-wrong"})
        assert answer.status == 401
        pages.append((await answer.text()).replace(f'value="{name}"', ""))
    assert pages[0] == pages[1]


async def test_a_wrong_password_is_on_record_and_a_name_that_nobody_has_only_counted(
    visited: Visited, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await visited.browser()
    for name in ("Els", "my-password-1", "my-password-2"):
        await browser.post("/desk/login", data={"username": name, "password": "wrong-wrong"})
    [entry] = await visited.site.database.read(accounts.audit_entries)
    els = await visited.site.database.read(lambda c: accounts.credentials(c, "els"))
    assert els
    assert (entry.deed, entry.actor, entry.data) == ("password_refused", els[0].id, {})
    assert [each.args for each in caplog.records if "nobody has" in each.msg] == [(2,), (3,)]
    assert "my-password" not in caplog.text
    for _ in range(FREE["account"] + 3):
        await browser.post("/desk/login", data={"username": "els", "password": "wrong-wrong"})
    assert len(await visited.site.database.read(accounts.audit_entries)) == FREE["account"], "what was tried"
    page = await (await visited.as_("admin")).text("/admin/audit?lang=nl&deed=password_refused")
    assert re.search("Een wachtwoord voor .*Els Vermeulen.* werd geweigerd", page)


async def test_unknown_accounts_cost_a_hash_too(visited: Visited) -> None:
    checked: list[str | None] = []
    passwords = visited.site.passwords
    check = passwords._check

    def spy(kept: str | None, password: str) -> bool:
        checked.append(kept)
        return check(kept, password)

    passwords._check = spy  # type: ignore[method-assign]
    for name in ("els", "nobody"):
        await (await visited.browser()).post(
            "/desk/login", data={"username": name, "password": "wrong-wrong"}
        )
    assert len(checked) == 2
    assert checked[1] is None
    assert not check(None, PASSWORD)


async def test_guessing_is_slowed_even_all_at_once(visited: Visited) -> None:
    browser = await visited.browser()

    async def guess(number: int) -> int:
        data = {"username": "els", "password": f"guess-number-{number}"}
        return (await browser.post("/desk/login", data=data)).status

    statuses = await asyncio.gather(*(guess(number) for number in range(30)))
    assert sorted(set(statuses)) == [401, 429]
    assert statuses.count(401) == FREE["account"]
    right = await browser.post(
        "/desk/login?lang=nl", data={"username": "els", "password": PASSWORD}, allow_redirects=False
    )
    assert right.status == 429
    assert re.search(r"Probeer het opnieuw over \d+ second(e|en)\.", await right.text())
    assert int(right.headers["Retry-After"]) >= 1
    visited.clock.now += 120
    right = await browser.post(
        "/desk/login", data={"username": "els", "password": PASSWORD}, allow_redirects=False
    )
    assert right.status == 303


async def test_guessing_many_names_from_one_address_is_slowed(visited: Visited) -> None:
    browser = await visited.browser()
    statuses = [
        (await browser.post("/desk/login", data={"username": f"n{n}", "password": "wrong-wrong"})).status
        for n in range(FREE["address"] + 3)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429


async def test_a_disabled_user_is_out_at_once(visited: Visited) -> None:
    els = await visited.as_("els")

    def disable(connection: object) -> None:
        user, _ = accounts.credentials(connection, "els")  # type: ignore[arg-type, misc]
        accounts.update_user(connection, user.id, disabled=True)  # type: ignore[arg-type]

    await visited.site.database.write(disable)
    assert (await els.get("/desk")).status == 303
    data = {"username": "els", "password": PASSWORD}
    assert (await (await visited.browser()).post("/desk/login", data=data)).status == 401


async def test_login_leads_nowhere_else(visited: Visited) -> None:
    for to in ("https://evil.example/", "//evil.example", "/\\evil.example", "/desk\r\nX: y"):
        data = {"username": "riet", "password": PASSWORD, "next": to}
        answer = await (await visited.browser()).post("/desk/login", data=data, allow_redirects=False)
        assert answer.headers["Location"] == "/review", to
    data["next"] = "/review?text=a"
    answer = await (await visited.browser()).post("/desk/login", data=data, allow_redirects=False)
    assert answer.headers["Location"] == "/review?text=a"


async def test_login_from_another_site_is_refused(visited: Visited) -> None:
    data = {"username": "els", "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = await (await visited.browser()).post("/desk/login", data=data, headers=headers)
        assert answer.status == 403, headers


async def test_over_https_the_cookie_is_secure(visited: Visited) -> None:
    import dataclasses

    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer

    from bot.web import login, setup
    from bot.web.site import SiteSettings

    settings = SiteSettings(public_url="https://balie.example")
    app = web.Application()
    setup.setup(app, dataclasses.replace(visited.site, settings=settings))
    app.add_routes(login.routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.post(
            "/desk/login", data={"username": "els", "password": PASSWORD}, allow_redirects=False
        )
    cookie = answer.cookies["__Host-balie_session"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert answer.headers["Strict-Transport-Security"]
