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
    "people.title": "Personal data",
    "people.who": "Who are you looking for?",
    "people.who_hint": "An e-mail address, a phone, ticket or customer number, or the id of a conversation.",
    "people.look": "Look up",
    "people.none": "Nothing is kept",
    "people.none_hint": (
        "Try something else that you know: people may chat without a name or an address. The ticket "
        "number always finds the conversation."
    ),
    "people.kept": "What is kept",
    "people.counted": "Conversations: {conversations}, tickets: {tickets}",
    "people.sender": "Sender",
    "people.mentioned": "Named in other conversations",
    "people.mentioned_hint": (
        "The address or number comes up here. Mostly the conversation is somebody else’s: tick it only "
        "where it is this customer’s after all."
    ),
    "people.export": "Give a copy",
    "people.export_hint": (
        "A ZIP file with every conversation, ticket and note, readable and whole. Give it to nobody but "
        "them, once you are sure that it is them."
    ),
    "people.their_language": "The customer’s language",
    "people.export_go": "Download the copy",
    "people.erase": "Erase everything",
    "people.erase_hint": (
        "What was said, filled in and noted, the name and the addresses go for good. Conversations that "
        "are going on are closed. Figures and ticket numbers stay."
    ),
    "people.sure": "What is ticked goes. This cannot be undone.",
    "people.erase_go": "Erase for good",
    "people.erased_whole": "Everything is erased. A backup from before still has it.",
    "people.erased_later": (
        "Everything is erased. Another program was reading at that moment: the database’s files are rid "
        "of it after the coming night."
    ),
    "page.people": "Personal data",
    "people.erase_open": "Erase…",
    "people.take": "Take along",
    "people.take_one": "Take the conversation of {when} along",
}
