"""Which actions are shipped."""

from __future__ import annotations

from bot.actions.shipped import SHIPPED
from bot.dialogue.pack import Pack
from tests.integration.actions.desk import Desk


def test_every_action_of_the_pack_is_there(shelf: Desk, pack: Pack) -> None:
    assert pack.domain.actions - shelf.runner.names() <= {"action_human_handoff"}
    durable = {name for name in shelf.runner.names() if shelf.runner.durable(name)}
    assert durable == {"action_run_checks", "action_send_article"}


def test_what_is_shipped_is_known_before_it_is_made(shelf: Desk) -> None:
    assert {action.action_name for action in SHIPPED} == shelf.runner.names()
