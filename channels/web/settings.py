"""What can be set about the web chat."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The web chat's section of the configuration.

    `origins` lists the sites that may embed the widget besides Balie's own pages, as
    `https://intranet.example.org`; "*" allows every site. `public_url` is how customers reach Balie when
    that is not the Host that requests carry.
    """

    origins: tuple[str, ...] = ()
    public_url: str | None = None
    identity_secret: str | None = None
    receipts: bool = True
    """Whether widgets tell up to where the customer has it."""
    burst: float = 1.2
    heartbeat: float = 25.0
    hello_within: float = 10.0
    send_within: float = 20.0
    look_every: float = 15.0
    """Seconds between looks at the record when the bus is silent: what a lost event costs at most."""
    max_sockets: int = 2_000
    sockets_at_once: int = 500
    """Of one client address."""
    max_bad_frames: int = 10
