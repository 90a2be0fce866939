"""Whether somebody is there, how long the line is, and the name in an answer."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.actions.desk import name_in
from bot.store.repositories import (
    create_handoff,
)
from bot.store.schema import conversations, handoffs
from handoff.config import Policy
from tests.integration.actions.desk import MONDAY, NIGHT, Desk


async def test_whether_somebody_is_there(desk: Desk) -> None:
    await desk.run("action_handoff_availability", problem="wifi_problem", handoff_reason="asked")
    assert desk.slots["handoff_open"] is True
    assert desk.slots["queue_position"] == 1.0
    assert desk.slots["expected_wait"] is None
    assert desk.slots["opening_hours_text"].startswith("Onze medewerkers zijn er ")
    desk.now = NIGHT
    await desk.run("action_handoff_availability")
    assert desk.slots["handoff_open"] is False
    assert desk.slots["queue_position"] is None
    assert "morgen" in desk.slots["opening_hours_text"]
    for language in ("nl", "fr", "en"):
        await desk.run("action_opening_hours", language=language)
        assert desk.slots["opening_hours_text"].endswith(".")


async def test_the_line_and_the_wait(desk: Desk, policy: Policy) -> None:
    team = policy.team_for("wifi_problem", "nl").id

    def line(connection: Any) -> None:
        for number, priority in enumerate(("P1", "P4")):
            connection.execute(insert(conversations).values(_row(f"c{number}")))
            create_handoff(
                connection, f"c{number}", episode=1, team=team, reason="asked", priority=priority, now=MONDAY
            )
        connection.execute(insert(conversations).values(_row("done")))
        create_handoff(
            connection, "done", episode=1, team=team, reason="asked", priority="P1", now=MONDAY - 600
        )
        connection.execute(
            update(handoffs)
            .where(handoffs.c.conversation_id == "done")
            .values(claimed_at=MONDAY - 420, closed_at=MONDAY)
        )

    await desk.database.write(line)
    await desk.run("action_handoff_availability", problem="wifi_problem", scope="only_me", urgency="medium")
    assert desk.slots["queue_position"] == 2.0
    assert desk.slots["expected_wait"] == 3.0


def _row(conversation: str) -> dict[str, Any]:
    return {
        "id": conversation,
        "channel": "web",
        "sender_id": conversation,
        "owner": "queue",
        "status": "open",
        "language": "nl",
        "created_at": MONDAY,
        "updated_at": MONDAY,
    }


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Jan Peeters", "Jan Peeters"),
        ("jan peeters jan@voorbeeld.be", "Jan Peeters"),
        ("ik ben Els Claes en mijn nummer is 0470 12 34 56", "Els Claes"),
        ("Marie Dubois au 0470/12.34.56", "Marie Dubois"),
        ("sam@example.com", ""),
        ("waarom wilt u dat weten", ""),
    ],
)
def test_the_name_in_an_answer_that_may_also_say_how_to_reach_somebody(answer: str, name: str) -> None:
    assert name_in(answer) == name


def test_a_word_that_means_something_is_no_name() -> None:
    assert name_in("gestolen", about=True) == ""
    assert name_in("Jan, 0470 12 34 56", about=True) == "Jan"
