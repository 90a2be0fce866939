"""Somebody always takes over, and somebody who speaks the language where there is one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff.routing import Routing, Team

DESK = Team("desk", {"nl": "Balie", "fr": "Accueil"}, frozenset({"nl", "fr", "en"}))
NETWORK = Team("network", {"nl": "Netwerk"}, frozenset({"nl"}), otherwise="network_fr")
NETWORK_FR = Team("network_fr", {"fr": "Réseau"}, frozenset({"fr"}))
BUYING = Team("buying", {}, frozenset({"nl"}))
ANY = Team("any", {"nl": "Iedereen"})
ROUTING = Routing(
    {team.id: team for team in (DESK, NETWORK, NETWORK_FR, BUYING, ANY)},
    "desk",
    {"wifi_problem": "network", "new_equipment": "buying", "complaint": "any", "gone": "dissolved"},
)


def test_by_intent_and_language() -> None:
    assert ROUTING.team_for("wifi_problem", "nl") is NETWORK
    assert ROUTING.team_for("wifi_problem", "fr") is NETWORK_FR
    assert ROUTING.team_for("wifi_problem", "en") is DESK
    assert ROUTING.team_for("new_equipment", "fr") is DESK
    assert ROUTING.team_for("complaint", "sv") is ANY


def test_an_agent_helps_the_teams_that_were_chosen_and_without_any_all_of_them() -> None:
    assert ROUTING.helped_by({"network", "desk"}) == ("desk", "network")
    assert ROUTING.helped_by({"network", "dissolved"}) == ("network",)
    assert ROUTING.helped_by(()) == ROUTING.helped_by({"dissolved"}) == tuple(ROUTING.teams)


def test_what_nobody_has_goes_to_the_default_team() -> None:
    for intent in ("", "unheard_of", "gone"):
        assert ROUTING.team_for(intent, "nl") is DESK
    assert ROUTING.team_for("wifi_problem", "sv") is DESK


def test_teams_that_send_each_other_around_end_at_the_default_team() -> None:
    one = Team("one", {}, frozenset({"nl"}), otherwise="two")
    two = Team("two", {}, frozenset({"nl"}), otherwise="one")
    assert Routing({"one": one, "two": two, "desk": DESK}, "desk", {"x": "one"}).team_for("x", "fr") is DESK


def test_names_for_people() -> None:
    assert (NETWORK.name("nl"), NETWORK.name("en"), BUYING.name("en")) == ("Netwerk", "Netwerk", "buying")


names = st.sampled_from(["a", "b", "c", "d", "nobody"])
teams = st.dictionaries(
    names, st.builds(Team, names, st.just({}), st.frozensets(st.sampled_from(["nl", "fr"])), names)
)


@given(teams, names, st.dictionaries(names, names), names, st.sampled_from(["nl", "fr", "en"]))
def test_never_nobody(
    known: dict[str, Team], default: str, by_intent: dict[str, str], intent: str, language: str
) -> None:
    assert Routing(known, default, by_intent).team_for(intent, language).id
