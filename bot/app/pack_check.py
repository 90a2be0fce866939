"""`balie data check`: everything about a pack's folder that can be known to be wrong.

It reads what a server reads, the same way, and goes on after a mistake; and it looks at what only people
miss: an article or examples without a language, test conversations that can never pass, files that nobody
reads.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.actions.own import load_actions
from bot.actions.shipped import SHIPPED, nobody_runs
from bot.app.cases import cases_of, check_cases
from bot.app.config import Settings
from bot.app.content import ARTICLES, CONVERSATIONS, DIALOGUE, POLICY, readable_files
from bot.checks.config import load_checks
from bot.checks.outages import load_outages
from bot.dialogue.check import read
from bot.dialogue.findings import in_every_language, near, told, untranslated
from bot.dialogue.pack import Pack
from bot.knowledge.articles import load_articles
from bot.model.errors import ContentError, Problem
from bot.model.understanding import NLU_FALLBACK
from bot.source.nodes import Node, parse
from handoff.agreements import load_agreements
from handoff.config import problem_intents
from handoff.scorecard import PARTS
from nlu.config import load_config
from nlu.formats import NluData, nlu_files, read_nlu

MOST_ADVICE = 20
"""Pieces of advice on the screen, unless all are wanted."""

_ADD = "Add a line for the language."
_POLICY_FILES = (
    "teams",
    "intents",
    "priorities",
    "hours",
    "handoff",
    "checks",
    "outages",
    "desk",
    "replies",
    "macros",
    "retention",
    "scorecards",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a pack, and what is wrong with it."""

    pack: Pack
    articles: int
    examples: NluData
    cases: int
    problems: list[Problem]

    def __str__(self) -> str:
        domain = self.pack.domain
        return (
            f"{len(self.pack.flows)} flows, {len(domain.responses)} responses, {len(domain.slots)} slots, "
            f"{len(self.examples.examples)} examples, {self.articles} articles and "
            f"{self.cases} test conversations in {', '.join(self.pack.languages)}"
        )


def check_pack(settings: Settings, given: argparse.Namespace) -> int:
    """Print every problem of the pack; 1 when there is one. Without any, advice on its examples."""
    from nlu.advice import advice  # only this needs scikit-learn

    found = look_at(settings)
    for problem in found.problems:
        print(problem)
    if found.problems:
        print(f"{len(found.problems)} problems in {settings.data}")
        return 1
    better = list(advice(found.examples))
    for each in better if given.all else better[:MOST_ADVICE]:
        print(f"advice: {each}")
    if not given.all and len(better) > MOST_ADVICE:
        print(f"and {len(better) - MOST_ADVICE} more pieces of advice: --all shows them")
    print(f"{found}: no problems")
    return 0


def look_at(settings: Settings) -> Found:
    """Everything in the folder; raises `ConfigError` when there is none."""
    data = settings.data
    texts, problems = readable_files(data, *DIALOGUE)
    pack, wrong = read(texts)
    if problems:  # what stands in a file that cannot be read would be missing everywhere
        return Found(pack, 0, NluData(), 0, told(problems))
    problems.extend(wrong)

    def tried(load: Callable[[], object]) -> None:
        try:
            load()
        except ContentError as error:
            problems.extend(error.problems)

    kb, wrong = readable_files(data, *ARTICLES)
    problems.extend(wrong)
    policy, wrong = readable_files(data, *POLICY)
    problems.extend(wrong)
    languages, intents = pack.languages, pack.domain.intents
    tried(lambda: load_config(data))
    examples, wrong = read_nlu(data, languages)
    problems.extend(wrong)
    tried(lambda: load_articles(kb, languages=languages, intents=intents))
    tried(lambda: load_agreements(policy, intents=problem_intents(pack), languages=languages))
    if "policy/checks.yml" in policy:
        tried(lambda: load_checks(policy["policy/checks.yml"]))
    if "policy/outages.yml" in policy:
        tried(lambda: load_outages(policy["policy/outages.yml"]))
    cases, wrong = cases_of(data)
    problems.extend(wrong)
    problems.extend(_articles(kb, languages))
    problems.extend(_examples(examples, pack))
    problems.extend(_policy(policy, pack))
    problems.extend(_words(texts.get("config.yml", ""), pack))
    problems.extend(check_cases(cases, pack))
    problems.extend(_strangers(data, languages))
    if not settings.action_endpoint:
        own = load_actions(settings.action_package) if settings.action_package else []
        names = {action.action_name for action in SHIPPED} | {action.name() for action in own}
        problems.extend(nobody_runs(pack.domain.actions, names))
    slugs = {path.rsplit("/", 1)[-1] for path in kb}
    return Found(pack, len(slugs), examples, len(cases), told(problems))


