"""A pack that is wrong is refused at load, with file, line and mend, everything at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.content import read_files
from bot.dialogue.check import load
from bot.model.errors import ContentError
from tests.engine_talk import SMALL

FILES = read_files(SMALL, "config.yml", "domain.yml", "flows/*.yml")

FLOW = """
flows:
  extra:
    name: extra
    translation: {en: extra}
    description: One more.
    steps:
%s
"""

# what is wrong in a flow's steps → what the error says (file flows/extra.yml, the line of the step)
STEPS = {
    "      - collect: devise": "unknown slot 'devise'. Did you mean 'device'?",
    "      - action: utter_helo": "unknown response 'utter_helo'. Did you mean 'utter_hello'?",
    "      - action: action_missing": "unknown action 'action_missing'",
    "      - link: nowhere": "unknown flow 'nowhere'",
    "      - call: wifi_problem": "links to 'pattern_human_handoff'",
    "      - call: pattern_completed": "a pattern cannot be called",
    "      - action: utter_hello\n        next: gone": "unknown step 'gone'",
    "      - action: utter_hello\n        next: END\n      - action: utter_done": "no way leads here",
    "      - id: a\n        action: utter_hello\n        next: a": "this loop asks nothing",
    "      - noop: true": "a noop step needs a next",
    "      - action: utter_hello\n        collect: device": "exactly one of",
    "      - colect: device": "unknown key 'colect'",
    "      - noop: true\n        next:\n          - if: slots.device = 'x'\n            then: END": "no 'else'",
    "      - noop: true\n        next:\n          - if: slots.device =\n            then: END\n          - else: END":
        "cannot be read",
    "      - noop: true\n        next:\n          - if: slots.other\n            then: END\n          - else: END":
        "unknown slot 'other'",
    "      - set_slots: [{devices: x}]": "unknown slot 'devices'. Did you mean 'device'?",
    "      - set_slots: [{device: lapop}]": "sets 'device' to 'lapop', which does not fit. Did you mean 'laptop'?",
    "      - noop: true\n        next:\n          - if: slots.device = 'lapop'\n            then: END\n          - else: END":
        "compares 'device' with 'lapop', which it never is. Did you mean 'laptop'?",
    "      - collect: device\n        rejections: [{if: slots.floor > 1, utter: utter_high}]":
        "only ask about the slot being collected",
    "      - collect: device\n        reset_after_flow_ends: false": "persisted_slots",
}  # fmt: skip

DOMAIN = {
    "utter_new: [{text: Dag.}]": "'utter_new' has no text in en",
    "utter_new: [{text: Dag., translation: {en: Hello., de: Tag.}}]": "in 'de', which is no language",
    "utter_new: [{text: '{{ x', translation: {en: b}, metadata: {template: jinja}}]": "Jinja text",
    "utter_new: []": "has no variation",
    "utter_new: x": "'utter_new' is a text and must be a list",
    "utter_new: [{txt: Dag.}]": "'utter_new' has an unknown key 'txt'",
    "utter_new: [{text: a, translation: {en: b}, buttons: [{title: a, translation: {en: b}, payload: x}]}]": "is no payload",
    "utter_new: [{text: a, translation: {en: b}, buttons: [{title: a, translation: {en: b}, payload: /gret}]}]": "unknown intent 'gret'. Did you mean 'greet'?",
    "utter_new: [{text: a, translation: {en: b}, buttons: [{title: a, translation: {en: b}, payload: /SetSlots(floor=x)}]}]": "sets 'floor' to 'x', which does not fit",
    "utter_new: [{text: a, translation: {en: b}, buttons: [{title: a, translation: {en: b}, payload: '/greet{x}'}]}]": "not JSON",
    "utter_hello: [{text: a, translation: {en: b}}]": "the key 'utter_hello' stands twice",
}


def problems(files: dict[str, str]) -> list[str]:
    with pytest.raises(ContentError) as error:
        load(files)
    return [str(problem) for problem in error.value.problems]


def test_the_small_pack_is_in_order() -> None:
    assert load(FILES).languages == ("nl", "en")


@pytest.mark.parametrize(("steps", "said"), STEPS.items(), ids=[said[:30] for said in STEPS.values()])
def test_wrong_steps(steps: str, said: str) -> None:
    found = problems({**FILES, "flows/extra.yml": FLOW % steps})
    assert any(said in problem for problem in found), found
    assert all(problem.startswith("flows/extra.yml:") for problem in found), found
    assert int(found[0].split(":")[1]) >= 7


@pytest.mark.parametrize(("response", "said"), DOMAIN.items(), ids=[said[:30] for said in DOMAIN.values()])
def test_wrong_responses(response: str, said: str) -> None:
    found = problems({**FILES, "domain.yml": FILES["domain.yml"] + "  " + response + "\n"})
    assert any(said in problem for problem in found), found


def test_from_llm_says_what_to_use_instead() -> None:
    domain = FILES["domain.yml"].replace("mappings: [{type: from_text}]", "mappings: [{type: from_llm}]")
    assert any(
        "take from_entity, from_intent or from_text" in problem
        for problem in problems({**FILES, "domain.yml": domain})
    )


def test_a_flow_that_stands_twice_names_both_places() -> None:
    found = problems({**FILES, "flows/other.yml": FILES["flows/flows.yml"]})
    assert any("already stands in flows/flows.yml:" in problem for problem in found)


def test_an_intent_that_starts_two_flows_is_refused() -> None:
    flow = (FLOW % "      - action: utter_hello").replace(
        "    steps:", "    nlu_trigger: [intent: greet]\n    steps:"
    )
    assert any("already starts" in problem for problem in problems({**FILES, "flows/extra.yml": flow}))


def test_broken_yaml_names_the_line() -> None:
    found = problems({**FILES, "flows/extra.yml": "flows:\n  a: [\n"})
    assert any(problem.startswith("flows/extra.yml:") and "not YAML" in problem for problem in found)


def test_an_impossible_date_is_a_problem_and_no_crash() -> None:
    found = problems({**FILES, "flows/extra.yml": "flows:\n  a:\n    description: 2026-13-01\n"})
    assert any("flows/extra.yml:3" in problem for problem in found)


def test_no_and_yes_are_words() -> None:
    domain = (
        FILES["domain.yml"]
        .replace("values: [laptop, phone]", "values: [laptop, phone, no, yes]")
        .replace(
            "phone: {nl: gsm, en: mobile}",
            "phone: {nl: gsm, en: mobile}, no: {nl: nee, en: no}, yes: {nl: ja, en: yes}",
        )
    )
    assert load({**FILES, "domain.yml": domain}).domain.slots["device"].values == (
        "laptop",
        "phone",
        "no",
        "yes",
    )


def test_a_list_where_a_mapping_must_be_is_told() -> None:
    flow = (FLOW % "      - action: utter_hello").replace(
        "    steps:", "    metadata: {problem: utter_x}\n    steps:"
    )
    found = problems({**FILES, "flows/extra.yml": flow})
    assert found == [
        "flows/extra.yml:7: 'problem' is a text and must be 'key: value' pairs. Write lines of 'key: value' below it.",
    ]


def test_a_language_that_is_missing_everywhere_in_many_texts_is_one_problem() -> None:
    config = FILES["config.yml"].replace("additional_languages: [en]", "additional_languages: [en, de]")
    found = problems({**FILES, "config.yml": config})
    assert [problem.split(" ")[0] for problem in found].count("config.yml:1:") == 1
    assert any("texts of domain are not there in de; the first: domain.yml:" in problem for problem in found)
    assert not any(problem.startswith("domain.yml") for problem in found)


def test_a_language_that_was_taken_away_is_one_problem() -> None:
    found = problems({**FILES, "config.yml": "language: nl\n"})
    assert any(
        "texts of domain are in a language that the pack does not have: en" in problem for problem in found
    )
    assert not any(problem.startswith("domain.yml") for problem in found)


def test_one_language_that_is_no_list_is_told_and_nothing_else() -> None:
    config = FILES["config.yml"].replace("additional_languages: [en]", "additional_languages: en")
    [found] = problems({**FILES, "config.yml": config})
    assert found.startswith("config.yml:2: 'additional_languages' is a text and must be a list")


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("silence: soon", "'silence' is a text and must be a number"),
        ("silenc: 5", "unknown key 'silenc'"),
        ("thresholds: {start: 3}", "Write a number from 0 to 1."),
        ("thresholds: {strat: 0.3}", "unknown key 'strat'"),
        ("one_problem: [[printer_problme]]", "Did you mean 'printer_problem'?"),
        ("words: {negation: {de: [nein]}}", "no language of the pack"),
    ],
)
def test_wrong_settings(metadata: str, said: str) -> None:
    config = f"language: nl\nadditional_languages: [en]\nmetadata:\n  {metadata}\n"
    found = problems({**FILES, "config.yml": config})
    assert any(said in problem and problem.startswith("config.yml:4:") for problem in found), found


def test_the_shipped_pack_is_in_order() -> None:
    from bot.app.content import DEFAULT_DATA, load_pack

    pack = load_pack(Path(DEFAULT_DATA))
    assert pack.languages == ("nl", "fr", "en")
