"""API tokens, the audit log and health, as administrators see them."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
import re
from typing import Any

from sqlalchemy import event

from bot.service.heartbeat import Process
from bot.service.schedule import ALARM_AFTER
from bot.store import accounts
from bot.store.leases import acquire_lease
from bot.web.running import Running
from bot.web.site import SITE
from bot.web.texts import TABLES, words
from handoff.admin.once import COOKIE
from handoff.admin.sentences import DEEDS, deed_key
from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited

__all__ = ["visited"]


async def note(visited: Visited, **line: Any) -> None:
    values = {"actor": "x", "deed": "read", "subject": "conversation:abc", "now": visited.clock(), **line}
    await visited.site.database.write(lambda c: accounts.audit(c, **values))


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_token_is_shown_once_counts_and_is_revoked(visited: Visited) -> None:
    admin = await visited.as_("admin")
    answer = await admin.post("/admin/tokens", {"name": "statistics"})
    assert (answer.status, answer.headers["Location"]) == (303, "/admin/tokens"), "a reload makes no other"
    kept = answer.cookies[COOKIE]
    assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "Strict", "60")
    found = re.search(r'readonly value="([\w-]{43})"', await admin.text("/admin/tokens"))
    assert found
    assert found[1] not in await admin.text("/admin/tokens")
    bearer = {"Authorization": f"Bearer {found[1]}"}
    program = await visited.browser()
    assert (await program.get("/api/v1/tickets", headers=bearer)).status == 200
    page = await admin.text("/admin/tokens?lang=en")
    assert "Never" not in page, "it was used"
    assert (await admin.post("/admin/tokens", {"name": "statistics"})).status == 400
    [id_] = re.findall(r"/admin/tokens/([\w-]+)/revoke", page)
    assert re.search(
        r'<summary[^>]*>Revoke…</summary>\s*<p>[^<]+</p><button[^>]* data-testid="revoke">', page
    ), "asked first"
    assert (await admin.post(f"/admin/tokens/{id_}/revoke")).status == 303
    assert (await program.get("/api/v1/tickets", headers=bearer)).status == 401
    assert (await admin.post("/admin/tokens", {"name": "statistics"})).status == 303, "the name is free"
    entries = await visited.site.database.read(accounts.audit_entries)
    made = [each for each in entries if each.deed.startswith("token")]
    assert [each.deed for each in made] == ["token_create", "token_revoke", "token_create"]
    assert all(each.data == {"name": "statistics"} for each in made)
    assert found[1] not in repr(entries)


async def test_a_cookie_that_somebody_else_has_set_shows_nothing(visited: Visited) -> None:
    admin = await visited.as_("admin")
    admin.client.session.cookie_jar.update_cookies({COOKIE: "made-up"})
    for path in ("/admin/tokens", "/admin/people"):
        page = await admin.text(path)
        assert "made-up" not in page
        assert 'data-testid="once"' not in page


async def test_a_token_that_cannot_be(visited: Visited) -> None:
    admin = await visited.as_("admin")
    for name in ("", "   ", "x" * 65, "a\nb"):
        assert (await admin.post("/admin/tokens", {"name": name})).status == 400, name
    assert (await admin.post("/admin/tokens/nothing/revoke")).status == 303
    assert await visited.site.database.read(accounts.list_tokens) == []


# ── the log ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_log_reads_as_sentences_in_every_language(visited: Visited) -> None:
    els = await visited.site.database.read(lambda c: accounts.credentials(c, "els"))
    assert els
    await note(visited, actor=els[0].id, deed="claim", subject="conversation:abc")
    await note(
        visited, actor="command line", deed="user_role", subject=f"user:{els[0].id}", data={"role": "lead"}
    )
    await note(visited, actor="<b>x</b>", deed="something {new}", subject="thing:<i>")
    admin = await visited.as_("admin")
    page = await admin.text("/admin/audit?lang=nl")
    assert '<span class="strong">Els Vermeulen</span> nam <a href="/review/abc">gesprek abc</a>' in page
    assert (
        f'De opdrachtregel</span> gaf <a href="/admin/people/{els[0].id}">Els Vermeulen</a> een andere rol'
        in page
    )
    assert "Teamleider" in page
    assert "&lt;b&gt;x&lt;/b&gt;</span>: something {new}" in page
    assert "took <a" in await admin.text("/admin/audit?lang=en")
    assert "a pris <a" in await admin.text("/admin/audit?lang=fr")


async def test_what_was_edited_is_called_what_people_call_it(visited: Visited) -> None:
    admin = await visited.as_("admin")
    await note(visited, deed="article_edit", subject="article:printer-drukt-niet-af")
    await note(visited, deed="agreement_edit", subject="agreement:hours")
    page = await admin.text("/admin/audit?lang=nl")
    assert "artikel printer-drukt-niet-af" in page
    assert "de openingsuren" in page


def test_every_known_deed_has_a_sentence() -> None:
    for language in TABLES:
        for deed in DEEDS:
            said = words(language)(deed_key(deed)).format(who="WHO", what="WHAT")
            assert "WHO" in said
    known = {deed_key(each) for each in DEEDS}
    assert {key for key in TABLES["nl"] if key.startswith("deed.")} == known


async def test_the_log_is_filtered_and_paged(visited: Visited) -> None:
    for n in range(120):
        await note(visited, actor="ann" if n % 2 else "bob", subject=f"conversation:c{n}x")
    visited.clock.now += 86_400
    await note(visited, deed="erase", subject="customer:later")
    admin = await visited.as_("admin")

    async def lines(query: str) -> list[str]:
        return re.findall(r"/review/(c\d+x)|klant (\w+)", await admin.text(f"/admin/audit?lang=nl&{query}"))

    page = await admin.text("/admin/audit?actor=ann")
    shown = re.findall(r'href="/review/(c\d+x)"', page)
    assert (shown[0], len(shown)) == ("c119x", 50)
    older = re.search(r'href="(/admin/audit\?[^"]*before=\d+)"', page)
    assert older
    rest = re.findall(r'href="/review/(c\d+x)"', await admin.text(older[1].replace("&amp;", "&")))
    assert (rest[0], rest[-1], len(rest)) == ("c19x", "c1x", 10)
    assert await lines("deed=erase") == [("", "later")]
    day = re.search(r'datetime="(\d{4}-\d\d-\d\d)', await admin.text("/admin/audit?actor=ann"))
    assert day
    assert len(await lines(f"until={day[1]}")) == 50
    assert await lines(f"since={day[1]}&until={day[1]}&deed=erase") == []
    for nonsense in (
        "since=yesterday",
        "before=x",
        "before=9999999999999999999",
        "until=0001-01-01",
        "actor=%00",
    ):
        assert (await admin.get(f"/admin/audit?{nonsense}")).status == 200, nonsense


async def test_the_file_has_the_same_lines_without_formulas(visited: Visited) -> None:
    await note(visited, actor="=cmd()", deed="+deed", subject="@x", data={"name": "=1+1"})
    admin = await visited.as_("admin")
    answer = await admin.get("/admin/audit.csv?deed=%2Bdeed")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="balie-audit-')
    text = (await answer.read()).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text), delimiter=";")
    assert len(head) == len(row) == 8
    assert row[2] == "'=cmd()"
    assert row[5:] == ["'+deed", "'@x", "name==1+1"]


async def test_the_log_s_filter_offers_deeds_in_words(visited: Visited) -> None:
    admin = await visited.as_("admin")
    for language, said in (
        (
            "nl",
            ("Iemand nam een gesprek over", "Iemand blokkeerde een gebruiker", "Iemand wijzigde een ticket"),
        ),
        (
            "fr",
            (
                "Quelqu’un a pris une conversation en charge",
                "Quelqu’un s’est connecté",
                "Quelqu’un a changé le rôle d’un utilisateur",
            ),
        ),
        ("en", ("Somebody blocked a user", "Somebody erased", "Somebody made an account for a user")),
    ):
        page = await admin.text(f"/admin/audit?lang={language}")
        options = re.findall(r"<option[^>]*>([^<]*)</option>", page)
        assert not [each for each in options if "…" in each]
        for each in said:
            assert [option for option in options if option.startswith(each)], each


# ── health ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_health_shows_who_serves_and_works(visited: Visited) -> None:
    running = Running(model="a" * 16, process="mine")
    visited.app._state[SITE] = dataclasses.replace(visited.site, running=lambda: running)  # type: ignore[attr-defined]
    now = visited.clock()

    async def beat(id_: str, host: str, *, serves: bool, model: str, seen: float) -> None:
        what = Process(id_, host, 42, serves, model, now - 3600, seen)
        await visited.site.bus.keep_alive(id_, dataclasses.asdict(what), 60)

    await beat("other", "beta", serves=False, model="b" * 16, seen=now - 100)
    await beat("mine", "alpha", serves=True, model="a" * 16, seen=now - 5)
    for name, holder in (("schedule", "mine"), ("retention", "other")):
        take = functools.partial(acquire_lease, name=name, holder=holder, now=now, seconds=90)
        await visited.site.database.write(take)
    part = await (await visited.as_("admin")).text("/admin/health/now?lang=nl")
    text = re.sub(r"<[^>]+>", "", part)
    assert re.search(r"Planning\s*dit proces", text), text
    assert "een ander proces (beta 42)" in text
    first, second = re.findall(r'data-testid="process">.*?</tr>', part, re.DOTALL)
    for said in ("alpha", "deze server", "webserver en worker", "zonet", "aaaaaaaaaaaa"):
        assert said in first, said
    assert "ander model" not in first
    for said in ("beta", "antwoordt niet meer", "ander model", "1 min geleden"):
        assert said in second, said
    assert "deze server" not in second


async def test_health_shows_what_waits_and_what_runs(visited: Visited) -> None:
    running = Running(
        version="9.9.9", bus="local", data="/srv/pack", contents={"intents": 57, "flows": 12, "articles": 44},
        model="0123456789abcdef", trained_at=visited.clock() - 60, sockets={"web": 3, "rest": None},
    )  # fmt: skip
    site = dataclasses.replace(visited.site, running=lambda: running)
    visited.app._state[SITE] = site  # type: ignore[attr-defined]
    await visited.conversation("c1", ["internet weg"])
    admin = await visited.as_("admin")
    page = await admin.text("/admin/health?lang=en")
    assert 'hx-get="/admin/health/now"' in page
    for said in (
        "9.9.9",
        "0123456789ab",
        "57",
        "open connections: 3",
        "/srv/pack",
        {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[site.database.dialect],
        "Network",
        "works as it",
    ):
        assert said in page, said
    part = await admin.text("/admin/health/now")
    assert "<html" not in part
    assert 'data-testid="process"' not in part
    assert "Network" in part


async def test_health_says_who_waits_too_long_without_calling_the_software_broken(visited: Visited) -> None:
    for sender in ("c1", "c2"):
        await visited.conversation(sender, ["internet weg"])
    admin = await visited.as_("admin")
    visited.clock.now += ALARM_AFTER - 1
    assert 'data-testid="health-waits"' not in await admin.text("/admin/health/now")
    visited.clock.now += 9
    part = await admin.text("/admin/health/now?lang=en")
    found = re.search(r'data-testid="health-waits">(.*?)</div>', part, re.DOTALL)
    assert found
    assert "2 customers have waited longer than 10 min" in found[1].replace("\xa0", " ")
    assert "Balie itself works as it should" in found[1]
    assert 'data-testid="health-state"' not in part


async def test_health_and_the_log_say_what_the_last_night_took(visited: Visited) -> None:
    admin = await visited.as_("admin")
    assert 'data-testid="cleaned"' not in await admin.text("/admin/health/now")
    night = {"actor": accounts.BY_RULE, "deed": "retention", "subject": ""}
    await note(visited, **night, data={"conversations": 12})
    await note(visited, **night, data={"tickets": 3, "audit_log": 40})
    part = await admin.text("/admin/health/now?lang=en")
    found = re.search(r'data-testid="cleaned">(.*?)</dd>', part, re.DOTALL)
    assert found
    assert "Tickets: 3 · Audit log: 40" in found[1]
    page = await admin.text("/admin/audit?lang=en&actor=rule")
    assert page.count('data-testid="audit-line"') == 2
    assert "Conversations: 12" in page
    assert '<option value="retention">Balie, by rule: the nightly clean-up</option>' in page


async def test_pages_take_a_fixed_number_of_queries(visited: Visited) -> None:
    admin = await visited.as_("admin")
    counted: dict[str, list[int]] = {}
    backend: Any = visited.site.database._backend
    engine = backend._reader if visited.site.database.dialect == "sqlite" else backend._engine
    queries = [0]

    def count(*_: object) -> None:
        queries[0] += 1

    for _ in range(2):
        for path in ("/admin/people", "/admin/tokens", "/admin/audit", "/admin/health", "/account"):
            await admin.text(path)
            event.listen(engine, "before_cursor_execute", count)
            queries[0] = 0
            await admin.text(path)
            event.remove(engine, "before_cursor_execute", count)
            counted.setdefault(path, []).append(queries[0])
        for n in range(20):
            await note(visited, subject=f"conversation:{n}")
            await admin.post("/admin/tokens", {"name": f"t{n}"})
            await admin.post("/admin/people", {"username": f"u{n}", "name": "N", "role": "agent"})
    assert {path: each[0] for path, each in counted.items()} == {
        path: each[1] for path, each in counted.items()
    }
    assert all(numbers[0] for numbers in counted.values())


async def test_only_administrators_come_here(visited: Visited) -> None:
    for name in ("els", "riet", "edwin", "lena"):
        person = await visited.as_(name)
        for path in (
            "/admin",
            "/admin/people",
            "/admin/tokens",
            "/admin/audit",
            "/admin/audit.csv",
            "/admin/health",
        ):
            assert (await person.get(path)).status == 403, f"{name} {path}"
        assert (await person.get("/account")).status == 200
        assert 'href="/admin"' not in await person.text("/account")


# ── agreements ────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_agreements_are_those_of_the_files(visited: Visited) -> None:
    admin = await visited.as_("admin")
    page = await admin.text("/admin/agreements?lang=nl")
    assert page.count('data-testid="team"') == len(visited.site.agreements.policy.teams)
    assert page.count('data-testid="reply"') == len(visited.site.agreements.canned.replies)
    assert page.count('data-testid="macro"') == len(visited.site.agreements.canned.macros)
    assert "op weekdagen van 8.30 tot 17.00 uur" in page
    closed = re.search(r'data-testid="closed">([^<]+)<', page)
    assert closed
    days = closed[1].split(" · ")
    assert {"1 jan 2027", "11 jul 2027", "25 dec", "26 dec"} <= set(days)
    assert len(days) == len(set(days)) < 30
    assert "1095 dagen" in page
    for language in ("fr", "en"):
        assert 'data-testid="team"' in await admin.text(f"/admin/agreements?lang={language}")
