"""Lines of the audit log as sentences: who did what to what. Pure but for the words; a deed that has no
sentence is shown as it is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.store.accounts import BY_RULE, AuditEntry
from bot.web.texts import Words
from handoff.admin.edit.keeping import KEPT

DEEDS = (
    "login", "password_refused", "logout", "code_refused", "code_used", "password", "two_step_on",
    "two_step_off", "invite", "invite_withdraw", "invite_accept", "user_create", "user_password",
    "user_role", "user_details", "user_teams", "user_disable", "user_enable", "user_log_out", "password_link",
    "password_chosen", "two_step_reset", "token_create", "token_revoke",
    "agreement_edit", "agreement_forget", "article_edit", "article_forget",
    "call_out", "claim", "to_queue", "to_bot", "transfer", "resolve", "snooze", "wake", "ticket.made",
    "ticket.edited",
    "read", "look_up", "take to read", "have read", "put back to read", "tag", "untag", "comment",
    "remove comment", "remove customer note", "score", "correct", "approve correction", "reject correction",
    "publish article draft", "drop article draft", "reopen article draft", "export", "erase", "retention",
)  # fmt: skip
"""Those that have a sentence, in the order of the filter."""

COMMAND_LINE = "command line"
NOBODY: Mapping[str, str] = {COMMAND_LINE: "audit.command_line", BY_RULE: "audit.by_rule"}
"""Actors who are no users, with the key of what they are called."""

PAGES: Mapping[str, str] = {"conversation": "/review/{}", "user": "/admin/people/{}"}
"""Where what was done to can be seen; nowhere for what is not here."""

_NAMED = ("article", "article_draft", "agreement", "ticket", "correction")
"""Subjects whose ids people know: addresses, files and numbers."""

_DETAILS = ("name", "username", "role", "team", "tag", "intent", "outcome")
"""Of the data, what a sentence may show."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line for people. `text` is "… {who} … {what} …": the page puts the two in, with a link where `link`
    is one; `changes` are lines that an edit took away ("- ") and put in ("+ ")."""

    id: int
    at: float
    who: str
    text: str
    what: str
    link: str
    details: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Namer:
    """Names for ids: people, teams, roles and intents as the page's reader knows them."""

    t: Words
    people: Mapping[str, str]
    team: Callable[[str], str]
    subject: Callable[[str], str]

    def sentence(self, entry: AuditEntry) -> Sentence:
        """One line."""
        kind, _, id_ = entry.subject.partition(":")
        return Sentence(
            entry.id,
            entry.at,
            self.who(entry.actor),
            self.t(key) if (key := deed_key(entry.deed)) in self.t else "{who}: " + _braced(entry.deed),
            self._what(kind, id_),
            PAGES[kind].format(id_) if id_ and kind in PAGES else "",
            " · ".join(self._details(entry.data)),
            tuple(entry.data.get("changes", ())),
        )

    def who(self, actor: str) -> str:
        """Somebody's name, what is none, or what is written down."""
        if actor in NOBODY:
            return self.t(NOBODY[actor])
        return self.people.get(actor, actor)

    def _what(self, kind: str, id_: str) -> str:
        if kind == "user":
            return self.people.get(id_, id_)
        if kind == "agreement" and (file := f"audit.file.{id_}") in self.t:
            return self.t(file)
        # A name whole; of an id that says nothing, enough to tell it from others.
        called = id_ if kind in _NAMED else id_[:12]
        return f"{self.t.known('audit.kind', kind)} {called}".strip()

    def _details(self, data: Mapping[str, Any]) -> list[str]:
        named: Mapping[str, Callable[[str], str]] = {
            "role": lambda value: self.t.known("role", value),
            "outcome": lambda value: self.t.known("outcome", value),
            "team": self.team,
            "intent": self.subject,
        }
        plain: Callable[[str], str] = str
        return [
            named.get(each, plain)(str(data[each]))
            for each in _DETAILS
            if data.get(each) and not (each == "name" and "deed" in data)  # that is who did it, once more
        ] + went(self.t, data)


def went(t: Words, data: Mapping[str, Any]) -> list[str]:
    """What a night's round took away, counted by kind."""
    return [f"{t(f'agree.kept.{each}')}: {data[each]}" for each in KEPT if data.get(each)]


_SOME: Mapping[str, str] = {
    **dict.fromkeys(
        ("user_create", "user_password", "user_role", "user_details", "user_teams", "user_disable",
         "user_enable", "user_log_out", "two_step_reset", "password_link"), "user",
    ),
    **dict.fromkeys(("ticket.made", "ticket.edited"), "ticket"),
    **dict.fromkeys(("look_up", "remove customer note", "export", "erase"), "customer"),
    **dict.fromkeys(("approve correction", "reject correction"), "correction"),
    **dict.fromkeys(("agreement_edit", "agreement_forget"), "agreement"),
    **dict.fromkeys(("article_edit", "article_forget"), "article"),
    **dict.fromkeys(
        ("publish article draft", "drop article draft", "reopen article draft"), "article_draft"
    ),
}  # fmt: skip
"""To what a deed is done, where that is no conversation."""


_BY_RULE = ("retention",)
"""Deeds that nobody does."""


def deed_in_words(t: Words, deed: str) -> str:
    """A deed of nobody in particular, as the filter has it: "Somebody took over a conversation"."""
    what = t(f"audit.some.{_SOME.get(deed, 'conversation')}")
    who = "audit.by_rule" if deed in _BY_RULE else "audit.somebody"
    said = t(deed_key(deed)).format(who=t(who), what=what)
    said = said.replace(" de un", " d’un")  # in French; elsewhere there is no such thing
    return said[:1].upper() + said[1:]


def deed_key(deed: str) -> str:
    """The key of a deed's sentence among the words."""
    return "deed." + deed.replace(" ", "_").replace(".", "_")


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
