"""Pictures that customers send from the widget: a request beside the socket, which is made for short frames.
It says who sends it as the socket's first frame does, and comes in as a message does; its turn is told over
the socket. What a picture may be is `bot.service.pictures`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from aiohttp import web

from bot.model.errors import BalieError, NotAllowed
from bot.service.pictures import MAX_BYTES, Pictures
from bot.web.errors import status_of
from bot.web.limits import AddressLimits
from bot.web.reach import counted_address
from bot.web.uploads import read_upload, uploads
from channels.contract import Ingest
from channels.web import codec
from channels.web.identity import sender_of
from channels.web.verdicts import verdict

PATH = "/webhooks/web/picture"
FIELD = "picture"


class PictureRoute:
    """The route. `may_embed` says whether the page that asks may, `secret` signs identities."""

    def __init__(
        self,
        ingest: Ingest,
        limits: AddressLimits,
        pictures: Pictures,
        may_embed: Callable[[web.Request], bool],
        secret: str | None,
    ) -> None:
        self._ingest = ingest
        self._limits = limits
        self._pictures = pictures
        self._may_embed = may_embed
        self._secret = secret

    def routes(self) -> Iterable[web.RouteDef]:
        """Sending, and a browser's question whether a page of another site may."""
        return [web.post(PATH, self._post), web.options(PATH, self._asked)]

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        if not self._may_embed(request):
            raise NotAllowed("this site may not embed the chat; add it to the web channel's origins")
        allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": codec.HELLO}
        return web.Response(status=204, headers={**_readable(request), **allowed})

    @uploads(MAX_BYTES)
    async def _post(self, request: web.Request) -> web.StreamResponse:
        if not self._may_embed(request):
            raise NotAllowed("this site may not embed the chat; add it to the web channel's origins")
        try:
            return _json(request, 200, {"seq": await self._take(request)})
        except BalieError as error:
            code, retry_after = verdict(error)
            told: dict[str, Any] = {"code": code, "message": str(error), "retry_after": retry_after}
            return _json(request, status_of(error)[0], told)

    async def _take(self, request: web.Request) -> int:
        """Its number on record."""
        hello = codec.introduction(request.headers.get(codec.HELLO, ""))
        sender_id = sender_of(hello, self._secret)
        address = counted_address(request)
        await self._limits.picture(address, sender_id)
        await self._limits.message(address, codec.NAME, sender_id)
        upload = await read_upload(request, FIELD, MAX_BYTES)
        message = codec.captioned(upload.fields, sender_id, hello)
        file = await self._pictures.ready(upload.content, upload.name)
        return (await self._ingest.receive(message, (file,))).seq


def _readable(request: web.Request) -> dict[str, str]:
    """The page that embeds the widget, which may, reads the answer."""
    origin = request.headers.get("Origin")
    return {"Vary": "Origin", **({"Access-Control-Allow-Origin": origin} if origin else {})}


def _json(request: web.Request, status: int, value: dict[str, Any]) -> web.Response:
    headers = {"Cache-Control": "no-store", **_readable(request)}
    return web.Response(
        body=orjson.dumps(value), status=status, headers=headers, content_type="application/json"
    )
