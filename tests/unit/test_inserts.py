"""An article as the text of one message: what a customer can follow, and no longer than a message may be."""

from __future__ import annotations

from bot.knowledge.articles import Article, load_articles
from bot.model.messages import MAX_TEXT
from handoff.desk.inserts import as_text, shortened

BASE = "https://help.example"


def article(steps: str) -> Article:
    front = "title: Netwerk\nsummary: s\nkind: fix\nintents: []\nminutes: 1\nupdated: 2026-11-23"
    end = "   - Waarom: Zo.\n   - Resultaat: Ja.\n   - Duur: 1 min\n"
    text = f"---\n{front}\n---\n\nEen inleiding.\n\n" + steps.replace("END\n", end)
    found = load_articles({"nl/netwerk.md": text, "nl/vpn.md": text}).find("netwerk", "nl")
    assert found
    return found


def test_a_step_says_what_to_do_in_plain_words() -> None:
    text = as_text(
        article(
            "1. **Zet de router uit.** Druk op **Aan/uit** en wacht *even*.\nEND\n"
            "2. **Verbind opnieuw** Zoals in [VPN](vpn), of op [de site](https://site.example/a).\n"
            "   ```\n   ipconfig\n   ```\nEND\n"
            "3. **Klaar?** Bel [ons](javascript:alert).\nEND\n"
        ),
        BASE,
    )
    assert text.split("\n") == [
        "Netwerk",
        "",
        "1. Zet de router uit. Druk op Aan/uit en wacht even.",
        "2. Verbind opnieuw. Zoals in VPN (https://help.example/help/nl/vpn), of op de site "
        "(https://site.example/a).",
        "ipconfig",
        "3. Klaar? Bel ons.",
    ]


def test_what_does_not_fit_says_where_the_rest_is() -> None:
    rest = "De rest staat hier: https://help.example/help/nl/netwerk"
    assert shortened("a" * MAX_TEXT, rest) == "a" * MAX_TEXT
    cut = shortened("woord " * 2000, rest)
    assert cut.endswith(f"woord …\n\n{rest}")
    assert MAX_TEXT - 10 < len(cut) <= MAX_TEXT
