r"""Fit the numbers of the cascade on themes that its models did not learn from.

    python training/decision.py --data ../shared/data --read build/status/held-out.jsonl

Screen, sift and the final step are logistic models over the product's own features. The screen is fitted against random
pairs of statements and archive sentences, for that is what it has to tell matches from; the sift against those of them
that pass the screen; the final step against the labelled rest. The first two let pass as many sentences as the time
allows (`RATES`). The threshold of the final one maximises F1, averaged over the themes that recur (five matches or more
among a theme's sixty rows): a reader bookmarks what comes back, and meets one theme at a time. Commitment and voice
weigh what the status reader says, on the true matches, our own labelled rows (`training/data`) among them. Every figure
printed is from cross-validation by theme; `recall/passages.jsonl` is never read here. Takes three minutes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from base import WEIGHTS
from drumbeat.evaluation import GoldRow, macro_f1, sift_features, view_row
from drumbeat.models.decision import Choice, Decision, Step, log_odds
from drumbeat.models.opening import open_encoder, open_models, open_static
from drumbeat.records import Commitment, Statement
from drumbeat.text.canonical import canonical_text
from drumbeat.text.passages import split_sentences
from drumbeat.themes.judge import CARRIAGE, judging_features
from drumbeat.themes.match import (
    FINAL_FEATURES,
    SCREEN_FEATURES,
    SIFT_FEATURES,
    Pairs,
    Sentences,
    add_cosine,
    screen_features,
    sentence_words,
)
from drumbeat.themes.signs import find_signs
from drumbeat.themes.statements import StatementTable, make_statement_table
from labels import is_held_out, key_of, load_ours, load_train

VERSION = "2026.11.4"
RATES = 0.3, 0.07  # sentences of an article, for each statement, that pass the screen and the sift
RISES = 1.3, 1.1  # of either line for every e-fold number of statements: the sentences that are read stay about as many
RECURRING = 5  # matches among a theme's sixty rows
OWN_WORDS = "static", "words", "cosine"  # for the sift: a sentence that only follows a match must not pass
RARE_SIGN = 8
EVERY = 100  # articles of the archive for each one that random pairs are made of
NOT_FOR_COMMITMENT = ("anchor:", "rule:")  # kinds of features that cross-validation by theme spoke against
WRITTEN_ROW = "written row"  # statements made for their passage come with other shares of each status
READER_STRETCH = 3.0


def main() -> None:
    """Fit and write decision.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--read", type=Path, required=True, help="held-out.jsonl of the status reader")
    options = parser.parse_args()
    every = [*load_train(options.data), *load_ours(options.data)]
    match = fit_match(every, options.read, options.data / "allsides-2012-2018.jsonl.xz")
    commitment, voice = fit_status(every)
    decision = Decision(
        version=VERSION,
        made_with=("static", "minilm", "status", "attributions", "en_core_web_sm"),
        screen=match[0],
        sift=match[1],
        final=match[2],
        commitment=commitment,
        voice=voice,
    )
    (WEIGHTS / "decision.json").write_bytes(msgspec.json.format(msgspec.json.encode(decision), indent=1) + b"\n")


def fit_match(every: list[GoldRow], held: Path, archive: Path) -> tuple[Step, Step, Step]:
    """Return screen, sift and the final step from the held-out scores of the status reader."""
    read = read_held(held)
    rows = [row for row in every if key_of(row) in read and not row.theme.startswith("written: ")]
    features = np.column_stack(
        [
            sift_features(rows, open_static(), open_encoder(threads=2)),
            log_odds(np.array([read[key_of(row)] for row in rows])),
        ]
    )
    gold = np.array([row.match for row in rows])
    themes = np.array([row.theme for row in rows])
    final, probability = fit_step(FINAL_FEATURES, FINAL_FEATURES[-2:], features, gold, themes)
    final = msgspec.structs.replace(final, threshold=best_threshold(gold, probability, themes))
    found = gold & (probability >= final.threshold)
    given = np.array([not theme.startswith("mined: ") for theme in themes])
    stream = read_stream([row for row, is_given in zip(rows, given, strict=True) if is_given], archive)
    screen, sift = fit_gates(stream, features, found)
    for kind, wanted in (("found", found), ("labelled", gold)):
        kept = [passes(step, features) for step in (screen, sift)]
        print(f"of the matches {kind} the screen keeps {kept[0][wanted].mean():.3f}, "
              f"both steps {(kept[0] & kept[1])[wanted].mean():.3f}")  # fmt: skip
    report("all", gold, probability, themes, final.threshold)
    report("of recall/train.jsonl", gold[given], probability[given], themes[given], final.threshold)
    return screen, sift, final


def fit_status(every: list[GoldRow]) -> tuple[Choice, Step]:
    """Return the models of commitment and of voice from the held-out matches, read by the packaged models."""
    judged = [row for row in every if row.match and row.commitment and is_held_out(row.theme)]
    judging = status_features(judged)
    themes = np.array([row.theme for row in judged])
    return fit_commitment(judging, judged, themes), fit_voice(judging, judged, themes)


