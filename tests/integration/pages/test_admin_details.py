"""What somebody is called and where mail reaches them, changed by an administrator."""

from __future__ import annotations

import pytest

from bot.store.accounts import audit_entries, get_user
from tests.fixtures_pages import Visited, visited
from tests.integration.pages.test_admin_people import id_of

__all__ = ["visited"]


async def test_a_name_and_an_address_are_changed_and_it_is_on_record(visited: Visited) -> None:
    admin, els = await visited.as_("admin"), await visited.as_("els")
    id_ = await id_of(visited, "els")
    given = {"name": "Els Vermeulen-Claes", "email": "els@balie.example"}
    answer = await admin.post(f"/admin/people/{id_}/details", given)
    assert answer.headers["Location"] == f"/admin/people/{id_}?done=details"
    page = await admin.text(f"/admin/people/{id_}?done=details&lang=nl")
    assert "De gegevens van Els Vermeulen-Claes zijn bewaard." in page
    assert "Els Vermeulen-Claes" in await els.text("/desk"), "without logging in again"
    await admin.post(f"/admin/people/{id_}/details", given)
    await admin.post(f"/admin/people/{id_}/details", {**given, "email": ""})
    entries = await visited.site.database.read(audit_entries)
    changes = [each.data["changes"] for each in entries if each.deed == "user_details"]
    assert changes == [
        ["- email: els@balie.example"],
        ["- name: Els Vermeulen", "+ name: Els Vermeulen-Claes", "+ email: els@balie.example"],
    ], "what was the same leaves no line"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 101}, {"name": "a\nb"}, {"email": "nowhere"}])
async def test_what_cannot_be_is_said_with_what_was_typed(visited: Visited, wrong: dict[str, str]) -> None:
    admin = await visited.as_("admin")
    id_ = await id_of(visited, "els")
    answer = await admin.post(f"/admin/people/{id_}/details", {"name": "Else", "email": "e@x.be", **wrong})
    page = await answer.text()
    assert (answer.status, 'data-testid="told"' in page) == (400, True)
    assert "e@x.be" in page if "name" in wrong else 'value="Else"' in page
    user = await visited.site.database.read(lambda c: get_user(c, id_))
    assert user
    assert user.name == "Els Vermeulen"


async def test_only_administrators_and_only_somebody_who_is_there(visited: Visited) -> None:
    admin, lena = await visited.as_("admin"), await visited.as_("lena")
    given = {"name": "Els", "email": ""}
    assert (await admin.post("/admin/people/nobody/details", given)).status == 404
    assert (await lena.post(f"/admin/people/{await id_of(visited, 'els')}/details", given)).status == 403
