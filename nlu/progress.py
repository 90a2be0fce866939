"""How far training is: on a terminal a bar, in a log a line for each part, with the seconds."""

from __future__ import annotations

import sys
import time

from tqdm import tqdm

DONE = "Understanding is trained"


class Progress:
    """To be used in a `with`; silent where it is not wanted."""

    def __init__(self, shown: bool) -> None:
        on_terminal = sys.stderr.isatty()
        self._lines = shown and not on_terminal
        self._told = ""
        self._begin = time.perf_counter()
        self._bar = tqdm(
            total=100,
            disable=not (shown and on_terminal),
            file=sys.stderr,
            bar_format="{desc:<28} {percentage:3.0f}% |{bar}| {elapsed} s, {remaining} s left",
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        if error is None:
            self.step(DONE, 100)
        self._bar.close()

    def step(self, what: str, share: float) -> None:
        """Begin `what`; `share` percent of the whole is finished before it."""
        if self._lines and what != self._told:
            seconds = time.perf_counter() - self._begin
            print(f"{share:3.0f} %  {what}, {seconds:.0f} s", file=sys.stderr, flush=True)
            self._told = what
        self._bar.set_description_str(what, refresh=False)
        self._bar.update(max(share - self._bar.n, 0))
        self._bar.refresh()
