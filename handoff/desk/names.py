"""What the desk calls teams, facts, and a ticket's fields with their values, in the page's language."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.web import templates
from bot.web.site import Site
from bot.web.texts import words
from bot.web.ticket_words import field_words, value_words


def teams_of(site: Site, language: str) -> dict[str, str]:
    """The teams' names by id."""
    return {team.id: team.name(language) for team in site.agreements.policy.teams.values()}


def fact_label(site: Site, language: str, slot: str, otherwise: str = "") -> str:
    """What a fact is called in the page's language; a ticket has it in the customer's."""
    known = site.pack().domain.slots.get(slot)
    return templates.humane((known.label(language) if known else "") or otherwise or slot)


def names_for(site: Site, language: str) -> dict[str, Any]:
    """The same as templates use them."""
    t, label = words(language), partial(fact_label, site, language)
    return {
        "teams": teams_of(site, language),
        "fact_label": label,
        "field_words": lambda name: field_words(t, name, label),
        "value_words": partial(
            value_words,
            t,
            subject=partial(site.subject, language=language),
            team=partial(site.team_name, language=language),
        ),
    }
