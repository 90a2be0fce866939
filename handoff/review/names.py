"""What things that are counted are called: intents, flows and their steps, articles, teams, channels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.dialogue.flows import CallStep, CollectStep, Flow
from bot.model.understanding import NLU_FALLBACK
from bot.web.site import Site
from bot.web.templates import humane
from bot.web.texts import Words


@dataclass(frozen=True)
class Names:
    """Names in one language."""

    site: Site
    language: str
    t: Words

    def channel(self, name: str) -> str:
        """A channel."""
        return self.t.known("channel", name)

    def spoken(self, code: str) -> str:
        """A language."""
        return self.t.known("language", code)

    def team(self, name: str) -> str:
        """A team."""
        return self.site.team_name(name, self.language)

    def intent(self, name: str) -> str:
        """What somebody meant."""
        if name == NLU_FALLBACK:
            return self.t("review.not_understood")
        return self.site.subject(name, self.language)

    def flow(self, name: str) -> str:
        """A scenario; one that is gone by its id."""
        found = self.site.pack().flows.get(name)
        called = found.name(self.language) if found else name
        return humane(called) if called == name else called

    def step(self, flow: str, name: str) -> str:
        """A step, by what it asks or which scenario it calls."""
        found = self.site.pack().flows.get(flow)
        step = found.steps.get(name) if found else None
        if isinstance(step, CollectStep):
            label = self.site.pack().domain.slots[step.slot].label(self.language)
            return label[:1].upper() + label[1:]
        return self.flow(step.flow) if isinstance(step, CallStep) else name

    def article(self, slug: str) -> str:
        """An article by its title; one that is gone by its slug."""
        found = self.site.articles.find(slug, self.language)
        return found.title if found else slug

    def is_subject(self, intent: str) -> bool:
        """Whether an intent says what a conversation is about; yes, next and thank you only answer."""
        found = self.site.pack().triggers.get(intent)
        if found and found[0].is_problem:
            return True
        return intent not in self._answers | {"dont_know"} and not (
            found and (found[0].courtesy or found[0].aside)
        )

    @cached_property
    def _answers(self) -> frozenset[str]:
        slots = self.site.pack().domain.slots.values()
        return frozenset().union(
            *(mapping.intents for slot in slots for mapping in slot.mappings if mapping.type == "from_intent")
        )

    @cached_property
    def flows(self) -> dict[str, Flow]:
        """The scenarios that are worth counting: those that help with something."""
        return {name: flow for name, flow in self.site.pack().flows.items() if flow.is_problem}

    def shown(self, flow: str, step: str) -> bool:
        """Whether somebody can leave a scenario at a step: where something is asked."""
        found = self.site.pack().flows.get(flow)
        return found is None or isinstance(found.steps.get(step), CollectStep | CallStep)

    def order(self, flow: str) -> dict[str, int]:
        """The places of a scenario's steps."""
        found = self.site.pack().flows.get(flow)
        return {step: place for place, step in enumerate(found.steps)} if found else {}
