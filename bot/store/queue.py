"""The way of a message, gathered: what a worker, a channel and the desk do with a conversation.

    accept / accept_result   a message, result or deed comes in       (inbox)
    claim… / release         a worker takes conversations that are due (claims)
    save_turn                the turn's record, in one piece           (turn)
    transfer / append        an agent's deed, reply or note            (deeds)
    claim_outbox / mark_…    messages leave, in order                  (outbox)
    claim_jobs / finish_…    slow actions run outside the turn         (jobs)
    acquire_lease            what must have one holder                 (leases)

All are plain functions on a `Connection`, inside whatever transaction the caller has open.
"""

from __future__ import annotations

from bot.store.claims import Claimed, InboxRow, claim, claim_this, next_due, release
from bot.store.deeds import append, transfer
from bot.store.inbox import accept, accept_result, once, open_conversation
from bot.store.jobs import (
    Job,
    NewJob,
    add_jobs,
    bury_job,
    claim_jobs,
    finish_job,
    is_ordered,
    next_job_due,
    retry_job,
)
from bot.store.leases import acquire_lease, release_lease
from bot.store.outbox import (
    OutboxRow,
    claim_outbox,
    mark_failed,
    mark_sent,
    mark_unknown,
    next_outbox_due,
    repeat,
)
from bot.store.record import event_of, message_of
from bot.store.turn import Saved, save_turn

__all__ = [
    "Claimed",
    "InboxRow",
    "Job",
    "NewJob",
    "OutboxRow",
    "Saved",
    "accept",
    "accept_result",
    "acquire_lease",
    "add_jobs",
    "append",
    "bury_job",
    "claim",
    "claim_jobs",
    "claim_outbox",
    "claim_this",
    "event_of",
    "finish_job",
    "is_ordered",
    "mark_failed",
    "mark_sent",
    "mark_unknown",
    "message_of",
    "next_due",
    "next_job_due",
    "next_outbox_due",
    "once",
    "open_conversation",
    "release",
    "release_lease",
    "repeat",
    "retry_job",
    "save_turn",
    "transfer",
]
