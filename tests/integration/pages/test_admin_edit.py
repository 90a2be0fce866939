"""What is agreed, edited in forms: it counts at once, for everybody, and nothing that is wrong is kept."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import update

from bot.source.nodes import parse
from bot.store.schema import conversations
from bot.web.texts import words
from handoff.admin.edit.pages import EDITORS
from tests.fixtures_pages import POLICY_FILES, Person, Visited, visited

pytestmark = pytest.mark.slow  # many forms, over both databases

__all__ = ["visited"]

HOME = "/admin/agreements"
ADDRESSES = ("team/network", "team", "routing", "hours", "reply/hello", "reply", "macro/no-answer", "macro")
ADDRESSES += ("retention", "presence")
BLOCK = re.compile(r'data-testid="edit-form">(.*?)</form>', re.DOTALL)


def filled_in(page: str) -> list[tuple[str, str]]:
    """What a browser would send of the page's form, without a button."""
    found = BLOCK.search(page)
    assert found, page[:2000]
    # A textarea or a select is matched up to its own end, an input alone.
    html = re.sub(r"(<input\b[^>]*>)", r"\1\n", found[1])
    sent: list[tuple[str, str]] = []
    for kind, attributes, inside in re.findall(
        r"<(input|textarea|select)\b([^>]*)>((?:(?!<input|<textarea|<select).)*)", html, re.DOTALL
    ):
        given = dict(re.findall(r'([\w.-]+)="([^"]*)"', attributes))
        if kind == "input" and given.get("type") == "checkbox" and " checked" not in attributes:
            continue
        value = given.get("value", "")
        if kind == "textarea":
            value = inside.split("</textarea>")[0]
        elif kind == "select":
            options = re.findall(r"<option([^>]*)>([^<]*)", inside)
            chosen = next((each for each in options if "selected" in each[0]), options[0])
            valued = re.search(r'value="([^"]*)"', chosen[0])
            value = valued[1] if valued else chosen[1]
        sent.append((given["name"], unescape(value)))
    return sent


async def send(admin: Person, address: str, *, page: str = "", **changed: Any) -> Any:
    """Open a form, change some fields, send it; a list is all values of a field, None leaves it out."""
    sent = filled_in(page or await admin.text(f"{HOME}/{address}?lang=en"))
    data = [(name, value) for name, value in sent if name not in changed]
    for name, value in changed.items():
        data += [(name, each) for each in (value if isinstance(value, list) else [value]) if each is not None]
    return await admin.client.post(f"{HOME}/{address}", data=data, allow_redirects=False)


def dotted(**fields: Any) -> dict[str, Any]:
    return {name.replace("__", "."): value for name, value in fields.items()}


async def saved(answer: Any) -> None:
    assert answer.status == 303, re.findall(r'data-testid="told">.*?</div>', await answer.text(), re.DOTALL)
    assert answer.headers["Location"].startswith(f"{HOME}?done=saved")


async def told(answer: Any, status: int = 400) -> str:
    text = await answer.text()
    assert answer.status == status, text[:500]
    found = re.search(r'data-testid="told">(.*?)</div>', text, re.DOTALL)
    assert found, text[:2000]
    return unescape(re.sub(r"<[^>]+>", " ", found[1]))


async def test_a_form_that_is_sent_as_it_came_changes_nothing(visited: Visited) -> None:
    admin = await visited.as_("admin")
    for address in ADDRESSES:
        if address in ("team", "reply", "macro"):
            continue
        await saved(await send(admin, address))
        for path, text in visited.site.agreed.edited.items():
            assert parse(text.text, path, []).raw == parse(POLICY_FILES[path], path, []).raw, address


