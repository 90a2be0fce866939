"""What the shipped pack's understanding costs and gives beside intents: entities, languages, training, one
sentence, memory. Rows of `make bench-nlu`'s table; nothing that is read here is learned."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.app.content import DEFAULT_DATA
from nlu import model_file
from nlu.config import Config, load_config
from nlu.encoder import shared_encoder
from nlu.formats import Example, load_nlu
from nlu.learning import Training
from nlu.pipeline import Pipeline, Query
from nlu.train import extractor, identifier, load, train
from tests.bench.nlu_entities import NOW, entity_lines
from tests.bench.nlu_languages import language_lines

UNSEEN = Path(__file__).with_name("unseen")
SENTENCES = 900
"""Sentences that are read one by one to tell what one costs."""
_ALONE = """
import sys
from pathlib import Path
from nlu.train import load
pipeline = load(Path(sys.argv[1]))
for text in sys.stdin.read().splitlines():
    pipeline.parse(text)
print(Path("/proc/self/status").read_text())
"""

Row = tuple[str, Mapping[str, str]]
"""The name of a row and its cells."""


def pack_lines(folder: Path) -> Iterator[Row]:
    """All rows; `folder` is where the pack's model is kept."""
    config = load_config(DEFAULT_DATA)
    path = train(DEFAULT_DATA, folder).path
    facts = model_file.load(path).facts
    examples = load_nlu(UNSEEN, config.languages).examples
    yield from language_lines(identifier(model_file.load(path)), config.languages, examples)
    yield from entity_lines(config, extractor(config, facts["wordlists"], lambda: NOW))
    some = [one for at, one in enumerate(examples) if at % (len(examples) // SENTENCES or 1) == 0]
    yield "pack, one sentence", {"CPU p50/p99": _cost(load(path), some)}
    yield "pack, understanding alone", {"memory": _memory(path, [one.text for one in some])}
    yield "pack, learning", {"CPU": f"{_training(config):.1f} s"}


def _cost(pipeline: Pipeline, examples: Sequence[Example]) -> str:
    spent: list[float] = []
    for one in examples:
        begin = time.process_time()
        pipeline.parse_batch([Query(one.text, one.language)])
        spent.append(1000 * (time.process_time() - begin))
    return f"{statistics.median(spent):.1f}/{sorted(spent)[int(0.99 * len(spent))]:.1f} ms"


def _memory(path: Path, texts: Sequence[str]) -> str:
    """Resident memory of a process that has the model and has read the texts: now, and at most."""
    ran = subprocess.run(
        [sys.executable, "-c", _ALONE, str(path)],
        input="\n".join(text.replace("\n", " ") for text in texts),
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB", ran.stdout, re.MULTILINE))
    return f"{int(found['VmRSS']) / 1024:.0f} MB, at most {int(found['VmHWM']) / 1024:.0f} MB"


def _training(config: Config) -> float:
    """CPU-seconds of learning the pack anew, in memory."""
    begin = time.process_time()
    Training(config, load_nlu(DEFAULT_DATA, config.languages), shared_encoder(), lambda *_: None).run("bench")
    return time.process_time() - begin
