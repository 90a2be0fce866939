"""The words that speak of days in nl, fr and en. Tables only; `nlu.dates` reads them."""

from __future__ import annotations

from collections.abc import Mapping


def _list(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _days(table: Mapping[int, str]) -> dict[str, int]:
    return {wording.strip(): shift for shift, wordings in table.items() for wording in wordings.split(",")}


NOTHING = 99
"""The shift of wordings that only look like a day ("goede morgen")."""

DAYS: Mapping[str, Mapping[str, int]] = {
    "nl": _days(
        {
            0: "vandaag, vanmorgen, vanochtend, vanmiddag, vannamiddag, vanavond, vannacht, deze morgen,"
            "deze ochtend, deze middag, deze namiddag, daarnet, zonet, daarstraks",
            -1: "gisteren, gister, gisteravond, gisterenavond, gisterochtend, gisterenochtend, gistermorgen,"
            "gisterenmorgen, gistermiddag, gisteren middag, gisternamiddag, gisterennamiddag",
            -2: "eergisteren",
            1: "morgen, morgenvroeg, morgenochtend, morgenmiddag, morgennamiddag, morgenavond",
            2: "overmorgen",
            -7: "vorige week, verleden week, afgelopen week",
            7: "volgende week",
            -30: "vorige maand, verleden maand",
            NOTHING: "goede morgen, goeie morgen",
        }
    ),
    "fr": _days(
        {
            0: "aujourd'hui, ce matin, ce midi, cet apres midi, cette apres midi, ce soir, cette nuit,tantot",
            -1: "hier, hier soir, hier matin, hier apres midi, hier midi",
            -2: "avant hier",
            1: "demain, demain matin, demain midi, demain apres midi, demain soir",
            2: "apres demain",
            -7: "la semaine passee, la semaine derniere, semaine passee, semaine derniere",
            7: "la semaine prochaine, semaine prochaine",
            -30: "le mois passe, le mois dernier",
        }
    ),
    "en": _days(
        {
            0: "today, this morning, this afternoon, this evening, tonight, just now",
            -1: "yesterday, yesterday morning, yesterday afternoon, yesterday evening, last night",
            -2: "day before yesterday, the day before yesterday",
            1: "tomorrow, tomorrow morning, tomorrow afternoon, tomorrow evening",
            2: "day after tomorrow, the day after tomorrow",
            -7: "last week",
            7: "next week",
            -30: "last month",
        }
    ),
}
"""Wordings (folded) and how many days from today they mean."""

WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "nl": _list("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
    "fr": _list("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    "en": _list("monday tuesday wednesday thursday friday saturday sunday"),
}
MONTHS: Mapping[str, tuple[str, ...]] = {
    "nl": _list("januari februari maart april mei juni juli augustus september oktober november december"),
    "fr": _list("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"),
    "en": _list("january february march april may june july august september october november december"),
}
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "nl": _list("een twee drie vier vijf zes zeven acht negen tien elf twaalf"),
    "fr": _list("un deux trois quatre cinq six sept huit neuf dix onze douze"),
    "en": _list("one two three four five six seven eight nine ten eleven twelve"),
}
"""One to twelve."""
AMOUNTS: Mapping[str, Mapping[str, int]] = {
    "nl": {"n": 1, "paar": 2},
    "fr": {"une": 1, "quelques": 3},
    "en": {"a": 1, "an": 1, "few": 3, "couple": 2},
}
"""Other words for how many."""
MINUTES, HOURS = 0, -1
UNITS: Mapping[str, Mapping[str, int]] = {
    "nl": {
        **dict.fromkeys(_list("minuut minuten min"), MINUTES),
        **dict.fromkeys(_list("uur uren"), HOURS),
        **dict.fromkeys(_list("dag dagen"), 1),
        **dict.fromkeys(_list("week weken"), 7),
        **dict.fromkeys(_list("maand maanden"), 30),
    },
    "fr": {
        **dict.fromkeys(_list("minute minutes min"), MINUTES),
        **dict.fromkeys(_list("heure heures"), HOURS),
        **dict.fromkeys(_list("jour jours"), 1),
        **dict.fromkeys(_list("semaine semaines"), 7),
        "mois": 30,
    },
    "en": {
        **dict.fromkeys(_list("minute minutes min mins"), MINUTES),
        **dict.fromkeys(_list("hour hours"), HOURS),
        **dict.fromkeys(_list("day days"), 1),
        **dict.fromkeys(_list("week weeks"), 7),
        **dict.fromkeys(_list("month months"), 30),
    },
}
"""How many days a unit has; hours and minutes are marked."""
BEFORE: Mapping[str, frozenset[str]] = {
    "nl": frozenset({"sinds", "sedert", "al", "afgelopen", "laatste"}),
    "fr": frozenset({"depuis", "a", "derniers", "dernieres"}),
    "en": frozenset({"for", "since", "past", "last"}),
}
"""Words before an amount that say it lies in the past."""
AFTER: Mapping[str, frozenset[str]] = {
    "nl": frozenset({"geleden"}),
    "fr": frozenset(),
    "en": frozenset({"ago"}),
}
"""Words after a unit that say it lies in the past."""
FUTURE = frozenset(
    _list("volgende komende tegen voor aanstaande tot next coming by until prochain prochaine pour avant")
)
"""Words beside a weekday that say it is still to come."""
