"""Months of a trace, without holes, and shares with intervals that show how little a few counts say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from drumbeat.records import Status
from drumbeat.tallies import Trace

_Z_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTally:
    """Distinct wordings of one month by status; `month` is its first day, absent statuses are zero."""

    month: date
    counts: Mapping[Status, int]

    @property
    def total(self) -> int:
        """Return the sightings of the month."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`part` of `total` sightings in the months up to and including `month`, with a 95 % Wilson interval."""

    month: date
    part: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Return the share itself; total is never zero."""
        return self.part / self.total


def tally_months(trace: Trace, *, until: date | None = None) -> tuple[MonthTally, ...]:
    """Return every month from the first sighting to the last (or to `until`, if later), empty ones included."""
    counts: dict[date, dict[Status, int]] = defaultdict(lambda: defaultdict(int))
    for cell in trace.cells:
        counts[cell.month.replace(day=1)][cell.status] += cell.count
    if not counts:
        return ()
    last = max(counts)
    if until is not None:
        last = max(last, until.replace(day=1))
    return tuple(MonthTally(month=month, counts=dict(counts.get(month, {}))) for month in _months(min(counts), last))


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def rolling_shares(tallies: Sequence[MonthTally], status: Status, *, window_months: int) -> tuple[Share | None, ...]:
    """Return, for each month, the share of `status` in the window that ends with it; None where the window is empty."""
    shares: list[Share | None] = []
    for end, tally in enumerate(tallies, start=1):
        window = tallies[max(0, end - window_months) : end]
        part = sum(one.counts.get(status, 0) for one in window)
        shares.append(_share(tally.month, part, sum(one.total for one in window)))
    return tuple(shares)


def _share(month: date, part: int, total: int) -> Share | None:
    if not total:
        return None
    low, high = wilson_interval(part, total)
    return Share(month=month, part=part, total=total, low=low, high=high)


def wilson_interval(part: int, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927); needs 0 <= part <= total, total > 0."""
    share, spread = part / total, _Z_95**2 / total
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z_95 / (1 + spread) * sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, middle - reach), min(1.0, middle + reach)