def read_held(path: Path) -> dict[str, float]:
    """Return the probability that each held-out row conveys its statement, by the row's key."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    conveys = softmax(np.array([row["relation"] for row in rows], np.float32))[:, 0]
    return dict(zip((row["row"] for row in rows), conveys.tolist(), strict=True))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit_step(
    names: tuple[str, ...], used: tuple[str, ...], features: np.ndarray, gold: np.ndarray, themes: np.ndarray
) -> tuple[Step, np.ndarray]:
    """Return a logistic step (threshold 0) over the used features, and its cross-validated probabilities.

    The features of earlier steps have weight 0: the labelled rows were picked by likeness of words, so that among
    them likeness looks like a sign of not conveying.
    """
    columns = [names.index(name) for name in used]
    values = features[:, columns]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=500))
    probability = cross_val_predict(model, values, gold, groups=themes, cv=GroupKFold(10), method="predict_proba")[:, 1]
    weights, intercept = unscaled(model.fit(values, gold))
    return as_step(names, columns, weights[0], intercept[0]), probability


def as_step(names: tuple[str, ...], columns: list[int], weights: np.ndarray, intercept: float) -> Step:
    """Return a step (threshold 0) over all the named features, those not among the columns with weight 0."""
    spread = np.zeros(len(names))
    spread[columns] = weights
    return Step(names, tuple(spread.tolist()), float(intercept), 0.0)


def unscaled(model: object) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and intercepts that apply to unscaled features."""
    scaler, regression = model[0], model[-1]
    weights = regression.coef_ / scaler.scale_
    return np.round(weights, 5), np.round(regression.intercept_ - weights @ scaler.mean_, 5)


@dataclass(frozen=True)
class Stream:
    """All pairs of some statements with the sentences of some articles.

    `scores` are the screen's features, (sentences, statements, 4); `texts` the sentences.
    """

    texts: list[str]
    table: StatementTable
    scores: np.ndarray
    articles: int

    def count(self, rate: float) -> int:
        """Return how many pairs so many sentences of an article, for each statement, are."""
        return round(rate * self.articles * len(self.table.texts))


def read_stream(rows: list[GoldRow], archive: Path) -> Stream:
    """Return the statements of the rows with every hundredth article of the archive."""
    static, statements = open_static(), {row.theme: row.statement or "" for row in rows}
    table = make_statement_table(
        [(theme, Statement(statement_id=theme, text=text), None) for theme, text in statements.items()],
        static,
        open_encoder(),
    )
    texts, scores, articles = [], [], 0
    with lzma.open(archive, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, 0, None, EVERY):
            text = canonical_text(json.loads(line)["text"])
            sentences = [span.of(text) for span in split_sentences(text)]
            pieces = static.pieces(sentences)
            words = sentence_words(pieces, [[], *pieces[:-1]][: len(pieces)], static)
            grid = np.indices((len(pieces), len(table.texts))).reshape(2, -1)
            scores.append(screen_features(words, table, *grid).reshape(len(pieces), len(table.texts), -1))
            texts += sentences
            articles += 1
    return Stream(texts, table, np.concatenate(scores), articles)


def fit_gates(stream: Stream, features: np.ndarray, found: np.ndarray) -> tuple[Step, Step]:
    """Return the screen, fitted on the matches found against all pairs, and the sift, against those that pass it."""
    wanted = features[found]
    far = stream.scores.reshape(-1, len(SCREEN_FEATURES))
    screen = fit_gate(SCREEN_FEATURES, SCREEN_FEATURES, wanted, far, stream.count(RATES[0]))
    passed = passes(screen, far)
    sentences, statements = np.nonzero(passed.reshape(stream.scores.shape[:2]))
    columns = Sentences(stream.texts, [""] * len(stream.texts), np.zeros(len(stream.texts), np.int64))
    near = add_cosine(Pairs(sentences, statements, far[passed]), columns, stream.table, open_encoder(threads=2))
    wanted = wanted[passes(screen, wanted)]
    sift = fit_gate(SIFT_FEATURES, OWN_WORDS, wanted, near.features, stream.count(RATES[1]))
    return msgspec.structs.replace(screen, rise=RISES[0]), msgspec.structs.replace(sift, rise=RISES[1])


def fit_gate(names: tuple[str, ...], used: tuple[str, ...], wanted: np.ndarray, far: np.ndarray, passing: int) -> Step:
    """Return a step over the used features that tells matches from others; it lets pass so many of the others."""
    columns = [names.index(name) for name in used]
    values = np.concatenate([wanted[:, columns], far[:, columns]])
    gold = np.arange(len(values)) < len(wanted)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=500, class_weight="balanced"))
    weights, intercept = unscaled(model.fit(values, gold))
    step = as_step(names, columns, weights[0], intercept[0])
    threshold = float(np.sort(step.probability(far))[-passing])
    print(f"gate on {', '.join(used)}: weights {weights[0]}, threshold {threshold:.4f}")
    return msgspec.structs.replace(step, threshold=threshold)


def passes(step: Step, features: np.ndarray) -> np.ndarray:
    """Tell which rows of features pass a step, (rows,)."""
    return step.probability(features[:, : len(step.features)]) >= step.threshold


