"""Names that an article prints, and which of them are one: "Mara Holt", later "Holt" or "Ms. Holt".

A short name belongs to the one full name it ends (or begins); where two full names share it, it stays by
itself. Names come from the parser's name finder; a run of proper nouns that it missed counts too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from drumbeat.models.protocols import Parse
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.trees import children_by
from drumbeat.records import Span
from drumbeat.text.lexicons import load_lexicon

_NAMES = frozenset({"PERSON", "ORG", "GPE", "FAC", "LOC", "PRODUCT", "WORK_OF_ART", "EVENT"})
_EDGES = frozenset({"the", "a", "an", "'s", "\u2019s", "'", "\u2019", "and", ",", "-"})
_BREAKS = frozenset({",", ";", ":", "\u2013", "\u2014"})
_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_INNER_TITLES = frozenset(
    {"mr.", "mrs.", "ms.", "dr.", "sen.", "rep.", "gov.", "gen.", "col.", "sgt.", "rev.", "prof."}
)
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
    if not _may_be_name(sentence.parse, index):
        return None
    tokens, lexicon = sentence.tokens, load_lexicon("titles")
    label = tokens[index].entity[2:]
    start, last = _run(sentence.parse, index)
    first = _after_titles(sentence.parse, start, last)
    titles = [t.text for t in tokens[_before_titles(sentence.parse, start) : first] if t.text.lower() in lexicon]
    while first < last and tokens[first].text.lower() in _EDGES:
        first += 1
    while last > first and tokens[last].text.lower() in _EDGES:
        last -= 1
    text = sentence.text_of(first, last)
    if (
        not text[0].isalnum()
        or len(text.strip(".")) < 2
        or text.islower()
        or (text.lower() in lexicon and label != "PERSON")
    ):
        return None
    return Name(
        text=text,
        titles=tuple(titles),
        span=sentence.span_of(first, last),
        is_person=label == "PERSON" or bool(titles),
        gender=next((lexicon[t.lower()][0] for t in titles if lexicon[t.lower()]), ""),
    )


def _may_be_name(parse: Parse, index: int) -> bool:
    token = parse.tokens[index]
    label = token.entity[2:]
    if token.pos != "PROPN":
        return label in ("PERSON", "ORG")
    if label == "NORP":  # "the Democrats" are a group; a bare "Manchin" is a name that the name finder misread
        return token.tag == "NNP" and not children_by(parse, index, "det", "amod", "nummod", "poss")
    return label in _NAMES or (not label and token.tag != "NNPS")


def _run(parse: Parse, index: int) -> tuple[int, int]:
    """Return the first and last token of the name around a token: its entity, else its run of proper nouns."""
    first = last = index
    joins = _is_same_entity if parse.tokens[index].entity else _is_same_run
    while first > 0 and index - first < _MOST_TOKENS and joins(parse, first - 1, first):
        first -= 1
    while last + 1 < len(parse.tokens) and last - index < _MOST_TOKENS and joins(parse, last, last + 1):
        last += 1
    return first, last


def _is_same_entity(parse: Parse, left: int, right: int) -> bool:
    both = parse.tokens[left], parse.tokens[right]
    return both[1].entity.startswith("I-") and not any(token.text in _BREAKS for token in both)


def _is_same_run(parse: Parse, left: int, right: int) -> bool:
    both = parse.tokens[left], parse.tokens[right]
    is_tight = both[0].end == both[1].start
    return not any(token.entity for token in both) and all(
        token.pos == "PROPN" or (token.text == "-" and is_tight) for token in both
    )


def _after_titles(parse: Parse, first: int, last: int) -> int:
    """Return where the name begins after its titles, those inside the run included ("Guam Gov. Mara Holt")."""
    titles = [i for i in range(first, last) if parse.tokens[i].text.lower() in _INNER_TITLES]
    start = titles[-1] + 1 if titles else first
    while start < last and parse.tokens[start].text.lower() in load_lexicon("titles"):
        start += 1
    return start


def _before_titles(parse: Parse, first: int) -> int:
    lexicon = load_lexicon("titles")
    while first > 0 and parse.tokens[first - 1].text.lower() in lexicon and parse.tokens[first - 1].dep in _MODIFIERS:
        first -= 1
    return first


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
    for key, holders in owners.items():  # a surname that the name finder misses later on
        if len(holders) == 1:
            full.setdefault(key, printed[next(iter(holders))])
    people = {full[key].casefold() for key in persons} | persons
    return Cast(full=full, persons=frozenset(people))
