"""Who a token or a signature names: the sender of a web chat. Pure."""

from __future__ import annotations

import hashlib
import hmac

from bot.model.errors import NotAllowed
from channels.web.codec import Hello, Identity


def sender_of_token(token: str) -> str:
    """The sender that a token names. A hash, so that whoever reads the database cannot take over a chat."""
    return hashlib.sha256(b"token:" + token.encode()).hexdigest()


def sender_of_identity(identity: Identity, secret: str | None) -> str:
    """The sender that a signed identity names: one per user of the embedding site, in every browser.

    Raises `NotAllowed` when the signature is not hex(HMAC-SHA256(secret, user)).
    """
    if secret is None:
        raise NotAllowed("there is no identity secret: set BALIE_WEB__IDENTITY_SECRET or leave identity out")
    expected = hmac.new(secret.encode(), _utf8(identity.user), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, identity.signature):
        raise NotAllowed("the identity's signature is not right")
    return hashlib.sha256(b"user:" + _utf8(identity.user)).hexdigest()


def sender_of(hello: Hello, secret: str | None) -> str:
    """The sender that a hello names; raises `NotAllowed`."""
    if hello.identity is not None:
        return sender_of_identity(hello.identity, secret)
    if hello.token is None:
        raise NotAllowed("say who you are: a token or an identity")
    return sender_of_token(hello.token)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
