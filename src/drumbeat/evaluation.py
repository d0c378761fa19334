"""Measure match and status on labelled passages, with the very functions that the watch uses.

A gold file is JSONL, one row per passage: theme, before, passage, after, match, commitment, voice, holder; a theme
file gives the statement of each theme (`recall/GUIDE.md` of the benchmark says how rows are labelled). A
row that the screen drops counts as not matched; in the ranking it stands below all that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from drumbeat.errors import InputError
from drumbeat.models.decision import Decision, Floats, load_decision, load_figures
from drumbeat.models.opening import DEFAULT_ENCODER, Models, open_models
from drumbeat.models.protocols import Encoder, StaticEncoder
from drumbeat.reading.parsed import parse_sentences, without_dateline
from drumbeat.reading.read import read_parsed
from drumbeat.records import Article, Commitment, Reading, Span, Statement
from drumbeat.text.canonical import canonical_line
from drumbeat.themes.judge import Judged, SentenceView, judge_match
from drumbeat.themes.match import SIFT_FEATURES, Pairs, Sentences, add_cosine, screen_features, sentence_words
from drumbeat.themes.statements import make_statement_table

__all__ = [
    "GoldRow",
    "GoldTheme",
    "Scored",
    "article_of",
    "average_precision",
    "is_same_holder",
    "judge_row",
    "load_figures",
    "load_gold",
    "macro_f1",
    "match_figures",
    "measure",
    "pair_features",
    "passing",
    "score_rows",
    "sift_features",
    "status_figures",
]

T = TypeVar("T")
_OVERLAP_WORDS = frozenset({"the", "a", "an", "of", "mr.", "mrs.", "ms.", "u.s."})


class GoldRow(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled passage with its neighbours; `holder` lists the wordings that count as right.

    Outlet, lean and day are there to break figures down by; nothing is judged by them.
    """

    theme: str
    passage: str
    before: str | None = None
    after: str | None = None
    match: bool
    same_topic: bool = False
    commitment: Commitment | None = None
    voice: str | None = None
    holder: tuple[str, ...] | str | None = None
    statement: str | None = None
    outlet: str | None = None
    lean: str | None = None
    published: str | None = None


class GoldTheme(msgspec.Struct, frozen=True, kw_only=True):
    """The statement of one theme."""

    id: str
    statement: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Every row's probability, and whether it passed all steps before the last."""

    probability: Floats
    passed: NDArray[np.bool_]

    @property
    def rank(self) -> Floats:
        """Return the value that orders rows: those that were dropped stand below all others."""
        return np.where(self.passed, 1.0 + self.probability, self.probability).astype(np.float32)


def load_gold(passages: Path, themes: Path | None = None) -> list[GoldRow]:
    """Return the rows of a gold file, each with its statement; raise InputError that names the bad line."""
    statements = {theme.id: theme.statement for theme in _rows(themes, GoldTheme)} if themes else {}
    rows = [
        msgspec.structs.replace(row, statement=row.statement or statements.get(row.theme))
        for row in _rows(passages, GoldRow)
    ]
    lacking = {row.theme for row in rows if row.statement is None}
    if lacking:
        message = f"{passages}: no statement is given for {', '.join(sorted(lacking))}; name the file of themes too"
        raise InputError(message, where=str(passages))
    return rows


def score_rows(rows: Sequence[GoldRow], models: Models, decision: Decision) -> Scored:
    """Return what the cascade says of every row; dropped rows are read too, so that the drop can be judged."""
    features = pair_features(rows, models)
    return Scored(
        probability=decision.final.probability(features),
        passed=passing(features, decision),
    )


def pair_features(rows: Sequence[GoldRow], models: Models) -> Floats:
    """Return the features of every row with the statement of its theme, (rows, final features); none is dropped."""
    read = models.status.read([(row.statement or "", *_words(row)) for row in rows])
    return np.column_stack([sift_features(rows, models.static, models.encoder), read[:, 0]]).astype(np.float32)


def sift_features(rows: Sequence[GoldRow], static: StaticEncoder, encoder: Encoder) -> Floats:
    """Return the features of screen and sift of every row, (rows, sift features); none is dropped."""
    features = np.zeros((len(rows), len(SIFT_FEATURES)), np.float32)
    for theme in dict.fromkeys(row.theme for row in rows):
        chosen = [index for index, row in enumerate(rows) if row.theme == theme]
        statement = Statement(statement_id="gold", text=rows[chosen[0]].statement or "")
        table = make_statement_table([(theme, statement, None)], static, encoder)
        texts, befores = zip(*(_words(rows[index]) for index in chosen), strict=True)
        every, only = np.arange(len(chosen)), np.zeros(len(chosen), np.int64)
        sentences = Sentences(texts, befores, only)
        words = sentence_words(static.pieces(texts), static.pieces(befores), static)
        pairs = Pairs(every, only, screen_features(words, table, every, only))
        features[chosen] = add_cosine(pairs, sentences, table, encoder).features
    return features


def _words(row: GoldRow) -> tuple[str, str]:
    """Return the passage and the sentence before it as the models read them."""
    return without_dateline(canonical_line(row.passage)), without_dateline(canonical_line(row.before or ""))


def passing(features: Floats, decision: Decision) -> NDArray[np.bool_]:
    """Tell which rows of final features pass the screen and the sift."""
    steps = (decision.screen, decision.sift)
    passed = [step.probability(features[:, : len(step.features)]) >= step.threshold for step in steps]
    return np.asarray(np.logical_and.reduce(passed))


