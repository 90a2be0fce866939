"""Training tells how far it is."""

from __future__ import annotations

import pytest

from nlu.progress import DONE, Progress


def told(capsys: pytest.CaptureFixture[str], *, shown: bool) -> list[str]:
    with Progress(shown) as progress:
        for share in range(0, 60, 10):
            progress.step("Reading sentences", share)
        progress.step("Writing the model", 90)
    return capsys.readouterr().err.splitlines()


def test_a_log_gets_a_line_for_each_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, shown=True) == [
        "  0 %  Reading sentences, 0 s",
        " 90 %  Writing the model, 0 s",
        f"100 %  {DONE}, 0 s",
    ]


def test_who_does_not_want_it_hears_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, shown=False) == []


def test_what_failed_is_not_called_done(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        with Progress(True) as progress:
            progress.step("Reading sentences", 0)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        broken()
    assert DONE not in capsys.readouterr().err