async def test_a_team_is_made_gets_work_and_goes(visited: Visited) -> None:
    admin = await visited.as_("admin")
    names = dotted(name__nl="Gebouwen", name__fr="Bâtiments", name__en="Buildings <b>")
    await saved(
        await send(admin, "team", id="buildings", **names, languages=["nl", "en"], otherwise="quality")
    )
    agreed = visited.site.agreements.policy
    team = agreed.teams["buildings"]
    assert (dict(team.names), team.languages, team.otherwise) == (
        {"nl": "Gebouwen", "fr": "Bâtiments", "en": "Buildings <b>"},
        {"nl", "en"},
        "quality",
    )
    assert agreed.routing.default == "service_desk"
    assert "Buildings &lt;b&gt;" in await admin.text(f"{HOME}?lang=en")
    await saved(
        await send(
            admin, "routing", **{"team.printer_problem": "buildings", "urgency.printer_problem": "high"}
        )
    )
    agreed = visited.site.agreements.policy
    assert agreed.team_for("printer_problem", "nl").id == "buildings"
    assert agreed.team_for("printer_problem", "fr").id == "quality"
    assert agreed.rules.intents["printer_problem"].urgency == "high"
    answer = await admin.post(f"{HOME}/team/buildings/remove")
    assert "“Printer problem” still goes to the team Buildings <b>." in await told(answer)
    await saved(await send(admin, "routing", **{"team.printer_problem": "workplace"}))
    await saved(await admin.post(f"{HOME}/team/buildings/remove"))
    assert "buildings" not in visited.site.agreements.policy.teams


async def test_what_still_needs_a_team_is_named_in_the_language_of_the_page(visited: Visited) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "team", id="extra", **dotted(name__nl="Extra", name__fr="E", name__en="E")))
    await saved(await send(admin, "reply/hello", teams=["extra"]))
    answer = await admin.post(f"{HOME}/team/extra/remove?lang=nl")
    assert "Standaardantwoord hello: Er wordt verwezen naar een team dat er niet is" in await told(answer)
    answer = await admin.post(f"{HOME}/team/extra/remove?lang=fr")
    assert "Réponse type hello" in await told(answer)


async def test_a_team_with_work_stays(visited: Visited) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "team", id="extra", **dotted(name__nl="E", name__fr="E", name__en="E")))
    id_ = await visited.conversation("sofie", ["Mijn printer doet het niet"])

    def hand(connection: Any) -> None:
        values = {"team": "extra", "owner": "queue", "status": "open"}
        connection.execute(update(conversations).where(conversations.c.id == id_).values(**values))

    await visited.site.database.write(hand)
    answer = await admin.post(f"{HOME}/team/extra/remove?lang=en")
    assert "still 1 conv" in await told(answer, 409)


async def test_the_team_that_takes_the_rest_changes(visited: Visited) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "team/network", default="1"))
    assert visited.site.agreements.policy.routing.default == "network"
    said = await told(await send(admin, "team/network", languages=["nl"]))
    assert "The default team Network does not help in English, French yet." in said


async def test_hours_count_at_once_and_holidays_keep_their_comments(visited: Visited) -> None:
    admin = await visited.as_("admin")
    changed = {
        "opening.saturday": "9:00-12:00",
        "opening.monday": "8.30-12.00; 13.00-17.00",
        "opening.friday": "",
    }
    await saved(
        await send(
            admin,
            "hours",
            **changed,
            **{"from": ["2026-12-24", "2027-05-07"], "to": ["2027-01-03", ""]},
            day=["11", "", "26", "24"],
            month=["7", "1", "12", "12"],
        )
    )
    calendar = visited.site.agreements.policy.calendar
    assert [" ".join(map(str, day)) for day in calendar.week] == [
        "8:30-12:00 13:00-17:00",
        "8:30-17:00",
        "8:30-17:00",
        "8:30-17:00",
        "",
        "9:00-12:00",
        "",
    ]
    assert calendar.closed.every_year == {(7, 11), (12, 26), (12, 24)}
    assert [f"{first} {last}" for first, last in calendar.closed.periods] == [
        "2026-12-24 2027-01-03",
        "2027-05-07 2027-05-07",
    ]
    text = visited.site.agreed.text("policy/hours.yml")
    assert "# Feast of the Flemish Community" in text
    assert "# All Souls' Day" not in text
    page = await admin.text(f"{HOME}/hours")
    assert 'value="2027-01-03"' in page
    await saved(await send(admin, "hours", **{"from": [], "to": []}))
    assert visited.site.agreements.policy.calendar.closed.periods == ()


