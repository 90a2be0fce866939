"""The words that speak of days in nl, fr and en. Tables only; `nlu.finders.dates` reads them."""

from __future__ import annotations

from collections.abc import Mapping


def _list(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _days(table: Mapping[int, str]) -> dict[str, int]:
    return {wording.strip(): shift for shift, wordings in table.items() for wording in wordings.split(",")}


NOTHING, WEEKEND = 99, 98
"""Shifts of wordings that only look like a day ("goede morgen"), and of the last weekend."""

DAYS: Mapping[str, Mapping[str, int]] = {
    "nl": _days(
        {
            0: "vandaag, vanmorgen, vanochtend, vanmiddag, vannamiddag, vanavond, vannacht, deze morgen,"
            "deze ochtend, deze middag, deze namiddag, deze voormiddag, deze avond, daarnet, zonet,"
            " daarstraks",
            -1: "gisteren, gister, gisteravond, gisterenavond, gisterochtend, gisterenochtend, gistermorgen,"
            "gisterenmorgen, gistermiddag, gisterenmiddag, gisternamiddag, gisterennamiddag,"
            " gistervoormiddag,"
            "gisterenvoormiddag, gisteren avond, gisteren ochtend, gisteren morgen, gisteren middag,"
            "gisteren namiddag, gisteren voormiddag, gisternacht, gisterennacht",
            -2: "eergisteren",
            1: "morgen, morgenvroeg, morgenochtend, morgenmiddag, morgennamiddag, morgenavond, morgen vroeg,"
            "morgen middag, morgen namiddag, morgen avond, morgenvoormiddag",
            2: "overmorgen",
            -7: "vorige week, verleden week, afgelopen week",
            7: "volgende week",
            -30: "vorige maand, verleden maand",
            NOTHING: "goede morgen, goeie morgen",
            WEEKEND: "weekend, vorig weekend, verleden weekend, afgelopen weekend",
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
            WEEKEND: "week end, weekend, week end passe, week end dernier, weekend passe, weekend dernier",
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
            WEEKEND: "weekend, last weekend, past weekend",
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
AMOUNTS: Mapping[str, Mapping[str, int]] = {
    "nl": {"n": 1, "paar": 2},
    "fr": {"une": 1, "quelques": 3},
    "en": {"a": 1, "an": 1, "few": 3, "couple": 2},
}
"""Other words for how many."""
ONES = frozenset(
    {"een", "un", "une", "one", "n", "a", "an", "paar", "quelques", "few", "couple", "nul", "zero", "oh"}
)
"""Amounts that are no day of a month."""
MINUTES, HOURS, QUARTERS = 0, -1, -2
IN_MINUTES: Mapping[int, int] = {MINUTES: 1, HOURS: 60, QUARTERS: 15}
UNITS: Mapping[str, Mapping[str, int]] = {
    "nl": {
        **dict.fromkeys(_list("minuut minuten min"), MINUTES),
        **dict.fromkeys(_list("uur uren"), HOURS),
        **dict.fromkeys(_list("kwartier kwartieren"), QUARTERS),
        **dict.fromkeys(_list("dag dagen"), 1),
        **dict.fromkeys(_list("week weken"), 7),
        **dict.fromkeys(_list("maand maanden"), 30),
        **dict.fromkeys(_list("jaar jaren"), 365),
    },
    "fr": {
        **dict.fromkeys(_list("minute minutes min"), MINUTES),
        **dict.fromkeys(_list("heure heures"), HOURS),
        **dict.fromkeys(_list("jour jours"), 1),
        **dict.fromkeys(_list("semaine semaines"), 7),
        "mois": 30,
        **dict.fromkeys(_list("ans annee annees"), 365),
    },
    "en": {
        **dict.fromkeys(_list("minute minutes min mins"), MINUTES),
        **dict.fromkeys(_list("hour hours"), HOURS),
        **dict.fromkeys(_list("day days"), 1),
        **dict.fromkeys(_list("week weeks"), 7),
        **dict.fromkeys(_list("month months"), 30),
        **dict.fromkeys(_list("year years"), 365),
    },
}
"""How many days a unit has; those of less than a day are marked."""
BEFORE: Mapping[str, frozenset[str]] = {
    "nl": frozenset({"sinds", "sedert", "al", "afgelopen", "laatste"}),
    "fr": frozenset({"depuis", "y", "ya", "derniers", "dernieres"}),
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
PAST = frozenset(
    _list(
        "vorige verleden afgelopen laatste sinds sedert vanaf last since dernier derniere passe passee depuis"
    )
)
"""Words beside a weekday that say it has been."""
CALLED = frozenset(
    _list("cafe restaurant bar winkel zaak magasin shop heet heten noemt appelle nomme called named")
    + _list("meneer mevrouw monsieur madame mr mrs miss dhr mevr mme")
)
"""Words after which a day is somebody's name."""
MEETING = frozenset(
    _list("kom komen langskomen ophalen bereikbaar bellen terugbellen come drop collect reach reachable ring")
    + _list("viens venir viendrai passer joignable rappeler rappelez appeler")
)
"""Words of a sentence about a day on which somebody is to come or to be called."""
BESIDE: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "nl": (
        frozenset(_list("vorige verleden afgelopen laatste volgende komende aankomende aanstaande")),
        frozenset(_list("ochtend morgen voormiddag middag namiddag avond nacht")),
    ),
    "fr": (
        frozenset(),
        frozenset(_list("matin midi soir apres prochain prochaine dernier derniere passe passee")),
    ),
    "en": (
        frozenset(_list("last next this coming past")),
        frozenset(_list("morning afternoon evening night")),
    ),
}
"""Words before and after a weekday that belong to it."""
PERIODS: Mapping[str, Mapping[str, int]] = {
    "nl": {"begin": 1, "half": 15, "midden": 15, "eind": 28, "einde": 28},
    "fr": {"debut": 1, "mi": 15, "fin": 28},
    "en": {"early": 1, "mid": 15, "late": 28},
}
"""Words before a month for a part of it, and the day that stands for it."""
_ENGLISH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
_DUTCH = "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende"
_FRENCH = "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme"
ORDINALS: Mapping[str, Mapping[str, int]] = {
    "nl": {word: at + 1 for at, word in enumerate(_list(_DUTCH))},
    "fr": {"premiere": 1, "seconde": 2, "second": 2}
    | {word: at + 1 for at, word in enumerate(_list(_FRENCH))},
    "en": {word: at + 1 for at, word in enumerate(_list(_ENGLISH))} | {"twentieth": 20, "thirtieth": 30},
}
"""Words for which one of a row something is, as far as days and floors go."""
