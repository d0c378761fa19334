"""How the words that convey a statement hang in their sentence: the path from them up to the main clause.

What stands on that path (a denying verb, a negation, a modal, "after") bears on the statement; the same word
elsewhere in the sentence may not. Labels are those of the parser's dependencies (ClearNLP).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drumbeat.models.protocols import Parse
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.records import Span
from drumbeat.text.lexicons import load_lexicon

NEGATIONS = frozenset(["no", "not", "n't", "n’t", "never", "neither", "nor", "nothing", "nobody", "none", "without"])
_CLAUSES = frozenset(["advcl", "relcl", "acl", "ccomp", "xcomp", "csubj", "pcomp", "conj", "parataxis", "ROOT"])
_MODIFIERS = frozenset(["aux", "auxpass", "neg", "advmod", "amod", "det", "mark", "poss", "prep"])
_DEFINITE = frozenset(["the", "this", "that", "these", "those"])


def path_features(anchors: Sequence[Span], parsed: ParsedSentence | None) -> Iterator[str]:
    """Yield the features of the path from the anchors to the main clause; none where nothing is anchored."""
    if parsed is None or not anchors:
        return
    parse = parsed.parse
    indices = [index for anchor in anchors for index in parsed.tokens_in(anchor)]
    if not indices:
        return
    head = head_of(parse, indices)
    path = [head, *parse.ancestors(head)]
    yield f"anchor: {parse.tokens[head].pos}"
    yield f"anchor: {parse.tokens[head].dep}"
    yield from _of_noun(parse, head)
    yield from (f"clause: {dep}" for dep in {parse.tokens[index].dep for index in path} & _CLAUSES)
    yield from sorted(set(_of_path(parse, path, frozenset(indices))))


def head_of(parse: Parse, indices: Sequence[int]) -> int:
    """Return the one of some tokens that governs most of the others, of several the highest in the tree."""
    wanted = set(indices)

    def rank(index: int) -> tuple[int, int, int]:
        below = len(wanted & set(parse.subtree(index)))
        return (-below, sum(1 for _ in parse.ancestors(index)), index)

    return min(wanted, key=rank)


def _of_noun(parse: Parse, head: int) -> Iterator[str]:
    if parse.tokens[head].pos not in ("NOUN", "PROPN"):
        return
    for child in parse.children[head]:
        token = parse.tokens[child]
        if token.dep == "poss" or token.text.lower() in _DEFINITE:
            yield "anchor: definite noun"


def _of_path(parse: Parse, path: Sequence[int], anchors: frozenset[int]) -> Iterator[str]:
    lexicon = load_lexicon("signs")
    for index in path:
        near = [index, *(child for child in parse.children[index] if parse.tokens[child].dep in _MODIFIERS)]
        for place in near:
            token = parse.tokens[place]
            if token.dep == "neg" or token.text.lower() in NEGATIONS:
                yield "path: negation"
            if place in anchors:
                continue
            for rule in lexicon.get(token.lemma.lower(), lexicon.get(token.text.lower(), ())):
                yield f"path: {rule}"
            if token.dep in ("mark", "prep") and place != index:
                yield f"path: {token.text.lower()}"
