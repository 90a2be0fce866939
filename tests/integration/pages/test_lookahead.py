"""What a customer types to a person is looked up: who has the conversation open hears what fits."""

from __future__ import annotations

from bot.bus import conversation_topic
from bot.service.lookahead import LookAhead
from tests.fixtures_pages import Visited
from tests.fixtures_pages import on_both as visited
from tests.integration.pages.test_desk_deeds import mine, seen

__all__ = ["visited"]

TYPED = "mijn wachtwoord werkt niet meer"


async def told(visited: Visited, id_: str, text: str) -> list[object]:
    """What is said on the bus of a conversation in which this is typed."""
    ahead = LookAhead(visited.site.database, visited.site.bus, visited.site.knowledge)
    topic = conversation_topic(id_)
    async with visited.site.bus.subscribe(topic) as heard:
        await ahead.look(id_, text)
        await visited.site.bus.publish(topic, {"type": "end"})
        notices = []
        while (notice := dict(await anext(heard)))["type"] != "end":
            notices.append(notice)
    return notices


async def test_who_helps_hears_which_articles_fit_and_not_the_words(visited: Visited) -> None:
    id_, _ = await mine(visited)
    before = await seen(visited, id_)
    fitting = {"type": "fitting", "articles": ["reset-password", "unlock-account"]}
    assert await told(visited, id_, TYPED) == [fitting]
    assert await told(visited, id_, TYPED) == [], "a moment later it is not looked up again"
    assert await seen(visited, id_) == before
    other, _ = await mine(visited, "c2")
    assert await told(visited, other, "goedemorgen iedereen") == []


async def test_while_the_bot_helps_nothing_is_looked_up(visited: Visited) -> None:
    id_ = await visited.conversation("c9", [TYPED], handed=False)
    assert await told(visited, id_, TYPED) == []
    assert await told(visited, "nobody", TYPED) == []


async def test_the_desk_shows_what_fits_with_what_was_solved_before(visited: Visited) -> None:
    old, els = await mine(visited, "before", intent="account_locked", articles=())
    await els.post(f"/desk/c/{old}/resolve", {"solution": "Account vrijgegeven in het adresboek."})
    id_, _ = await mine(visited, articles=("reset-password",))
    shown = await els.text(
        f"/desk/c/{id_}/fitting?article=unlock-account&article=nothing&article=reset-password"
    )
    assert 'id="suggestions" hx-swap-oob="true"' in shown
    assert "Account ontgrendelen" in shown
    assert "/reset-password" not in shown  # the customer had that one already
    assert "Account vrijgegeven in het adresboek." in shown
    assert (await els.text(f"/desk/c/{id_}/fitting?article=nothing")).strip() == ""
    assert (await els.get("/desk/c/nothing/fitting")).status == 404
