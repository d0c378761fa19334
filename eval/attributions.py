"""Measure attributions on whole articles of PolNeAR: `python eval/attributions.py [validation|tuning]`.

Rules are tuned on the tuning side only; see `polnear.side_of` for the split. Spans are compared fragment by
fragment (as CofeNet, COLING 2022, does), without space, quotation marks and stops at their edges. `exact`: the
same offsets; `overlap`: at least one shared code point. `linked`: a found attribution is right where its source and
its content both overlap those of one annotated attribution (where neither has a source: cue and content), each
annotated one used once.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from drumbeat.models.opening import open_parser, open_tagger
from drumbeat.reading.read import read_article
from drumbeat.records import Article, Attribution, Span
from polnear import GoldArticle, GoldAttribution, iter_gold

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
ROLES = ("source", "cue", "content")
_EDGES = " \n\t,;:.!?\"'`\u2018\u2019\u201c\u201d()-\u2013\u2014"


def score(data: Path, *, split: str = "validation", limit: int | None = None) -> dict[str, float]:
    """Return precision, recall and F1 of every role and of links; raise FileNotFoundError where the data is absent."""
    parser, tagger = open_parser(), open_tagger()
    tally: Counter[str] = Counter()
    for number, gold in enumerate(iter_gold(data, split=split)):
        if limit is not None and number >= limit:
            break
        article = Article(article_id=gold.article_id, text=gold.text)
        count(tally, gold, read_article(article, parser, tagger).attributions)
    return figures(tally)


def count(tally: Counter[str], gold: GoldArticle, found: Sequence[Attribution]) -> None:
    """Add the hits of one article to the tally."""
    tally["articles"] += 1
    for role in ROLES:
        wanted = _fragments(gold.text, (getattr(item, role) for item in gold.attributions))
        given = _fragments(gold.text, (getattr(item, role) for item in found))
        tally[f"{role} found"] += len(given)
        tally[f"{role} gold"] += len(wanted)
        tally[f"{role} exact hits"] += len(given & wanted)
        tally[f"{role} exact kept"] += len(given & wanted)
        tally[f"{role} overlap hits"] += _touching(given, wanted)
        tally[f"{role} overlap kept"] += _touching(wanted, given)
    links = link(gold.attributions, found)
    tally["linked found"] += len(found)
    tally["linked gold"] += len(gold.attributions)
    tally["linked hits"] += len(links)
    tally["linked kept"] += len(links)
    for number, item in enumerate(found):
        tally[f"rule {item.found_by} found"] += 1
        tally[f"rule {item.found_by} hits"] += number in links


def figures(tally: Mapping[str, int]) -> dict[str, float]:
    """Return the tally as shares: "cue exact f1", "linked overlap precision", "rule clause precision", ..."""
    shares: dict[str, float] = {}
    for role in ROLES:
        for way in ("exact", "overlap"):
            shares |= _prf(f"{role} {way}", tally, role, f"{role} {way}")
    shares |= _prf("linked overlap", tally, "linked", "linked")
    for name, found in sorted(tally.items()):
        if name.startswith("rule ") and name.endswith(" found"):
            rule = name.removesuffix(" found")
            shares[f"{rule} precision"] = tally.get(f"{rule} hits", 0) / found
            shares[f"{rule} found"] = found
    return shares | {"articles": tally.get("articles", 0)}


def link(gold: Sequence[GoldAttribution], found: Sequence[Attribution]) -> dict[int, int]:
    """Return which found attribution is which annotated one: best overlap first, one to one."""
    pairs = sorted(
        (
            (-_shared(item.content, other.content), i, j)
            for i, item in enumerate(found)
            for j, other in enumerate(gold)
            if _agree(item, other)
        )
    )
    links: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in links and j not in links.values():
            links[i] = j
    return links


def _agree(item: Attribution, other: GoldAttribution) -> bool:
    if not _shared(item.content, other.content):
        return False
    if not item.source and not other.source:
        return _shared(item.cue, other.cue) > 0
    return _shared(item.source, other.source) > 0


def _shared(one: Sequence[Span], other: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def _fragments(text: str, items: Iterable[Sequence[Span]]) -> set[tuple[int, int]]:
    bare = (_bare(text, span) for spans in items for span in spans)
    return {bounds for bounds in bare if bounds[0] < bounds[1]}


def _bare(text: str, span: Span) -> tuple[int, int]:
    start, end = span.start, span.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _touching(some: set[tuple[int, int]], others: set[tuple[int, int]]) -> int:
    return sum(any(a < d and c < b for c, d in others) for a, b in some)


def _prf(name: str, tally: Mapping[str, int], base: str, hits: str) -> dict[str, float]:
    precision = tally.get(f"{hits} hits", 0) / max(1, tally.get(f"{base} found", 0))
    recall = tally.get(f"{hits} kept", 0) / max(1, tally.get(f"{base} gold", 0))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {f"{name} precision": precision, f"{name} recall": recall, f"{name} f1": f1}


def main(arguments: Sequence[str]) -> int:
    """Print the figures of one side; return 1 where the data is absent."""
    split = arguments[0] if arguments else "validation"
    if not (DATA / "polnear-train.tar.xz").exists():
        print(f"PolNeAR is not at {DATA}: nothing measured.", file=sys.stderr)
        return 1
    for name, value in score(DATA, split=split, limit=_limit(arguments)).items():
        print(f"{name:40} {value:8.3f}")
    return 0


def _limit(arguments: Sequence[str]) -> int | None:
    return int(arguments[1]) if len(arguments) > 1 else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
