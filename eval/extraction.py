"""Score the extraction of article text on scrapinghub's article-extraction-benchmark (Zyte, MIT licence).

The metric is the benchmark's own: texts are compared as bags of word 4-grams, each page normalised to
weigh the same; precision and recall are means over the pages, F1 is made from the two means.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

from drumbeat.errors import InputError
from drumbeat.fetch.extract import extract_article
from drumbeat.fetch.media import HTML
from drumbeat.records import Page

ARCHIVE = "scrapinghub-extraction.tar.xz"
FLOORS = {"f1": 0.92}

_FOLDER = "scrapinghub-extraction"
_FETCHED_AT = datetime(2019, 11, 21, tzinfo=UTC)
_WORD = re.compile(r"\w+")
_SHINGLE_WORDS = 4


def score(data: Path) -> dict[str, float]:
    """Return f1, precision, recall and pages (how many) of `extract_article`; `data` is the folder with the archive."""
    precisions, recalls = [], []
    for gold, page in _pages(data / ARCHIVE):
        wanted, got = _shingles(gold), _shingles(_text_of(page))
        common = sum((wanted & got).values())
        if got:
            precisions.append(common / sum(got.values()))
        if wanted:
            recalls.append(common / sum(wanted.values()))
    precision, recall = mean(precisions), mean(recalls)
    f1 = 2 * precision * recall / (precision + recall)
    return {"f1": f1, "precision": precision, "recall": recall, "pages": float(len(recalls))}


def _pages(archive: Path) -> Iterator[tuple[str, Page]]:
    if not archive.exists():
        raise InputError(f"{archive} is not there; extraction cannot be scored without it", where=str(archive))
    with tarfile.open(archive) as tar:
        gold = json.loads(_member(tar, f"{_FOLDER}/ground-truth.json"))
        for key, entry in gold.items():
            content = gzip.decompress(_member(tar, f"{_FOLDER}/html/{key}.html.gz"))
            where = entry.get("url") or f"{key}.html"
            yield entry["articleBody"], Page(where=where, content=content, media_type=HTML, fetched_at=_FETCHED_AT)


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    stream = tar.extractfile(name)
    if stream is None:
        raise InputError(f"{name} is missing from the archive", where=name)
    return stream.read()


def _text_of(page: Page) -> str:
    try:
        return extract_article(page)[0].text
    except InputError:
        return ""


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    count = max(1, len(words) - _SHINGLE_WORDS + 1)
    return Counter(tuple(words[at : at + _SHINGLE_WORDS]) for at in range(count) if words)
