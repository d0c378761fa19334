"""Advice on statements, as the verbs of `bookmark` show it: on stderr, since it is no result and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from drumbeat.errors import ModelError
from drumbeat.notebook import Advice, Notebook
from drumbeat.text.canonical import canonical_line
from drumbeat.views.wording import say_count


def find_advice(
    notebook: Notebook, statements: Sequence[str], *, beside: str | None = None, compare: bool = True
) -> tuple[Advice, ...]:
    """Return the advice on statements; where a model is missing, say so on stderr and return none."""
    try:
        return notebook.advise(statements, beside=beside, compare=compare)
    except ModelError as error:
        click.echo(f"no advice on the statements: {error}", err=True)
        return ()


def print_advice(advice: Sequence[Advice], *, to_stderr: bool = True) -> None:
    """Print each advised statement once, with what is odd about it and plainer wordings."""
    for line in advice_lines(advice):
        click.echo(line, err=to_stderr)


def advice_lines(advice: Sequence[Advice]) -> Iterator[str]:
    """Yield the lines of `print_advice`."""
    for place, one in enumerate(advice):
        if not place or advice[place - 1].statement != one.statement:
            yield f"advice on \u201c{canonical_line(one.statement)}\u201d"
        yield f"  {one.kind.value}: {one.why}"
        for proposal in one.proposals:
            yield f"    rather: \u201c{proposal}\u201d"


def say_advised(advice: Sequence[Advice], statements: Sequence[str]) -> str:
    """Return how many of the statements have advice."""
    advised = len({one.statement for one in advice})
    return f"advice on {advised} of {say_count(len(statements), 'statement')}; `drumbeat bookmark check` shows it"
