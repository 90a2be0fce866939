"""The address of a page in another language."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.web.languages import in_language

HOST = "balie.example.org"


def test_a_page_keeps_what_was_asked_of_it() -> None:
    request = make_mocked_request("GET", "/review?q=wifi&lang=nl", headers={"Host": HOST})
    assert in_language(request, "fr") == "/review?q=wifi&lang=fr"


@pytest.mark.parametrize(
    ("came_from", "to"),
    [
        (f"https://{HOST}/review/abc?at=3", "/review/abc?at=3&lang=fr"),
        ("https://elsewhere.example.org/review/abc", "/?lang=fr"),
        ("javascript:alert(1)", "/?lang=fr"),
        ("http://[", "/?lang=fr"),
        ("", "/?lang=fr"),
    ],
)
def test_what_a_form_made_leads_back_to_the_page_with_the_form(came_from: str, to: str) -> None:
    headers = {"Host": HOST, "Referer": came_from}
    request = make_mocked_request("POST", "/review/abc/comments", headers=headers)
    assert in_language(request, "fr") == to
