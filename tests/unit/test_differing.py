"""What is other in a text, as a log has it."""

from __future__ import annotations

from bot.source.differing import LONGEST_LINE, MORE, MOST_LINES, differing_lines


def test_only_the_lines_that_differ_in_their_order() -> None:
    assert differing_lines("a: 1\nb: 2\n---\nc: 3\n", "a: 1\nb: 4\n---\nd: 5\n") == [
        "- b: 2", "+ b: 4", "- c: 3", "+ d: 5",
    ]  # fmt: skip
    assert differing_lines("a\n", "a\n") == []
    assert differing_lines("", "a\n") == ["+ a"]


def test_it_stays_short() -> None:
    long = "x" * (LONGEST_LINE + 1)
    assert differing_lines("", long) == [f"+ {long}"[:LONGEST_LINE] + MORE]
    many = differing_lines("", "\n".join(map(str, range(MOST_LINES + 1))))
    assert (len(many), many[-1]) == (MOST_LINES + 1, MORE)
