"""How opening hours are said in Dutch, French and English; the hours are in `handoff.calendar`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dialogue.dates import DAYS, MONTHS

DAY = 24 * 60
"""Minutes of a day."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language: names and sentence parts, with `{0}`, `{1}` … for what goes into them."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: str
    weekend: str
    every_day: str
    always: str
    from_to: str
    on_days: str
    each_day: str
    span: str
    at: str
    today: str
    tomorrow: str
    on_day: str
    on_date: str
    now: str
    not_today: str
    conjunction: str

    def join(self, parts: Sequence[str]) -> str:
        """`a, b en c`."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.conjunction} {parts[-1]}"

    def group(self, days: Sequence[int], spans: Sequence[tuple[int, int]]) -> str:
        """Some days that have the same hours."""
        if len(days) == 7 and list(spans) == [(0, DAY)]:
            return self.always
        hours = self.join([self.span.format(self.clock(start), self.clock(end)) for start, end in spans])
        return f"{self._days(days)} {hours}"

    def _days(self, days: Sequence[int]) -> str:
        known = {(0, 1, 2, 3, 4): self.weekdays, (5, 6): self.weekend, tuple(range(7)): self.every_day}
        if tuple(days) in known:
            return known[tuple(days)]
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return self.from_to.format(self.days[days[0]], self.days[days[-1]])
        return self.on_days.format(self.join([self.each_day.format(self.days[day]) for day in days]))

    def moment(self, today: date, day: date, minutes: int) -> str:
        """A time on a day, seen from today."""
        if day == today:
            which = self.today
        elif day == today + timedelta(days=1):
            which = self.tomorrow
        elif day < today + timedelta(days=7):
            which = self.on_day.format(self.days[day.weekday()])
        else:
            which = self.on_date.format(self.days[day.weekday()], day.day, self.months[day.month - 1])
        return f"{which} {self.at.format(self.clock(minutes))}"

    def clock(self, minutes: int) -> str:
        """A time of day as it is written, without the word for hour where the sentence has it."""
        hour, minute = divmod(minutes, 60)
        return f"{hour}.{minute:02d}"


class _French(Words):
    def clock(self, minutes: int) -> str:
        hour, minute = divmod(minutes, 60)
        if minutes % DAY == 0:
            return "minuit"
        return f"{hour} h {minute:02d}" if minute else f"{hour} h"


class _English(Words):
    def clock(self, minutes: int) -> str:
        hour, minute = divmod(minutes % DAY, 60)
        if not minute and hour in (0, 12):
            return "noon" if hour else "midnight"
        half = "pm" if hour >= 12 else "am"
        hour = hour % 12 or 12
        return f"{hour}.{minute:02d} {half}" if minute else f"{hour} {half}"


_DUTCH = Words(
    days=DAYS["nl"],
    months=MONTHS["nl"],
    weekdays="op weekdagen",
    weekend="in het weekend",
    every_day="elke dag",
    always="dag en nacht, zeven dagen op zeven",
    from_to="van {0} tot en met {1}",
    on_days="op {0}",
    each_day="{0}",
    span="van {0} tot {1} uur",
    at="om {0} uur",
    today="vandaag",
    tomorrow="morgen",
    on_day="{0}",
    on_date="op {0} {1} {2}",
    now="nu",
    not_today=", maar vandaag niet",
    conjunction="en",
)

_FR = _French(
    days=DAYS["fr"],
    months=MONTHS["fr"],
    weekdays="les jours ouvrés",
    weekend="le week-end",
    every_day="tous les jours",
    always="24 heures sur 24, 7 jours sur 7",
    from_to="du {0} au {1}",
    on_days="{0}",
    each_day="le {0}",
    span="de {0} à {1}",
    at="à {0}",
    today="aujourd'hui",
    tomorrow="demain",
    on_day="{0}",
    on_date="le {0} {1} {2}",
    now="maintenant",
    not_today=", mais pas aujourd'hui",
    conjunction="et",
)

_EN = _English(
    days=DAYS["en"],
    months=MONTHS["en"],
    weekdays="on weekdays",
    weekend="at weekends",
    every_day="every day",
    always="24 hours a day, seven days a week",
    from_to="{0} to {1}",
    on_days="on {0}",
    each_day="{0}",
    span="from {0} to {1}",
    at="at {0}",
    today="today",
    tomorrow="tomorrow",
    on_day="on {0}",
    on_date="on {0} {1} {2}",
    now="now",
    not_today=", but not today",
    conjunction="and",
)

_WORDS = {"nl": _DUTCH, "fr": _FR, "en": _EN}


def of(language: str) -> Words:
    """The words of a language; English for one that is not here."""
    return _WORDS.get(language, _EN)
