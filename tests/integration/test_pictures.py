"""Pictures that agents send: who may, what is refused, who sees them, and until when."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData
from PIL import Image
from sqlalchemy import select

from bot.service.persons import Persons
from bot.service.pictures import MAX_BYTES
from bot.store import views
from bot.store.persons import Person as Whose
from bot.store.schema import blobs
from bot.store.schema_files import attachments
from bot.web.site import MAX_BODY
from tests.fixtures_pages import TOKEN, Person, Visited, visited
from tests.integration.pages.test_desk_deeds import mine
from tests.unit.test_pictures import chunk, picture, png_that_says

pytestmark = pytest.mark.slow  # pictures are decoded and drawn

__all__ = ["visited"]


def form(content: bytes, name: str = "scherm.png", declared: str = "image/png", **fields: str) -> FormData:
    made = FormData()
    for field, value in {"filename": name, **fields}.items():
        made.add_field(field, value)
    made.add_field("picture", content, filename="picture", content_type=declared)
    return made


async def send(
    person: Person, id_: str, content: bytes, *, headers: dict[str, str] | None = None, **more: Any
) -> ClientResponse:
    """As the composer does."""
    headers = {"X-CSRF-Token": person.csrf, "HX-Request": "true"} if headers is None else headers
    return await person.client.post(
        f"/desk/c/{id_}/picture", data=form(content, **more), headers=headers, allow_redirects=False
    )


async def sent(visited: Visited, id_: str) -> list[dict[str, Any]]:
    """The pictures that are on record."""
    items = await visited.site.database.read(lambda c: views.timeline(c, id_))
    return [each for item in items for each in (item.content or {}).get("attachments") or ()]


async def counted(visited: Visited) -> Sequence[int]:
    def read(connection: Any) -> Sequence[int]:
        return [len(connection.execute(select(table)).all()) for table in (attachments, blobs)]

    return await visited.site.database.read(read)


async def test_a_picture_with_a_caption_is_a_reply(visited: Visited) -> None:
    id_, els = await mine(visited)
    answer = await send(
        els, id_, picture(size=(640, 480)), text="Kijk hier <b>eens</b>", name="mijn scherm.png"
    )
    assert answer.status == 204
    assert answer.headers["HX-Trigger"] == "desk:said"
    [file] = await sent(visited, id_)
    assert (file["name"], file["width"], file["height"]) == ("mijn scherm.png", 640, 480)
    page = await els.text(f"/desk/c/{id_}?lang=nl")
    assert "Kijk hier &lt;b&gt;eens&lt;/b&gt;" in page
    assert f'href="/files/{file["id"]}"' in page
    assert 'width="320" height="240" loading="lazy"' in page, "it has its place before it is there"
    assert 'alt="mijn scherm.png"' in page


async def test_a_picture_alone_is_one_too_and_says_so_in_lists(visited: Visited) -> None:
    id_, els = await mine(visited)
    assert (await send(els, id_, picture())).status == 204
    page = await els.text(f"/desk/c/{id_}?lang=nl&view=mine")
    assert ">Afbeelding</span>" in page
    assert '<div class="bubble"></div>' not in page


async def test_sent_twice_by_the_same_page_it_is_shown_once(visited: Visited) -> None:
    id_, els = await mine(visited)
    for _ in range(2):
        assert (await send(els, id_, picture(), key="k1")).status == 204
    assert len(await sent(visited, id_)) == 1
    assert await counted(visited) == [1, 1]


async def test_it_is_served_as_a_picture_and_as_nothing_else(visited: Visited) -> None:
    id_, els = await mine(visited)
    await send(els, id_, picture(), name='a"b\r\nSet-Cookie: x=1.png')
    [file] = await sent(visited, id_)
    stranger = await visited.browser()
    answer = await stranger.get(f"/files/{file['id']}")
    assert answer.status == 200
    assert answer.content_type == "image/png"
    with Image.open(io.BytesIO(await answer.read())) as image:
        assert image.size == (60, 40)
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "private, max-age=3600, immutable"
    assert "Set-Cookie" not in headers
    assert headers["Content-Disposition"].startswith("inline; filename*=UTF-8''a")
    assert set(headers["Content-Disposition"]).isdisjoint('"\r\n:')


async def test_a_program_may_name_it_in_the_file_s_own_header(visited: Visited) -> None:
    id_, els = await mine(visited)
    made = FormData()
    made.add_field("picture", picture(), filename="scherm.png", content_type="image/png")
    headers = {"X-CSRF-Token": els.csrf}
    assert (await els.client.post(f"/desk/c/{id_}/picture", data=made, headers=headers)).status == 204
    assert [file["name"] for file in await sent(visited, id_)] == ["scherm.png"]


async def test_an_unknown_address_says_nothing(visited: Visited) -> None:
    stranger = await visited.browser()
    texts = set()
    for id_ in ("nothing", "x" * 5_000, "%00", "..%2f..%2fetc%2fpasswd", "%F0%9F%98%80"):
        answer = await stranger.get(f"/files/{id_}")
        assert answer.status == 404, id_
        texts.add(await answer.text())
    assert len(texts) == 1


async def test_what_is_erased_is_not_shown_any_more(visited: Visited) -> None:
    id_, els = await mine(visited)
    await send(els, id_, picture())
    [file] = await sent(visited, id_)
    site = visited.site
    persons = Persons(site.database, site.bus, site.clock)
    assert (await persons.export(Whose(conversations=(id_,)), actor="a")).files
    await persons.erase(Whose(conversations=(id_,)), actor="a")
    assert (await (await visited.browser()).get(f"/files/{file['id']}")).status == 404
    assert await counted(visited) == [0, 0]
    for path in (f"/desk/c/{id_}", f"/review/{id_}"):
        page = await (await visited.as_("lena")).text(path)
        assert file["id"] not in page
        assert "scherm.png" not in page


async def test_reviewers_and_programs_see_it(visited: Visited) -> None:
    id_, els = await mine(visited)
    await send(els, id_, picture(), text="Kijk")
    [file] = await sent(visited, id_)
    address = f"/files/{file['id']}"
    assert f'src="{address}"' in await (await visited.as_("riet")).text(f"/review/{id_}")
    program, token = await visited.browser(), {"Authorization": f"Bearer {TOKEN}"}
    answer = await program.get(f"/api/v1/conversations/{id_}/transcript", headers=token)
    said = (await answer.json())["messages"][-1]
    assert said["text"] == "Kijk"
    [shown] = said["pictures"]
    assert shown["url"].endswith(address)
    assert (shown["width"], shown["content_type"]) == (60, "image/png")
    tracker = await (await program.get(f"/conversations/{id_}/tracker", headers=token)).json()
    assert tracker["events"][-1]["data"]["image"].endswith(address)


# ── who may ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_who_has_the_conversation_sends(visited: Visited) -> None:
    id_, els = await mine(visited)
    assert (await send(await visited.as_("karim"), id_, picture())).status == 409
    assert (await send(els, "nothing", picture())).status == 404
    for name in ("riet", "edwin"):
        assert (await send(await visited.as_(name), id_, picture())).status == 403
    stranger = await visited.browser()
    answer = await stranger.post(
        f"/desk/c/{id_}/picture",
        data=form(picture()),
        headers={"X-CSRF-Token": els.csrf},
        allow_redirects=False,
    )
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/desk/login")
    assert await counted(visited) == [0, 0], "nothing of a refused one is kept"


async def test_another_site_sends_nothing(visited: Visited) -> None:
    id_, els = await mine(visited)
    for headers in (
        {},
        {"X-CSRF-Token": "x"},
        {"X-CSRF-Token": els.csrf, "Origin": "https://evil.example"},
        {"X-CSRF-Token": els.csrf, "Sec-Fetch-Site": "cross-site"},
    ):
        assert (await send(els, id_, picture(), headers=headers)).status == 403, headers
    assert (await send(els, id_, picture(), headers={}, csrf=els.csrf)).status == 403, (
        "the token is in the header"
    )
    assert await counted(visited) == [0, 0]


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────

GPS = Image.Exif()
GPS.get_ifd(0x8825)[1] = "N"
PAGE = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", "image/svg+xml"),
        (PAGE, "a.png", "image/png"),
        (b"GIF89a" + PAGE, "a.gif", "image/gif"),
        (b"", "a.png", "image/png"),
        (picture()[:100], "a.png", "image/png"),
        (b"PK\x03\x04" + bytes(200), "a.zip", "application/zip"),
        (b"%PDF-1.7", "a.pdf", "application/pdf"),
    ],
)
async def test_what_is_no_picture_is_refused_in_words(
    visited: Visited, content: bytes, name: str, declared: str
) -> None:
    id_, els = await mine(visited)
    answer = await send(els, id_, content, name=name, declared=declared, text="Dit blijft staan")
    assert answer.status == 400
    assert "PNG, JPEG, WEBP" in await answer.text()
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert await counted(visited) == [0, 0]


async def test_what_is_too_large_is_refused_in_words(visited: Visited) -> None:
    id_, els = await mine(visited)
    for content in (png_that_says(60_000, 60_000), picture() + bytes(MAX_BYTES)):
        answer = await send(els, id_, content)
        assert answer.status == 413
        assert "toast" in await answer.text()
    large = picture() + bytes(MAX_BYTES - len(picture()))
    assert len(large) > MAX_BODY
    assert (await send(els, id_, large)).status == 204


async def test_a_body_that_does_not_say_how_long_it_is_is_cut(visited: Visited) -> None:
    id_, els = await mine(visited)
    read = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\n'
        while read < 40 * MAX_BODY:
            read += 65_536
            yield bytes(65_536)

    headers = {"X-CSRF-Token": els.csrf, "Content-Type": "multipart/form-data; boundary=b"}
    answer = await els.client.post(f"/desk/c/{id_}/picture", data=endless(), headers=headers)
    assert answer.status == 413
    assert await counted(visited) == [0, 0]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"picture=x", "application/x-www-form-urlencoded"),
        (b"--b--\r\n", "multipart/form-data; boundary=b"),
        (b"--b\r\nno", "multipart/form-data; boundary=b"),
        (b"x", "multipart/form-data"),
        (
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nhallo\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="picture"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (
            b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n for n in range(50))
            + b"--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
    ],
)
async def test_a_form_that_makes_no_sense_is_bad_input(
    visited: Visited, body: bytes, content_type: str
) -> None:
    id_, els = await mine(visited)
    headers = {"X-CSRF-Token": els.csrf, "Content-Type": content_type}
    answer = await els.client.post(f"/desk/c/{id_}/picture", data=body, headers=headers)
    assert answer.status == 400


async def test_where_it_was_taken_and_what_hides_in_it_reach_nobody(visited: Visited) -> None:
    id_, els = await mine(visited)
    exif = Image.Exif()
    exif[0x010F] = "CameraOfSofie"
    exif.get_ifd(0x8825)[2] = (50.0, 51.0, 3.0)
    whole = picture()
    hidden = whole[:33] + chunk(b"tEXt", b"Title\0" + PAGE) + whole[33:] + PAGE
    for content in (picture("JPEG", exif=exif), hidden):
        assert (await send(els, id_, content)).status == 204
    for file in await sent(visited, id_):
        served = await (await (await visited.browser()).get(f"/files/{file['id']}")).read()
        assert b"CameraOfSofie" not in served
        assert b"script" not in served


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>.png", '"><script>alert(1)</script>.png', "../../etc/passwd.png",
        "factuur\u202egnp.exe", "a\x00b.png", "a\r\nb.png", "x" * 5_000 + ".png", "'; DROP TABLE attachments; --.png",
    ],
)  # fmt: skip
async def test_a_name_is_only_ever_text(visited: Visited, name: str) -> None:
    id_, els = await mine(visited)
    assert (await send(els, id_, picture(), name=name)).status == 204
    [file] = await sent(visited, id_)
    lena = await visited.as_("lena")
    for page in (await els.text(f"/desk/c/{id_}"), await lena.text(f"/review/{id_}")):
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "\u202e" not in page
    stranger = await visited.browser()
    assert (await stranger.get(f"/files/{file['id']}")).status == 200


async def test_nobody_sends_hundreds(visited: Visited) -> None:
    id_, els = await mine(visited)
    statuses = [(await send(els, id_, picture(size=(2, 2)))).status for _ in range(32)]
    assert statuses[:30] == [204] * 30
    assert statuses[30:] == [429] * 2
