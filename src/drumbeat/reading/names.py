"""Names that an article prints, and which of them are one: "Mara Holt", later "Holt" or "Ms. Holt".

A short name belongs to the one full name it ends (or begins); where two full names share it, it stays by
itself. Names come from the parser's name finder; a run of proper nouns that it missed counts too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from drumbeat.models.protocols import Parse, Token
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.records import Span
from drumbeat.text.lexicons import load_lexicon

_NAMES = frozenset({"PERSON", "ORG", "GPE", "FAC", "LOC", "PRODUCT", "WORK_OF_ART", "EVENT"})
_EDGES = frozenset({"the", "a", "an", "'s", "\u2019s", "'", "\u2019", "and", ",", "-"})
_BREAKS = frozenset({",", ";", ":", "-", "\u2013", "\u2014"})
_MOST_TOKENS = 7


@dataclass(frozen=True, slots=True)
class Name:
    """A printed name: its words without titles, the titles before it, its span, whether it is a person's.

    `gender` is "he" or "she" where a title says so, else "".
    """

    text: str
    titles: tuple[str, ...]
    span: Span
    is_person: bool
    gender: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The full names of an article: `full` gives the fullest form of a short one, `persons` are people's names."""

    full: Mapping[str, str]
    persons: frozenset[str]

    def fullest(self, name: str) -> str:
        """Return the fullest form of a printed name."""
        return self.full.get(name.casefold(), name)


def name_at(sentence: ParsedSentence, index: int) -> Name | None:
    """Return the name that a token is part of; None where it is no proper noun or no name of a person or body."""
    tokens = sentence.tokens
    label = tokens[index].entity[2:]
    if tokens[index].pos != "PROPN" and label not in ("PERSON", "ORG"):
        return None
    if (label and label not in _NAMES) or (tokens[index].tag == "NNPS" and not label):
        return None
    first, last = _run(sentence.parse, index)
    titles_end = _titles_end(sentence.parse, first, last)
    titles = _titles_before(sentence.parse, first) + [tokens[i].text for i in range(first, titles_end)]
    while titles_end < last and tokens[titles_end].text.lower() in _EDGES:
        titles_end += 1
    while last > titles_end and tokens[last].text.lower() in _EDGES:
        last -= 1
    text = sentence.text_of(titles_end, last)
    lexicon = load_lexicon("titles")
    if not text[0].isalnum() or text.islower() or (text.lower() in lexicon and label != "PERSON"):
        return None
    gender = next((lexicon[t.lower()][0] for t in titles if lexicon.get(t.lower())), "")
    return Name(
        text=text,
        titles=tuple(titles),
        span=sentence.span_of(titles_end, last),
        is_person=label == "PERSON" or bool(titles),
        gender=gender,
    )


def _run(parse: Parse, index: int) -> tuple[int, int]:
    """Return the first and last token of the name around a token: its entity, else its run of proper nouns."""
    tokens = parse.tokens
    first = last = index
    if tokens[index].entity:
        while first > 0 and _goes_on(tokens[first]) and tokens[first - 1].text not in _BREAKS:
            first -= 1
        while (
            last + 1 < len(tokens) and tokens[last + 1].entity.startswith("I-") and tokens[last + 1].text not in _BREAKS
        ):
            last += 1
        return first, last
    while (
        first > 0 and tokens[first - 1].pos == "PROPN" and not tokens[first - 1].entity and index - first < _MOST_TOKENS
    ):
        first -= 1
    while (
        last + 1 < len(tokens)
        and tokens[last + 1].pos == "PROPN"
        and not tokens[last + 1].entity
        and last - index < _MOST_TOKENS
    ):
        last += 1
    return first, last


def _goes_on(token: Token) -> bool:
    return token.entity.startswith("I-") and token.text not in _BREAKS


def _titles_end(parse: Parse, first: int, last: int) -> int:
    lexicon = load_lexicon("titles")
    while first < last and parse.tokens[first].text.lower() in lexicon:
        first += 1
    return first


def _titles_before(parse: Parse, first: int) -> list[str]:
    lexicon, found = load_lexicon("titles"), []
    while (
        first > 0
        and parse.tokens[first - 1].text.lower() in lexicon
        and parse.tokens[first - 1].dep in ("compound", "amod", "nmod")
    ):
        first -= 1
        found.append(parse.tokens[first].text)
    return found[::-1]


def find_names(sentence: ParsedSentence) -> list[Name]:
    """Return the names of a sentence in text order."""
    names: list[Name] = []
    for index, token in enumerate(sentence.tokens):
        at = sentence.offset + token.start
        if (token.entity or token.pos == "PROPN") and not (names and at < names[-1].span.end):
            name = name_at(sentence, index)
            if name is not None and not (names and name.span.overlaps(names[-1].span)):
                names.append(name)
    return names


def make_cast(names: Iterable[Name]) -> Cast:
    """Return which printed names are one person or body."""
    kinds: dict[str, Counter[bool]] = defaultdict(Counter)
    printed: dict[str, str] = {}
    for name in names:
        printed.setdefault(name.text.casefold(), name.text)
        kinds[name.text.casefold()][name.is_person] += 1
    persons = {key for key, counts in kinds.items() if counts[True] >= counts[False]}
    owners: dict[str, set[str]] = defaultdict(set)
    for key in persons:
        words = key.split()
        if 2 <= len(words) <= 5:
            owners[words[-1]].add(key)
            owners[words[0]].add(key)
            owners[f"{words[0]} {words[-1]}"].add(key)
    full: dict[str, str] = {}
    for key, text in printed.items():
        candidates = owners.get(key, set()) - {key}
        full[key] = printed[next(iter(candidates))] if len(candidates) == 1 and key not in owners[key] else text
    people = {full[key].casefold() for key in persons} | persons
    return Cast(full=full, persons=frozenset(people))
