"""The channels put together: a new one is added here and nowhere else."""

from __future__ import annotations

from bot.app.config import Settings
from bot.app.telephone import make_switchboard, make_telephone
from bot.bus import Bus
from bot.service.calls import Calls
from bot.service.ingest import Ingest
from bot.service.lines import Lines
from bot.service.lookahead import LookAhead
from bot.service.pictures import Pictures
from bot.service.placed import PlacedCalls
from bot.service.relay import Relay
from bot.service.replies import Replies
from bot.store.database import Database
from bot.web.limits import AddressLimits
from channels.contract import Channel
from channels.phone.from_chat import FromChat
from channels.phone.session import Counter
from channels.rest.channel import Authorize, RestChannel, RestSettings
from channels.transcripts import StoredTranscripts
from channels.web.channel import WebChannel
from channels.web.settings import WebSettings


def make_channels(
    settings: Settings,
    database: Database,
    bus: Bus,
    ingest: Ingest,
    replies: Replies,
    pictures: Pictures,
    authorize: Authorize | None,
    ahead: LookAhead | None,
    calls: Calls,
    placed: PlacedCalls,
) -> dict[str, Channel]:
    """The channels that the settings ask for, by name."""
    secret, transcripts = settings.web.identity_secret, StoredTranscripts(database)
    limits = AddressLimits(
        bus,
        transcripts.find,
        conversations_per_minute=settings.limits.conversations_per_minute,
        sockets_per_minute=settings.limits.sockets_per_minute,
    )
    web = WebSettings(
        origins=settings.web.origins,
        public_url=settings.public_url,
        identity_secret=secret.get_secret_value() if secret else None,
        receipts=settings.web.receipts,
        burst=settings.web.burst,
        sockets_at_once=settings.limits.sockets_at_once,
    )
    rest = RestSettings(open=settings.rest_open, timeout=settings.rest.timeout)
    counter = Counter(ingest, transcripts, calls, bus)
    lines = Lines(database, bus)
    switchboard = make_switchboard(settings, counter, lines, calls.languages)
    relay = Relay(lines.node, switchboard, database, bus) if switchboard is not None else None
    from_chat = FromChat(calls, switchboard) if switchboard is not None and settings.phone.browser else None
    looks = ahead.look if ahead else None
    made: list[Channel] = [
        WebChannel(ingest, transcripts, bus, limits, web, pictures, looks, from_chat),
        RestChannel(ingest, replies.answered, limits, rest, authorize),
    ]
    if switchboard is not None or settings.phone.auth_token is not None:
        made.append(make_telephone(settings, counter, replies, limits, calls, switchboard, placed, relay))
    return {channel.name: channel for channel in made}
