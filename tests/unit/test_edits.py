"""What somebody edits in a page becomes part of a content file, and everything else in it stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.content import DEFAULT_DATA, POLICY, read_files
from bot.source.edits import edited, written
from bot.source.nodes import parse

FILES = read_files(DEFAULT_DATA, *POLICY)

said = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n"),
    max_size=80,
)


def read(text: str) -> Any:
    problems: list[Any] = []
    root = parse(text, "policy/replies.yml", problems)
    assert not problems, problems
    return root.raw


def nothing(_: Any) -> None:
    """Changes nothing."""


def test_a_file_that_is_not_changed_reads_the_same_and_keeps_its_comments() -> None:
    for path, text in FILES.items():
        after = edited(text, nothing)
        assert read(after) == read(text), path
        assert [line.strip() for line in after.splitlines() if line.startswith("#")] == [
            line.strip() for line in text.splitlines() if line.startswith("#")
        ], path


@pytest.mark.slow  # each text is a file that is written and read
@settings(deadline=None)  # the parser is loaded at the first text
@given(
    said, st.sampled_from(["no", "12:30", "0471", "2026-05-15", "~", "true", "1.", "{x}", "- a", "a: b # c"])
)
def test_a_text_that_is_put_in_is_that_text(text: str, odd: str) -> None:
    def change(root: Any) -> None:
        root["replies"]["hello"]["text"]["nl"] = written(text)
        root["replies"]["new"] = written({"title": {"nl": odd}, "teams": [odd, text]})

    before, after = read(FILES["policy/replies.yml"]), read(edited(FILES["policy/replies.yml"], change))
    assert after["replies"]["hello"]["text"].pop("nl") == text
    assert after["replies"].pop("new") == {"title": {"nl": odd}, "teams": [odd, text]}
    del before["replies"]["hello"]["text"]["nl"]
    assert after == before


def test_what_is_taken_out_leaves_the_rest_and_a_file_may_begin_empty() -> None:
    def change(root: Any) -> None:
        del root["replies"]["hello"]

    after = edited(FILES["policy/replies.yml"], change)
    assert list(read(after)["replies"]) == list(read(FILES["policy/replies.yml"])["replies"])[1:]
    assert read(edited("", lambda root: root.update(replies={}))) == {"replies": {}}
