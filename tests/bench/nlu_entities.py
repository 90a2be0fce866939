"""The entities of the shipped pack, measured on sentences that it has not seen (`unseen/entities`).

Those of `entities/<language>.yml` were looked at when finders and word lists were mended; those of
`entities/unread` were not, and are the figure that counts. An entity is right when its kind and its place
are, to the letter; its value is told apart.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.model.understanding import Understanding
from nlu.config import Config
from nlu.entities import EntityExtractor
from nlu.features import clean
from nlu.formats import Example, load_nlu_file
from nlu.testing import Answered, asked_of, entity_report
from tests.bench.table import Line

ENTITIES = Path(__file__).with_name("unseen") / "entities"
HALVES: Mapping[str, Path] = {"read": ENTITIES, "unread": ENTITIES / "unread"}
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
"""When the sentences are said: a Wednesday."""


def of_half(half: str, language: str) -> list[Example]:
    """The sentences of one half in one language."""
    return load_nlu_file(HALVES[half] / f"{language}.yml", language).examples


def found_in(extractor: EntityExtractor, examples: Sequence[Example]) -> list[Answered]:
    """The entities of each example, in its own language."""
    return [
        Answered(one, Understanding(one.text, one.language, entities=_entities(extractor, one)))
        for one in examples
    ]


def entity_lines(config: Config, extractor: EntityExtractor) -> Iterator[Line]:
    """Rows of the table: of each half and language, of each entity, and the time that one message takes.
    `extractor` must believe that it is `NOW`."""
    reports: dict[str, dict[str, Mapping[str, Any]]] = {}
    spent: list[float] = []
    for half in HALVES:
        for language in config.languages:
            examples = of_half(half, language)
            report = entity_report(found_in(extractor, examples))
            reports.setdefault(half, {})[language] = report
            spent += [_milliseconds(extractor, one) for one in examples]
            yield Line(f"entities {half} {language} ({len(examples)})", _figures(report["micro avg"]))
    for kind in sorted({kind for report in reports["unread"].values() for kind in report} - {"micro avg"}):
        yield Line(f"  {kind}", {half: _f1_of(kind, reports[half], config.languages) for half in HALVES})
    middle, last = statistics.median(spent), sorted(spent)[int(0.99 * len(spent))]
    yield Line("  finding them", {"CPU p50/p99": f"{middle:.2f}/{last:.2f} ms"})


def _entities(extractor: EntityExtractor, one: Example) -> Any:
    return extractor.extract(clean(one.text), one.language, asked_of(one))


def _figures(of: Mapping[str, float]) -> dict[str, str]:
    return {
        "F1": _percent(of["f1-score"]),
        "precision": _percent(of["precision"]),
        "recall": _percent(of["recall"]),
        "right value": _percent(of["value_accuracy"]),
        "marked": str(of["support"]),
    }


def _f1_of(kind: str, reports: Mapping[str, Mapping[str, Any]], languages: Sequence[str]) -> str:
    """F1 in each language, or a dash where no sentence has one."""
    shares = [reports[code].get(kind, {}).get("f1-score") for code in languages]
    return " ".join("-" if share is None else _percent(share) for share in shares)


def _milliseconds(extractor: EntityExtractor, one: Example) -> float:
    begin = time.thread_time()
    _entities(extractor, one)
    return 1000 * (time.thread_time() - begin)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
