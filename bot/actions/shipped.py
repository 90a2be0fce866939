"""The actions that Balie ships, put together: every dependency is given here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rasa_sdk import Action

from bot.actions.articles import (
    AskStepOutcome,
    CloseArticle,
    Library,
    NextArticleStep,
    SearchKnowledge,
    SuggestArticle,
)
from bot.actions.checks import FindOutage, RunChecks
from bot.actions.desk import HandoffAvailability, NoteContact, OpeningHours
from bot.actions.stored import StoredLine, StoredTickets
from bot.actions.tickets import TicketStatus, UpdateTicket
from bot.checks.config import EMPTY_CHECKS, load_checks
from bot.checks.outages import OutageList
from bot.checks.run import Checks
from bot.dialogue.pack import Pack
from bot.knowledge.search import KnowledgeIndex
from bot.source.files import read_text
from bot.store.database import Database
from handoff.config import Policy


def make_checks(data: Path, clock: Callable[[], float]) -> Checks:
    """The routine tests of a pack's folder; raises `ContentError` when its files are wrong."""
    file = data / "policy" / "checks.yml"
    form = load_checks(read_text(file, "policy/checks.yml")) if file.exists() else EMPTY_CHECKS
    return Checks(form, OutageList(data / "policy" / "outages.yml", clock), clock=clock)


def shipped_actions(
    *,
    database: Database,
    index: Callable[[], KnowledgeIndex],
    pack: Callable[[], Pack],
    policy: Callable[[], Policy],
    data: Path,
    clock: Callable[[], float],
    public_url: str | None = None,
    checks: Checks | None = None,
) -> list[Action]:
    """One of each. `checks` may be given, for tests that must not reach outside."""
    routine = checks or make_checks(data, clock)
    library = Library(index, pack, public_url)
    tickets = StoredTickets(database, clock)
    return [
        SuggestArticle(library),
        AskStepOutcome(library),
        NextArticleStep(library),
        CloseArticle(library),
        SearchKnowledge(library),
        RunChecks(routine),
        FindOutage(routine.outages or OutageList(data / "policy" / "outages.yml", clock)),
        TicketStatus(
            tickets, lambda team, language: policy().team_name(team, language), lambda: policy().calendar.zone
        ),
        UpdateTicket(tickets),
        HandoffAvailability(StoredLine(database), policy, clock),
        OpeningHours(policy, clock),
        NoteContact(),
    ]
