"""Durable jobs: work outside the database that must be done once a turn is saved (actions that are slow or
have effects). The key makes a repeated order harmless; the lease passes a dead worker's job on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Float, Integer, bindparam, func, literal, select, update

from bot.store.schema import jobs
from bot.store.statements import Prepared, insert_into
from bot.store.values import dumps, loads

_j = jobs.c


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to be done at `due_at`; `key` is the same for the same work: conversation, turn, n."""

    key: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])
    due_at: float = 0.0
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job that this worker holds; `attempts` counts this one."""

    id: int
    key: str
    kind: str
    conversation_id: str | None
    payload: dict[str, Any]
    attempts: int
    lease_token: int


_ADD = Prepared(
    lambda dialect: (
        insert_into(dialect, jobs)
        .values(
            state=literal("pending"), attempts=literal(0), lease_until=literal(0.0), lease_token=literal(0)
        )
        .on_conflict_do_nothing()
    ),
    ("key", "kind", "conversation_id", "payload", "due_at"),
)


def add_jobs(connection: Connection, new: Sequence[NewJob]) -> None:
    """Order jobs; one whose key is known is not ordered again."""
    _ADD.many(
        connection,
        [
            {
                "key": job.key,
                "kind": job.kind,
                "conversation_id": job.conversation_id,
                "payload": dumps(job.payload),
                "due_at": job.due_at,
            }
            for job in new
        ],
    )


def _claim_due(_: str) -> Any:
    now = bindparam("now", type_=Float)
    due = (
        select(_j.id)
        .where(_j.state == "pending", _j.due_at <= now, _j.lease_until < now)
        .order_by(_j.due_at, _j.id)
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(jobs)
        .where(_j.id.in_(select(due.c.id)))
        .values(
            lease_token=_j.lease_token + 1,
            lease_until=bindparam("until", type_=Float),
            attempts=_j.attempts + 1,
        )
        .returning(_j.id, _j.key, _j.kind, _j.conversation_id, _j.payload, _j.attempts, _j.lease_token)
    )


_CLAIM = Prepared(_claim_due)


def claim_jobs(connection: Connection, *, now: float, lease: float, limit: int) -> list[Job]:
    """Take up to `limit` jobs that are due and that nobody holds, for `lease` seconds."""
    rows = _CLAIM.rows(connection, {"now": now, "until": now + lease, "limit": limit})
    return [Job(r[0], r[1], r[2], r[3], loads(r[4]), r[5], r[6]) for r in sorted(rows)]


def is_ordered(connection: Connection, job: Job) -> bool:
    """Whether the job is still on record; an erased conversation's is not, and its result is nobody's."""
    return connection.execute(select(_j.id).where(_j.id == job.id)).first() is not None


def finish_job(connection: Connection, job: Job) -> bool:
    """The job is done; False when it was passed on meanwhile (its result, if any, came twice)."""
    return _close(connection, job, {"state": "done", "error": None})


def retry_job(connection: Connection, job: Job, *, due_at: float, error: str) -> bool:
    """The job failed and is tried again at `due_at`."""
    return _close(connection, job, {"due_at": due_at, "error": error})


def bury_job(connection: Connection, job: Job, *, error: str) -> bool:
    """The job failed for good; it stays on record as dead."""
    return _close(connection, job, {"state": "dead", "error": error})


def _close(connection: Connection, job: Job, values: Mapping[str, Any]) -> bool:
    done = connection.execute(
        update(jobs)
        .where(_j.id == job.id, _j.lease_token == job.lease_token, _j.state == "pending")
        .values(lease_until=0.0, **values)
    )
    return done.rowcount > 0


def next_job_due(connection: Connection) -> float | None:
    """When there is a job to look for next."""
    return connection.execute(
        select(func.min(_j.due_at)).where(_j.state == "pending", _j.lease_until == 0.0)
    ).scalar()
