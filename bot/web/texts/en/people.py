"""English: what is kept of a person, to look at, to take along and to erase."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "archive.title": "What the helpdesk keeps about you",
    "archive.made": "Made on {when}.",
    "archive.name": "Name",
    "archive.email": "E-mail address",
    "archive.phone": "Phone number",
    "archive.known_by": "Known as",
    "archive.verified": "proven",
    "archive.claimed": "given, not checked",
    "archive.note": "Note",
    "archive.conversations": "Conversations: {n}",
    "archive.tickets": "Tickets: {n}",
    "archive.customer": "Customer",
    "archive.contact": "Contact",
    "archive.summary": "Summary",
    "archive.solution": "Solution",
    "archive.json": "data.json has everything once more, as it is kept.",
    "archive.overview_file": "overview.txt",
    "archive.file": "data-{when}.zip",
}