@pytest.mark.parametrize(
    ("address", "fields", "said"),
    [
        ("hours", {"opening.monday": "nine to five"}, "hours of Monday cannot be read"),
        ("hours", {"opening.monday": "13:00-17:00, 8:00-14:00"}, "overlap"),
        (
            "hours",
            {f"opening.{day}": "" for day in ("monday", "tuesday", "wednesday", "thursday", "friday")},
            "at least one day",
        ),
        ("hours", {"timezone": "Europe/Brussel"}, "no such time zone"),
        ("hours", {"day": ["31"], "month": ["2"]}, "31/2 is not a day"),
        ("hours", {"from": ["2027-02-01"], "to": ["2027-01-01"]}, "ends before it begins"),
        ("hours", {"from": ["<b>"], "to": [""]}, "is not a day"),
        ("retention", {"conversations": "0"}, "Conversations: give a number"),
        ("retention", {"conversations": "-5"}, "Conversations: give a number"),
        ("retention", {"at": "25:00"}, "not a time"),
        ("presence", {"gone_after": ""}, "from 3 to 1440"),
        ("presence", {"gone_after": "1"}, "A sign is noted only once a minute"),
        ("presence", {"unanswered_after": "1e9"}, "from 1 to 1440"),
        ("reply/hello", {"text.fr": "  "}, "Text: there is no text in French"),
        ("reply/hello", {"text.en": "Dear {name}"}, "{name} cannot be filled in"),
        ("reply", {"id": "Hello there"}, "1 to 40 characters"),
        ("reply", {"id": "hello"}, "hello exists already"),
        ("macro/no-answer", {"does": []}, "at least one step"),
        ("macro/security-incident", {"value.3": "nobody"}, "4. Choose something"),
        ("team/network", {"languages": []}, "at least one language"),
        ("team/network", {"otherwise": "network"}, "cannot refer to itself"),
        ("team/network", {"otherwise": "nobody"}, "A team is named that does not exist"),
        ("routing", {"team.printer_problem": "nobody"}, "Choose something"),
        ("routing", {"impact.printer_problem": "enormous"}, "Choose something"),
    ],
)
async def test_what_is_wrong_is_said_in_words_and_what_was_typed_stays(
    visited: Visited, address: str, fields: dict[str, Any], said: str
) -> None:
    admin = await visited.as_("admin")
    answer = await send(admin, address, **fields)
    assert said in await told(answer)
    assert not visited.site.agreed.edited
    again = dict(filled_in(await answer.text()))
    for name, value in fields.items():
        if (
            isinstance(value, str)
            and name in again
            and address not in ("routing", "macro/security-incident")
            and value.strip()
            and name != "otherwise"
        ):
            assert again[name] == value


async def test_retention_and_the_clock_of_the_desk(visited: Visited) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "retention", at="04:30", conversations="900", audit_log=""))
    kept = visited.site.agreements.retention
    assert (f"{kept.at:%H:%M}", kept.conversations, kept.tickets, kept.audit_log) == (
        "04:30",
        900,
        1095,
        None,
    )
    await saved(await send(admin, "presence", gone_after="7.5", unanswered_after=""))
    assert visited.site.agreements.presence.gone_after == 7.5
    assert visited.site.agreements.presence.unanswered_after is None


