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
outlet_option = click.option("--outlet", help="Only this outlet: a domain, or the name as printed.")


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
