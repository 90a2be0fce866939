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
    "drafts.line": "Line {n}: {what}",
    "drafts.wrong.no_front": (
        "The front matter is missing. Begin with ---, title, summary, kind, … and --- again."
    ),
    "drafts.wrong.no_key": "“{name}” is missing from the properties. Add “{name}: …”.",
    "drafts.wrong.kind": "“{name}” is not a kind of article. Use one of {known}.",
    "drafts.wrong.date": "“{name}” is not a date. Write it like 2026-11-23.",
    "drafts.wrong.heading": "The heading “{name}” has no place here. The only one is “## {label}”.",
    "drafts.wrong.no_steps": "There are no steps. Write them as “1. **What to do.** How.”",
    "drafts.wrong.number": "Step {n} has the number {number}. Number the steps 1, 2, 3, …",
    "drafts.wrong.no_title": "Step {n} has no title. Begin with “**What to do.**”",
    "drafts.wrong.no_label": "Step {n} has no “{label}:”. Add “- {label}: …” below it, after three spaces.",
    "drafts.wrong.time": "The time of step {n} cannot be read. Write it as “2 min”.",
    "drafts.wrong.unknown": "There is no property “{name}”. There are {known}.",
    "drafts.wrong.form": "“{name}” does not have the right form.",
    "drafts.wrong.yaml": "The properties cannot be read. Check spaces, colons and quotes.",
    "drafts.wrong.link": "A link leads to the article “{name}”, which does not exist.",
    "drafts.wrong.intent": "There is no intent “{name}”. Check what stands at “intents”.",
    "drafts.wrong.unlike_steps": (
        "“{name}” does not have as many steps in every language. A customer may change language half-way."
    ),
    "drafts.wrong.unlike_kind": "“{name}” does not have the same “kind” and “intents” in every language.",
}
