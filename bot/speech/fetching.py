"""A large file over HTTP, which goes on where it broke off. It blocks; what the file is, it does not know."""

from __future__ import annotations

import http
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

from bot.model.errors import Malformed, TooLarge, Unavailable

Told = Callable[[int, int], None]
"""Is told how many bytes are there, of how many (0 where nobody knows)."""

TRIES = 5
"""How often in a row nothing may come before it is given up."""
MOST = 4 * 1024**3
_PIECE = 1 << 16
_PATIENCE = 60.0
"""Seconds without a byte."""


class _BrokenOff(Exception):
    """There is more to come; another request may bring it."""


def fetch(url: str, to: Path, told: Told, pause: float = 1.0, most: int = MOST) -> None:
    """The file at `url` to a path; what is there already is its beginning, and stays where it breaks off.
    Raises `Unavailable` when it cannot be had, `Malformed` for a wrong URL, `TooLarge`."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Malformed(f"{url} is no address of the web")
    tries = 0
    while True:
        before = _size(to)
        try:
            _go_on(url, to, told, most)
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise Unavailable(f"{url} cannot be had: {error.code} {error.reason}") from None
            reason: Exception = error
        except (_BrokenOff, http.client.HTTPException, OSError) as error:
            reason = error
        tries = 0 if _size(to) > before else tries + 1
        if tries >= TRIES:
            there = _size(to)
            raise Unavailable(f"{url} cannot be had ({reason}); the next try goes on after {there} bytes")
        time.sleep(pause * 2**tries)


def _go_on(url: str, to: Path, told: Told, most: int) -> None:
    """One request for what is missing; returns only when all is there."""
    there, mark = _size(to), to.with_name(f"{to.name}.of")
    # what the beginning is of: another file at this address must not go on in it
    version = mark.read_text() if mark.exists() else ""
    headers = {"Range": f"bytes={there}-", "If-Range": version} if there and version else {}
    try:
        asked = urllib.request.Request(url, headers=headers)  # noqa: S310 `fetch` has looked at the scheme
        response = urllib.request.urlopen(asked, timeout=_PATIENCE)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        to.unlink()
        raise _BrokenOff("it has changed") from None
    with response:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            there = 0
        length = response.headers.get("Content-Length")
        whole = there + int(length) if length else 0
        if whole > most:
            raise TooLarge(f"{url} has {whole} bytes, and so is no model")
        mark.write_text(_version(response.headers))
        with to.open("ab" if there else "wb") as file:
            while piece := response.read(_PIECE):
                file.write(piece)
                there += len(piece)
                if there > most:
                    raise TooLarge(f"{url} has more than {most} bytes, and so is no model")
                told(there, whole)
    if there < whole:
        raise _BrokenOff("it broke off")
    mark.unlink(missing_ok=True)


def _version(headers: Message) -> str:
    """What tells this file from another at the same address, as `If-Range` takes it; a weak ETag is none."""
    etag = headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
