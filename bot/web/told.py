"""What the layers below say of an error, and routine tests of what they found, in the visitor's language.

They raise sentences in English and know no page; a sentence is the key here. One that is not in the table (it
concerns programs, or is in the visitor's language already) stays as it is.
"""

from __future__ import annotations

import re

from bot.web.texts import Words

TOLD: dict[str, str] = {
    "your role does not give access to this": "told.role",
    "this form is out of date: load the page again and repeat what you did": "told.form_old",
    "this form was sent from another site": "told.form_foreign",
    "the request cannot be read": "told.unreadable",
    "a request has at most {most} bytes": "told.request_large",
    "something went wrong here": "told.wrong",
    "something went wrong here; reference {reference}": "told.wrong_reference",
    "the database is too busy to take more; try again in a moment": "told.busy",
    "too many at once": "told.many",
    "too many pictures at once; wait a moment": "told.many_pictures",
    "there is no such conversation": "told.no_conversation",
    "there is no conversation {id}": "told.no_conversation",
    "another agent has this conversation now": "told.taken",
    "another agent has this conversation; it can be transferred to you": "told.taken_reply",
    "only who has the conversation can send it again": "told.not_yours",
    "this conversation was erased: nothing is added to it any more": "told.erased",
    "this conversation is resolved already": "told.resolved",
    "this conversation is not snoozed": "told.not_snoozed",
    "a conversation owned by the {owner} cannot be changed by {deed}": "told.stands_otherwise",
    "snooze until a moment that is still to come, a year away at most": "told.snooze_when",
    "say until when: choose one, or give a date and a time": "told.until_when",
    "say to whom: a colleague, a team, the queue or the bot": "told.to_whom",
    "there is no such colleague": "told.no_colleague",
    "this colleague is not at work": "told.colleague_away",
    "a due time lies after the ticket was made": "told.due_before",
    "there is no such team": "told.no_team",
    "there is no such article": "told.no_article",
    "there is no such macro": "told.no_macro",
    "there is no text": "told.no_text",
    "a text may have {most} characters": "told.long",
    "a text may have {most} characters; this one has {number}": "told.longer",
    "nothing was said in this conversation yet": "told.nothing_said",
    "this conversation has no ticket": "told.no_ticket",
    "there is no field to change": "told.no_field",
    "somebody else has changed this meanwhile": "told.changed",
    "somebody else corrects this in the same moment": "told.changed",
    "somebody else has written this meanwhile": "told.changed",
    "there is no such comment": "told.gone",
    "there is no such comment of yours": "told.gone",
    "there is no such correction": "told.gone",
    "there is no such decision": "told.gone",
    "there is no such deed": "told.gone",
    "there is no such draft": "told.gone",
    "there is no such entry": "told.gone",
    "there is no such form": "told.gone",
    "there is no such scenario": "told.gone",
    "there is no such table": "told.gone",
    "there is no such turn": "told.gone",
    "there is no such user": "told.gone",
    "there is nothing to remove": "told.gone",
    "nobody with that id may log in": "told.gone",
    "no two-step login was begun": "told.two_step_begin",
    "two-step login is on already": "told.two_step_on",
    "two-step login was changed meanwhile: look again": "told.changed",
    "that file is not edited here": "told.gone",
    "the deed is take, done, next or back": "told.choose",
    "a role is one of {roles}": "told.choose",
    "choose a language": "told.choose_language",
    "say that you are sure": "told.sure",
    "tick at least one conversation": "told.tick",
    "nothing is kept of them": "told.nothing_kept",
    "too many requests at once": "told.many",
    "too many searches at once": "told.many",
    "too many answers at once": "told.many",
    "too many {what} from your address at once; wait a moment": "told.many",
    "too many attempts": "told.many",
    # what does not go together in what the helpdesk agreed
    "the default team '{team}' does not exist": "fit.default_gone",
    "the default team '{team}' does not help in {spoken}": "fit.default_languages",
    "the team '{team}' has no name in '{language}'": "fit.team_name",
    "the team '{team}' does not exist": "fit.team_gone",
    "the intent '{intent}' goes to the team '{team}', which does not exist": "fit.intent_team",
    "the intent '{intent}' has no entry": "fit.intent",
    "there is no team '{team}'; known teams are {known}": "fit.team_gone",
    "there is no text in '{language}'": "fit.text",
    "there is no text in '{language}', nor in {number} other places": "fit.texts",
    "'{place}' cannot be filled in; there are {known}": "fit.place",
    "'{language}' is not a language of this pack": "fit.language",
    "'{country}' is not a country whose holidays are known; Belgium is BE": "fit.country",
    # what routine tests expect and find
    "an address": "found.address",
    "the name has no address": "found.no_address",
    "open": "found.open",
    "the port open": "found.port_open",
    "port {port} open": "found.port_open",
    "a trusted certificate": "found.certificate",
    "a trusted certificate for {days} days or more": "found.certificate_days",
    "valid until {until}, {days} days": "found.valid_until",
    "the certificate is not trusted: {why}": "found.untrusted",
    "no secure connection: {why}": "found.insecure",
    "an SMTP greeting (220)": "found.smtp",
    "an IMAP greeting (* OK)": "found.imap",
    "no greeting": "found.no_greeting",
    "no known outage": "found.no_outage",
    "none": "found.none",
    "no answer within {seconds} s": "found.late",
    "the connection was refused": "found.refused",
    "there is no way to the address": "found.no_way",
}
"""The sentence as it is raised, what varies in braces: the key of its texts, which may leave that out."""


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile("".join(f"(?P<{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts)))


_PATTERNS = [(_pattern(sentence), key) for sentence, key in sorted(TOLD.items(), reverse=True)]
"""The longer of two that begin alike first."""


def known(message: str) -> tuple[str, dict[str, str]] | None:
    """The key of a sentence's texts and what varies in it; None where it is not in the table."""
    found = ((key, pattern.fullmatch(message)) for pattern, key in _PATTERNS)
    return next(((key, match.groupdict()) for key, match in found if match), None)


def told(t: Words, message: str) -> str:
    """The sentence in the language of `t`."""
    found = known(message)
    return t(found[0], **found[1]) if found else message
