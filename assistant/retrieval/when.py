"""Years and months that a question names outright: "in 2022", "May 2023", "im Oktober 2024", "temmuz 2023'te"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.text import fold

_MONTHS = (
    "january januar janvier enero ocak январь января январе يناير",
    "february februar fevrier febrero subat февраль февраля феврале فبراير",
    "march marz mars marzo mart март марта марте مارس",
    "april avril abril nisan апрель апреля апреле ابريل نيسان",
    "may mai mayo mayis май мая мае مايو",
    "june juni juin junio haziran июнь июня июне يونيو",
    "july juli juillet julio temmuz июль июля июле يوليو",
    "august aout agosto agustos август августа августе اغسطس",
    "september septembre septiembre eylul сентябрь сентября сентябре سبتمبر",
    "october oktober octobre octubre ekim октябрь октября октябре اكتوبر",
    "november novembre noviembre kasim ноябрь ноября ноябре نوفمبر",
    "december dezember decembre diciembre aralik декабрь декабря декабре ديسمبر",
)
_NUMBER = {fold(name): number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SUFFIX = r"(?:['’]?(?:te|ta|de|da|ten|tan|den|dan|in|yılında)\b|\s+(?:году|года|год|г\.)|\s+yılında)?"
_LEAD = r"(?:\b(?:in|im|in\s+the\s+year|during|en|в|عام|سنة|في)\s+)?"
_PATTERN = re.compile(
    rf"{_LEAD}(?:\b(?P<month>[^\W\d_]+)\s+(?:of\s+|de\s+)?)?(?<!\d){_YEAR}(?!\d){_SUFFIX}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class When:
    """A span of time that a question names, and the question without it.

    :ivar since: its first instant; ``until`` the first after it.
    :ivar rest: the question, the words of the time left out.
    """

    since: datetime
    until: datetime
    rest: str

    def holds(self, timestamp: int) -> bool:
        """Tell whether an instant, in seconds since 1970, lies in it."""
        return self.since.timestamp() <= timestamp < self.until.timestamp()


def when(question: str) -> When | None:
    """Return the first year, with its month if it has one, that ``question`` names; None when it names none."""
    match = _PATTERN.search(question)
    if match is None:
        return None
    year, start = int(match["year"]), match.start()
    month = _NUMBER.get(fold(match["month"])) if match["month"] else None
    if match["month"] and not month:
        start = match.start("year")
    since = datetime(year, month or 1, 1, tzinfo=UTC)
    until = datetime(year + (month in (None, 12)), 1 if month in (None, 12) else month + 1, 1, tzinfo=UTC)
    return When(since, until, " ".join(f"{question[:start]} {question[match.end() :]}".split()).replace(" ?", "?"))
