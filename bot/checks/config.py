"""What may be checked: the pack's `policy/checks.yml`. Targets come from here and from nowhere else.

A customer's words never name a target. A target is a public host unless the pack says `internal: true`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from bot.source.forms import Form, Place, read_form

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?", re.IGNORECASE)

Kind = Literal["name_resolution", "reachability", "http", "tls", "smtp", "imap", "outages"]

Texts = dict[str, str]
Port = Annotated[int, Field(ge=1, le=65535)]


def is_host(host: str) -> bool:
    """Whether `host` is a name or an address, and nothing else: no option, path, space or odd number."""
    try:
        ipaddress.ip_address(host)
        return True
    except ValueError:
        pass
    last = host.rstrip(".").rpartition(".")[2]
    odd = last.isdigit() or last.lower().startswith(
        "0x"
    )  # 127.1 and 0x7f000001 are addresses to some resolvers
    return len(host) <= 253 and bool(_HOST.fullmatch(host)) and not odd


class TargetForm(Form):
    """A thing that can be checked: a `url`, or a `host` with a `port`."""

    url: str = ""
    host: str = ""
    port: Port = 443
    tls: bool = False
    internal: bool = False

    @model_validator(mode="after")
    def _right(self) -> TargetForm:
        if bool(self.url) == bool(self.host):
            raise ValueError("give either 'url' or 'host'")
        if self.url:
            parts = urlsplit(self.url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError("'url' must begin with http:// or https:// and name a host")
            if parts.username or parts.password:
                raise ValueError("'url' must not contain a user name or password")
            if any(letter.isspace() or ord(letter) < 32 for letter in self.url):
                raise ValueError("'url' must not contain spaces")
        if not is_host(self.where[0]):
            raise ValueError(f"'{self.where[0]}' is neither a host name nor an address")
        return self

    @property
    def where(self) -> tuple[str, int]:
        """Host and port."""
        if not self.url:
            return self.host, self.port
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


class CheckForm(Form):
    """One check: what kind, of which target, and how people call it."""

    kind: Kind
    target: str = ""
    label: Texts
    timeout: Annotated[float, Field(gt=0, le=30)] = 5.0
    days: Annotated[int, Field(ge=0)] = 14
    """How many days a certificate must still be valid."""


class WordsForm(Form):
    """How a result is told to a customer, per language; `{label}` and `{found}` may stand in it."""

    ok: Texts
    failed: Texts


class ChecksForm(Form):
    """`policy/checks.yml`."""

    targets: dict[str, TargetForm] = Field(default_factory=dict[str, TargetForm])
    checks: dict[str, CheckForm] = Field(default_factory=dict[str, CheckForm])
    intents: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])
    """Which checks are run for a problem."""
    words: WordsForm

    def for_intent(self, intent: str) -> tuple[str, ...]:
        """The checks for a problem, in order."""
        return tuple(self.intents.get(intent, ()))

    def label(self, name: str, language: str) -> str:
        """How people call a check."""
        labels: Mapping[str, str] = self.checks[name].label if name in self.checks else {}
        return labels.get(language) or next(iter(labels.values()), name)


EMPTY_CHECKS = ChecksForm(words=WordsForm(ok={}, failed={}))
"""For a pack without checks."""


def load_checks(text: str, file: str = "policy/checks.yml") -> ChecksForm:
    """The checks of a pack; raises `ContentError`."""
    return read_form(ChecksForm, text, file, _between)


def _between(form: ChecksForm) -> Iterator[tuple[Place, str]]:
    for name, check in form.checks.items():
        if check.kind == "outages":
            continue
        if check.target not in form.targets:
            yield ("checks", name, "target"), f"there is no target '{check.target}'"
        elif check.kind == "http" and not form.targets[check.target].url:
            yield (
                ("checks", name, "target"),
                f"a check of kind http needs a 'url', which '{check.target}' lacks",
            )
    for intent, names in form.intents.items():
        for number, name in enumerate(names):
            if name not in form.checks:
                yield ("intents", intent, number), f"there is no check '{name}'"