def judge_row(row: GoldRow, models: Models, decision: Decision) -> Judged:
    """Return holder and commitment of one row, read with its neighbours as the watch reads them."""
    view, reading = view_row(row, models)
    return judge_match(view, reading, decision)


def view_row(row: GoldRow, models: Models) -> tuple[SentenceView, Reading]:
    """Return one row as the watch sees a match, and the reading of its neighbourhood."""
    article, sentences, wanted = article_of(row)
    parses = parse_sentences(article.text, sentences, models.parser)
    reading = read_parsed(article, sentences, parses, models.tagger.tag(article.text, sentences, (wanted - 1, wanted)))
    carriage = models.status.read([(row.statement or "", *_words(row))])[0, 1:].tolist()
    return SentenceView(sentences[wanted], parses.get(wanted), row.statement or "", carriage), reading


def article_of(row: GoldRow) -> tuple[Article, list[Span], int]:
    """Return a row as a small article: its text, its sentences, and which of them is the passage."""
    parts = [canonical_line(part or "") for part in (row.before, row.passage, row.after)]
    text, sentences = "", []
    for part in parts:
        if part:
            start = len(text) + bool(text)
            text = f"{text} {part}" if text else part
            sentences.append(Span(start=start, end=len(text)))
    return Article(article_id="gold", text=text), sentences, int(bool(parts[0]))


def match_figures(rows: Sequence[GoldRow], scored: Scored, threshold: float) -> dict[str, float]:
    """Return precision, recall and F1 at the threshold, and the mean over themes of average precision."""
    gold = np.array([row.match for row in rows])
    said = scored.passed & (scored.probability >= threshold)
    hits = float((gold & said).sum())
    precision, recall = hits / max(1, said.sum()), hits / max(1, gold.sum())
    themes = np.array([row.theme for row in rows])
    averages = [average_precision(gold[themes == t], scored.rank[themes == t]) for t in dict.fromkeys(themes.tolist())]
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "mean_average_precision": float(np.mean([a for a in averages if a is not None])),
        "kept_by_screen": float((gold & scored.passed).sum() / max(1, gold.sum())),
    }


def average_precision(gold: NDArray[np.bool_], rank: Floats) -> float | None:
    """Return the average precision of a ranking; None where nothing is relevant."""
    if not gold.any():
        return None
    ordered = gold[np.argsort(-rank, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return float(precision[ordered].mean())


def status_figures(rows: Sequence[GoldRow], judged: Mapping[int, Judged]) -> dict[str, float]:
    """Return voice accuracy, commitment accuracy and macro-F1, and holder accuracy on the judged rows."""
    voices = [(rows[i].voice, "attributed" if j.holder else "outlet") for i, j in judged.items() if rows[i].voice]
    said = [(rows[i].commitment, j.commitment) for i, j in judged.items() if rows[i].commitment]
    named = [(_wordings(rows[i]), j) for i, j in judged.items() if rows[i].voice == "attributed" and _wordings(rows[i])]
    holders = [is_same_holder(gold, j.holder.text if j.holder else "") for gold, j in named]
    return {
        "voice_accuracy": _share(gold == found for gold, found in voices),
        "commitment_accuracy": _share(gold == found for gold, found in said),
        "commitment_macro_f1": macro_f1([(g.value if g else "", f.value) for g, f in said]),
        "holder_accuracy": _share(holders),
    }


def is_same_holder(gold: Sequence[str], text: str) -> bool:
    """Tell whether the words found share a word that matters with a right wording."""
    found = _content_words(text)
    return any(found & _content_words(wording) for wording in gold)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean F1 over the gold labels of (gold, found) pairs."""
    scores = []
    for label in sorted({gold for gold, _ in pairs}):
        hits = sum(gold == found == label for gold, found in pairs)
        total = sum((gold == label) + (found == label) for gold, found in pairs)
        scores.append(2 * hits / total)
    return float(np.mean(scores)) if scores else 0.0


def measure(passages: Path, themes: Path | None, *, encoder: str = DEFAULT_ENCODER) -> dict[str, float]:
    """Return the figures of match and, on the true matches, of status for a gold file."""
    rows = load_gold(passages, themes)
    models, decision = open_models(encoder), load_decision()
    scored = score_rows(rows, models, decision)
    judged = {index: judge_row(row, models, decision) for index, row in enumerate(rows) if row.match}
    match, status = match_figures(rows, scored, decision.final.threshold), status_figures(rows, judged)
    return {"rows": len(rows), "themes": len({row.theme for row in rows})} | match | status


def _rows(path: Path, kind: type[T]) -> list[T]:
    rows = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check the path", where=str(path)) from error
    for number, line in enumerate(lines, 1):
        try:
            rows.append(msgspec.json.decode(line, type=kind))
        except msgspec.DecodeError as error:
            where = f"{path} line {number}"
            raise InputError(f"{where}: not a labelled row: {error}", where=where) from error
    return rows


def _wordings(row: GoldRow) -> tuple[str, ...]:
    found = (row.holder,) if isinstance(row.holder, str) else row.holder or ()
    return tuple(filter(None, found))


def _content_words(text: str) -> set[str]:
    return set(text.casefold().replace("’s", "").replace("'s", "").split()) - _OVERLAP_WORDS


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
