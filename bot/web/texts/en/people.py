"""English: what is kept of a person, to look at, to take along and to erase."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "archive.made": "This is what the helpdesk keeps about you, as of {when}.",
    "archive.name": "Name",
    "archive.email": "E-mail address",
    "archive.phone": "Phone number",
    "archive.known_by": "Known as",
    "archive.verified": "checked",
    "archive.claimed": "given by you, not checked",
    "archive.note": "Note",
    "archive.conversations": "Your conversations",
    "archive.tickets": "Your tickets",
    "archive.customer": "Customer",
    "archive.contact": "Contact",
    "archive.summary": "Summary",
    "archive.solution": "Solution",
    "archive.json": (
        "data.json has the same once more, with everything that the system records beside it. It "
        "is meant to be read by a program."
    ),
    "archive.file": "data-{when}.zip",
    "archive.letter_file": "letter.txt",
    "archive.conversation_file": "conversation",
    "archive.dear": "Dear {name},",
    "archive.dear_customer": "Hello,",
    "archive.when": "{day} at {clock}",
    "archive.fact": "{name}: {value}",
    "archive.who": "Who you are",
    "archive.noted": "What our staff noted about you",
    "archive.conversation": "Conversation of {when}, via {channel}",
    "archive.ticket": "Ticket {number} of {when}, {status}",
    "archive.rights": (
        "Is something wrong, or would you like us to correct or erase something? Let the helpdesk know."
    ),
    "archive.greeting": "Kind regards,",
    "archive.helpdesk": "The helpdesk",
    "archive.you": "You",
    "archive.choice": "(one of the suggested answers)",
    "archive.understood": "Understood as",
    "archive.filled": "Noted",
    "archive.handed": "Passed on to a member of staff.",
    "archive.handed_ticket": "Passed on to a member of staff, with ticket {number}.",
    "archive.scored": "You gave {score} out of 5",
    "archive.ended": "Ended",
    "archive.comments": "Comments of our staff on this conversation",
    "archive.scores": "How our staff scored this conversation",
    "archive.tags": "Labels on this conversation",
    "archive.corrections": "Sentences of yours that the bot learns from",
    "archive.drafts": "Replies and notes that were not sent yet",
    "archive.article_drafts": "Solutions proposed as an article",
    "archive.changes": "What our staff changed",
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
