"""The Dutch words of the pages, a module for each group of pages."""

from __future__ import annotations

from bot.web.texts.nl import (
    account,
    admin,
    agree,
    arrival,
    calling,
    correct,
    desk,
    drafts,
    figures,
    help,
    on_line,
    pages,
    people,
    pictures,
    reading,
    review,
    ticket,
    told,
)

TEXTS: dict[str, str] = (
    account.TEXTS
    | admin.TEXTS
    | agree.TEXTS
    | arrival.TEXTS
    | on_line.TEXTS
    | calling.TEXTS
    | correct.TEXTS
    | desk.TEXTS
    | drafts.TEXTS
    | figures.TEXTS
    | help.TEXTS
    | pages.TEXTS
    | people.TEXTS
    | pictures.TEXTS
    | reading.TEXTS
    | review.TEXTS
    | ticket.TEXTS
    | told.TEXTS
)