async def test_a_reply_is_made_inserted_at_the_desk_changed_and_removed(visited: Visited) -> None:
    admin, els = await visited.as_("admin"), await visited.as_("els")
    texts = dotted(
        title__nl="Wifi", title__fr="Wifi", title__en="Wifi",
        text__nl="Dag {customer},\r\nprobeer: nee # ja", text__fr="Bonjour", text__en="Hello </textarea><script>",
    )  # fmt: skip
    await saved(await send(admin, "reply", id="/wifi", **texts, teams=["network", "nobody"]))
    reply = visited.site.agreements.canned.replies["wifi"]
    assert reply.text["nl"] == "Dag {customer},\nprobeer: nee # ja"
    assert reply.teams == ("network",)
    page = await admin.text(f"{HOME}/reply/wifi?lang=en")
    assert "</textarea><script>" not in page
    assert dict(filled_in(page))["text.en"] == "Hello </textarea><script>"
    id_ = await visited.conversation("sofie", ["Mijn wifi doet het niet"])
    await saved(await send(admin, "reply/wifi", teams=[]))
    assert "/wifi" in await els.text(f"/desk/c/{id_}/inserts?q=wifi")
    await saved(await admin.post(f"{HOME}/reply/wifi/remove"))
    assert "wifi" not in visited.site.agreements.canned.replies
    assert (await admin.get(f"{HOME}/reply/wifi")).status == 404


async def test_a_macro_is_put_together_step_by_step(visited: Visited) -> None:
    admin = await visited.as_("admin")
    page = await admin.text(f"{HOME}/macro?lang=en")
    fields = {"id": "pass-on", **dotted(name__nl="Door", name__fr="Passer", name__en="Pass on")}
    for do in (
        "add:team",
        "add:note",
        "up:1",
        "add:priority",
        "add:priority",
        "drop:3",
        "up:9",
        "add:nothing",
    ):
        answer = await send(admin, "macro", page=page, do=do, **fields)
        page, fields = await answer.text(), {}
        assert answer.status == 200
    assert re.findall(r'name="does" value="(\w+)"', page) == ["note", "team", "priority"]
    assert not visited.site.agreed.edited
    texts = {f"text.0.{language}": "Look at {ticket}" for language in ("nl", "fr", "en")}
    await saved(await send(admin, "macro", page=page, **texts, **{"value.1": "network", "value.2": "P2"}))
    macro = visited.site.agreements.canned.macros["pass-on"]
    assert [(step.does, step.value or step.texts["en"]) for step in macro.steps] == [
        ("note", "Look at {ticket}"), ("team", "network"), ("priority", "P2"),
    ]  # fmt: skip
    answer = await send(admin, "macro/pass-on", do="down:0")
    assert re.findall(r'name="does" value="(\w+)"', await answer.text()) == ["team", "note", "priority"]
    assert dict(filled_in(await answer.text()))["text.1.nl"] == "Look at {ticket}"


async def test_what_a_colleague_changed_meanwhile_is_told_and_may_be_replaced(visited: Visited) -> None:
    admin, other = await visited.as_("admin"), await visited.as_("admin")
    mine = await admin.text(f"{HOME}/reply/hello?lang=en")
    elsewhere = await admin.text(f"{HOME}/reply/goodbye?lang=en")
    await saved(await send(other, "reply/hello", **{"text.en": "Theirs"}))
    await saved(await send(admin, "reply/goodbye", page=elsewhere, **{"text.en": "Bye"}))  # of the same file
    answer = await send(admin, "reply/hello", page=mine, **{"text.en": "Mine"})
    assert "save again" in await told(answer, 409)
    assert visited.site.agreements.canned.replies["hello"].text["en"] == "Theirs"
    await saved(await send(admin, "reply/hello", page=await answer.text()))
    assert visited.site.agreements.canned.replies["hello"].text["en"] == "Mine"


