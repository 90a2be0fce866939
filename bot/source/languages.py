"""The languages of a pack: the first two keys of its `config.yml`, which every reader of a pack needs."""

from __future__ import annotations

import re

from bot.source.nodes import Node

_CODE = re.compile(r"[a-z]{2,3}")


def read_languages(config: Node) -> tuple[str, ...]:
    """The codes, the default language first; what is wrong is added to the file's problems."""
    if config["language"].empty:
        config.wrong("`language` is missing", "Give a code such as nl.")
    codes: list[str] = []
    more = config["additional_languages"]
    # One that is no list is a mistake that is told; what was meant is clear enough to go on with.
    for node in (config["language"], *(more.elements() or ([more] if more.is_scalar else []))):
        code = node.text()
        if code and not _CODE.fullmatch(code):
            node.wrong(f"{code!r} is not a language code", "Use nl, fr, en …")
        elif code in codes:
            node.wrong(f"the language {code} is named twice", "Keep one of them.")
        elif code:
            codes.append(code)
    return tuple(codes) or ("nl",)
