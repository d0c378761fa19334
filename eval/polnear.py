"""PolNeAR's articles and attributions (Newell, Margolin and Ruths, LREC 2018) in offsets of canonical text."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drumbeat.records import Span
from drumbeat.text.canonical import canonical_text

VALIDATION_SHARE = 0.2

_TEXT_BOUND = re.compile(r"T\d+")
_EVENT = re.compile(r"E\d+")

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldAttribution:
    """One annotated attribution; `source` is empty where the text names none."""

    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """One article in canonical text with the attributions of its first annotator (by file name)."""

    article_id: str
    text: str
    attributions: tuple[GoldAttribution, ...]


def side_of(article_id: str) -> str:
    """Return "validation" for about a fifth of the articles, else "tuning"; the same at every run."""
    digest = hashlib.sha256(article_id.encode()).digest()
    return "validation" if int.from_bytes(digest[:4], "big") < VALIDATION_SHARE * 2**32 else "tuning"


def iter_gold(data: Path, *, split: str) -> Iterator[GoldArticle]:
    """Yield the articles of one side ("validation", "tuning", or "all") of `polnear-train.tar.xz` in `data`.

    About 4 % of the articles are left out: their canonical text differs from the annotated one in more than
    its spaces, so that offsets cannot be carried over.
    """
    texts, notes = _read_files(data / "polnear-train.tar.xz")
    for article_id in sorted(texts):
        if split not in ("all", side_of(article_id)):
            continue
        raw, text = texts[article_id], canonical_text(texts[article_id])
        moved = _moved_offsets(raw, text)
        if moved is None or article_id not in notes:
            continue
        yield GoldArticle(article_id=article_id, text=text, attributions=tuple(_attributions(notes[article_id], moved)))


def _read_files(archive: Path) -> tuple[dict[str, str], dict[str, str]]:
    texts: dict[str, str] = {}
    notes: dict[str, str] = {}
    with tarfile.open(archive) as tar:
        for member in sorted((m for m in tar.getmembers() if m.isfile()), key=lambda m: m.name):
            path, file = Path(member.name), tar.extractfile(member)
            if file is None or path.suffix not in (".txt", ".ann"):
                continue
            content = io.TextIOWrapper(file, encoding="utf-8", newline="").read()
            if path.suffix == ".ann":
                notes.setdefault(path.stem[:-5], content)
            elif path.parent.name == "text":
                texts[path.stem] = content
    return texts, notes


def _moved_offsets(raw: str, text: str) -> list[int] | None:
    """Return for each code point of `raw` its place in `text`; None where they differ in more than spaces."""
    places = [i for i, char in enumerate(text) if not char.isspace()]
    letters = [char for char in raw if not char.isspace()]
    if letters != [text[i] for i in places]:
        return None
    moved, done = [], 0
    for char in raw:
        moved.append(places[done] if done < len(places) else len(text))
        done += not char.isspace()
    return moved


def _attributions(note: str, moved: list[int]) -> Iterator[GoldAttribution]:
    parts: dict[str, Spans] = {}
    events: list[list[str]] = []
    for columns in (line.split("\t") for line in note.split("\n")):
        if _TEXT_BOUND.fullmatch(columns[0]) and len(columns) > 1:
            parts[columns[0]] = tuple(_spans(columns[1].split(" ", 1)[1], moved))
        elif _EVENT.fullmatch(columns[0]) and len(columns) > 1:
            events.append(columns[1].split()[1:])
    for event in events:
        roles: dict[str, list[Span]] = defaultdict(list)
        for role in event:
            name, _, part = role.partition(":")
            roles[name.rstrip("0123456789")].extend(parts.get(part, ()))
        if roles["Content"] and roles["Cue"]:
            yield GoldAttribution(
                source=tuple(sorted(roles["Source"], key=lambda s: s.start)),
                cue=tuple(sorted(roles["Cue"], key=lambda s: s.start)),
                content=tuple(sorted(roles["Content"], key=lambda s: s.start)),
            )


def _spans(ranges: str, moved: list[int]) -> Iterator[Span]:
    for piece in ranges.split(";"):
        start, end = (int(number) for number in piece.split())
        if start < end <= len(moved):
            yield Span(start=moved[start], end=moved[end - 1] + 1)
