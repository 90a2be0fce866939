"""The actions that Balie ships, put together: every dependency is given here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from rasa_sdk import Action

from bot.actions.articles import (
    AskStepOutcome,
    CloseArticle,
    Library,
    NextArticleStep,
    SearchKnowledge,
    SuggestArticle,
    TakeArticle,
)
from bot.actions.checks import FindOutage, RunChecks
from bot.actions.desk import HandoffAvailability, NoteContact, OpeningHours
from bot.actions.stored import StoredLine, StoredTickets
from bot.actions.texts import SendArticle, Texts
from bot.actions.tickets import TicketStatus, UpdateTicket
from bot.checks.config import EMPTY_CHECKS, load_checks
from bot.checks.outages import OutageList
from bot.checks.run import Checks
from bot.dialogue.pack import Pack
from bot.dialogue.steps import HANDOFF_ACTION
from bot.knowledge.search import KnowledgeIndex
from bot.model.errors import Problem
from bot.source.files import read_text
from bot.store.database import Database
from handoff.config import Policy

SHIPPED = (
    SuggestArticle, TakeArticle, AskStepOutcome, NextArticleStep, CloseArticle, SearchKnowledge, SendArticle,
    RunChecks, FindOutage,
    TicketStatus, UpdateTicket, HandoffAvailability, OpeningHours, NoteContact,
)  # fmt: skip
"""Every action that `shipped_actions` makes."""


def nobody_runs(wanted: Collection[str], names: Collection[str]) -> list[Problem]:
    """The actions of a pack that are neither shipped nor the helpdesk's own (`names` are those that are)."""
    mend = "Write it as a rasa_sdk action and name its module in BALIE_ACTION_PACKAGE."
    missing = sorted(set(wanted) - set(names) - {HANDOFF_ACTION})
    return [Problem("domain.yml", 1, f"nobody runs the action '{name}'", mend) for name in missing]


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
    texts: Texts | None = None,
) -> list[Action]:
    """One of each. `checks` may be given, for tests that must not reach outside. Without `texts`
    none are sent."""
    routine = checks or make_checks(data, clock)
    library = Library(index, pack, public_url)
    tickets = StoredTickets(database, clock)
    return [
        SuggestArticle(library),
        TakeArticle(library),
        AskStepOutcome(library),
        NextArticleStep(library),
        CloseArticle(library),
        SearchKnowledge(library),
        SendArticle(library, texts),
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
