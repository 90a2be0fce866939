"""The milliseconds of each component."""

from __future__ import annotations

from nlu.watching import Stopwatch, unwatched


def test_what_a_component_took_is_added_up() -> None:
    now = iter([1.0, 1.002, 2.0, 2.5, 3.0, 3.003])
    watch = Stopwatch(lambda: next(now))
    with watch("words"):
        pass
    with watch("encoder"):
        pass
    with watch("words"):
        pass
    assert list(watch.spent) == ["words", "encoder"]
    assert [round(spent) for spent in watch.spent.values()] == [5, 500]


def test_nobody_needs_to_watch() -> None:
    with unwatched("words"):
        pass
