"""Logging for the whole process: one handler, readable text or JSON lines, and nothing secret in either.

The handler's filter masks every record, whichever library wrote it: message, arguments, extra fields and
the text of exceptions. It is a last net; what is stored is masked long before, in `bot.service.ingest`.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import time
from typing import Any, Literal, TextIO

import orjson

from bot.model.redact import redact

LogFormat = Literal["text", "json"]

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
}
"""What every record has; the rest was given by the caller as `extra` and is shown."""

_QUIET = (
    "alembic",
    "alembic.runtime.migration",
    "asyncio",
    "hpack",
    "urllib3",
    "markdown_it",
    "numba",
)
"""Libraries whose messages below a warning tell an administrator nothing."""


_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
"""What could forge a line of a log, or speak to the terminal that shows it."""


def _shown(control: re.Match[str]) -> str:
    """A control character by its number; what follows a line's end is set in, so that it is no new entry."""
    return "\n    " if control[0] == "\n" else f"\\x{ord(control[0]):02x}"


_KEYS = re.compile(r"(/(?:files|t|welcome|password)/)[\w-]+")
"""What opens a picture, a ticket, an invitation or a new password for whoever has the address."""


def _masked(text: str) -> str:
    return _KEYS.sub(r"\1…", redact(text))


class RedactingFilter(logging.Filter):
    """Masks card numbers, national numbers, passwords and secret addresses in all that a record carries."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask `record` in place; never drops it."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError) as error:
            message = f"{record.msg!r} with {record.args!r} ({error})"
        record.msg, record.args = _masked(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _masked(record.exc_text)
        if record.stack_info:
            record.stack_info = _masked(record.stack_info)
        for name in record.__dict__.keys() - _STANDARD:
            value = record.__dict__[name]
            record.__dict__[name] = (
                value if isinstance(value, bool | int | float | None) else _masked(str(value))
            )
        return True


class TextFormatter(logging.Formatter):
    """One readable line: time, level, logger, message, and the extra fields as `name=value`."""

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line without the traceback."""
        extra = "".join(f" {name}={value}" for name, value in sorted(_extra(record).items()))
        return _CONTROL.sub(_shown, super().formatMessage(record) + extra)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        """`record` as a line."""
        line: dict[str, Any] = {
            "at": round(record.created, 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_text:
            line["exception"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        return orjson.dumps(line, default=str).decode()


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in record.__dict__.items() if name not in _STANDARD}


def set_up_logging(
    level: int | str = "INFO", style: LogFormat = "text", stream: TextIO | None = None
) -> logging.Handler:
    """Send everything that is logged to `stream` (standard error), masked; replaces earlier handlers.

    Returns the handler, so that a test can take it away again.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper() if isinstance(level, str) else level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    return handler


def redacted_lines(style: LogFormat = "text") -> tuple[logging.Handler, io.StringIO]:
    """A handler that writes to memory as the real one does; for tests that look for secrets in logs."""
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    return handler, sink
