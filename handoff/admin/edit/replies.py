"""The forms of what agents insert: a canned reply, and a macro with its steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.model.ticket import Priority
from bot.source.edits import Change, written
from handoff.admin.edit.editor import (
    Desk,
    Editor,
    Fields,
    Typed,
    bad_name,
    in_languages,
    lacking,
    lines,
    one,
    put_list,
    put_texts,
    removal,
)
from handoff.canned import PLACES, STEPS, places
from handoff.snooze import SNOOZES

SPOKEN = ("reply", "note", "resolve")
MOST_STEPS = 10

# ── a reply ───────────────────────────────────────────────────────────────────────────────────────────────


def _reply(desk: Desk, id_: str) -> Fields | None:
    if not id_:
        return {"id": "", "title": {}, "text": {}, "teams": []}
    found = desk.site.agreements.canned.replies.get(id_)
    if found is None:
        return None
    return {"id": id_, "title": dict(found.title), "text": dict(found.text), "teams": list(found.teams)}


def _typed_reply(desk: Desk, typed: Typed) -> Fields:
    return {
        "id": one(typed, "id").removeprefix("/"),
        "title": in_languages(desk, typed, "title"),
        "text": in_languages(desk, typed, "text", lines),
        "teams": [team for team in desk.teams if team in typed.get("teams", ())],
    }


def _wrong_reply(desk: Desk, fields: Fields, id_: str) -> Iterator[str]:
    yield from bad_name(desk, fields["id"], desk.site.agreements.canned.replies, id_)
    yield from lacking(desk, fields["title"], "agree.title")
    yield from lacking(desk, fields["text"], "agree.text")
    yield from _unknown(desk, fields["title"])
    yield from _unknown(desk, fields["text"])


def _unknown(desk: Desk, texts: Mapping[str, str]) -> Iterator[str]:
    """That something stands between braces that cannot be filled in."""
    known = ", ".join("{" + name + "}" for name in sorted(PLACES))
    for name in sorted({name for text in texts.values() for name in places(text)} - PLACES):
        yield desk.t("agree.bad_place", place="{" + name + "}", known=known)


def _change_reply(_: Desk, fields: Fields) -> Change:
    def change(root: Any) -> None:
        entry = root.setdefault("replies", written({})).setdefault(fields["id"], written({}))
        put_texts(entry, "title", fields["title"])
        put_texts(entry, "text", fields["text"])
        put_list(entry, "teams", fields["teams"])

    return change


REPLY = Editor(
    kind="reply",
    file="policy/replies.yml",
    section="replies",
    shown=_reply,
    typed=_typed_reply,
    wrong=_wrong_reply,
    change=_change_reply,
    removal=removal("replies"),
)

# ── a macro ───────────────────────────────────────────────────────────────────────────────────────────────


def _macro(desk: Desk, id_: str) -> Fields | None:
    if not id_:
        return {"id": "", "name": {}, "steps": [], "teams": []}
    found = desk.site.agreements.canned.macros.get(id_)
    if found is None:
        return None
    steps = [{"does": step.does, "texts": dict(step.texts), "value": step.value} for step in found.steps]
    return {"id": id_, "name": dict(found.name), "steps": steps, "teams": list(found.teams)}


def _typed_macro(desk: Desk, typed: Typed) -> Fields:
    return {
        "id": one(typed, "id"),
        "name": in_languages(desk, typed, "name"),
        "steps": [
            {
                "does": does,
                "texts": in_languages(desk, typed, f"text.{number}", lines) if does in SPOKEN else {},
                "value": one(typed, f"value.{number}"),
            }
            for number, does in enumerate(typed.get("does", [])[:MOST_STEPS])
        ],
        "teams": [team for team in desk.teams if team in typed.get("teams", ())],
    }


def _rearranged(fields: Fields, do: str) -> Fields:
    """`add:note`, `up:2`, `down:2`, `drop:2`: a step more, in another place, or less."""
    what, _, which = do.partition(":")
    steps: list[Any] = list(fields["steps"])
    at = int(which) if which.isascii() and which.isdigit() else -1
    other = {"up": at - 1, "down": at + 1}.get(what, -1)
    if what == "add" and which in STEPS and len(steps) < MOST_STEPS:
        steps.append({"does": which, "texts": {}, "value": ""})
    elif what == "drop" and 0 <= at < len(steps):
        del steps[at]
    elif 0 <= at < len(steps) and 0 <= other < len(steps):
        steps[at], steps[other] = steps[other], steps[at]
    return {**fields, "steps": steps}


def _wrong_macro(desk: Desk, fields: Fields, id_: str) -> Iterator[str]:
    yield from bad_name(desk, fields["id"], desk.site.agreements.canned.macros, id_)
    yield from lacking(desk, fields["name"], "agree.name")
    yield from _unknown(desk, fields["name"])
    if not fields["steps"]:
        yield desk.t("agree.no_steps")
    choices: Mapping[str, set[str]] = {
        "team": set(desk.teams),
        "priority": {each.value for each in Priority},
        "snooze": set(SNOOZES),
    }
    for number, step in enumerate(fields["steps"], 1):
        if step["does"] in SPOKEN:
            yield from (f"{number}. {said}" for said in lacking(desk, step["texts"], "agree.text"))
            yield from _unknown(desk, step["texts"])
        elif step["value"] not in choices.get(step["does"], ()):
            yield desk.t("agree.bad_choice", what=f"{number}.")


def _change_macro(_: Desk, fields: Fields) -> Change:
    def change(root: Any) -> None:
        entry = root.setdefault("macros", written({})).setdefault(fields["id"], written({}))
        put_texts(entry, "name", fields["name"])
        steps = [
            {step["does"]: step["texts"] if step["does"] in SPOKEN else step["value"]}
            for step in fields["steps"]
        ]
        if [_plain(step) for step in entry.get("steps", ())] != steps:
            entry["steps"] = written(steps)
        put_list(entry, "teams", fields["teams"])

    return change


def _plain(step: Mapping[str, Any]) -> dict[str, Any]:
    return {does: dict(given) if isinstance(given, Mapping) else given for does, given in step.items()}


MACRO = Editor(
    kind="macro",
    file="policy/macros.yml",
    section="macros",
    shown=_macro,
    typed=_typed_macro,
    wrong=_wrong_macro,
    change=_change_macro,
    removal=removal("macros"),
    rearranged=_rearranged,
)
