"""Nothing secret reaches a log line, by whichever way it came into the record."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import orjson
import pytest

from bot.app.logs import LogFormat, redacted_lines

CARD = "4111 1111 1111 1111"


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("balie.test_logs")
    logger.propagate = False
    yield logger
    logger.handlers.clear()


@pytest.mark.parametrize("style", ["text", "json"])
def test_message_arguments_extra_and_exception_are_masked(logger: logging.Logger, style: LogFormat) -> None:
    handler, sink = redacted_lines(style)
    logger.addHandler(handler)
    logger.warning(
        "card %s of %s",
        CARD,
        {"password": "hunter2"},
        extra={"text": f"see {CARD}", "n": 3},
    )
    try:
        raise ValueError(f"wachtwoord: Zomer2024! and {CARD}")
    except ValueError:
        logger.exception("it failed")
    written = sink.getvalue()
    for secret in ("4111", "hunter2", "Zomer2024"):
        assert secret not in written
    assert "it failed" in written
    assert "ValueError" in written
    assert "[card number]" in written
    if style == "json":
        lines = [orjson.loads(line) for line in written.splitlines()]
        assert lines[0]["level"] == "warning"
        assert lines[0]["n"] == 3
        assert "exception" in lines[1]


def test_a_wrong_format_string_is_still_logged() -> None:
    handler, sink = redacted_lines()
    handler.handle(logging.makeLogRecord({"msg": "%d things", "args": ("many",)}))
    assert "many" in sink.getvalue()


def test_nobody_forges_a_line_or_speaks_to_the_terminal() -> None:
    handler, sink = redacted_lines()
    said = "/a\n2026-01-01T00:00:00.000Z ERROR   root: forged\r\x1b[2J"
    handler.handle(logging.makeLogRecord({"msg": "GET %s failed", "args": (said,), "path": said}))
    written = sink.getvalue()
    assert all(line.startswith("    ") for line in written.splitlines()[1:])
    assert "\r" not in written
    assert "\x1b" not in written


def test_addresses_that_open_something_are_in_no_log(logger: logging.Logger) -> None:
    handler, sink = redacted_lines("text")
    logger.addHandler(handler)
    logger.error("%s %s failed", "GET", "/files/K3y_of-a-picture")
    logger.error("see https://balie.example/t/K3y_of-a-ticket?lang=nl and /desk/c/shown")
    logger.error("%s failed, %s failed", "/welcome/K3y_of-an-invitation", "/password/K3y_for-a-new-one")
    written = sink.getvalue()
    assert "K3y" not in written
    assert "/files/… failed" in written
    assert "/desk/c/shown" in written
