"""Find the checked claim that a text repeats: CheckThat! 2020 (tweets) and "That is a Known Lie" (debates).

    python eval/claims.py [checkthat|knownlie]

Figures are MAP@5 of four rankings of all claims: BM25, the encoder's cosine, both as z-scores .8/.2, and these
with the status reader's log odds that the text conveys the claim added to the first 20. The weight of the reader
is chosen on CheckThat's training tweets, for the debates on the other debates (leave one debate out). Neither
set trained a model. CheckThat's figures are on its dev side. A debate's claims here are only those that some
debate sentence was paired with (the whole pool is not at hand), so its figures are not comparable with the
paper's; claims checked because of that very sentence are among them.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from drumbeat.models.opening import open_encoder, open_status_reader
from drumbeat.models.protocols import Encoder, StatusReader
from ranking import Floats, average_precisions, make_bm25, reranked, top_of, z_scores
from sets import print_scores

CHECKTHAT = "checkthat2020.tar.xz"
KNOWNLIE = "knownlie-2012-2016.tar.xz"
COSINE_SHARE = 0.8  # of the z-scores, the rest is BM25: the best of .5 to .9 on the training tweets
DEPTH = 20
WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2)

_ADDRESS = re.compile(r"https?://\S+|pic\.twitter\.com/\S+")


@dataclass(frozen=True, slots=True)
class Claims:
    """Checked claims, each with the title of the article that checked it; only BM25 reads the titles."""

    texts: list[str]
    titles: list[str]


@dataclass(frozen=True, slots=True)
class Queries:
    """Texts with the sentence before each ("" where none), the claims each repeats, and the group (a debate)."""

    texts: list[str]
    befores: list[str]
    relevant: list[frozenset[int]]
    groups: list[str]

    def take(self, chosen: Sequence[int]) -> Queries:
        """Return some of the queries."""
        return Queries(
            [self.texts[i] for i in chosen],
            [self.befores[i] for i in chosen],
            [self.relevant[i] for i in chosen],
            [self.groups[i] for i in chosen],
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """The scores of all claims for each query, (queries, claims), and what the reader adds to the first 20."""

    bm25: Floats
    cosine: Floats
    both: Floats
    conveys: Floats


def score_checkthat(data: Path, *, limit: int | None = None) -> dict[str, float]:
    """Return MAP@5 on the dev tweets; `limit` takes that many tweets of either side, for a quick look."""
    claims, train, dev = load_checkthat(data)
    train, dev = (side.take(range(len(side.texts))[:limit]) for side in (train, dev))
    models = open_encoder(threads=2), open_status_reader(threads=2)
    learned, found = (rank(side, claims, models) for side in (train, dev))
    weight = best_weight(learned, train)
    return _figures(found, dev) | {
        "with reader": _map(with_reader(found, weight), dev),
        "reader's weight": weight,
        "tweets": float(len(dev.texts)),
        "claims": float(len(claims.texts)),
    }


def score_knownlie(data: Path, *, limit: int | None = None) -> dict[str, float]:
    """Return MAP@5 on all debate sentences; the reader's weight for a debate comes from the others."""
    claims, queries = load_knownlie(data)
    queries = queries.take(range(len(queries.texts))[:limit])
    found = rank(queries, claims, (open_encoder(threads=2), open_status_reader(threads=2)))
    return _figures(found, queries) | {
        "with reader": float(_left_out(found, queries).mean()),
        "sentences": float(len(queries.texts)),
        "debates": float(len(set(queries.groups))),
        "claims": float(len(claims.texts)),
    }


def rank(queries: Queries, claims: Claims, models: tuple[Encoder, StatusReader]) -> Ranked:
    """Score every claim for every query; the reader reads the first 20 as (claim, text, sentence before)."""
    encoder, reader = models
    documents = [f"{text} {title}" for text, title in zip(claims.texts, claims.titles, strict=True)]
    bm25 = make_bm25(documents).scores(queries.texts)
    cosine = np.asarray(encoder.encode(queries.texts) @ encoder.encode(claims.texts).T, np.float32)
    both = COSINE_SHARE * z_scores(cosine) + (1 - COSINE_SHARE) * z_scores(bm25)
    top = top_of(both, DEPTH)
    triples = [
        (claims.texts[claim], queries.texts[row], queries.befores[row]) for row in range(len(top)) for claim in top[row]
    ]
    conveys = reader.read(triples)[:, 0].reshape(top.shape)
    return Ranked(bm25, cosine, np.asarray(both, np.float32), np.asarray(conveys, np.float32))


def with_reader(found: Ranked, weight: float) -> Floats:
    """Return the scores of both with the first 20 ordered anew."""
    return reranked(found.both, top_of(found.both, DEPTH), np.asarray(weight * found.conveys, np.float32))


