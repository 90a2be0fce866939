"""The tables of who works here, beside users and sessions: invitations, links for who forgot a password, and
the second step of a login.

The same `metadata` as `schema`, under the same agreements. `two_step.secret` lies in clear: whoever reads the
database, or a backup of it, can make the codes. It proves nothing without the password, which is a hash.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, Table, Text

from bot.store.schema import metadata

invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("role", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
)

password_links = Table(
    "password_links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, unique=True),
    Column("expires_at", Float, nullable=False),
)

two_step = Table(
    "two_step",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("secret", Text, nullable=False),
    Column("since", Float),  # null until a code has proved that an app knows the secret
    Column("last_step", Integer, nullable=False),  # of the last code that counted: none counts twice
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("code_hash", Text, primary_key=True),
)

half_logins = Table(
    "half_logins",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False, index=True),
    Column("expires_at", Float, nullable=False),
)
