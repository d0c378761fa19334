"""What the status reader says of pairs that others made: SICK (Marelli et al. 2014) and ClaimDiff.

    python eval/pairs.py [sick|claimdiff]

SICK: sentence B is the statement, sentence A the passage. "Conveys" means the statement *or its negation*, so
contradictions should score high as well: three figures take the labels two by two. Whether a contradiction is
told from an entailment is measured by the status reader's log odds of "denies". SICK's sentences are captions made
up by rules, far from news; nothing was trained on them.

ClaimDiff (Ko et al. 2022): whether a claim of one outlet strengthens or weakens a claim of another on the same
story. The product has no such function. What is measured is only whether restatement and denial, in either
direction, have anything to do with it: a claim can strengthen another without restating it. Expect little.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumbeat.models.opening import open_encoder, open_status_reader
from drumbeat.models.protocols import Encoder, Vectors
from drumbeat.records import Commitment
from drumbeat.themes.judge import COMMITMENTS
from ranking import Floats, auc
from sets import print_scores

SICK = "sts.tar.xz"
CLAIMDIFF = "claimdiff-train.tar.xz"

_SICK_LABELS = ("ENTAILMENT", "CONTRADICTION", "NEUTRAL")
_DENIES = 1 + COMMITMENTS.index(Commitment.DENIES)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """The log odds, pair by pair, that the passage conveys the statement, and that it denies what it conveys."""

    conveys: Vectors
    denies: Vectors

    @property
    def affirmed(self) -> Vectors:
        """Return how surely it conveys and does not deny: the smaller of the two, for both are needed."""
        return np.asarray(np.minimum(self.conveys, -self.denies), np.float32)

    @property
    def denied(self) -> Vectors:
        """Return how surely it conveys and denies."""
        return np.asarray(np.minimum(self.conveys, self.denies), np.float32)


def score_sick(data: Path, *, limit: int | None = None) -> dict[str, float]:
    """Return AUCs on SICK's training side (4,500 pairs), and the mean probability of "conveys" by label."""
    pairs, labels = load_sick(data)
    pairs, labels = pairs[:limit], labels[:limit]
    read = read_pairs(pairs)
    conveys, chance = read.conveys, 1 / (1 + np.exp(-read.conveys))
    entails, contradicts = labels == "ENTAILMENT", labels == "CONTRADICTION"
    cosine = cosines(pairs, open_encoder(threads=2))
    shares = {f"conveys, mean of {name.lower()}": float(chance[labels == name].mean()) for name in _SICK_LABELS}
    return {
        "entailment against rest": auc(entails, conveys),
        "entailment against neutral": auc(entails[~contradicts], conveys[~contradicts]),
        "contradiction against neutral": auc(contradicts[~entails], conveys[~entails]),
        "the same by cosine": auc(contradicts[~entails], cosine[~entails]),
        "entailment against rest by cosine": auc(entails, cosine),
        "denies: contradiction against entailment": auc(
            contradicts[entails | contradicts], read.denies[entails | contradicts]
        ),
        "conveys and not denies: entailment against rest": auc(entails, read.affirmed),
        **shares,
        "pairs": float(len(pairs)),
    }


def score_claimdiff(data: Path) -> dict[str, float]:
    """Return AUCs of "strengthens" by restatement and of "weakens" by denial, the stronger of both directions."""
    pairs, strengthens, weakens = load_claimdiff(data)
    one, other = read_pairs(pairs), read_pairs([(passage, statement) for statement, passage in pairs])
    restates, rejects = np.maximum(one.affirmed, other.affirmed), np.maximum(one.denied, other.denied)
    cosine = cosines(pairs, open_encoder(threads=2))
    return {
        "strengthens by restating": auc(strengthens, restates),
        "strengthens by cosine": auc(strengthens, cosine),
        "weakens by denying": auc(weakens, rejects),
        "weakens by cosine": auc(weakens, cosine),
        "share that strengthens": float(strengthens.mean()),
        "share that weakens": float(weakens.mean()),
        "pairs": float(len(pairs)),
    }


def read_pairs(pairs: Sequence[Pair]) -> Read:
    """Let the status reader read each pair."""
    found = open_status_reader(threads=2).read([(statement, passage, "") for statement, passage in pairs])
    return Read(found[:, 0], found[:, _DENIES])


def cosines(pairs: Sequence[Pair], encoder: Encoder) -> Floats:
    """Return the cosine of each pair."""
    one, other = (encoder.encode([pair[side] for pair in pairs]) for side in (0, 1))
    return np.asarray(np.einsum("ij,ij->i", one, other), np.float32)


def load_sick(data: Path) -> tuple[list[Pair], NDArray[np.str_]]:
    """Return (statement, passage) pairs and their labels."""
    lines = _read(data / SICK, "sts/data/sts/sick2014/SICK_train.txt").splitlines()[1:]
    rows = [line.split("\t") for line in lines if line.strip()]
    return [(row[2], row[1]) for row in rows], np.array([row[4].strip() for row in rows])


def load_claimdiff(data: Path) -> tuple[list[Pair], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the pairs of claims, and which of them strengthen and which weaken."""
    sides = [
        json.loads(_read(data / CLAIMDIFF, f"claimdiff-train/{name}"))["data"]
        for name in ("ClaimDiff-S/ClaimDiff-strength-train.json", "ClaimDiff-W/ClaimDiff-weak-train.json")
    ]
    weakens = {row["pair_id"]: bool(row["relation"]) for row in sides[1]}
    pairs = [(row["claim_a"], row["claim_b"]) for row in sides[0]]
    flags = [(bool(row["relation"]), weakens[row["pair_id"]]) for row in sides[0]]
    return pairs, np.array([flag for flag, _ in flags]), np.array([flag for _, flag in flags])


def _read(archive: Path, name: str) -> str:
    with tarfile.open(archive) as tar:
        file = tar.extractfile(name)
        return file.read().decode("utf-8") if file else ""


def main(arguments: Sequence[str]) -> int:
    """Print the figures of one set or both; return 1 where the data is absent."""
    sets = {"sick": (SICK, score_sick), "claimdiff": (CLAIMDIFF, score_claimdiff)}
    return print_scores(arguments, sets, width=48)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
