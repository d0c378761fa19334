"""The worst errors on the benchmark, for reading: what was said, what the label says, and what decided.

Errors are ordered by how sure the match is (by how far it fell short, where it was missed): what a reader would
meet first stands first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drumbeat.evaluation import GoldRow, article_of, is_same_holder
from drumbeat.records import Evidence
from drumbeat.themes.judge import Judged
from recall import STEPS, Judgements, voice_of

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error; `evidence` are the words or the numbers that decided."""

    theme: str
    source: str
    statement: str
    before: str
    passage: str
    label: str
    said: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The errors of one kind, worst first: `total` of them, of which the first few are shown."""

    title: str
    note: str
    total: int
    mistakes: tuple[Mistake, ...]


def all_sections(found: Judgements) -> list[Section]:
    """Return the errors of each kind."""
    missed = [missed_section(found, step) for step in STEPS]
    return [
        unlabelled_section(found),
        *missed,
        *(status_section(found, kind) for kind in ("commitment", "voice", "holder")),
    ]


def unlabelled_section(found: Judgements) -> Section:
    """Return what was said to match and is labelled otherwise, surest first."""
    said, sure = found.said, found.step_probability("status reader")
    chosen = [i for i, row in enumerate(found.rows) if said[i] and not row.match]
    ordered = sorted(chosen, key=lambda i: -float(sure[i]))
    note = "Said to match, labelled “same topic” or “unrelated”; surest first."
    return _section("Matches that are none", note, ordered, lambda i: _match_mistake(found, i, "match"))


def missed_section(found: Judgements, step: str) -> Section:
    """Return the labelled matches that one step dropped, farthest below its line first."""
    chosen = [i for i in found.matches if found.lost_at(i) == step]
    at_step = found.step_probability(step)
    ordered = sorted(chosen, key=lambda i: float(at_step[i]))
    note = f"Labelled as matches; the {step} gave them less than its line. Farthest below it first."
    return _section(f"Missed: lost at the {step}", note, ordered, lambda i: _match_mistake(found, i, f"lost at {step}"))


def status_section(found: Judgements, kind: str) -> Section:
    """Return the true matches whose commitment, voice, or (the voice being right) holder is judged wrong."""
    sure = found.step_probability("status reader")
    wrong = {"commitment": _is_commitment_wrong, "voice": _is_voice_wrong, "holder": _is_holder_wrong}[kind]
    chosen = [i for i in found.matches if wrong(found.rows[i], found.judged[i])]
    ordered = sorted(chosen, key=lambda i: -float(sure[i]))
    note = "On the labelled matches, whether found or not; surest match first."
    return _section(f"Other {kind} than labelled", note, ordered, lambda i: _status_mistake(found, i))


def _section(title: str, note: str, ordered: Sequence[int], make: Callable[[int], Mistake]) -> Section:
    return Section(title, note, len(ordered), tuple(make(i) for i in ordered[:SHOWN]))


def _match_mistake(found: Judgements, index: int, outcome: str) -> Mistake:
    chances = ", ".join(f"{step} {float(found.step_probability(step)[index]):.2f}" for step in STEPS)
    named = zip(found.decision.final.features, found.features[index], strict=True)
    values = ", ".join(f"{name} {float(value):.2f}" for name, value in named)
    return _mistake(found.rows[index], outcome, (f"probability: {chances}", f"features: {values}"))


def _status_mistake(found: Judgements, index: int) -> Mistake:
    row, judged = found.rows[index], found.judged[index]
    text = article_of(row)[0].text
    chance = float(found.step_probability("status reader")[index])
    evidence = tuple(_words(item, text) for item in judged.evidence) or ("no sign spoke for it",)
    said = _status(judged.commitment.value, voice_of(judged), _holder(judged))
    return _mistake(row, said, (f"match {chance:.2f}", *evidence))


def _words(item: Evidence, text: str) -> str:
    return f"{item.rule}: “{item.span.of(text)}”"


def _mistake(row: GoldRow, said: str, evidence: tuple[str, ...]) -> Mistake:
    label = _status(row.commitment or "match, status not agreed on", row.voice or "", " / ".join(_wordings(row)))
    if not row.match:
        label = "same topic" if row.same_topic else "unrelated"
    return Mistake(
        theme=row.theme,
        source=", ".join(filter(None, (row.outlet, row.published))),
        statement=row.statement or "",
        before=row.before or "",
        passage=row.passage,
        label=label,
        said=said,
        evidence=evidence,
    )


def _status(commitment: str, voice: str, holder: str) -> str:
    return " · ".join(filter(None, (commitment, voice))) + (f" ({holder})" if holder else "")


def _holder(judged: Judged) -> str:
    return judged.holder.text or "not named" if judged.holder else ""


def _wordings(row: GoldRow) -> tuple[str, ...]:
    return (row.holder,) if isinstance(row.holder, str) else row.holder or ()


def _is_commitment_wrong(row: GoldRow, judged: Judged) -> bool:
    return row.commitment is not None and judged.commitment != row.commitment


def _is_voice_wrong(row: GoldRow, judged: Judged) -> bool:
    return row.voice is not None and voice_of(judged) != row.voice


def _is_holder_wrong(row: GoldRow, judged: Judged) -> bool:
    wordings = tuple(filter(None, _wordings(row)))
    if row.voice != "attributed" or not wordings or judged.holder is None:
        return False
    return not is_same_holder(wordings, judged.holder.text)