async def test_who_changed_what_is_seen_and_the_file_can_count_again(visited: Visited) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "presence", gone_after="5"))
    page = await admin.text(f"{HOME}?lang=en&done=saved")
    assert 'data-testid="edited-presence"' in page
    assert page.count('data-testid="edited-') == 1
    assert words("en")("agree.done_saved") in page
    log = await admin.text("/admin/audit?lang=en")
    assert words("en")("audit.file.desk") in log
    assert "{who}" not in log
    [changed] = re.findall(r'data-testid="audit-changes">(.*?)</details>', log, re.DOTALL)
    assert re.findall(r"<(?:del|ins)>(.*?)</", changed) == ["- gone_after: 15", "+ gone_after: 5"]
    assert "changes=- gone_after: 15 | + gone_after: 5" in await admin.text("/admin/audit.csv")
    answer = await admin.post(f"{HOME}/forget", {"file": "policy/desk.yml"})
    assert answer.status == 303
    assert visited.site.agreements.presence.gone_after == 15
    assert 'data-testid="edited-' not in await admin.text(HOME)
    for file in ("policy/nothing.yml", "../../etc/passwd", ""):
        assert (await admin.post(f"{HOME}/forget", {"file": file})).status == 404


async def test_a_file_that_others_need_is_not_put_back(visited: Visited) -> None:
    admin = await visited.as_("admin")
    await saved(await send(admin, "team", id="extra", **dotted(name__nl="E", name__fr="E", name__en="E")))
    await saved(await send(admin, "routing", **{"team.printer_problem": "extra"}))
    answer = await admin.post(f"{HOME}/forget?lang=fr", {"file": "policy/teams.yml"})
    assert answer.status == 409
    assert "est encore attribué à l’équipe E." in await answer.text()
    assert "extra" in visited.site.agreements.policy.teams


async def test_only_administrators_edit_and_only_from_our_pages(visited: Visited) -> None:
    for name in ("els", "riet", "edwin", "lena"):
        person = await visited.as_(name)
        for address in ADDRESSES:
            assert (await person.get(f"{HOME}/{address}")).status == 403, f"{name} {address}"
            assert (await person.post(f"{HOME}/{address}", {"gone_after": "1"})).status == 403, (
                f"{name} {address}"
            )
        assert (await person.post(f"{HOME}/reply/hello/remove")).status == 403
        assert (await person.post(f"{HOME}/forget", {"file": "policy/desk.yml"})).status == 403
    admin = await visited.as_("admin")
    for address in ADDRESSES:
        answer = await admin.client.post(f"{HOME}/{address}", data={"csrf": "wrong"}, allow_redirects=False)
        assert answer.status == 403, address
    assert not visited.site.agreed.edited


async def test_strange_addresses_lead_nowhere(visited: Visited) -> None:
    admin = await visited.as_("admin")
    for address in ("nothing", "hours/monday", "reply/nothing", "team/<b>", "macro/..%2f..%2fetc"):
        assert (await admin.get(f"{HOME}/{address}")).status == 404, address
        assert (await admin.post(f"{HOME}/{address}")).status == 404, address
    assert (await admin.post(f"{HOME}/hours/x/remove")).status == 404
    assert (await admin.post(f"{HOME}/reply/nothing/remove")).status == 404


async def test_every_form_speaks_every_language(visited: Visited) -> None:
    admin = await visited.as_("admin")
    for language in ("nl", "fr", "en"):
        for address in ADDRESSES:
            page = await admin.text(f"{HOME}/{address}?lang={language}")
            assert "agree." not in re.sub(r'(name|id|for|aria-\w+)="[^"]*"', "", page), address
    assert set(EDITORS) == {"team", "routing", "hours", "reply", "macro", "retention", "presence"}


async def test_two_who_save_at_once_both_learn_what_came_of_it(visited: Visited) -> None:
    admin, other = await visited.as_("admin"), await visited.as_("admin")
    answers = await asyncio.gather(
        send(admin, "presence", gone_after="5"), send(other, "presence", gone_after="6")
    )
    assert sorted(answer.status for answer in answers) in ([303, 303], [303, 409])
    assert visited.site.agreements.presence.gone_after in (5, 6)
