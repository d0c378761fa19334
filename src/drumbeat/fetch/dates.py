"""Read a date as publishers write it: a day, and an instant only where the zone is written too.

Understood: ISO 8601, RFC 2822, seconds or milliseconds since 1970, "March 5, 2018", "5 March 2018",
"2018/03/05", "20180305". Refused, never guessed: "1/10/2024" (January or October?), years outside
1800-2100, anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_MONTH_NAMES = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may",),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_FIRST = re.compile(r"(?:[A-Za-z]{3,9}\.?,? )?([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b.*")
_DAY_FIRST = re.compile(r"(?:[A-Za-z]{3,9}\.?,? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})\b.*")
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b.*")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_LOOSE_ZONE = re.compile(r"\s*(?:UTC|GMT|Z)$|\s+([+-]\d{2}):?(\d{2})$")
_YEARS = range(1800, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A day as written, and the instant (UTC) where a zone was written; `in_utc` when that zone was UTC itself."""

    day: date
    instant: datetime | None = None
    in_utc: bool = False

    def may_be(self, day: date) -> bool:
        """Tell whether this can be that day: as written or, of a time given in UTC, as somewhere on earth."""
        if self.day == day:
            return True
        if self.instant is None or not self.in_utc:
            return False
        earliest, latest = self.instant - timedelta(hours=12), self.instant + timedelta(hours=14)
        return earliest.date() <= day <= latest.date()


def parse_stamp(value: str) -> Stamp | None:
    """Return what a written date says, or None where it is no date or can be read in two ways."""
    text = " ".join(value.split())[:80]
    if _ISO_DAY.fullmatch(text):
        return _stamp_of_day(text[:4], text[5:7], text[8:])
    if _EPOCH.fullmatch(text):
        return stamp_of_epoch(float(text))
    if found := _COMPACT.fullmatch(text):
        return _stamp_of_day(*found.groups())
    return _written_in_iso(text) or _written_in_mail(text) or _written_in_words(text)


def stamp_of_epoch(seconds: float) -> Stamp | None:
    """Return the instant so many seconds (or milliseconds) after 1970 began."""
    try:
        instant = datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return _stamp_of(instant)


def _written_in_iso(text: str) -> Stamp | None:
    zone = _LOOSE_ZONE.search(text)
    if zone:
        text = text[: zone.start()] + (f"{zone[1]}:{zone[2]}" if zone[1] else "+00:00")
    try:
        return _stamp_of(datetime.fromisoformat(text))
    except ValueError:
        return None


def _written_in_mail(text: str) -> Stamp | None:
    try:
        return _stamp_of(parsedate_to_datetime(text)) if ":" in text else None
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def _written_in_words(text: str) -> Stamp | None:
    if found := _YEAR_FIRST.match(text):
        return _stamp_of_day(*found.groups())
    if found := _MONTH_FIRST.fullmatch(text):
        return _stamp_of_day(found[3], found[1], found[2])
    if found := _DAY_FIRST.fullmatch(text):
        return _stamp_of_day(found[3], found[2], found[1])
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(int(found[1]), int(found[2]), int(found[3]))
    return None


def _of_numbers(first: int, second: int, year: int) -> Stamp | None:
    if first != second and first <= 12 and second <= 12:
        return None
    month, day = (first, second) if first <= 12 else (second, first)
    return _stamp_of_day(str(year), str(month), str(day))


def _stamp_of_day(year: str, month: str, day: str) -> Stamp | None:
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
    try:
        return Stamp(day=date(int(year), number, int(day))) if int(year) in _YEARS else None
    except ValueError:
        return None


def _stamp_of(moment: datetime) -> Stamp | None:
    if moment.year not in _YEARS:
        return None
    if moment.tzinfo is None:
        return Stamp(day=moment.date())
    offset = moment.utcoffset()
    return Stamp(day=moment.date(), instant=moment.astimezone(UTC), in_utc=offset == timedelta(0))
