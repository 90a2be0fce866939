"""What the shipped pack's understanding costs and gives beside intents: entities, languages, training, one
sentence, memory. Rows of `make bench-nlu`'s table; nothing that is read here is learned."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nlu import model_file
from nlu.config import Config
from nlu.formats import Example, load_nlu
from nlu.loading import extractor, identifier
from nlu.model_file import Stored
from nlu.pipeline import Pipeline, Query
from tests.bench.nlu_entities import NOW, entity_lines
from tests.bench.nlu_languages import language_lines
from tests.bench.table import Line, beside

UNSEEN = Path(__file__).with_name("unseen")
SENTENCES = 900
"""Sentences that are read one by one to tell what one costs."""
_ALONE = """
import sys
from pathlib import Path
from nlu.loading import load
pipeline = load(Path(sys.argv[1]))
for text in sys.stdin.read().splitlines():
    pipeline.parse(text)
print(Path("/proc/self/status").read_text())
"""


@dataclass(frozen=True, slots=True)
class Pack:
    """The shipped pack as a pipeline learned it, and the CPU-seconds that this took."""

    config: Config
    stored: Stored
    pipeline: Pipeline
    seconds: float


def pack_lines(packs: Sequence[Pack]) -> Iterator[Line]:
    """All rows. Languages and entities are the same in every pipeline."""
    config, stored = packs[0].config, packs[0].stored
    examples = load_nlu(UNSEEN, config.languages).examples
    yield from language_lines(identifier(stored), config.languages, examples)
    yield from entity_lines(config, extractor(config, stored.facts["wordlists"], lambda: NOW))
    some = [one for at, one in enumerate(examples) if at % (len(examples) // SENTENCES or 1) == 0]
    yield beside([_costs(pack, some) for pack in packs])


def _costs(pack: Pack, examples: Sequence[Example]) -> Line:
    texts = [one.text for one in examples]
    cells = {
        "one sentence, CPU p50/p99": _cost(pack.pipeline, examples),
        "memory alone": _memory(pack, texts),
    }
    return Line("pack", {**cells, "learning": f"{pack.seconds:.0f} CPU-s"})


def _cost(pipeline: Pipeline, examples: Sequence[Example]) -> str:
    spent: list[float] = []
    for one in examples:
        begin = time.process_time()
        pipeline.parse_batch([Query(one.text, one.language)])
        spent.append(1000 * (time.process_time() - begin))
    return f"{statistics.median(spent):.1f}/{sorted(spent)[int(0.99 * len(spent))]:.1f} ms"


def _memory(pack: Pack, texts: Sequence[str]) -> str:
    """Resident memory of a process that has the model and has read the texts: now, and at most."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.model"
        model_file.save(path, pack.stored)
        ran = subprocess.run(
            [sys.executable, "-c", _ALONE, str(path)],
            input="\n".join(text.replace("\n", " ") for text in texts),
            capture_output=True,
            text=True,
            check=True,
        )
    found = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB", ran.stdout, re.MULTILINE))
    return f"{int(found['VmRSS']) / 1024:.0f} MB, at most {int(found['VmHWM']) / 1024:.0f} MB"
