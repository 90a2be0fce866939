"""A form with a file in it, read in pieces and no further than is accepted. What the file is, is not here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import BodyPartReader, web

from bot.model.errors import Malformed, TooLarge

MAX_FIELDS = 10
MAX_FIELD = 64 * 1024
AROUND = MAX_FIELD + 16 * 1024
"""Bytes of a body beside its file."""
WITHIN = 120.0
"""Seconds that a body may take to come in."""

_MARK = "__balie_body__"

H = TypeVar("H", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Upload:
    """What the form held; the name is what its sender says, as the field `filename` where there is one: in a
    header of the file itself not every name comes over whole."""

    fields: Mapping[str, str]
    name: str
    content: bytes


def uploads(most: int) -> Callable[[H], H]:
    """Mark a handler that reads a form with a file of so many bytes by itself, with `read_upload`."""

    def mark(handler: H) -> H:
        setattr(handler, _MARK, most + AROUND)
        return handler

    return mark


def most_of(handler: object) -> int | None:
    """How many bytes a request for this handler may have, where it says so itself."""
    return getattr(handler, _MARK, None)


async def read_upload(request: web.Request, field: str, most: int) -> Upload:
    """The form, whose field of that name is the file; raises `Malformed` or `TooLarge`."""
    if request.content_type != "multipart/form-data":
        raise Malformed("send a form with a file: multipart/form-data")
    try:
        async with asyncio.timeout(WITHIN):
            return await _read(request, field, most)
    except TimeoutError:
        raise Malformed("the file did not come in whole: try again") from None


async def _read(request: web.Request, field: str, most: int) -> Upload:
    fields: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or len(fields) >= MAX_FIELDS:
            raise Malformed("the form has more than was asked for")
        if part.name == field and not files:
            files.append((part.filename or "", await _bytes(part, most)))
        else:
            fields[part.name or ""] = (await _bytes(part, MAX_FIELD)).decode("utf-8", "replace")
    if not files:
        raise Malformed(f"there is no file in the form: {field}")
    name, content = files[0]
    return Upload(fields, fields.get("filename") or name, content)


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while piece := await part.read_chunk():
        content += piece
        if len(content) > most:
            raise TooLarge(f"this may have {most} bytes at most")
    return bytes(content)
