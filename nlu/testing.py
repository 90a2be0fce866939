"""How well a model understands examples, as Rasa's `rasa test nlu` tells it: reports for intents and
entities, and what was right and wrong, example by example. Pure: writing it to files is `nlu.reports`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from sklearn.metrics import classification_report

from bot.model.understanding import Entity, Understanding
from nlu.formats import Example
from nlu.pipeline import Pipeline, Query

TOGETHER = 32
"""Examples that are read at once, as by a busy server."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An example, and what was understood of it."""

    example: Example
    found: Understanding

    @property
    def right(self) -> bool:
        """Whether it was understood as it was meant."""
        return self.found.intent == self.example.intent


def ask(
    pipeline: Pipeline, examples: Sequence[Example], step: Callable[[int], None] = lambda _: None
) -> list[Answered]:
    """The examples as the first message of a conversation in their language, or as the answer to the slot
    that their metadata name (`asked`); `step` hears how many are done."""
    tested: list[Answered] = []
    for at in range(0, len(examples), TOGETHER):
        some = examples[at : at + TOGETHER]
        found = pipeline.parse_batch(
            [Query(one.text, asked=asked_of(one), hint=one.language) for one in some]
        )
        tested += [Answered(one, each) for one, each in zip(some, found, strict=True)]
        step(len(tested))
    return tested


def asked_of(example: Example) -> str | None:
    """The slot to which an example is the answer, where its metadata name one."""
    slot = example.metadata.get("asked")
    return slot if isinstance(slot, str) else None


def intent_report(tested: Sequence[Answered]) -> dict[str, Any]:
    """Precision, recall and F1 of each intent with what it is taken for (`confused_with`), and their
    averages; the form of Rasa's `intent_report.json`."""
    truth, taken = [each.example.intent for each in tested], [each.found.intent for each in tested]
    table: Any = classification_report
    report: dict[str, Any] = table(truth, taken, output_dict=True, zero_division=0)
    report.setdefault("accuracy", accuracy(tested))
    for intent in set(truth):
        wrong = Counter(
            each.found.intent for each in tested if each.example.intent == intent and not each.right
        )
        report[intent]["confused_with"] = dict(wrong.most_common())
    return report


def accuracy(tested: Sequence[Answered]) -> float:
    """The share that was understood as it was meant; 0 of nothing."""
    return sum(each.right for each in tested) / len(tested) if tested else 0.0


def by_language(tested: Iterable[Answered]) -> dict[str, list[Answered]]:
    """The same apart, by the examples' language."""
    parts: dict[str, list[Answered]] = {}
    for each in tested:
        parts.setdefault(each.example.language, []).append(each)
    return dict(sorted(parts.items()))


def confusions(tested: Sequence[Answered]) -> list[tuple[str, str, int]]:
    """(meant, taken for, how often), the most frequent first."""
    pairs = Counter((each.example.intent, each.found.intent) for each in tested if not each.right)
    return [(meant, taken, count) for (meant, taken), count in pairs.most_common()]


def calibration(tested: Sequence[Answered], bins: int = 10) -> dict[str, Any]:
    """Whether confidence tells the share that is right: both of each tenth of the scale that has examples,
    and how far they lie apart, weighed by examples (`expected_calibration_error`, 0 to 1; 0 of nothing)."""
    parts: dict[int, list[Answered]] = {}
    for each in tested:
        parts.setdefault(min(bins - 1, int(each.found.confidence * bins)), []).append(each)
    rows = [
        {
            "confidence": fmean(each.found.confidence for each in part),
            "right": accuracy(part),
            "examples": len(part),
        }
        for _, part in sorted(parts.items())
    ]
    apart = sum(row["examples"] * abs(row["confidence"] - row["right"]) for row in rows)
    return {"expected_calibration_error": apart / len(tested) if tested else 0.0, "bins": rows}


def outcome(each: Answered) -> dict[str, Any]:
    """One example with what was understood, as in Rasa's `intent_errors.json`; with its place."""
    return {
        "text": each.example.text,
        "intent": each.example.intent,
        "intent_prediction": {"name": each.found.intent, "confidence": each.found.confidence},
        "language": each.example.language,
        "place": f"{each.example.file}:{each.example.line}",
    }


# ── entities ──────────────────────────────────────────────────────────────────────────────────────────────


def entity_report(tested: Sequence[Answered]) -> dict[str, Any]:
    """Precision, recall and F1 of each entity, where kind, place and role must be right, and of all together
    (`micro avg`); `value_accuracy` is the share of those found whose value is right too. Only entities that
    the examples mark anywhere count: what they never mark may be found."""
    marked = {entity.entity for each in tested for entity in each.example.entities}
    right, same, found, wanted = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for each in tested:
        meant = {_mark(entity): entity for entity in each.example.entities}
        seen = {_mark(entity): entity for entity in each.found.entities if entity.entity in marked}
        right.update(kind for kind, *_ in meant.keys() & seen.keys())
        same.update(mark[0] for mark in meant.keys() & seen.keys() if _same(meant[mark], seen[mark]))
        found.update(kind for kind, *_ in seen)
        wanted.update(kind for kind, *_ in meant)
    report = {kind: _scores(right[kind], found[kind], wanted[kind], same[kind]) for kind in sorted(marked)}
    if report:
        report["micro avg"] = _scores(right.total(), found.total(), wanted.total(), same.total())
    return report


def entity_outcome(each: Answered, kinds: Container[str]) -> dict[str, Any]:
    """One example with the entities of these kinds that were missed, and those that are not there."""
    meant = {_mark(entity): entity for entity in each.example.entities}
    seen = {_mark(entity): entity for entity in each.found.entities if entity.entity in kinds}
    wrong = [mark for mark in meant if mark in seen and not _same(meant[mark], seen[mark])]
    return {
        "text": each.example.text,
        "missed": [_shown(meant[mark]) for mark in meant if mark not in seen],
        "wrongly_found": [_shown(seen[mark]) for mark in seen if mark not in meant],
        "wrong_value": [{**_shown(seen[mark]), "meant": meant[mark].value} for mark in wrong],
        "language": each.example.language,
        "place": f"{each.example.file}:{each.example.line}",
    }


def _shown(entity: Entity) -> dict[str, Any]:
    return {"entity": entity.entity, "text": entity.text, "value": entity.value, "start": entity.start}


def _mark(entity: Entity) -> tuple[str, int, int, str | None]:
    return entity.entity, entity.start, entity.end, entity.role


def _same(meant: Entity, seen: Entity) -> bool:
    """Whether the value is right; an example that gives no value other than its words asks for none."""
    return meant.value in (meant.text, seen.value)


def _scores(right: int, found: int, wanted: int, same: int) -> Mapping[str, float]:
    precision = right / found if found else 0.0
    recall = right / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {
        "precision": precision,
        "recall": recall,
        "f1-score": f1,
        "support": wanted,
        "value_accuracy": same / right if right else 0.0,
    }
