"""Words by which whoever tells what others say takes a stand on it: "falsely claimed", "the claim that P is wrong".

The lexicon `judging_words` says which stand. Limit: only words that hang on the cue itself are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from drumbeat.models.protocols import Parse
from drumbeat.reading.trees import children_by
from drumbeat.records import Commitment
from drumbeat.text.lexicons import load_lexicon
from drumbeat.themes.stances import is_negated

_GROUNDS = frozenset({"evidence", "proof", "basis", "foundation", "grounds", "substantiation"})
_REVERSE = {Commitment.DENIES: Commitment.ASSERTS, Commitment.ASSERTS: Commitment.DENIES}


@dataclass(frozen=True, slots=True)
class Aside:
    """A stand on what a cue introduces: the commitment, the words (tokens) that show it, and the cue's word."""

    commitment: Commitment
    words: tuple[int, ...]
    about: int


def find_asides(parse: Parse, cue: Iterable[int]) -> Iterator[Aside]:
    """Yield the stands that are taken on what the tokens of a cue introduce."""
    for index in cue:
        yield from _modifiers(parse, index)
        yield from _predicates(parse, index)


def _modifiers(parse: Parse, index: int) -> Iterator[Aside]:
    for child in children_by(parse, index, "advmod", "amod"):
        commitment = _judged(parse, child)
        if commitment is not None:
            yield Aside(commitment, (child,), index)
    for without in children_by(parse, index, "prep"):
        grounds = [i for i in children_by(parse, without, "pobj") if parse.tokens[i].lemma.lower() in _GROUNDS]
        if parse.tokens[without].text.lower() == "without" and grounds:
            yield Aside(Commitment.QUESTIONS, (without, grounds[0]), index)


def _predicates(parse: Parse, index: int) -> Iterator[Aside]:
    """Read "the claim that P is wrong", "was a lie", "has been debunked"."""
    token = parse.tokens[index]
    if token.dep not in ("nsubj", "nsubjpass"):
        return
    verb = token.head
    is_passive = token.dep == "nsubjpass" and not children_by(parse, verb, "agent")
    for word in (*children_by(parse, verb, "acomp", "attr"), *((verb,) if is_passive else ())):
        commitment = _judged(parse, word)
        if commitment is not None and is_negated(parse, verb):
            commitment = _REVERSE.get(commitment, commitment)
        if commitment is not None:
            yield Aside(commitment, (word,), index)


def _judged(parse: Parse, index: int) -> Commitment | None:
    lexicon, token = load_lexicon("judging_words"), parse.tokens[index]
    values = lexicon.get(token.lemma.lower(), lexicon.get(token.text.lower()))
    return Commitment(values[0]) if values else None
