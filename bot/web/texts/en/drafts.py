"""English: the drafts of articles."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "review.place_drafts": "Article drafts",
    "drafts.list": "Article drafts",
    "drafts.explained": (
        "What agents proposed as an article when they resolved a conversation. An article is a file of "
        "the knowledge base: download its beginning, write it out in data/kb, and mark it as written "
        "here."
    ),
    "drafts.by_state": "By state",
    "drafts.state_draft": "To be written",
    "drafts.state_published": "Written",
    "drafts.state_dropped": "Put aside",
    "drafts.publish": "Is written",
    "drafts.drop": "Put aside",
    "drafts.reopen": "Take up again",
    "drafts.file": "Beginning of the article",
    "drafts.empty": "There is nothing here",
    "drafts.empty_hint": "An agent proposes a solution as an article when resolving a conversation.",
}
