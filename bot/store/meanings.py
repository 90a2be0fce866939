"""What a conversation's turns meant, and which were not understood: one definition for the review's list, its
filters and its queue. Not what figures count: `figures`.

What a turn means by itself does not matter where it answered the question: "laptop" alone means nothing, and
is an answer.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, func, or_, select, type_coerce

from bot.model.understanding import NLU_FALLBACK
from bot.store.schema import CANNOT_HANDLE, events

_e = events.c

_understood = _e.type == "understood"
_stuck = and_(_e.type == "flow", _e.name == CANNOT_HANDLE)
_answer = and_(_e.type == "slot", type_coerce(_e.data, Text).contains('"by":"collect"'))
_alone = func.max(case((_answer, 1), else_=0)) == 0

intent: ColumnElement[Any] = func.max(case((_understood, _e.name)))
"""What a turn was understood as; null where it was not read, as for a button."""

score: ColumnElement[Any] = func.min(case((_understood, _e.score)))
"""How sure that is."""

lost: ColumnElement[bool] = or_(
    func.max(case((_stuck, 1), else_=0)) == 1, and_(_alone, intent == NLU_FALLBACK)
)
"""Whether it was not understood: the bot said so, or it meant nothing and answered nothing."""

sure: ColumnElement[Any] = case((and_(_alone, intent != NLU_FALLBACK), score))
"""How sure it is that it meant what it was taken for; null where that does not matter. How sure the model is
that it is nothing is another figure."""


def turns(where: Any, *columns: Any, also: Collection[str] = ()) -> Select[*tuple[Any, ...]]:
    """The query for these columns of each turn of these conversations. A turn without anything that tells is
    left out; events of the types in `also` tell something, too."""
    tells = or_(_understood, _stuck, _answer, _e.type.in_(also))
    return select(_e.conversation_id, *columns).where(where, tells).group_by(_e.conversation_id, _e.turn)
