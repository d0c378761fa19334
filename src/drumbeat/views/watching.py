"""The verb `watch`: read archives, pages or addresses with all themes, showing rate and time left."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import click

from drumbeat.errors import InputError
from drumbeat.notebook import FieldMapping, Notebook, Watched
from drumbeat.records import Skipped
from drumbeat.views.command import Context, json_option, open_console, pass_context, print_json

_SHOWN_SKIPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSummary:
    """What a whole watch did."""

    read: int
    added: int
    known: int
    sightings: int
    skipped: tuple[Skipped, ...]
    seconds: float


@click.command()
@click.argument("places", nargs=-1, metavar="[PATH|URL]...")
@click.option(
    "--field", "fields", multiple=True, metavar="OURS=THEIRS",
    help="Which field of an archive holds what, e.g. text=body; may be repeated.",
)  # fmt: skip
@json_option
@pass_context
def watch(context: Context, places: tuple[str, ...], *, fields: tuple[str, ...], as_json: bool) -> None:
    """Read archives (.jsonl, also .gz .xz .zst), pages, folders or files of addresses with all themes.

    Articles are kept; those that are kept already are passed over, so a watch that was stopped goes on where
    it ended. Without PATH, kept articles are matched with themes that were bookmarked later.
    """
    with context.open() as notebook:
        started = time.monotonic()
        summary = _summed(_shown(notebook, places, _mapping_of(fields)), started)
    if as_json:
        print_json("watch", summary=summary)
        return
    _print_summary(summary)


def _shown(notebook: Notebook, places: tuple[str, ...], mapping: FieldMapping) -> Iterator[Watched]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[sightings]} sightings"), TimeElapsedColumn(),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=open_console(to_stderr=True)) as progress:
        expected = notebook.count_items(places)
        task = progress.add_task("", total=expected, rate="", sightings=0)
        started, sightings = time.monotonic(), 0
        for watched in notebook.watch(places, mapping=mapping, expected=expected):
            sightings += watched.sightings
            progress.advance(task, watched.read)
            done = progress.tasks[task].completed
            rate = f"{done / max(1e-3, time.monotonic() - started):.0f} articles/s"
            progress.update(task, rate=rate, sightings=sightings)
            yield watched


def _summed(steps: Iterable[Watched], started: float) -> WatchSummary:
    read = added = known = sightings = 0
    skipped: list[Skipped] = []
    for step in steps:
        read, added, known = read + step.read, added + step.added, known + step.known
        sightings += step.sightings
        skipped.extend(step.skipped)
    return WatchSummary(
        read=read,
        added=added,
        known=known,
        sightings=sightings,
        skipped=tuple(skipped),
        seconds=round(time.monotonic() - started, 1),
    )


def _print_summary(summary: WatchSummary) -> None:
    click.echo(
        f"read {summary.read} in {summary.seconds:.0f} s: {summary.added} new, {summary.known} known already, "
        f"{summary.sightings} new sightings, {len(summary.skipped)} skipped"
    )
    for why, count in Counter(_reason(skipped) for skipped in summary.skipped).most_common():
        click.echo(f"  skipped {count}: {why}")
    for skipped in summary.skipped[:_SHOWN_SKIPS]:
        click.echo(f"{skipped.where}: {skipped.why}", err=True)
    if len(summary.skipped) > _SHOWN_SKIPS:
        click.echo(f"and {len(summary.skipped) - _SHOWN_SKIPS} more; --json lists them all", err=True)


def _reason(skipped: Skipped) -> str:
    """Return a reason without what is particular to the item, for counting."""
    why = skipped.why.removeprefix(f"{skipped.where}: ").removeprefix(f"{skipped.where} ")
    return why.partition(" (")[0].partition(";")[0]


def _mapping_of(fields: tuple[str, ...]) -> FieldMapping:
    known = FieldMapping.__dataclass_fields__
    given: dict[str, tuple[str, ...]] = {}
    for field in fields:
        ours, mark, theirs = field.partition("=")
        if not mark or ours not in known or not theirs:
            message = f"--field {field}: write OURS=THEIRS with one of {', '.join(known)}"
            raise InputError(message, where=field)
        given[ours] = (*given.get(ours, ()), theirs)
    return FieldMapping(**given)
