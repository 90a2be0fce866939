"""One's own account: the password, where one is logged in, and the second step of a login."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest

from bot.store import accounts
from bot.store.accounts import audit_entries
from bot.store.schema_people import recovery_codes, two_step
from bot.web.attempts import FREE
from bot.web.second_step import LASTS
from tests.fixtures_pages import PASSWORD, Person, Visited
from tests.fixtures_pages import on_both as visited

pytestmark = pytest.mark.slow  # passwords and codes, over both databases

__all__ = ["visited"]

NEW = "another password of words"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"


async def deeds(visited: Visited) -> list[str]:
    entries = await visited.site.database.read(audit_entries)
    return [each.deed for each in reversed(entries) if each.deed not in ("login", "logout")]


async def log_in(visited: Visited, password: str = PASSWORD, username: str = "els") -> Any:
    """A browser, and the answer to name and password."""
    browser = await visited.browser()
    data = {"username": username, "password": password}
    return browser, await browser.post(
        "/desk/login", data=data, allow_redirects=False, headers={"User-Agent": FIREFOX}
    )


async def with_two_steps(visited: Visited) -> tuple[Person, pyotp.TOTP, list[str]]:
    """Els with the second step on, what her app computes, and her codes on paper."""
    els = await visited.as_("els")
    assert (await els.post("/account/two-step/begin", {"password": PASSWORD})).status == 303
    page = await els.text("/account/two-step")
    secret = re.search(r'data-testid="secret">([A-Z2-7 ]+)<', page)
    assert secret
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    answer = await els.post("/account/two-step/confirm", {"code": app.at(int(visited.clock()))})
    assert answer.status == 200, await answer.text()
    codes = re.findall(r"<li>([a-z2-7-]{19})</li>", await answer.text())
    assert len(set(codes)) == 10
    visited.clock.now += 90
    return els, app, codes


# ── password and logins ───────────────────────────────────────────────────────────────────────────────────


async def test_another_password_ends_every_other_login(visited: Visited) -> None:
    els, other = await visited.as_("els"), await visited.as_("els")
    change = {"password": PASSWORD, "new": NEW, "again": NEW}
    answer = await els.post("/account/password", change)
    assert answer.headers["Location"] == "/account?done=password"
    assert (await els.get("/account")).status == 200
    assert (await other.get("/account")).status == 303
    assert (await log_in(visited))[1].status == 401
    assert (await log_in(visited, NEW))[1].status == 303
    assert await deeds(visited) == ["password", "password_refused"]


@pytest.mark.parametrize("changed", [
    {"password": "not the password"}, {"password": ""}, {"again": "not the same one"},
    {"new": "short", "again": "short"}, {"new": "password123", "again": "password123"},
    {"new": "els-els-els", "again": "els-els-els"},
])  # fmt: skip
async def test_a_password_that_is_not_changed(visited: Visited, changed: dict[str, str]) -> None:
    els = await visited.as_("els")
    answer = await els.post("/account/password", {"password": PASSWORD, "new": NEW, "again": NEW, **changed})
    assert answer.status == 400
    assert 'role="alert"' in await answer.text()
    assert (await log_in(visited))[1].status == 303
    assert (await els.get("/account/password")).status == 200, "loading it again leads nowhere bad"


async def test_guessing_the_old_password_is_slowed(visited: Visited) -> None:
    els = await visited.as_("els")
    for _ in range(FREE["account"]):
        await els.post("/account/password", {"password": "wrong wrong", "new": NEW, "again": NEW})
    answer = await els.post("/account/password", {"password": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status == 400
    assert (await log_in(visited, NEW))[1].status == 429
    assert await deeds(visited) == ["password_refused"] * FREE["account"]


async def test_logins_are_listed_and_ended(visited: Visited) -> None:
    here, other = await visited.as_("els"), await visited.as_("els")
    third, answer = await log_in(visited)
    assert answer.status == 303
    page = await here.text("/account")
    assert page.count('data-testid="login"') == 3
    assert "Firefox, Windows" in page
    assert FIREFOX not in page
    ids = re.findall(r'name="login" value="(\w+)"', page)
    assert len(ids) == 2, "not the one that one looks with"
    riet = await visited.as_("riet")
    assert (await riet.post("/account/logins/end", {"login": ids[0]})).status == 303
    assert (await here.text("/account")).count('data-testid="login"') == 3, "not a stranger's"
    assert (await here.post("/account/logins/end", {"login": ids[0]})).status == 303
    left = [(await each.get("/account", allow_redirects=False)).status for each in (other.client, third)]
    assert sorted(left) == [200, 303]
    assert (await here.post("/account/logins/end-others")).status == 303
    assert (await here.text("/account")).count('data-testid="login"') == 1
    left = [(await each.get("/account", allow_redirects=False)).status for each in (other.client, third)]
    assert left == [303, 303]


# ── the second step ───────────────────────────────────────────────────────────────────────────────────────


async def test_the_code_is_asked_after_the_password(visited: Visited) -> None:
    _, app, _ = await with_two_steps(visited)
    browser, answer = await log_in(visited)
    assert answer.headers["Location"] == "/desk/login/code"
    assert not any(c.key == "balie_session" for c in browser.session.cookie_jar)
    assert (await browser.get("/desk", allow_redirects=False)).status == 303, "half a login opens nothing"
    wrong = await browser.post("/desk/login/code", data={"code": "000000"})
    assert wrong.status == 401
    right = await browser.post(
        "/desk/login/code",
        data={"code": app.at(int(visited.clock())), "next": "/review"},
        allow_redirects=False,
    )
    assert right.headers["Location"] == "/review"
    assert (await browser.get("/desk", allow_redirects=False)).status == 200
    assert await deeds(visited) == ["two_step_on", "code_refused"]


async def test_a_code_counts_once(visited: Visited) -> None:
    _, app, _ = await with_two_steps(visited)
    code = app.at(int(visited.clock()))
    earlier = app.at(int(visited.clock()) - 30)
    browser, _ = await log_in(visited)
    assert (await browser.post("/desk/login/code", data={"code": code}, allow_redirects=False)).status == 303
    for again in (code, earlier):
        browser, _ = await log_in(visited)
        assert (await browser.post("/desk/login/code", data={"code": again})).status == 401


async def test_a_code_of_the_step_before_counts_and_older_ones_do_not(visited: Visited) -> None:
    _, app, _ = await with_two_steps(visited)
    browser, _ = await log_in(visited)
    old = app.at(int(visited.clock()) - 60)
    assert (await browser.post("/desk/login/code", data={"code": old})).status == 401
    spaced = app.at(int(visited.clock()) - 30)
    data = {"code": f" {spaced[:3]} {spaced[3:]} "}
    assert (await browser.post("/desk/login/code", data=data, allow_redirects=False)).status == 303


async def test_a_recovery_code_counts_once(visited: Visited) -> None:
    els, _, codes = await with_two_steps(visited)
    browser, _ = await log_in(visited)
    data = {"code": codes[3].upper().replace("-", " ")}
    assert (await browser.post("/desk/login/code", data=data, allow_redirects=False)).status == 303
    browser, _ = await log_in(visited)
    assert (await browser.post("/desk/login/code", data=data)).status == 401
    assert ": 9" in await els.text("/account?lang=nl")
    assert await deeds(visited) == ["two_step_on", "code_used", "code_refused"]
    kept = await visited.site.database.read(lambda c: c.execute(recovery_codes.select()).all())
    assert codes[0].replace("-", "") not in repr(kept)


async def test_guessing_codes_is_slowed_like_passwords(visited: Visited) -> None:
    _, app, _ = await with_two_steps(visited)
    browser, _ = await log_in(visited)
    statuses = [
        (await browser.post("/desk/login/code", data={"code": f"{n:06}"})).status
        for n in range(FREE["code"] + 1)
    ]
    assert statuses == [401] * FREE["code"] + [429]
    right = await browser.post("/desk/login/code", data={"code": app.at(int(visited.clock()))})
    assert right.status == 429
    assert int(right.headers["Retry-After"]) >= 1
    browser, answer = await log_in(visited)
    assert answer.status == 303, "the password is right"
    code = {"code": app.at(int(visited.clock()))}
    assert (await browser.post("/desk/login/code", data=code)).status == 429, (
        "and opens no other way to guess"
    )
    visited.clock.now += 120
    browser, _ = await log_in(visited)
    code = {"code": app.at(int(visited.clock()))}
    assert (await browser.post("/desk/login/code", data=code, allow_redirects=False)).status == 303


async def test_a_right_password_is_no_failed_attempt(visited: Visited) -> None:
    _, app, _ = await with_two_steps(visited)
    for _ in range(FREE["account"] + 2):
        browser, answer = await log_in(visited)
        assert answer.headers["Location"] == "/desk/login/code"
    code = {"code": app.at(int(visited.clock()))}
    assert (await browser.post("/desk/login/code", data=code, allow_redirects=False)).status == 303
    assert "code_refused" not in await deeds(visited)


async def test_half_a_login_is_soon_too_old(visited: Visited) -> None:
    _, app, _ = await with_two_steps(visited)
    browser, _ = await log_in(visited)
    visited.clock.now += LASTS
    code = {"code": app.at(int(visited.clock()))}
    answer = await browser.post("/desk/login/code", data=code, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/login")
    stranger = await visited.browser()
    answer = await stranger.get("/desk/login/code", allow_redirects=False)
    assert answer.headers["Location"] == "/desk/login"


async def test_a_new_password_ends_half_a_login(visited: Visited) -> None:
    els, app, _ = await with_two_steps(visited)
    browser, _ = await log_in(visited)
    await els.post("/account/password", {"password": PASSWORD, "new": NEW, "again": NEW})
    code = {"code": app.at(int(visited.clock()))}
    answer = await browser.post("/desk/login/code", data=code, allow_redirects=False)
    assert answer.headers["Location"] == "/desk/login"


async def test_it_is_on_only_after_a_right_code(visited: Visited) -> None:
    els = await visited.as_("els")
    assert (await els.post("/account/two-step/begin", {"password": "not mine at all"})).status == 400
    assert (await els.get("/account/two-step")).status == 303, "nothing was begun"
    assert (await els.get("/account/two-step/picture.svg")).status == 404
    await els.post("/account/two-step/begin", {"password": PASSWORD})
    picture = await els.get("/account/two-step/picture.svg")
    assert picture.content_type == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert "<script" not in await picture.text()
    assert (await els.post("/account/two-step/confirm", {"code": "000000"})).status == 400
    assert (await log_in(visited))[1].headers["Location"] == "/desk", "the password is still enough"
    assert await deeds(visited) == ["password_refused"]


async def test_turning_it_on_ends_every_other_login(visited: Visited) -> None:
    other, riet = await visited.as_("els"), await visited.as_("riet")
    els, _, _ = await with_two_steps(visited)
    assert (await els.get("/account")).status == 200
    assert (await other.get("/account")).status == 303
    assert (await riet.get("/account")).status == 200


async def test_the_secret_is_shown_no_more_once_it_is_on(visited: Visited) -> None:
    els, _, _ = await with_two_steps(visited)
    kept = await visited.site.database.read(lambda c: c.execute(two_step.select()).one())
    for path in ("/account/two-step", "/account/two-step/confirm"):
        assert (await els.get(path)).status == 303
    assert (await els.get("/account/two-step/picture.svg")).status == 404
    assert kept.secret not in await els.text("/account")
    assert (await els.post("/account/two-step/begin", {"password": PASSWORD})).status == 409


async def test_turning_it_off_takes_the_password_and_a_code(visited: Visited) -> None:
    els, app, codes = await with_two_steps(visited)
    code = app.at(int(visited.clock()))
    off = "/account/two-step/off"
    assert (await els.post(off, {"password": "not mine at all", "code": code})).status == 400
    assert (await els.post(off, {"password": PASSWORD, "code": "000000"})).status == 400
    assert (await log_in(visited))[1].headers["Location"] == "/desk/login/code"
    answer = await els.post(off, {"password": PASSWORD, "code": code})
    assert answer.headers["Location"] == "/account?done=two_step_off"
    assert (await log_in(visited))[1].headers["Location"] == "/desk"
    browser, _ = await log_in(visited)
    assert (
        await browser.post("/desk/login/code", data={"code": codes[0]}, allow_redirects=False)
    ).status == 303
    left = await visited.site.database.read(lambda c: c.execute(recovery_codes.select()).all())
    assert left == []
    assert await deeds(visited) == ["two_step_on", "password_refused", "code_refused", "two_step_off"]


async def test_a_disabled_user_does_not_finish_half_a_login(visited: Visited) -> None:
    _, app, _ = await with_two_steps(visited)
    browser, _ = await log_in(visited)

    def disable(connection: Any) -> None:
        found = accounts.credentials(connection, "els")
        assert found
        accounts.update_user(connection, found[0].id, disabled=True)

    await visited.site.database.write(disable)
    code = {"code": app.at(int(visited.clock()))}
    answer = await browser.post("/desk/login/code", data=code, allow_redirects=False)
    assert answer.headers["Location"] == "/desk/login"
