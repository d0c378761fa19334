"""What the verbs of the command line share: the context, common options, and the output."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.codec import encode_document
from drumbeat.errors import DrumbeatError
from drumbeat.tallies import TierCounts
from drumbeat.tiers import SHOWN_TIERS, Tier
from drumbeat.views.settings import Given, Settings, load_settings

if TYPE_CHECKING:
    from rich.console import Console

    from drumbeat.notebook import Notebook


@dataclass(frozen=True, slots=True)
class Context:
    """The options given before the verb."""

    given: Given
    home: Path | None

    def settings(self) -> Settings:
        """Return the settings from options, environment and file."""
        return load_settings(self.given, home=self.home, environment=os.environ)

    def open(self) -> Notebook:
        """Open the notebook."""
        from drumbeat.notebook import open_notebook

        settings = self.settings()
        return open_notebook(settings.home, options=settings.options)


pass_context = click.make_pass_decorator(Context)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON with the codec's field names.")
since_option = click.option(
    "--since", callback=lambda _c, _p, v: parse_day(v), metavar="DATE", help="From this day on."
)
until_option = click.option("--until", callback=lambda _c, _p, v: parse_day(v), metavar="DATE", help="Up to this day.")
least_option = click.option(
    "--min-probability", "least", type=click.FloatRange(0, 1), default=0.0, metavar="P",
    help="Leave out sightings less probable than this; .5 leaves the surer half.",
)  # fmt: skip
tier_option = click.option(
    "--tier", type=click.Choice(["confirmed", "suggested", "all"]), default="confirmed", show_default=True,
    help="The surer sightings, those that may be the theme, or both; all with --json also what was set aside.",
)  # fmt: skip
outlet_option = click.option("--outlet", help="Only this outlet: a domain, or the name as printed.")


def tiers_of(choice: str, *, as_json: bool) -> tuple[Tier, ...]:
    """Return the tiers that a reader asked for; what is set aside is for programs only."""
    if choice != "all":
        return (Tier(choice),)
    return tuple(Tier) if as_json else SHOWN_TIERS


def tell_hidden(counts: TierCounts, tiers: tuple[Tier, ...]) -> None:
    """Say on standard error what is not shown, in one line; nothing where all is."""
    hidden = {tier: counts.of(tier) for tier in Tier if tier not in tiers and counts.of(tier)}
    aside = hidden.pop(Tier.SET_ASIDE, 0)
    said = []
    if hidden:
        listed = " and ".join(_say_tier(tier, count) for tier, count in hidden.items())
        said.append(f"{listed} {_are(sum(hidden.values()))} not shown; --tier all shows {_them(sum(hidden.values()))}")
    if aside:
        said.append(f"{aside:,} {_are(aside)} set aside by your answers or the theme's sensitivity")
    if said:
        click.echo("; ".join(said), err=True)


def _say_tier(tier: Tier, count: int) -> str:
    return f"{count:,} {tier.value} sighting{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def parse_day(value: str | None) -> date | None:
    """Return a day written as 2031-04-30, 2031-04 or 2031."""
    if value is None:
        return None
    for pattern in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(value, pattern).date()
        except ValueError:
            continue
    raise click.BadParameter(f"{value!r} is no day; write it as 2031-04-30")


def open_console(*, to_stderr: bool = False) -> Console:
    """Return a console on stdout (or stderr); plain where that is no terminal."""
    from rich.console import Console

    return Console(stderr=to_stderr, highlight=False, soft_wrap=not sys.stdout.isatty() and not to_stderr)


def print_json(kind: str, **parts: object) -> None:
    """Print one JSON document."""
    click.echo(encode_document(kind, **parts).decode())


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raise DrumbeatError where it cannot be written."""
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise DrumbeatError(f"{path} cannot be written ({error.strerror}); choose another place") from error
