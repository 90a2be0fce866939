"""`python -m bot.speech.trial ENGINE FOLDER`: load one model and end. A process of its own, because there are
broken models that end theirs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.model.errors import ConfigError
from bot.speech.vosk import load_vosk
from bot.speech.whisper import load_whisper


def main(arguments: Sequence[str]) -> int:
    """0 where it loads; else 1, and on the output what is wrong."""
    engine, folder = arguments
    try:
        if engine == "whisper":
            load_whisper(Path(folder), ["en"])
        else:
            for problem in load_vosk({"any": Path(folder)}).problems:
                raise problem
    except ConfigError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
