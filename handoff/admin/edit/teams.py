"""The forms of teams: one team, and who takes what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.model.ticket import Level
from bot.source.edits import Change, written
from handoff.admin.edit.editor import (
    Desk,
    Editor,
    Fields,
    Typed,
    bad_name,
    in_languages,
    lacking,
    one,
    put_list,
    put_texts,
    removal,
)
from handoff.policy import IntentRule

# ── a team ────────────────────────────────────────────────────────────────────────────────────────────────


def _team(desk: Desk, id_: str) -> Fields | None:
    routing = desk.site.agreements.policy.routing
    if not id_:
        return {"id": "", "name": {}, "languages": list(desk.languages), "otherwise": "", "default": False}
    team = routing.teams.get(id_)
    if team is None:
        return None
    return {
        "id": id_,
        "name": dict(team.names),
        "languages": [language for language in desk.languages if team.speaks(language)],
        "otherwise": team.otherwise,
        "default": routing.default == id_,
    }


def _typed_team(desk: Desk, typed: Typed) -> Fields:
    return {
        "id": one(typed, "id"),
        "name": in_languages(desk, typed, "name"),
        "languages": [language for language in desk.languages if language in typed.get("languages", ())],
        "otherwise": one(typed, "otherwise"),
        "default": "default" in typed,
    }


def _wrong_team(desk: Desk, fields: Fields, id_: str) -> Iterator[str]:
    yield from bad_name(desk, fields["id"], desk.teams, id_)
    yield from lacking(desk, fields["name"], "agree.name")
    if not fields["languages"]:
        yield desk.t("agree.no_language")
    if fields["otherwise"] and fields["otherwise"] == (id_ or fields["id"]):
        yield desk.t("agree.itself")


def _change_team(desk: Desk, fields: Fields) -> Change:
    def change(root: Any) -> None:
        entry = root["teams"].setdefault(fields["id"], written({}))
        put_texts(entry, "name", fields["name"])
        put_list(entry, "languages", fields["languages"])
        if fields["otherwise"]:
            entry["otherwise"] = fields["otherwise"]
        else:
            entry.pop("otherwise", None)
        if fields["default"]:
            root["default"] = fields["id"]

    return change


TEAM = Editor(
    kind="team",
    file="policy/teams.yml",
    section="teams",
    shown=_team,
    typed=_typed_team,
    wrong=_wrong_team,
    change=_change_team,
    removal=removal("teams"),
)

# ── who takes what ────────────────────────────────────────────────────────────────────────────────────────

LEVELS = tuple(level.value for level in Level)


def _routing(desk: Desk, _: str) -> Fields:
    policy = desk.site.agreements.policy
    return {
        "intents": {
            intent: {
                "subject": desk.site.subject(intent, desk.language),
                "team": policy.routing.by_intent.get(intent, policy.routing.default),
                **_weight(rule),
            }
            for intent, rule in policy.rules.intents.items()
        }
    }


def _weight(rule: IntentRule) -> Fields:
    return {"impact": rule.impact.value, "urgency": rule.urgency.value, "security": rule.security}


def _typed_routing(desk: Desk, typed: Typed) -> Fields:
    fields = _routing(desk, "")
    for intent, row in fields["intents"].items():
        for name in ("team", "impact", "urgency"):
            row[name] = one(typed, f"{name}.{intent}") or row[name]
        row["security"] = f"security.{intent}" in typed
    return fields


def _wrong_routing(desk: Desk, fields: Fields, _: str) -> Iterator[str]:
    for row in fields["intents"].values():
        if row["team"] not in desk.teams or not {row["impact"], row["urgency"]} <= set(LEVELS):
            yield desk.t("agree.bad_choice", what=row["subject"])


def _change_routing(desk: Desk, fields: Fields) -> Change:
    def change(root: Any) -> None:
        before = _routing(desk, "")["intents"]
        for intent, row in fields["intents"].items():
            entry = root["intents"][intent]
            for name in ("team", "impact", "urgency"):
                if row[name] != before[intent][name]:
                    entry[name] = row[name]
            if row["security"] != before[intent]["security"]:
                entry["security"] = row["security"]

    return change


ROUTING = Editor(
    kind="routing",
    file="policy/intents.yml",
    section="routing",
    shown=_routing,
    typed=_typed_routing,
    wrong=_wrong_routing,
    change=_change_routing,
)
