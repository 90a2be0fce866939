"""Who works here, as an administrator manages it: invitations, roles, who may not log in any more."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from bot.store import accounts, password_links
from bot.store.accounts import audit_entries
from bot.store.invitations import LASTS, list_invitations
from bot.store.two_step import begin_two_step, turn_on, two_step_of
from tests.fixtures_pages import PASSWORD, Person, Visited
from tests.fixtures_pages import on_both as visited

pytestmark = pytest.mark.slow  # many pages, over both databases

__all__ = ["visited"]

SEVERAL = {"username": "Nele", "name": "Nele Peeters", "email": "nele@example.org", "role": "reviewer"}
CHOSEN = {"new": "a password of words", "again": "a password of words"}


async def id_of(visited: Visited, username: str) -> str:
    found = await visited.site.database.read(lambda c: accounts.credentials(c, username))
    assert found is not None
    return found[0].id


async def deeds(visited: Visited) -> list[str]:
    entries = await visited.site.database.read(audit_entries)
    return [each.deed for each in reversed(entries) if each.deed not in ("login", "logout")]


async def invited(admin: Person, **changed: str) -> str:
    """The path of the link that the page shows."""
    answer = await admin.post("/admin/people", {**SEVERAL, **changed})
    assert answer.status == 303, await answer.text()
    page = await admin.text(answer.headers["Location"])
    found = re.search(r'value="https?://[^/"]+(/welcome/[\w-]+)"', page)
    assert found
    return found[1]


async def password_link(admin: Person, id_: str) -> str:
    """The path of the link that the page shows."""
    answer = await admin.post(f"/admin/people/{id_}/password-link")
    page = await admin.text(answer.headers["Location"])
    found = re.search(r'value="https?://[^/"]+(/password/[\w-]+)"', page)
    assert found
    return found[1]


# ── invitations ───────────────────────────────────────────────────────────────────────────────────────────


async def test_who_is_invited_chooses_a_password_and_is_in(visited: Visited) -> None:
    admin = await visited.as_("admin")
    path = await invited(admin)
    token = path.rpartition("/")[2]
    [kept] = await visited.site.database.read(list_invitations)
    assert token not in repr(kept), "only the hash is kept"
    assert path not in await admin.text("/admin/people"), "it is shown once"

    browser = await visited.browser()
    page = await (await browser.get(path)).text()
    assert "Nele Peeters" in page
    answer = await browser.post(path, data=CHOSEN, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/review")
    assert (await browser.get("/review", allow_redirects=False)).status == 200
    assert "Nele Peeters" in await admin.text("/admin/people")

    assert (await browser.get(path)).status == 404, "it works once"
    assert (await browser.post(path, data=CHOSEN)).status == 404
    again = await (await visited.browser()).post(
        "/desk/login", data={"username": "nele", "password": CHOSEN["new"]}, allow_redirects=False
    )
    assert again.status == 303
    assert await deeds(visited) == ["invite", "invite_accept"]


async def test_an_invitation_is_too_old_after_three_days(visited: Visited) -> None:
    admin = await visited.as_("admin")
    path = await invited(admin)
    visited.clock.now += LASTS
    browser = await visited.browser()
    assert (await browser.get(path)).status == 404
    assert (await browser.post(path, data=CHOSEN)).status == 404
    admin = await visited.as_("admin")
    assert path != await invited(admin), "the same person can be invited again"


async def test_a_withdrawn_invitation_counts_no_longer(visited: Visited) -> None:
    admin = await visited.as_("admin")
    path = await invited(admin)
    assert (await admin.post("/admin/people", SEVERAL)).status == 400, "one at a time"
    assert (await admin.post("/admin/withdraw", {"username": "nele"})).status == 303
    assert (await (await visited.browser()).get(path)).status == 404
    assert (await admin.post("/admin/withdraw", {"username": "nele"})).status == 303
    assert await deeds(visited) == ["invite", "invite_withdraw"]


@pytest.mark.parametrize("given", [
    {"new": "a password of words", "again": "another password"}, {"new": "short", "again": "short"}, {},
    {"new": "a password of words"},
])  # fmt: skip
async def test_a_password_that_cannot_be(visited: Visited, given: dict[str, str]) -> None:
    path = await invited(await visited.as_("admin"))
    browser = await visited.browser()
    answer = await browser.post(path, data=given)
    assert answer.status == 400
    assert 'role="alert"' in await answer.text()
    assert (await browser.get(path)).status == 200, "the invitation still counts"


@pytest.mark.parametrize("changed", [
    {"username": ""}, {"username": "two words"}, {"username": "x" * 65}, {"name": ""}, {"name": "x" * 101},
    {"email": "nobody"}, {"role": "boss"}, {"role": ""}, {"username": "ELS"},
])  # fmt: skip
async def test_an_invitation_that_cannot_be(visited: Visited, changed: dict[str, str]) -> None:
    admin = await visited.as_("admin")
    answer = await admin.post("/admin/people", {**SEVERAL, **changed})
    assert answer.status == 400
    page = await answer.text()
    assert 'role="alert"' in page
    if "email" not in changed:
        assert "nele@example.org" in page, "what was typed stays"
    assert await visited.site.database.read(list_invitations) == []


async def test_two_at_once_make_one_user(visited: Visited) -> None:
    path = await invited(await visited.as_("admin"))
    browsers = [await visited.browser() for _ in range(4)]
    answers = await asyncio.gather(*(b.post(path, data=CHOSEN, allow_redirects=False) for b in browsers))
    assert sorted(each.status for each in answers) == [303, 404, 404, 404]


async def test_a_name_that_was_taken_meanwhile(visited: Visited) -> None:
    path = await invited(await visited.as_("admin"))

    def take(connection: Any) -> None:
        accounts.create_user(
            connection, username="nele", name="N", password_hash="h", role="agent", now=visited.clock()
        )

    await visited.site.database.write(take)
    answer = await (await visited.browser()).post(path, data=CHOSEN, allow_redirects=False)
    assert answer.status == 409


async def test_a_page_of_another_site_cannot_use_the_link(visited: Visited) -> None:
    path = await invited(await visited.as_("admin"))
    answer = await (await visited.browser()).post(
        path, data=CHOSEN, headers={"Origin": "https://evil.example"}
    )
    assert answer.status == 403


async def test_a_link_that_counts_no_longer_says_whom_to_ask(visited: Visited) -> None:
    path = await invited(await visited.as_("admin"))
    assert (await (await visited.browser()).post(path, data=CHOSEN, allow_redirects=False)).status == 303
    browser = await visited.browser()
    pages = [await (await browser.get(each)).text() for each in (path, "/welcome/made-up")]
    assert 'data-testid="link-over"' in pages[0]
    assert pages[0].replace(path, "/welcome/made-up") == pages[1], "who guesses learns nothing"
    assert 'data-testid="link-over"' in await (await browser.post(path, data=CHOSEN)).text()


# ── deeds ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_another_role_means_logging_in_again(visited: Visited) -> None:
    admin, riet = await visited.as_("admin"), await visited.as_("riet")
    id_ = await id_of(visited, "riet")
    assert (await admin.post(f"/admin/people/{id_}/role", {"role": "editor"})).status == 303
    assert (await riet.get("/review")).status == 303, "the session ended"
    riet = await visited.as_("riet")
    assert (await riet.get("/review/corrections")).status == 200
    assert (await admin.post(f"/admin/people/{id_}/role", {"role": "editor"})).status == 303
    assert await deeds(visited) == ["user_role"], "the same role again is no deed"
    assert (await admin.post(f"/admin/people/{id_}/role", {"role": "boss"})).status == 400


async def test_who_is_disabled_is_out_and_what_they_had_waits_again(visited: Visited) -> None:
    conversation = await visited.conversation("c1", ["internet weg"])
    admin, els = await visited.as_("admin"), await visited.as_("els")
    assert (await els.post(f"/desk/c/{conversation}/claim")).status in (200, 204, 303)
    id_ = await id_of(visited, "els")
    assert (await admin.post(f"/admin/people/{id_}/disable")).status == 303
    assert (await els.get("/desk")).status == 303
    login = {"username": "els", "password": PASSWORD}
    assert (await (await visited.browser()).post("/desk/login", data=login)).status == 401
    [entry] = [
        each
        for each in await visited.site.database.read(audit_entries)
        if each.deed == "to_queue" and each.subject == f"conversation:{conversation}"
    ]
    assert entry.actor == await id_of(visited, "admin"), "who blocked them has done it"
    assert (await admin.post(f"/admin/people/{id_}/enable")).status == 303
    assert await visited.as_("els")
    assert "user_disable" in await deeds(visited)


async def test_ending_all_logins_of_somebody(visited: Visited) -> None:
    admin, one, two = await visited.as_("admin"), await visited.as_("els"), await visited.as_("els")
    assert (await admin.post(f"/admin/people/{await id_of(visited, 'els')}/log-out")).status == 303
    assert [(await each.get("/desk")).status for each in (one, two)] == [303, 303]
    assert (await admin.get("/admin/people")).status == 200


async def test_the_page_says_what_was_done_and_asks_before_it_blocks(visited: Visited) -> None:
    admin, id_ = await visited.as_("admin"), await id_of(visited, "els")
    assert 'data-testid="disable-sure"' in await admin.text(f"/admin/people/{id_}")
    for deed, given in (("role", {"role": "lead"}), ("log-out", {}), ("disable", {}), ("enable", {})):
        answer = await admin.post(f"/admin/people/{id_}/{deed}", given)
        assert 'data-testid="done"' in await admin.text(answer.headers["Location"]), deed
    answer = await admin.post(f"/admin/people/{id_}/enable")
    assert 'data-testid="done"' not in await admin.text(answer.headers["Location"]), "nothing was done"
    assert 'data-testid="done"' not in await admin.text(f"/admin/people/{id_}?done=promote")


async def test_who_forgot_the_password_chooses_another(visited: Visited) -> None:
    admin, els, id_ = await visited.as_("admin"), await visited.as_("els"), await id_of(visited, "els")
    path = await password_link(admin, id_)
    assert path not in await admin.text(f"/admin/people/{id_}"), "it is shown once"
    assert (await els.get("/desk")).status == 200, "who made it up can still work"
    browser = await visited.browser()
    assert (await browser.post(path, data={"new": "short", "again": "short"})).status == 400
    answer = await browser.post(path, data=CHOSEN, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk")
    assert (await els.get("/desk")).status == 303, "every other login ended"
    for password, status in ((PASSWORD, 401), (CHOSEN["new"], 303)):
        login = {"username": "els", "password": password}
        answer = await (await visited.browser()).post("/desk/login", data=login, allow_redirects=False)
        assert answer.status == status
    again = await browser.get(path)
    assert (again.status, "link-over" in await again.text()) == (404, True), "it works once"
    assert (await browser.post(path, data=CHOSEN)).status == 404
    assert await deeds(visited) == ["password_link", "password_chosen", "password_refused"]


async def test_a_new_password_does_not_take_the_place_of_the_second_step(visited: Visited) -> None:
    id_ = await id_of(visited, "els")

    def turn(connection: Any) -> None:
        begin_two_step(connection, id_, "SECRET")
        turn_on(connection, id_, "SECRET", step=1, codes=["h"], now=visited.clock())

    await visited.site.database.write(turn)
    path, browser = await password_link(await visited.as_("admin"), id_), await visited.browser()
    answer = await browser.post(path, data=CHOSEN, allow_redirects=False)
    assert answer.headers["Location"] == "/desk/login/code"
    assert (await browser.get("/desk", allow_redirects=False)).status == 303, "not in yet"


@pytest.mark.parametrize("deed", ["disable", "log-out", "password-link"])
async def test_a_link_that_something_came_after_counts_no_longer(visited: Visited, deed: str) -> None:
    admin, id_ = await visited.as_("admin"), await id_of(visited, "els")
    path = await password_link(admin, id_)
    await admin.post(f"/admin/people/{id_}/{deed}")
    await admin.post(f"/admin/people/{id_}/enable")
    assert (await (await visited.browser()).post(path, data=CHOSEN)).status == 404


async def test_a_link_for_a_password_counts_for_a_day(visited: Visited) -> None:
    path = await password_link(await visited.as_("admin"), await id_of(visited, "els"))
    visited.clock.now += password_links.LASTS
    assert (await (await visited.browser()).get(path)).status == 404


async def test_no_link_for_oneself_or_who_may_not_log_in(visited: Visited) -> None:
    admin, els = await visited.as_("admin"), await id_of(visited, "els")
    me = await id_of(visited, "admin")
    assert (await admin.post(f"/admin/people/{me}/password-link")).status == 409
    await admin.post(f"/admin/people/{els}/disable")
    assert "password-link" not in await admin.text(f"/admin/people/{els}")
    for id_ in (els, "nobody"):
        assert (await admin.post(f"/admin/people/{id_}/password-link")).status == 404


async def test_resetting_the_second_step(visited: Visited) -> None:
    id_ = await id_of(visited, "els")

    def turn(connection: Any) -> None:
        begin_two_step(connection, id_, "SECRET")
        turn_on(connection, id_, "SECRET", step=1, codes=["h"], now=visited.clock())

    await visited.site.database.write(turn)
    admin = await visited.as_("admin")
    assert "two-step-off" in await admin.text(f"/admin/people/{id_}")
    assert (await admin.post(f"/admin/people/{id_}/two-step-off")).status == 303
    assert await visited.site.database.read(lambda c: two_step_of(c, id_)) is None
    assert await visited.as_("els"), "the password is enough again"
    assert await deeds(visited) == ["two_step_reset"]


async def test_nobody_does_anything_to_oneself(visited: Visited) -> None:
    admin = await visited.as_("admin")
    id_ = await id_of(visited, "admin")
    page = await admin.text(f"/admin/people/{id_}")
    assert "/role" not in page
    for deed in ("role", "disable", "enable", "log-out", "two-step-off", "password-link"):
        assert (await admin.post(f"/admin/people/{id_}/{deed}", {"role": "agent"})).status == 409, deed
    assert (await admin.get("/admin/people")).status == 200
    assert await deeds(visited) == []


async def test_two_administrators_cannot_put_each_other_out(visited: Visited) -> None:
    ada = await visited.as_("admin")
    lena = await id_of(visited, "lena")
    await ada.post(f"/admin/people/{lena}/role", {"role": "admin"})
    other, me = await visited.as_("lena"), await id_of(visited, "admin")
    answers = await asyncio.gather(
        ada.post(f"/admin/people/{lena}/disable"), other.post(f"/admin/people/{me}/role", {"role": "agent"})
    )
    done = [each for each in answers if each.headers.get("Location", "").startswith("/admin/")]
    assert len(done) == 1, [(each.status, each.headers.get("Location")) for each in answers]
    left = await visited.site.database.read(lambda c: accounts.count_users(c, role="admin"))
    assert left == 1


async def test_what_is_not_there(visited: Visited) -> None:
    admin = await visited.as_("admin")
    assert (await admin.get("/admin/people/nobody")).status == 404
    assert (await admin.post("/admin/people/nobody/disable")).status == 404
    assert (await admin.post(f"/admin/people/{await id_of(visited, 'els')}/promote")).status == 404
    assert (await admin.get("/admin")).headers["Location"] == "/admin/people"


async def test_forms_need_the_token_of_the_session(visited: Visited) -> None:
    admin = await visited.as_("admin")
    id_ = await id_of(visited, "els")
    for path in ("/admin/people", "/admin/withdraw", f"/admin/people/{id_}/disable", "/admin/tokens"):
        assert (await admin.post(path, {"csrf": "forged", **SEVERAL})).status == 403, path
    assert await deeds(visited) == []
