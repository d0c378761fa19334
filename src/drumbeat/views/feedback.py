"""The verbs `feedback yes|no|undo|list`: the reader's own answers to sightings."""

from __future__ import annotations

import click

from drumbeat.notebook import Answered
from drumbeat.tallies import Feedback
from drumbeat.tiers import Answer
from drumbeat.views.command import Context, json_option, open_console, pass_context, print_json
from drumbeat.views.wording import say_tiers

_note = click.option("--note", metavar="TEXT", help="Why, in your own words; an earlier note stays without it.")


@click.group()
def feedback() -> None:
    """Say of a sighting "yes, this" or "not this"; what is like it moves with it, at once."""


@feedback.command()
@click.argument("sighting")
@_note
@json_option
@pass_context
def yes(context: Context, sighting: str, *, note: str | None, as_json: bool) -> None:
    """Confirm SIGHTING, named by the first six or more characters of the id on its card."""
    _answer(context, sighting, Answer.YES, note=note, as_json=as_json)


@feedback.command()
@click.argument("sighting")
@_note
@json_option
@pass_context
def no(context: Context, sighting: str, *, note: str | None, as_json: bool) -> None:
    """Set SIGHTING aside, named by the first six or more characters of the id on its card.

    It is no longer shown or counted; its article stays. `drumbeat feedback undo` brings it back.
    """
    _answer(context, sighting, Answer.NO, note=note, as_json=as_json)


@feedback.command()
@click.argument("sighting")
@json_option
@pass_context
def undo(context: Context, sighting: str, *, as_json: bool) -> None:
    """Take back the answer to SIGHTING, named by its id or by that of the answer; the history keeps it."""
    with context.open() as notebook:
        done = notebook.undo_answer(sighting)
    _tell(done, as_json=as_json)


@feedback.command(name="list")
@click.argument("theme", required=False)
@click.option("--history", is_flag=True, help="Every revision, also answers that were taken back.")
@json_option
@pass_context
def list_(context: Context, theme: str | None, *, history: bool, as_json: bool) -> None:
    """List your answers, oldest first, to sightings of THEME (also a removed one) or of all themes."""
    with context.open() as notebook:
        answers = notebook.list_answers(theme, history=history)
        names = {theme_id: notebook.history(theme_id)[-1].name for theme_id in {one.theme_id for one in answers}}
    if as_json:
        print_json("feedback", feedback=answers)
        return
    from drumbeat.views.terminal import print_answers

    print_answers(answers, open_console(), names=names)


def _answer(context: Context, sighting: str, answer: Answer, *, note: str | None, as_json: bool) -> None:
    with context.open() as notebook:
        done = notebook.answer(sighting, answer, note=note)
    _tell(done, as_json=as_json)


def _tell(done: Answered, *, as_json: bool) -> None:
    if as_json:
        print_json("answered", answered=done)
        return
    said = _say(done.feedback) if done.changed else "nothing changed"
    click.echo(f"{said}; {done.theme} has {say_tiers(done.after)}")
    if done.before != done.after:
        click.echo(f"before: {say_tiers(done.before)}", err=True)


def _say(feedback: Feedback) -> str:
    said = {Answer.YES: "yes, this", Answer.NO: "not this", None: "taken back"}[feedback.answer]
    return f"{said} (answer {feedback.feedback_id[:8]}, revision {feedback.revision})"
