"""What a test of understanding says of examples, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.model.understanding import Entity, Understanding
from nlu.formats import Example
from nlu.reports import PICTURES, write_reports
from nlu.testing import (
    Answered,
    accuracy,
    by_language,
    calibration,
    confusions,
    entity_outcome,
    entity_report,
    intent_report,
)  # fmt: skip


def asked(meant: str, taken: str, language: str = "nl", **entities: tuple[Entity, ...]) -> Answered:
    example = Example("tekst", meant, language, entities.get("marked", ()), file="nlu/nl/a.yml", line=7)
    return Answered(example, Understanding("tekst", language, taken, 0.8, entities=entities.get("found", ())))


SOME = [
    asked("wifi", "wifi"), asked("wifi", "vpn"), asked("wifi", "vpn", "fr"), asked("vpn", "vpn"),
    asked("vpn", "nlu_fallback", "fr"),
]  # fmt: skip


def test_of_each_intent_it_says_what_it_is_taken_for() -> None:
    report = intent_report(SOME)
    assert report["wifi"]["recall"] == pytest.approx(1 / 3)
    assert report["wifi"]["confused_with"] == {"vpn": 2}
    assert report["vpn"]["precision"] == pytest.approx(1 / 3)
    assert report["accuracy"] == accuracy(SOME) == pytest.approx(0.4)
    assert confusions(SOME)[0] == ("wifi", "vpn", 2)
    assert {language: len(part) for language, part in by_language(SOME).items()} == {"fr": 2, "nl": 3}


def test_entities_must_have_kind_place_and_role() -> None:
    laptop, other = Entity("device", "laptop", 0, 6), Entity("device", "laptop", 7, 13)
    date = Entity("date", "2026-11-30", 3, 9)
    cases = [
        asked(
            "a", "a", marked=(laptop,), found=(laptop, date)
        ),  # never marked: what else is found is no mistake
        asked("a", "a", marked=(laptop,), found=(other,)),
    ]
    report = entity_report(cases)
    assert set(report) == {"device", "micro avg"}
    scores = {"precision": 0.5, "recall": 0.5, "f1-score": 0.5, "support": 2, "value_accuracy": 1.0}
    assert report["device"] == scores
    assert entity_report([asked("a", "a")]) == {}


def test_an_entity_may_be_found_with_the_wrong_value() -> None:
    meant = Entity("device", "smartphone", 0, 3, "gsm")
    case = asked("a", "a", marked=(meant,), found=(Entity("device", "desk_phone", 0, 3, "gsm"),))
    assert entity_report([case])["device"]["f1-score"] == 1.0
    assert entity_report([case])["device"]["value_accuracy"] == 0.0
    [wrong] = entity_outcome(case, {"device"})["wrong_value"]
    assert (wrong["value"], wrong["meant"]) == ("desk_phone", "smartphone")
    free = asked("a", "a", marked=(Entity("device", "gsm", 0, 3, "gsm"),), found=case.found.entities)
    assert entity_report([free])["device"]["value_accuracy"] == 1.0, (
        "no value is marked, so none is asked for"
    )


def test_calibration_compares_confidence_with_the_share_that_is_right() -> None:
    found = calibration(SOME)
    assert found["bins"] == [{"confidence": pytest.approx(0.8), "right": pytest.approx(0.4), "examples": 5}]
    assert found["expected_calibration_error"] == pytest.approx(0.4)
    assert calibration([])["expected_calibration_error"] == 0.0


@pytest.mark.slow  # it draws
def test_wrong_entities_are_listed(tmp_path: Path) -> None:
    laptop, wrong = Entity("device", "laptop", 0, 6, "laptop"), Entity("device", "laptop", 7, 13, "laptop")
    date = Entity("date", "2026-11-30", 3, 9)
    right = asked("a", "a", marked=(laptop,), found=(laptop, date))
    write_reports(tmp_path, [right, asked("b", "a", marked=(laptop,), found=(wrong,))])
    [error] = json.loads((tmp_path / "entity_errors.json").read_text())
    assert [one["start"] for one in error["missed"]] == [0]
    assert [one["start"] for one in error["wrongly_found"]] == [7]


def test_reports_errors_and_pictures_are_written(tmp_path: Path) -> None:
    written = write_reports(tmp_path / "report", SOME)
    assert {path.name for path in written} == {
        "intent_report.json", "intent_errors.json", "intent_successes.json", "intent_calibration.json", *PICTURES,
    }  # fmt: skip
    [first, *_] = json.loads((tmp_path / "report" / "intent_errors.json").read_text())
    assert first["intent"] == "wifi"
    assert first["intent_prediction"] == {"name": "vpn", "confidence": 0.8}
    assert first["place"] == "nlu/nl/a.yml:7"
    for name in PICTURES:
        assert (tmp_path / "report" / name).read_bytes().startswith(b"\x89PNG")
