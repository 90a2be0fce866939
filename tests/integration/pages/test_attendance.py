"""What happens to conversations by the clock: who is not there, and who does not answer."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.service.attendance import Attendance
from bot.store import accounts
from bot.store.schema import sessions, users
from handoff.presence import Presence
from tests.fixtures_pages import POLICY, START, Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk import stream, write
from tests.integration.pages.test_desk_arrivals import Stream
from tests.integration.pages.test_desk_deeds import mine, seen

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]


async def test_who_goes_offline_leaves_nothing_but_what_is_snoozed(visited: Visited) -> None:
    id_, els = await mine(visited)
    asleep, _ = await mine(visited, "c2")
    await els.post(f"/desk/c/{asleep}/snooze", {"choice": "reply"})
    await els.post("/desk/availability", {"availability": "offline"})
    assert (await seen(visited, id_)).owner == "queue"
    assert (await seen(visited, asleep)).owner == "agent"
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    assert "Els Vermeulen is niet meer aan de balie" in page


async def test_who_gives_no_sign_of_life_is_gone(visited: Visited) -> None:
    id_, els = await mine(visited)
    await els.post("/desk/availability", {"availability": "online"})
    visited.clock.now += 14 * 60
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "agent"
    await els.text("/desk/list")  # a sign
    visited.clock.now += 14 * 60
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "agent"
    await visited.site.database.write(lambda c: c.execute(update(sessions).values(seen_at=START)).rowcount)
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "queue"
    assert await availability(visited) == "offline"


async def test_who_takes_a_conversation_is_there_whatever_they_had_set(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet is weg"])
    els = await visited.as_("els")
    await els.post("/desk/availability", {"availability": "offline"})
    await els.text(f"/desk/c/{id_}")
    assert await availability(visited) == "offline", "looking on is not taking"
    assert (await els.post(f"/desk/c/{id_}/claim")).status == 303
    assert await availability(visited) == "online"
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "agent"
    await els.post("/desk/availability", {"availability": "away"})
    await els.post(f"/desk/c/{id_}/reply", {"text": "Ik kijk het na."})
    assert await availability(visited) == "away", "who has set that they are away stays that"


async def test_who_was_gone_takes_one_and_goes_again_does_not_keep_it(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet is weg"])
    els = await visited.as_("els")
    visited.clock.now += 16 * 60
    await visited.site.attendance.round()
    assert await availability(visited) == "offline"
    await els.post(f"/desk/c/{id_}/reply", {"text": "Ik kijk het na."})
    assert (await seen(visited, id_)).owner == "agent"
    visited.clock.now += 16 * 60
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "queue"


async def test_open_pages_are_told_who_was_set_offline_and_what_went_back(visited: Visited) -> None:
    for sender in ("c1", "c2"):
        _, els = await mine(visited, sender)
    asleep, _ = await mine(visited, "c3")
    await els.post(f"/desk/c/{asleep}/snooze", {"choice": "reply"})
    karim = await visited.as_("karim")
    await karim.post("/desk/availability", {"availability": "offline"})
    lines = [Stream(await stream(each)) for each in (els, karim)]
    for line, known in zip(lines, ("online", "offline"), strict=True):
        assert await line.hears("availability") == {"availability": known}
    visited.clock.now += 16 * 60
    await visited.site.attendance.round()
    assert await lines[0].hears("availability") == {"availability": "offline"}
    now = await els.text("/desk/presence?was=online&lang=nl")
    assert 'data-availability="offline"' in now
    assert "2 gesprekken van jou gingen terug" in now
    assert 'value="offline" aria-pressed="true"' in now
    assert "2 gesprekken van jou gingen terug" in await els.text("/desk?lang=nl"), "on a new page too"
    assert "data-toast" not in await karim.text("/desk/presence?was=online"), "he has set it himself"
    back = await els.post("/desk/availability", {"availability": "online"}, headers={"HX-Request": "true"})
    assert back.status == 204
    assert await lines[0].hears("availability") == {"availability": "online"}
    now = await els.text("/desk/presence?was=offline&lang=nl")
    assert "Je bent nu beschikbaar" in now
    assert "gingen terug" not in now
    assert "toast-gone" not in await els.text("/desk")


async def test_open_pages_are_told_who_came_back_by_taking_a_conversation(visited: Visited) -> None:
    id_ = await visited.conversation("c1", ["mijn internet is weg"])
    els = await visited.as_("els")
    await els.post("/desk/availability", {"availability": "offline"})
    line = Stream(await stream(els))
    assert await line.hears("availability") == {"availability": "offline"}
    await els.post(f"/desk/c/{id_}/claim")
    assert await line.hears("availability") == {"availability": "online"}


async def test_what_wakes_to_somebody_who_is_not_there_goes_back(visited: Visited) -> None:
    by_the_clock, els = await mine(visited)
    by_the_customer, _ = await mine(visited, "c2")
    to_the_gone, karim = await visited.conversation("c3", ["help"]), await visited.as_("karim")
    await karim.post(f"/desk/c/{to_the_gone}/claim")
    for who, id_, choice in (
        (els, by_the_clock, "hour"), (els, by_the_customer, "reply"), (karim, to_the_gone, "hour"),
    ):  # fmt: skip
        await who.post(f"/desk/c/{id_}/snooze", {"choice": choice})
    await els.post("/desk/availability", {"availability": "offline"})
    await write(visited, "c2", "hier ben ik weer", "later")
    await visited.site.attendance.round()
    assert (await seen(visited, by_the_customer)).owner == "queue"
    assert (await seen(visited, by_the_clock)).owner == "agent", "it is still snoozed"
    visited.clock.now += 3601
    await visited.site.attendance.round()
    assert (await seen(visited, by_the_clock)).owner == "queue"
    assert (await seen(visited, to_the_gone)).owner == "queue"
    for username in ("els", "karim"):
        assert await availability(visited, username) == "offline", "a rule's deed brings nobody back"


async def availability(visited: Visited, username: str = "els") -> str:
    found = select(users.c.availability).where(users.c.username == username)
    return await visited.site.database.read(lambda c: c.execute(found).scalar_one())


async def test_the_log_says_who_or_what_gave_it_back(visited: Visited) -> None:
    async def actor() -> str:
        entries = await visited.site.database.read(lambda c: accounts.audit_entries(c, deed="to_queue"))
        return entries[0].actor

    async def id_of(username: str) -> str:
        found = select(users.c.id).where(users.c.username == username)
        return str(await visited.site.database.read(lambda c: c.execute(found).scalar_one()))

    _, els = await mine(visited)
    await els.post("/desk/availability", {"availability": "offline"})
    els_id, admin_id = await id_of("els"), await id_of("admin")
    assert await actor() == els_id, "who goes offline has done it"
    await mine(visited, "c2")
    await visited.site.attendance.left(els_id)
    assert await actor() == accounts.BY_RULE
    await mine(visited, "c3")
    await (await visited.as_("admin")).post(f"/admin/people/{els_id}/disable")
    assert await actor() == admin_id


async def test_a_customer_who_waits_too_long_for_the_agent_is_helped_by_another(visited: Visited) -> None:
    open_now = 1_790_060_400.0  # a Tuesday at nine in the morning, in Brussels
    visited.clock.now = open_now
    id_, els = await mine(visited)
    await els.post(f"/desk/c/{id_}/reply", {"text": "Ik kijk het na."})
    visited.clock.now += 3600
    await els.text("/desk/list")
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "agent", "nobody waits for an answer"
    await write(visited, "c1", "en?", "later")
    visited.clock.now += 29 * 60
    await els.text("/desk/list")
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "agent"
    visited.clock.now += 2 * 60
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "queue"
    assert "antwoordde niet op tijd" in await els.text(f"/desk/c/{id_}?lang=nl")


async def test_only_opening_time_counts_and_a_desk_may_wait_for_ever(visited: Visited) -> None:
    visited.clock.now = 1_790_013_600.0  # that Monday at eight in the evening
    id_, els = await mine(visited)
    await write(visited, "c1", "en?", "later")
    visited.clock.now += 3 * 3600
    await els.text("/desk/list")
    await visited.site.attendance.round()
    assert (await seen(visited, id_)).owner == "agent"
    site = visited.site
    patient = Attendance(
        site.database,
        site.agents,
        lambda: Presence(24 * 60, None),
        lambda: POLICY.calendar,
        visited.clock,
    )
    visited.clock.now += 20 * 3600
    await patient.round()
    assert (await seen(visited, id_)).owner == "agent"
