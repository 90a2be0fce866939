"""What was understood wrongly and what it should have been: proposed, decided on, learned, forgotten.

The words of a correction are those that its corrector let stand. Who may do what is the pages' affair.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.model.errors import Conflict, NotFound, StaleVersion
from bot.store.schema_review import corrections

_k = corrections.c

PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"
STATUSES = (PENDING, APPROVED, REJECTED)

DECISIONS: Mapping[tuple[str, str], str] = {
    (PENDING, "approve"): APPROVED,
    (PENDING, "reject"): REJECTED,
    (APPROVED, "reject"): REJECTED,
    (REJECTED, "approve"): APPROVED,
}
"""What a decision makes of a correction; others are not possible."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A sentence, marked as in nlu.yml, with the intent that it has; and who says so.

    `conversation_id` and `seq` say where it was said (the event `understood`), as long as that is kept.
    """

    id: int
    conversation_id: str | None
    seq: int | None
    language: str
    text: str
    intent: str
    was: str
    status: str
    made_by: str
    made_at: float
    decided_by: str | None
    decided_at: float | None
    trained_at: float | None
    model: str | None

    @property
    def learned(self) -> bool:
        """Whether the last model was learned with it."""
        return self.trained_at is not None


_ALL = select(*(_k[name] for name in Correction.__dataclass_fields__))


def propose(
    connection: Connection,
    conversation_id: str,
    seq: int,
    *,
    language: str,
    text: str,
    intent: str,
    was: str,
    by: str,
    now: float,
    saw: int | None,
) -> int:
    """Correct what was understood there, in place of the correction that its corrector `saw` there; its id.

    Raises `Conflict` when that was approved: it is withdrawn first; or `StaleVersion` when another stands
    there. What was learned and withdrawn stays on record, apart from the conversation, until a model is
    learned without it.
    """
    here = and_(_k.conversation_id == conversation_id, _k.seq == seq)
    stands = connection.execute(select(_k.id, _k.status).where(here)).first()
    if stands and stands.status == APPROVED:
        raise Conflict("this correction was approved; it is withdrawn before another one is made")
    if (stands.id if stands else None) != saw:
        raise StaleVersion("somebody else has corrected this meanwhile")
    connection.execute(delete(corrections).where(_k.id == saw, _k.trained_at.is_(None)))
    connection.execute(update(corrections).where(_k.id == saw).values(conversation_id=None, seq=None))
    row = insert(corrections).values(
        conversation_id=conversation_id, seq=seq, language=language, text=text, intent=intent, was=was,
        status=PENDING, made_by=by, made_at=now,
    )  # fmt: skip
    try:
        with connection.begin_nested():
            return connection.execute(row.returning(_k.id)).scalar_one()
    except IntegrityError:
        raise StaleVersion("somebody else corrects this in the same moment") from None


def decide(connection: Connection, id_: int, decision: str, *, saw: str, by: str, now: float) -> Correction:
    """Approve or reject it, by somebody who `saw` it with this status; gives it as it was.

    Raises `NotFound` when it is gone (reworded or erased), `StaleVersion` when its status is another, or
    `Conflict` when that decision cannot be taken.
    """
    before = find(connection, id_)
    if before is None:
        raise NotFound("there is no such correction")
    after = DECISIONS.get((saw, decision))
    if after is None:
        raise Conflict(f"a correction that is {saw} takes no '{decision}'")
    changed = connection.execute(
        update(corrections)
        .where(_k.id == id_, _k.status == saw)
        .values(status=after, decided_by=by, decided_at=now)
    )
    if not changed.rowcount:
        raise StaleVersion(f"this correction is {before.status} meanwhile")
    return before


def find(connection: Connection, id_: int) -> Correction | None:
    """The correction with this number."""
    row = connection.execute(_ALL.where(_k.id == id_)).first()
    return Correction(*row) if row else None


def of_conversation(connection: Connection, conversation_id: str) -> dict[int, Correction]:
    """The corrections of a conversation by the number of the event that they correct."""
    rows = connection.execute(_ALL.where(_k.conversation_id == conversation_id))
    return {found.seq: found for row in rows if (found := Correction(*row)).seq is not None}


def listed(
    connection: Connection, status: str, *, limit: int = 50, offset: int = 0
) -> tuple[Correction, ...]:
    """Those of one status: what waits longest first, what was decided last first."""
    order = (_k.made_at, _k.id) if status == PENDING else (_k.decided_at.desc(), _k.id.desc())
    query = _ALL.where(_k.status == status).order_by(*order).limit(limit).offset(offset)
    return tuple(Correction(*row) for row in connection.execute(query))


def counts(connection: Connection) -> dict[str, int]:
    """How many there are of each status."""
    rows = connection.execute(select(_k.status, func.count()).group_by(_k.status))
    return dict.fromkeys(STATUSES, 0) | {row[0]: row[1] for row in rows}


# ── learning ──────────────────────────────────────────────────────────────────────────────────────────────


def to_learn(connection: Connection) -> tuple[Correction, ...]:
    """What the next training learns, in the order in which it was made."""
    return _ordered(connection, _k.status == APPROVED)


def learned(connection: Connection) -> tuple[Correction, ...]:
    """What the last training learned, whatever was decided since."""
    return _ordered(connection, _k.trained_at.is_not(None))


def _ordered(connection: Connection, which: object) -> tuple[Correction, ...]:
    rows = connection.execute(_ALL.where(which).order_by(_k.id))  # type: ignore[arg-type]
    return tuple(Correction(*row) for row in rows)


def mark_learned(connection: Connection, ids: Collection[int], model: str, *, now: float) -> None:
    """These and no others are in the model of this hash; what was withdrawn and belongs nowhere goes."""
    connection.execute(update(corrections).where(_k.id.not_in(ids)).values(trained_at=None, model=None))
    again = or_(_k.model.is_(None), _k.model != model)
    connection.execute(update(corrections).where(_k.id.in_(ids), again).values(trained_at=now, model=model))
    gone = and_(_k.conversation_id.is_(None), _k.status != APPROVED, _k.trained_at.is_(None))
    connection.execute(delete(corrections).where(gone))


# ── forgetting ────────────────────────────────────────────────────────────────────────────────────────────


def forget(connection: Connection, conversation_ids: Collection[str], *, keep_approved: bool) -> int:
    """Erase the corrections of these conversations; how many.

    With `keep_approved` (a conversation grew old) a sentence that an editor has read and approved stays, and
    nothing says any more where it came from. Without (a person asks to be forgotten) it goes too.
    """
    of_them = _k.conversation_id.in_(conversation_ids)
    if keep_approved:
        connection.execute(
            update(corrections).where(of_them, _k.status == APPROVED).values(conversation_id=None, seq=None)
        )
    return connection.execute(delete(corrections).where(of_them)).rowcount
