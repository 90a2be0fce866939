"""English: the drafts of articles."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "review.place_drafts": "Article drafts",
    "drafts.list": "Article drafts",
    "drafts.explained": (
        "What agents proposed as an article when they resolved. Write it out here: once published it "
        "is in the knowledge base at once, and the bot suggests it."
    ),
    "drafts.by_state": "By state",
    "drafts.state_draft": "To be written",
    "drafts.state_published": "Published",
    "drafts.state_dropped": "Put aside",
    "drafts.publish": "Publish",
    "drafts.drop": "Put aside",
    "drafts.reopen": "Take up again",
    "drafts.file": "As a file",
    "drafts.empty": "There is nothing here",
    "drafts.empty_hint": "An agent proposes a solution as an article when resolving a conversation.",
    "drafts.write": "Write out",
    "drafts.look": "Look",
    "drafts.save": "Save",
    "drafts.text": "Writing",
    "drafts.slug": "Address",
    "drafts.slug_hint": (
        "The article will be at /help/{language}/ by this name: small letters, figures and hyphens."
    ),
    "drafts.article": "Article",
    "drafts.text_hint": (
        "Its properties first, then an introduction and numbered steps. Put words in place of each …."
    ),
    "drafts.looks": "How it looks",
    "drafts.why": "Why:",
    "drafts.result": "Result:",
    "drafts.no_look": "There is nothing to show yet.",
    "drafts.solution": "The solution as it was noted",
    "drafts.unread": "This cannot be read as an article yet:",
    "drafts.unwritten": "There is still a … somewhere: write that first.",
    "drafts.taken": "There is an article at {name} already.",
    "drafts.bad_slug": "The address has small letters, figures and hyphens, without spaces.",
    "drafts.keeps_name": "A published article keeps its address. Take it up again first.",
    "drafts.overtaken": (
        "A colleague has changed this meanwhile. What you typed is still here: save again to put it "
        "over theirs."
    ),
    "drafts.linked": "Other articles lead to it:",
    "drafts.done_saved": "Saved.",
    "drafts.done_published": "Published. It is in the knowledge base now.",
}