def best_threshold(gold: np.ndarray, probability: np.ndarray, themes: np.ndarray) -> float:
    """Return the probability at which the mean F1 of recurring themes is highest, smoothed over its neighbours."""
    grid = np.arange(0.10, 0.90, 0.01)
    chosen = [themes == theme for theme in set(themes) if gold[themes == theme].sum() >= RECURRING]
    f1 = np.array([np.mean([f1_at(gold[t], probability[t], threshold) for t in chosen]) for threshold in grid])
    smooth = np.convolve(np.pad(f1, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    return round(float(grid[int(np.argmax(smooth))]), 2)


def f1_at(gold: np.ndarray, probability: np.ndarray, threshold: float) -> float:
    """Return F1 at a threshold."""
    said = probability >= threshold
    return 2 * float((gold & said).sum()) / float(gold.sum() + said.sum())


def report(name: str, gold: np.ndarray, probability: np.ndarray, themes: np.ndarray, threshold: float) -> None:
    """Print F1, mean average precision by theme, and a reliability table."""
    averages = [
        average_precision_score(gold[themes == t], probability[themes == t])
        for t in set(themes)
        if gold[themes == t].any()
    ]
    print(f"{name}: F1 {f1_at(gold, probability, threshold):.3f} at {threshold}, mAP {np.mean(averages):.3f}")
    for low in np.arange(0, 1, 0.1):
        inside = (probability >= low) & (probability < low + 0.1)
        if inside.any():
            print(f"  said {low:.1f}-{low + 0.1:.1f}: {inside.sum():5d} rows, {gold[inside].mean():.2f} conveyed")


def status_features(rows: list[GoldRow]) -> list[dict[str, float]]:
    """Return the judging features of matches, read with their neighbours as the product reads them."""
    models, values = open_models(threads=2), []
    for row in rows:
        view, reading = view_row(row, models)
        found = judging_features(view, find_signs(view.span, reading, view.parsed), reading)[0]
        values.append(found | {WRITTEN_ROW: 1.0} if row.theme.startswith("written: ") else found)
    return values


class ReaderFirst(StandardScaler):
    """Scales features, those of the status reader to a spread of 3: they are shrunk less than the many signs."""

    def __init__(self, reader: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.reader = reader

    def fit(self, values: np.ndarray, *rest: object) -> ReaderFirst:
        """Learn means and spreads."""
        super().fit(values, *rest)
        self.scale_[list(self.reader)] /= READER_STRETCH
        return self


def matrix_of(values: list[dict[str, float]], without: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names of the features that are not rare nor of the kinds left out, and the rows as a matrix."""
    counts = Counter(name for row in values for name in row if not name.startswith(without))
    names = tuple(sorted(name for name, count in counts.items() if count >= RARE_SIGN))
    return names, np.array([[row.get(name, 0.0) for name in names] for row in values], np.float32)


def fit_commitment(values: list[dict[str, float]], rows: list[GoldRow], themes: np.ndarray) -> Choice:
    """Return the multinomial model; prints its cross-validated figures."""
    names, matrix = matrix_of(values, NOT_FOR_COMMITMENT)
    gold = np.array([row.commitment.value for row in rows if row.commitment])
    counts = Counter(gold.tolist())
    weight = {label: (len(gold) / len(counts) / count) ** 0.5 for label, count in counts.items()}
    model = make_pipeline(
        ReaderFirst(tuple(i for i, name in enumerate(names) if name in CARRIAGE)),
        LogisticRegression(C=0.002, max_iter=2000, class_weight=weight),
    )
    said = cross_val_predict(model, matrix, gold, groups=themes, cv=GroupKFold(10))
    macro = macro_f1(list(zip(gold.tolist(), said.tolist(), strict=True)))
    print(f"commitment: accuracy {(said == gold).mean():.3f}, macro-F1 {macro:.3f}")
    weights, intercepts = unscaled(model.fit(matrix, gold))
    order = [list(model[-1].classes_).index(commitment.value) for commitment in Commitment]
    return Choice(
        labels=tuple(commitment.value for commitment in Commitment),
        features=names,
        weights=tuple(tuple(weights[row].tolist()) for row in order),
        intercepts=tuple(intercepts[order].tolist()),
    )


def fit_voice(values: list[dict[str, float]], rows: list[GoldRow], themes: np.ndarray) -> Step:
    """Return the logistic model of voice; prints its cross-validated accuracy."""
    read = [{name: value for name, value in row.items() if name in CARRIAGE} for row in values]
    names, matrix = matrix_of(read, ())
    gold = np.array([row.voice == "attributed" for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.02, max_iter=2000))
    said = cross_val_predict(model, matrix, gold, groups=themes, cv=GroupKFold(10))
    print(f"voice: accuracy {(said == gold).mean():.3f} (all attributed {gold.mean():.3f})")
    weights, intercept = unscaled(model.fit(matrix, gold))
    return Step(names, tuple(weights[0].tolist()), float(intercept[0]), 0.5)


if __name__ == "__main__":
    main()
