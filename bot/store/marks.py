"""What an agent leaves at a conversation: drafts, how far they have read, whom a note mentions."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from bot.model.errors import NotFound
from bot.store.schema import conversations
from bot.store.schema_desk import drafts, mentions, readings
from bot.store.statements import insert_into

_d, _r, _m, _c = drafts.c, readings.c, mentions.c, conversations.c

KINDS = ("reply", "note")


def save_draft(
    connection: Connection,
    user_id: str,
    conversation_id: str,
    kind: str,
    text: str,
    *,
    now: float,
    known: Collection[str] = (),
) -> str | None:
    """What somebody is writing; nothing is kept of an empty one, nor to who was erased meanwhile.

    `known` are the texts that the page which saves may have saved before. Where another one is kept, it stays
    and is returned; None when `text` is saved.
    """
    this = (_d.user_id == user_id, _d.conversation_id == conversation_id, _d.kind == kind)
    read = select(_d.text).where(*this)
    kept = connection.execute(read).scalar()
    if kept is not None and _plain(kept) not in {_plain(each) for each in (*known, text)}:
        return kept
    erased = select(_c.id).where(_c.id == conversation_id, _c.erased_at.is_not(None))
    if not text.strip() or connection.execute(erased).first():
        done = connection.execute(delete(drafts).where(*this, _d.text == kept))
    else:
        new = insert_into(connection.dialect.name, drafts).values(
            user_id=user_id, conversation_id=conversation_id, kind=kind, text=text, updated_at=now
        )
        done = connection.execute(
            new.on_conflict_do_update(
                index_elements=[_d.user_id, _d.conversation_id, _d.kind],
                set_={"text": new.excluded.text, "updated_at": new.excluded.updated_at},
                where=_d.text == kept,
            )
        )
    # Nothing done: PostgreSQL let another one in between.
    return None if done.rowcount else connection.execute(read).scalar()


def drop_draft(
    connection: Connection, user_id: str, conversation_id: str, kind: str, texts: Collection[str] = ()
) -> None:
    """It is done with; where `texts` are given, only if it is one of them."""
    this = (_d.user_id == user_id, _d.conversation_id == conversation_id, _d.kind == kind)
    if texts:
        kept = connection.execute(select(_d.text).where(*this)).scalar()
        if kept is None or _plain(kept) not in {_plain(text) for text in texts}:
            return
    connection.execute(delete(drafts).where(*this))


def _plain(text: str) -> str:
    return "\n".join(text.split("\r\n")).strip()


def drafts_of(connection: Connection, user_id: str, conversation_id: str) -> dict[str, str]:
    """What this agent has not sent yet there, by kind."""
    found = select(_d.kind, _d.text).where(_d.user_id == user_id, _d.conversation_id == conversation_id)
    return {row[0]: row[1] for row in connection.execute(found)}


def mark_read(connection: Connection, user_id: str, conversation_id: str, seq: int, *, now: float) -> None:
    """This agent has seen the conversation up to `seq`, mentions in it too; never less than before."""
    new = insert_into(connection.dialect.name, readings).values(
        user_id=user_id, conversation_id=conversation_id, seq=seq, at=now
    )
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[_r.user_id, _r.conversation_id],
            set_={"seq": new.excluded.seq, "at": new.excluded.at},
            where=_r.seq < new.excluded.seq,
        )
    )
    connection.execute(
        update(mentions)
        .where(
            _m.user_id == user_id,
            _m.conversation_id == conversation_id,
            _m.seq <= seq,
            _m.read_at.is_(None),
        )
        .values(read_at=now)
    )


def last_event(connection: Connection, conversation_id: str) -> int:
    """The number of a conversation's last event; raises `NotFound`."""
    seq = connection.execute(select(_c.seq).where(_c.id == conversation_id)).scalar()
    if seq is None:
        raise NotFound("there is no such conversation")
    return seq


def is_read(connection: Connection, user_id: str, conversation_id: str, seq: int) -> bool:
    """Whether there is nothing to mark."""
    found = select(_r.seq).where(_r.user_id == user_id, _r.conversation_id == conversation_id)
    return (connection.execute(found).scalar() or 0) >= seq


def mention(
    connection: Connection, user_ids: Collection[str], conversation_id: str, seq: int, *, now: float
) -> None:
    """A note calls these colleagues."""
    rows = [
        {"conversation_id": conversation_id, "seq": seq, "user_id": user_id, "at": now}
        for user_id in sorted(set(user_ids))
    ]
    if rows:
        connection.execute(insert(mentions), rows)
