"""Days of publication, as the ISO 8601 dates that records hold.

Only what is written out counts: "2 hours ago" depends on when the page was fetched, and 4/5/2024 is
two different days on the two sides of an ocean; both are left open rather than guessed.
"""

import re
from collections.abc import Iterable
from datetime import date


def find_date(text: str) -> str | None:
    """The first whole date in `text`, in figures or in words of several languages."""
    text = text[:LOOKED_AT]
    found = [
        (match.start(), day)
        for pattern, read in _FORMS
        for match in pattern.finditer(text)
        if (day := read(match))
    ]
    return min(found)[1] if found else None


def first_date(lines: Iterable[str]) -> str | None:
    """The first whole date in any of the lines."""
    return next((day for line in lines if (day := find_date(line))), None)


LOOKED_AT = 400  # characters of a line
EARLIEST, LATEST = 1800, 2100  # years: other figures are no year of publication

_MONTHS = {
    1: "jan ene gen янв",
    2: "feb fev fév feve févr фев",
    3: "mar mär mrt мар",
    4: "apr abr avr апр",
    5: "may mai mag maio mei мая",
    6: "jun jui giu juin июн",
    7: "jul lug juil июл",
    8: "aug ago aoû авг",
    9: "sep set сен",
    10: "oct okt ott out окт",
    11: "nov ноя",
    12: "dec dez dic déc дек",
}
_MONTH_OF = {start: month for month, starts in _MONTHS.items() for start in starts.split()}
_YEAR = r"(?P<year>\d{4})"
_NAME = r"(?P<name>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})"


def _in_order(match: re.Match[str]) -> str | None:
    return _iso(match["year"], match["month"], match["day"])


def _in_words(match: re.Match[str]) -> str | None:
    name = match["name"].casefold()
    month = _MONTH_OF.get(name[:4]) or _MONTH_OF.get(name[:3])
    return _iso(match["year"], str(month), match["day"]) if month else None


def _in_figures(match: re.Match[str]) -> str | None:
    first, second = int(match["first"]), int(match["second"])
    # A point stands between day and month everywhere; a stroke says nothing about their order.
    if match["mark"] == "." or first > 12:
        return _iso(match["year"], str(second), str(first))
    if second > 12 or first == second:
        return _iso(match["year"], str(first), str(second))
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    if not EARLIEST <= int(year) <= LATEST:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


_FORMS = (
    (re.compile(rf"(?<!\d){_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark){_DAY}(?!\d)"), _in_order),
    (re.compile(rf"(?<!\d){_YEAR}年\s?(?P<month>\d{{1,2}})月\s?{_DAY}日"), _in_order),
    (
        re.compile(
            rf"(?<!\w){_DAY}(?:st|nd|rd|th|\.|º)?,?\s(?:of |de |di |d’)?{_NAME},?\s(?:de |del )?{_YEAR}(?!\d)"
        ),
        _in_words,
    ),
    (re.compile(rf"(?<!\w){_NAME}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)"), _in_words),
    (
        re.compile(rf"(?<!\d)(?P<first>\d{{1,2}})(?P<mark>[./-])(?P<second>\d{{1,2}})(?P=mark){_YEAR}(?!\d)"),
        _in_figures,
    ),
)