def best_weight(found: Ranked, queries: Queries) -> float:
    """Return the weight of the reader with the best MAP@5; the smallest of equals."""
    return max(WEIGHTS, key=lambda weight: (_map(with_reader(found, weight), queries), -weight))


def _left_out(found: Ranked, queries: Queries) -> Floats:
    """Return each query's average precision with the weight that is best for the other debates."""
    by_weight = np.array([average_precisions(with_reader(found, w), queries.relevant) for w in WEIGHTS])
    groups = np.array(queries.groups)
    result = np.zeros(len(groups), np.float32)
    for group in sorted(set(queries.groups)):
        mine = groups == group
        chosen = int(np.argmax(by_weight[:, ~mine].mean(axis=1))) if not mine.all() else 0
        result[mine] = by_weight[chosen, mine]
    return result


def _figures(found: Ranked, queries: Queries) -> dict[str, float]:
    return {
        "bm25": _map(found.bm25, queries),
        "encoder": _map(found.cosine, queries),
        "encoder and bm25": _map(found.both, queries),
    }


def _map(scores: Floats, queries: Queries) -> float:
    return float(average_precisions(scores, queries.relevant).mean())


def load_checkthat(data: Path) -> tuple[Claims, Queries, Queries]:
    """Return the claims, the training tweets and the dev tweets; addresses are left out, the sender's line stays."""
    with tarfile.open(data / CHECKTHAT) as tar:
        file = tar.extractfile("checkthat2020/data/v3.zip")
        with zipfile.ZipFile(io.BytesIO(file.read() if file else b"")) as inner:
            tables = {name: inner.read(name).decode("utf-8") for name in inner.namelist() if not name.endswith("/")}
    rows = list(_tab_rows(tables["v3.0/verified_claims.docs.tsv"]))[1:]
    places = {row[0]: place for place, row in enumerate(rows)}
    claims = Claims([row[1] for row in rows], [row[2] for row in rows])
    return claims, _tweets(tables, "train", places), _tweets(tables, "dev", places)


def _tweets(tables: dict[str, str], side: str, places: dict[str, int]) -> Queries:
    pairs: dict[str, set[int]] = defaultdict(set)
    for line in tables[f"v3.0/{side}/tweet-vclaim-pairs.qrels"].split("\n"):
        if line.strip():
            tweet, _, claim, _ = line.split("\t")
            pairs[tweet].add(places[claim])
    rows = [row for row in list(_tab_rows(tables[f"v3.0/{side}/tweets.queries.tsv"]))[1:] if row[0] in pairs]
    texts = [" ".join(_ADDRESS.sub(" ", row[1]).split()) for row in rows]
    return Queries(texts, [""] * len(rows), [frozenset(pairs[row[0]]) for row in rows], [side] * len(rows))


def _tab_rows(text: str) -> Iterable[list[str]]:
    return (row for row in csv.reader(io.StringIO(text), delimiter="\t") if row)


def load_knownlie(data: Path) -> tuple[Claims, Queries]:
    """Return the distinct claims and the debate sentences that repeat them; the sentence before is not at hand."""
    pairs: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    titles: dict[str, str] = {}
    with tarfile.open(data / KNOWNLIE) as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            if "/fact-checking/" not in member.name or not member.name.endswith(".csv"):
                continue
            file, debate = tar.extractfile(member), Path(member.name).stem
            for row in csv.DictReader(io.StringIO(file.read().decode("utf-8") if file else "")):
                claim = _mended(row["verified_claim"])
                if claim and row["sentence"].strip():
                    titles.setdefault(claim, _mended(row["verified_claim_article_title"]))
                    pairs[debate, row["line_number"], _mended(row["sentence"])].add(claim)
    places = {claim: place for place, claim in enumerate(sorted(titles))}
    relevant = [frozenset(places[claim] for claim in found) for found in pairs.values()]
    claims = Claims(list(places), [titles[claim] for claim in places])
    return claims, Queries([key[2] for key in pairs], [""] * len(pairs), relevant, [key[0] for key in pairs])


def _mended(text: str) -> str:
    """Return UTF-8 that was read as Mac Roman as what it was, any other text as it is, spaces in order."""
    try:
        text = text.encode("mac_roman").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return " ".join(text.split())
    return " ".join(text.split())


def main(arguments: Sequence[str]) -> int:
    """Print the figures of one set or both; return 1 where the data is absent."""
    sets = {"checkthat": (CHECKTHAT, score_checkthat), "knownlie": (KNOWNLIE, score_knownlie)}
    return print_scores(arguments, sets, width=28)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