def _articles(kb: Collection[str], languages: Collection[str]) -> Iterator[Problem]:
    """An article is there in every language."""
    by_slug: dict[str, dict[str, str]] = {}
    for path in sorted(kb):
        folder, _, slug = path.removesuffix(".md").rpartition("/")
        by_slug.setdefault(slug, {})[folder.rpartition("/")[2]] = path
    for slug, paths in by_slug.items():
        missing = [language for language in languages if language not in paths]
        there = next((paths[language] for language in languages if language in paths), "")
        if missing and there:
            mend = f"Write {', '.join(f'kb/{language}/{slug}.md' for language in missing)}."
            yield untranslated(f"the article '{slug}' is not there in", missing, there, 1, mend)


def _examples(data: NluData, pack: Pack) -> Iterator[Problem]:
    """What is understood is known to the domain, and understood in every language."""
    first: dict[str, tuple[str, int]] = {}
    languages: dict[str, set[str]] = {}
    entities: set[str] = set()
    for example in data.examples:
        place = first.setdefault(example.intent, (example.file, example.line))
        languages.setdefault(example.intent, set()).add(example.language)
        for entity in example.entities:
            if entity.entity not in pack.domain.entities | entities:
                entities.add(entity.entity)
                what = f"the entity '{entity.entity}' is not in the domain"
                yield Problem(example.file, example.line, what, near(entity.entity, pack.domain.entities))
        if place == (example.file, example.line) and not _known(example.intent, pack):
            what = f"the intent '{example.intent}' is not in the domain"
            yield Problem(*place, what, near(example.intent, pack.domain.intents))
    for intent, (flow, _) in pack.triggers.items():
        if data.examples and intent not in languages and f"/{intent}" not in _payloads(pack):
            what = f"the intent '{intent}' starts '{flow.id}' and has no examples"
            yield Problem(flow.file, flow.line, what, f"Write some in nlu/{pack.language}/.")
    for intent, there in languages.items():
        missing = [language for language in pack.languages if language not in there]
        if missing:
            mend = f"Write some in nlu/{missing[0]}/."
            yield untranslated(f"the intent '{intent}' has no examples in", missing, *first[intent], mend)


def _payloads(pack: Pack) -> set[str]:
    variations = (each for response in pack.domain.responses.values() for each in response)
    return {button.payload for variation in variations for button in variation.buttons}


def _known(intent: str, pack: Pack) -> bool:
    return intent == NLU_FALLBACK or bool({intent, intent.split("/")[0]} & pack.domain.intents)


def _policy(policy: Mapping[str, str], pack: Pack) -> Iterator[Problem]:
    """The agreements speak of intents that exist, in every language. What is odd in itself is told before."""

    def root(name: str) -> Node:
        return parse(policy.get(f"policy/{name}.yml", ""), f"policy/{name}.yml", [])

    named = [(name, node) for kind in ("intents", "checks") for name, node in root(kind)["intents"].entries()]
    for outage in root("outages")["outages"].elements():
        named.extend((node.text(), node) for node in outage["intents"].elements())
    for intent, node in named:
        if intent not in pack.domain.intents:
            yield node.problem(
                f"the intent '{intent}' is not in the domain", near(intent, pack.domain.intents)
            )
    checks = root("checks")
    texts = [(f"the label of the check '{name}'", node["label"]) for name, node in checks["checks"].entries()]
    texts += [(f"the sentence for '{name}'", node) for name, node in checks["words"].entries()]
    for criterion, node in root("scorecards")["criteria"].entries():
        texts += [(f"the {part} of the criterion '{criterion}'", node[part]) for part in PARTS]
    for name, node in texts:
        yield from in_every_language(pack, node.named_texts(), name, node.file, node.line, _ADD)
    anger = root("handoff")["anger"]
    if anger.there:
        yield from _lists(pack, "the list of angry words", anger)


def _words(config: str, pack: Pack) -> Iterator[Problem]:
    """The small word lists are there in every language."""
    for kind, node in parse(config, "config.yml", [])["metadata"]["words"].entries():
        yield from _lists(pack, f"the word list '{kind}'", node)


def _lists(pack: Pack, name: str, node: Node) -> Iterator[Problem]:
    there = {language: "there" for language, _ in node.entries() if language in pack.languages}
    yield from in_every_language(pack, there, name, node.file, node.line, _ADD)


def _strangers(data: Path, languages: Collection[str]) -> Iterator[Problem]:
    """Content files that nobody reads."""
    patterns = (*DIALOGUE, *ARTICLES, *POLICY, *CONVERSATIONS)
    read = {path for pattern in patterns for path in data.glob(pattern)}
    read |= {path for path, _ in nlu_files(data, languages)}
    policy = {f"policy/{name}.yml" for name in _POLICY_FILES}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        content = path.suffix in (".yml", ".yaml") or (path.suffix == ".md" and name.startswith("kb/"))
        if not content or not path.is_file() or name.startswith("."):
            continue
        if path not in read or (name.startswith("policy/") and name not in policy):
            yield Problem(name, 1, "nobody reads this file", "Mend its name or folder, or take it away.")
