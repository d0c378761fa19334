"""A theme over time as a newspaper could print it: what was carried how, and how much was taken for granted.

Upper panel: distinct wordings a month, stacked by status in `wording.STATUS_ORDER` from the base line
up, so that what the outlets take for granted can be read off directly. Lower panel: the share taken for
granted over the last months (3, or 6 beyond three years, or 12 beyond six), with a 95 % Wilson interval,
so that a few counts do not look like a finding. Greys and hatches keep the statuses apart without
colour. SVG keeps text as text and is the same bytes for the same trace. Letters that DejaVu Sans lacks
(Chinese, Japanese, Korean) show in SVG only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

from drumbeat.errors import DrumbeatError
from drumbeat.records import Status
from drumbeat.tallies import Trace
from drumbeat.text.canonical import canonical_line
from drumbeat.views.tally import MonthTally, Share, rolling_shares, tally_months
from drumbeat.views.wording import STATUS_ORDER, outlet_words, say_count, say_date, say_sightings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PictureFormat = Literal["svg", "png"]


@dataclass(frozen=True, slots=True)
class _Paint:
    """Fill, hatch, colour and width of lines; lightness falls and rises so that neighbours differ in grey too."""

    fill: str
    hatch: str = ""
    line: str = "#ffffff"
    outline: float = 0.0


_PAINTS = {
    Status.TAKEN_FOR_GRANTED: _Paint("#7b1e4b"),
    Status.ASSERTED: _Paint("#cc6677"),
    Status.ATTRIBUTED: _Paint("#86b4d8", "////", "#b9d5ea"),
    Status.HEDGED: _Paint("#f1e3a1", "\\\\\\\\", "#b5a24a"),
    Status.QUESTIONED: _Paint("#f4f1e8", "", "#57534a", 0.6),
    Status.DENIED: _Paint("#44546a", "xxxx", "#8794a6"),
}
_INK, _SOFT, _RULE = "#1c1b19", "#5d594f", "#d8d3c6"
_SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "drumbeat",
    "hatch.linewidth": 0.6,
    "axes.edgecolor": _RULE,
    "text.color": _INK,
    "axes.labelcolor": _SOFT,
    "xtick.color": _SOFT,
    "ytick.color": _SOFT,
    "path.simplify": False,
}
_MONTHS_NAMED = 48
_WIDTH_INCHES, _HEIGHT_INCHES, _DOTS_PER_INCH = 9.0, 6.3, 200
_LEFT, _RIGHT = 0.05, 0.765
_SERIF_FALLBACK = (b"'DejaVu Sans'", b"'DejaVu Sans', Verdana, Geneva")


def render_trace(trace: Trace, *, format: PictureFormat, today: date | None = None) -> bytes:  # noqa: A002
    """Return the picture; `today` draws the axis up to its month. Raise DrumbeatError without matplotlib."""
    try:
        from matplotlib import rc_context
    except ImportError as error:
        raise DrumbeatError("pictures need matplotlib: install drumbeat with its extra, drumbeat[pictures]") from error
    with rc_context(_SETTINGS):
        return _saved(_draw(trace, tally_months(trace, until=today)), trace, format)


def _saved(figure: Figure, trace: Trace, kind: PictureFormat) -> bytes:
    target = BytesIO()
    if kind == "png":
        figure.savefig(
            target,
            format="png",
            dpi=_DOTS_PER_INCH,
            metadata={"Title": canonical_line(trace.theme), "Software": "drumbeat"},
        )
        return target.getvalue()
    described = {
        "Title": canonical_line(trace.theme),
        "Description": _subtitle(trace),
        "Creator": "drumbeat",
        "Date": None,
    }
    figure.savefig(target, format="svg", metadata=described)
    return target.getvalue().replace(*_SERIF_FALLBACK)


def _draw(trace: Trace, tallies: Sequence[MonthTally]) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH_INCHES, _HEIGHT_INCHES), facecolor="#ffffff")
    top = _write_heading(figure, trace)
    if tallies:
        counts = figure.add_axes((_LEFT, 0.40, _RIGHT - _LEFT, top - 0.535))
        share = figure.add_axes((_LEFT, 0.145, _RIGHT - _LEFT, 0.155), sharex=counts)
        _draw_counts(counts, tallies)
        _write_key(figure, counts, tallies)
        _mark_first(counts, trace, tallies)
        _draw_share(share, tallies)
    else:
        figure.text(0.02, 0.72, "No dated sighting yet.", fontsize=12, color=_SOFT)
    figure.text(0.02, 0.025, _source_note(trace, tallies), fontsize=7.2, color=_SOFT, linespacing=1.45)
    return figure


def _write_heading(figure: Figure, trace: Trace) -> float:
    """Write title and subtitle; return where the free room below them begins, in figure heights."""
    lines = wrap(canonical_line(trace.theme), 58, max_lines=3, placeholder=" …")
    figure.text(0.02, 0.965, "\n".join(lines), fontsize=15, fontweight="bold", va="top", linespacing=1.2)
    below = 0.965 - 0.046 * len(lines) - 0.008
    figure.text(0.02, below, _subtitle(trace), fontsize=9.5, color=_SOFT, va="top")
    return below


def _subtitle(trace: Trace) -> str:
    parts = [say_sightings(trace), say_count(len(trace.outlets), "outlet")]
    months = sorted(cell.month for cell in trace.cells)
    if months:
        first, last = f"{months[0]:%B %Y}", f"{months[-1]:%B %Y}"
        parts.append(first if first == last else f"{first} to {last}")
    return " · ".join(parts)


def _source_note(trace: Trace, tallies: Sequence[MonthTally]) -> str:
    left_out = [f"{say_count(trace.copies, 'copy', 'copies')} of a wording counted once"] if trace.copies else []
    left_out += [f"{say_count(trace.undated, 'undated sighting')} not shown"] if trace.undated else []
    lines = [
        "Distinct wordings by the month in which each was first seen" + "".join(f"; {one}" for one in left_out) + "."
    ]
    if tallies:
        window = say_count(_window_months(len(tallies)), "month")
        lines.append(
            f"Share: of the last {window}; band: 95 % Wilson interval. Made with drumbeat: evidence, not verdicts."
        )
    return "\n".join(lines)


def _draw_counts(axes: Axes, tallies: Sequence[MonthTally]) -> None:
    from matplotlib.ticker import MaxNLocator

    places, bases = range(len(tallies)), [0] * len(tallies)
    for status in STATUS_ORDER:
        heights, paint = [tally.counts.get(status, 0) for tally in tallies], _PAINTS[status]
        shown = [place for place in places if heights[place]]
        axes.bar(
            shown,
            [heights[place] for place in shown],
            0.86,
            bottom=[bases[place] for place in shown],
            color=paint.fill,
            hatch=paint.hatch,
            edgecolor=paint.line,
            linewidth=paint.outline,
        )
        bases = [base + height for base, height in zip(bases, heights, strict=True)]
    axes.set_title("Distinct wordings a month", loc="left", fontsize=9, fontweight="bold", pad=26)
    axes.set_xlim(-0.7, max(len(tallies), 6) - 0.3)
    axes.set_ylim(0, max(*bases, 4) * 1.06)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    _dress(axes, tallies)


def _dress(axes: Axes, tallies: Sequence[MonthTally]) -> None:
    places = [place for place, tally in enumerate(tallies) if _is_labelled(tally.month, len(tallies))]
    axes.set_xticks(places, [_month_label(tallies[place].month, place == places[0], len(tallies)) for place in places])
    axes.grid(axis="y", color=_RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=8)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_INK)


def _is_labelled(month: date, months: int) -> bool:
    if months <= 12:
        return True
    if months <= _MONTHS_NAMED:
        return month.month in (1, 4, 7, 10)
    every = 1 + months // 180
    return month.month == 1 and month.year % every == 0


def _month_label(month: date, is_first: bool, months: int) -> str:
    if months > _MONTHS_NAMED:
        return str(month.year)
    return f"{month:%b}\n{month:%Y}" if is_first or month.month == 1 else f"{month:%b}"


def _write_key(figure: Figure, axes: Axes, tallies: Sequence[MonthTally]) -> None:
    """List the statuses beside the stack, in its order, with their totals."""
    from matplotlib.patches import Rectangle

    box = axes.get_position()
    top = min(box.y1, box.y0 + 0.29)
    for rank, status in enumerate(reversed(STATUS_ORDER)):
        total, paint = sum(tally.counts.get(status, 0) for tally in tallies), _PAINTS[status]
        y = top - 0.047 * rank - 0.03
        swatch = Rectangle((_RIGHT + 0.02, y), 0.02, 0.024, transform=figure.transFigure, facecolor=paint.fill)
        swatch.set(hatch=paint.hatch, edgecolor=paint.line, linewidth=paint.outline)
        figure.add_artist(swatch)
        colour = _INK if total else _SOFT
        figure.text(_RIGHT + 0.048, y + 0.004, status.value, fontsize=8.5, color=colour)
        figure.text(0.985, y + 0.004, f"{total:,}", fontsize=8.5, color=colour, ha="right", fontweight="bold")


def _mark_first(axes: Axes, trace: Trace, tallies: Sequence[MonthTally]) -> None:
    seen_on = trace.first_in.published_on if trace.first_in else None
    if trace.first_in is None or seen_on is None:
        return
    place = next((at for at, tally in enumerate(tallies) if tally.month == seen_on.replace(day=1)), None)
    if place is None:
        return
    _, top = axes.get_ylim()
    label, is_left = (
        f"First sighting: {say_date(seen_on)}, {canonical_line(outlet_words(trace.first_in))}",
        place < len(tallies) / 2,
    )
    axes.plot([place, place], [tallies[place].total + 0.02 * top, 1.05 * top], color=_INK, lw=0.8, clip_on=False)
    axes.plot([place], [1.05 * top], "v", color=_INK, ms=5, clip_on=False)
    axes.annotate(
        label,
        (place, 1.05 * top),
        annotation_clip=False,
        xytext=(6 if is_left else -6, 0),
        textcoords="offset points",
        fontsize=8,
        ha="left" if is_left else "right",
        va="center",
    )


def _draw_share(axes: Axes, tallies: Sequence[MonthTally]) -> None:
    shares = rolling_shares(tallies, Status.TAKEN_FOR_GRANTED, window_months=_window_months(len(tallies)))
    colour = _PAINTS[Status.TAKEN_FOR_GRANTED].fill
    for run in _runs(shares):
        places = [place for place, _ in run]
        lows, highs = [100 * share.low for _, share in run], [100 * share.high for _, share in run]
        if len(run) == 1:
            axes.vlines(places, lows, highs, color=colour, alpha=0.3, lw=4)
        axes.fill_between(places, lows, highs, color=colour, alpha=0.18, linewidth=0)
        axes.plot(
            places,
            [100 * share.value for _, share in run],
            color=colour,
            lw=1.8,
            marker="o",
            ms=2.4 if len(shares) <= _MONTHS_NAMED else 0,
        )
    axes.set_title("Share taken for granted, per cent", loc="left", fontsize=9, fontweight="bold", pad=7)
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    _dress(axes, tallies)
    _label_last(axes, shares)


def _window_months(months: int) -> int:
    return 3 if months <= 36 else 6 if months <= 72 else 12


def _runs(shares: Sequence[Share | None]) -> list[list[tuple[int, Share]]]:
    """Return the stretches without a hole, as (place, share)."""
    runs: list[list[tuple[int, Share]]] = [[]]
    for place, share in enumerate(shares):
        if share is None:
            runs.append([])
        else:
            runs[-1].append((place, share))
    return [run for run in runs if run]


def _label_last(axes: Axes, shares: Sequence[Share | None]) -> None:
    place, last = next((at, share) for at, share in reversed(list(enumerate(shares))) if share is not None)
    interval = f"interval {100 * last.low:.0f} to {100 * last.high:.0f} %"
    text = f"{100 * last.value:.0f} % ({last.part} of {last.total}),\n{interval}"
    middle = min(max(100 * last.value, 18), 82)
    axes.annotate(
        text,
        (place, middle),
        xytext=(9, 0),
        textcoords="offset points",
        fontsize=8,
        va="center",
        color=_PAINTS[Status.TAKEN_FOR_GRANTED].fill,
        annotation_clip=False,
    )
