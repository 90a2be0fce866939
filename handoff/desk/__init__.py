"""The agents' pages: who waits, one conversation with its ticket, and what an agent may do with it.

lists, pages, panel   the three panes, and what they show
lines                 a conversation's record as lines of a transcript
fitting               articles and tickets that fit what the customer types
arrivals              how far each message to the customer has come
calling               ringing the customer
deeds                 what is done with a conversation, as forms
pictures              a picture as a reply
on_line               speaking with a customer who is on the line
inserts               canned replies, articles and macros, offered
wishes                what agents set for themselves
feed                  what happens, told to the browser
"""

from __future__ import annotations

from aiohttp import web

from handoff.desk import (
    calling,
    deeds,
    feed,
    fitting,
    inserts,
    on_line,
    pages,
    pictures,
    ticket_form,
    wishes,
)

__all__ = ["routes"]


def routes() -> list[web.RouteDef]:
    """Everything under /desk but the login."""
    return [
        web.get("/desk", pages.desk),
        web.get("/desk/", pages.desk),
        web.get("/desk/list", pages.listed),
        web.get("/desk/events", feed.events),
        web.get("/desk/presence", wishes.presence),
        web.post("/desk/availability", wishes.availability),
        web.post("/desk/settings", wishes.settings),
        web.get("/desk/c/{id}", pages.conversation),
        web.get("/desk/c/{id}/news", pages.news),
        web.get("/desk/c/{id}/earlier", pages.earlier),
        web.get("/desk/c/{id}/fitting", fitting.fitting),
        web.get("/desk/c/{id}/edit", ticket_form.edit),
        web.get("/desk/c/{id}/inserts", inserts.inserts),
        web.get("/desk/c/{id}/macros/{macro}", inserts.macro),
        web.get("/desk/c/{id}/line", on_line.line),
        web.get("/desk/c/{id}/talk", on_line.socket),
        web.post("/desk/c/{id}/typing", deeds.typing),
        web.get("/desk/c/{id}/draft", wishes.kept_draft),
        web.post("/desk/c/{id}/draft", wishes.draft),
        web.post("/desk/c/{id}/read", wishes.read),
        web.post("/desk/c/{id}/picture", pictures.send),
        web.get("/desk/c/{id}/call", calling.ask),
        web.post("/desk/c/{id}/call", calling.call),
        web.post("/desk/c/{id}/{deed}", deeds.do),
    ]
