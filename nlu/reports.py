"""What a test of understanding writes down: reports as JSON with Rasa's names, and three pictures.

Pictures need matplotlib, which is an extra (`balie[report]`): a server does without.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from nlu.testing import Answered, calibration, entity_outcome, entity_report, intent_report, outcome

PICTURES = ("intent_confusion_matrix.png", "intent_histogram.png", "intent_reliability.png")
ENTITY_ERRORS = ("missed", "wrongly_found", "wrong_value")

NO_PICTURES = "no pictures: they need matplotlib (make setup EXTRAS=report)"


def write_reports(folder: Path, tested: Sequence[Answered]) -> list[Path]:
    """Everything about these examples, in `folder`; the files that are there are written over."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Any] = {
        "intent_report.json": intent_report(tested),
        "intent_errors.json": [outcome(each) for each in tested if not each.right],
        "intent_successes.json": [outcome(each) for each in tested if each.right],
        "intent_calibration.json": calibration(tested),
    }
    if entities := entity_report(tested):
        files["entity_report.json"] = entities
        outcomes = [entity_outcome(each, entities) for each in tested]
        files["entity_errors.json"] = [each for each in outcomes if any(each[kind] for kind in ENTITY_ERRORS)]
    for name, content in files.items():
        (folder / name).write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    drawn = [folder / name for name in PICTURES] if can_draw() else []
    if drawn:
        _matrix(drawn[0], tested)
        _histogram(drawn[1], tested)
        _reliability(drawn[2], tested)
    return [*(folder / name for name in files), *drawn]


def can_draw() -> bool:
    """Whether matplotlib is there."""
    return find_spec("matplotlib") is not None


def _matrix(path: Path, tested: Sequence[Answered]) -> None:
    """What was meant (rows) and what it was taken for (columns), as shares of what was meant."""
    from matplotlib.figure import Figure
    from sklearn.metrics import ConfusionMatrixDisplay

    truth, taken = [each.example.intent for each in tested], [each.found.intent for each in tested]
    labels = sorted({*truth, *taken})
    size = max(6.0, 0.32 * len(labels))
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    ConfusionMatrixDisplay.from_predictions(
        truth, taken, labels=labels, normalize="true", include_values=len(labels) <= 12, ax=axes,
        xticks_rotation="vertical", cmap="Blues", colorbar=False,
    )  # fmt: skip
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    figure.savefig(path, dpi=110)


def _histogram(path: Path, tested: Sequence[Answered]) -> None:
    """How sure it was where it was right, and where it was wrong."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    right = [each.found.confidence for each in tested if each.right]
    wrong = [each.found.confidence for each in tested if not each.right]
    axes.hist(
        [right, wrong], bins=20, range=(0.0, 1.0), stacked=True, color=["#0b6b73", "#c0392b"],
        label=[f"right ({len(right)})", f"wrong ({len(wrong)})"],
    )  # fmt: skip
    axes.set_xlabel("confidence")
    axes.set_ylabel("examples")
    axes.legend()
    figure.savefig(path, dpi=110)


def _reliability(path: Path, tested: Sequence[Answered]) -> None:
    """The share that is right against confidence; on the diagonal the one tells the other."""
    from matplotlib.figure import Figure

    found = calibration(tested)
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot(
        [0, 1], [0, 1], color="#888888", linewidth=1, linestyle="--", label="right as often as it is sure"
    )
    sure, right = [row["confidence"] for row in found["bins"]], [row["right"] for row in found["bins"]]
    most = max((row["examples"] for row in found["bins"]), default=1)
    sizes = [20 + 160 * row["examples"] / most for row in found["bins"]]
    axes.plot(sure, right, color="#0b6b73")
    axes.scatter(sure, right, color="#0b6b73", s=sizes, label="measured; larger is more examples")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share right")
    axes.set_title(f"expected calibration error {found['expected_calibration_error']:.3f}")
    axes.legend()
    figure.savefig(path, dpi=110)
