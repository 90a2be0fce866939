"""Which teams an agent helps: chosen on their page, shown on the team's."""

from __future__ import annotations

import re

from bot.store.accounts import audit_entries, credentials
from bot.store.teams import teams_of
from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited

__all__ = ["visited"]


async def id_of(visited: Visited, username: str) -> str:
    found = await visited.site.database.read(lambda c: credentials(c, username))
    assert found is not None
    return found[0].id


async def test_an_agent_is_put_into_teams(visited: Visited) -> None:
    admin, els = await visited.as_("admin"), await id_of(visited, "els")
    page = await admin.text(f"/admin/people/{els}?lang=nl")
    assert re.search(r'data-testid="their-teams">Alle teams<', page)
    data = [("csrf", admin.csrf), ("teams", "network"), ("teams", "nobody"), ("teams", "service_desk")]
    answer = await admin.client.post(f"/admin/people/{els}/teams", data=data, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, f"/admin/people/{els}?done=teams")
    assert await visited.site.database.read(lambda c: teams_of(c, els)) == {"network", "service_desk"}
    page = await admin.text(f"/admin/people/{els}?done=teams&lang=nl")
    assert 'value="network" checked' in page
    assert 'data-testid="done"' in page
    assert f'href="/admin/people/{els}"' in await admin.text("/admin/agreements/team/network")
    assert f'href="/admin/people/{els}"' not in await admin.text("/admin/agreements/team/accounts")
    entry = next(
        each for each in await visited.site.database.read(audit_entries) if each.deed == "user_teams"
    )
    assert sorted(entry.data["teams"]) == ["network", "service_desk"]
    assert "koos de teams van" in await admin.text("/admin/audit?lang=nl")
    await admin.post(f"/admin/people/{els}/teams")
    assert await visited.site.database.read(lambda c: teams_of(c, els)) == frozenset()


async def test_only_administrators_choose_and_only_for_who_helps(visited: Visited) -> None:
    admin, els = await visited.as_("admin"), await id_of(visited, "els")
    for name in ("els", "riet", "lena"):
        person = await visited.as_(name)
        assert (await person.post(f"/admin/people/{els}/teams", {"teams": "network"})).status == 403
    assert (await admin.post(f"/admin/people/{els}/teams", {"csrf": "forged"})).status == 403
    for nobody in (await id_of(visited, "edwin"), "nobody"):
        assert (await admin.post(f"/admin/people/{nobody}/teams", {"teams": "network"})).status == 404
    mine = await id_of(visited, "admin")
    assert (await admin.post(f"/admin/people/{mine}/teams", {"teams": "network"})).status == 303
