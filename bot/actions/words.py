"""The few sentences that actions put together themselves, in three languages. All others are the pack's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language; `{…}` is filled in."""

    hours: str
    back: str
    ticket_waiting: str
    ticket_busy: str
    ticket_solved: str
    ticket_solution: str
    ticket_due: str
    moment: str


_WORDS = {
    "nl": Words(
        hours="Onze medewerkers zijn er {hours}.",
        back="De eerstvolgende keer is dat {next}.",
        ticket_waiting="Ticket {number} ({summary}) wacht op een medewerker van {team}.",
        ticket_busy="Ticket {number} ({summary}) is in behandeling bij {team}.",
        ticket_solved="Ticket {number} ({summary}) is opgelost.",
        ticket_solution="De oplossing: {solution}",
        ticket_due="We streven ernaar om het tegen {moment} op te lossen.",
        moment="{day}/{month} om {hour}.{minute:02d} uur",
    ),
    "fr": Words(
        hours="Nos collaborateurs sont joignables {hours}.",
        back="Ils seront de retour {next}.",
        ticket_waiting="Le ticket {number} ({summary}) attend un collaborateur de l'équipe {team}.",
        ticket_busy="Le ticket {number} ({summary}) est en cours de traitement par l'équipe {team}.",
        ticket_solved="Le ticket {number} ({summary}) est résolu.",
        ticket_solution="La solution : {solution}",
        ticket_due="Nous visons une solution pour le {moment}.",
        moment="{day}/{month} à {hour}h{minute:02d}",
    ),
    "en": Words(
        hours="My colleagues are in {hours}.",
        back="They are back {next}.",
        ticket_waiting="Ticket {number} ({summary}) is waiting for somebody of {team}.",
        ticket_busy="Ticket {number} ({summary}) is being worked on by {team}.",
        ticket_solved="Ticket {number} ({summary}) has been solved.",
        ticket_solution="The solution: {solution}",
        ticket_due="We aim to solve it by {moment}.",
        moment="{day}/{month} at {hour}:{minute:02d}",
    ),
}


def of(language: str) -> Words:
    """The words of a language; English for one that is not here."""
    return _WORDS.get(language, _WORDS["en"])
