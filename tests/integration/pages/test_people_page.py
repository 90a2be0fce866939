"""/people: a lead looks somebody up, takes a copy, erases what was shown and no more."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from bot.store.accounts import audit_entries
from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited

pytestmark = pytest.mark.slow  # the quick run keeps to the pages that are used most

__all__ = ["visited"]

SAID = "Mijn internet is weg, Sofie Janssens, sofie@voorbeeld.be"


def ticked(page: str) -> list[str]:
    return re.findall(r'name="conversation" value="([^"]+)"[^>]* checked>', page)


async def test_who_is_looked_up_is_shown_and_that_is_written_down(visited: Visited) -> None:
    id_ = await visited.conversation("sofie", [SAID])
    await visited.conversation(
        "karim", ["Mail naar sofie@voorbeeld.be komt terug"], contact="karim@voorbeeld.be"
    )
    lena = await visited.as_("lena")
    assert "people-kept" not in await lena.text("/people")
    answer = await lena.post("/people", {"who": " Sofie@voorbeeld.be "})
    page = await answer.text()
    assert answer.headers["Cache-Control"] == "no-store"
    assert id_ in page
    assert "#1001" in page
    assert (
        '<option value="nl" selected>'
        in await (await lena.post("/people?lang=fr", {"who": "sofie@voorbeeld.be"})).text()
    ), "the copy is in the customer's language, not in the page's"
    assert page.count('data-testid="held"') == 2  # hers, and the one that names her
    assert 'id="mentioned"' in page
    entry = (await visited.site.database.read(audit_entries))[0]
    assert (entry.deed, entry.subject, entry.data["tickets"]) == ("look_up", f"conversation:{id_}", [1001])
    assert "sofie" not in str(entry)


async def test_who_nobody_knows_is_no_error(visited: Visited) -> None:
    lena = await visited.as_("lena")
    for who in ("nobody@voorbeeld.be", "", "<script>alert(1)</script>", "\x00", "x" * 5000):
        answer = await lena.post("/people", {"who": who})
        page = await answer.text()
        assert answer.status == 200
        assert 'data-testid="people-none"' in page
        assert "<script>alert" not in page
        assert (await lena.post("/people/export", {"who": who, "language": "nl"})).status == 404
        assert (await lena.post("/people/erase", {"who": who, "sure": "yes"})).status == 404


async def test_a_copy_is_whole_and_in_their_language(visited: Visited) -> None:
    id_ = await visited.conversation("sofie", [SAID])
    lena = await visited.as_("lena")
    form = {"who": "1001", "language": "fr", "conversation": id_}
    answer = await lena.post("/people/export", form)
    assert answer.content_type == "application/zip"
    assert re.search(r'filename="donnees-[0-9-]+\.zip"', answer.headers["Content-Disposition"])
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as file:
        assert "Sofie Janssens" in file.read("ticket-1001.txt").decode()
        assert "lettre.txt" in file.namelist()
    assert (await visited.site.database.read(audit_entries))[0].deed == "export"
    assert (await lena.post("/people/export", {**form, "language": "xx"})).status == 400


async def test_what_is_ticked_is_erased_once_somebody_is_sure(visited: Visited) -> None:
    id_ = await visited.conversation("sofie", [SAID])
    names = await visited.conversation(
        "karim", ["sofie@voorbeeld.be antwoordt niet"], contact="-", customer="Karim"
    )
    lena = await visited.as_("lena")
    form = {"who": "sofie@voorbeeld.be"}
    page = await (await lena.post("/people", form)).text()
    assert ticked(page) == [id_]  # who only names her is not ticked
    assert names in page
    form["conversation"] = id_
    assert (await lena.post("/people/erase", form)).status == 400
    assert (await lena.post("/people/erase", {"who": form["who"], "sure": "yes"})).status == 400
    answer = await lena.post("/people/erase", {**form, "sure": "yes"})
    assert (answer.status, answer.headers["Location"]) == (303, "/people?erased=whole")
    assert 'data-testid="people-erased"' in await lena.text("/people?erased=whole")
    assert "Sofie" not in await lena.text(f"/review/{id_}")
    assert "antwoordt niet" in await lena.text(f"/review/{names}")
    entry, *_ = [each for each in await visited.site.database.read(audit_entries) if each.deed == "erase"]
    assert entry.data["tickets"] == [1001]


async def test_what_was_not_asked_for_cannot_be_ticked(visited: Visited) -> None:
    id_ = await visited.conversation("sofie", [SAID])
    other = await visited.conversation("karim", ["Mijn printer"], contact="-")
    lena = await visited.as_("lena")
    form = {"who": "sofie", "sure": "yes", "conversation": other}
    assert (await lena.post("/people/erase", form)).status == 400
    assert "Mijn printer" in await lena.text(f"/review/{other}")
    assert "Sofie" in await lena.text(f"/review/{id_}")


@pytest.mark.parametrize("name", ["els", "riet", "edwin"])
async def test_who_does_not_answer_for_it_may_not(visited: Visited, name: str) -> None:
    person = await visited.as_(name)
    assert (await person.get("/people")).status == 403
    for path in ("/people", "/people/export", "/people/erase"):
        assert (await person.post(path, {"who": "1001", "sure": "yes", "language": "nl"})).status == 403
    assert "/people" not in await person.text("/review")


async def test_a_form_from_elsewhere_does_nothing(visited: Visited) -> None:
    id_ = await visited.conversation("sofie", [SAID])
    lena = await visited.as_("lena")
    form = {"who": "sofie", "conversation": id_, "sure": "yes", "csrf": "wrong"}
    assert (await lena.post("/people/erase", form)).status == 403
