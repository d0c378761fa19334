"""Constructions that presuppose: definite event nouns, clefts, temporal clauses, counterfactuals and their like.

Each function finds one kind in one parse and yields (kind, tokens of the trigger, tokens presupposed, rule).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from drumbeat.models.protocols import Parse
from drumbeat.reading.trees import children_by, has_child, is_verb
from drumbeat.records import TriggerKind
from drumbeat.text.lexicons import load_words

Found = tuple[TriggerKind, list[int], list[int], str]

_OBJECT_OF = frozenset({"in", "of", "by", "with", "on", "against", "to", "for", "from"})
_DEFINITE_OBJECT_OF = frozenset({"of", "by", "in", "against"})
_SET_PHRASES = frozenset({"and", "or", "again", "then", "once", "yet", "but", ",", ".", ";", ":"})
_HAD = frozenset({"had", "'d", "\u2019d"})
_WOULD = frozenset({"would", "could", "might", "should", "'d", "\u2019d"})
_HAVE = frozenset({"have", "'ve", "\u2019ve"})
_ASKING = frozenset({"why", "when", "where", "how"})
_HELPERS = frozenset({"did", "does", "do", "is", "are", "was", "were", "has", "have"})
_BE = frozenset({"is", "are", "was", "were"})


def is_event(parse: Parse, index: int) -> bool:
    """Tell whether a noun holds a clause ("meddling", "cover-up")."""
    token = parse.tokens[index]
    if token.lemma.lower() == "up":  # "cover-up" is three tokens
        return any(parse.tokens[i].lemma.lower() == "cover" for i in children_by(parse, index, "compound"))
    return token.pos == "NOUN" and token.lemma.lower() in load_words("event_nouns")


def find_definites(parse: Parse) -> Iterator[Found]:
    """Find "the fact that P", "Russia's meddling in Q", "the cover-up of Q"; hedged ones are left out."""
    for index, token in enumerate(parse.tokens):
        if token.lemma.lower() == "fact" and token.pos == "NOUN":
            for clause in children_by(parse, index, "acl"):
                if has_child(parse, clause, dep="mark"):
                    yield TriggerKind.DEFINITE, [index], parse.subtree(clause), "the fact that"
        elif is_event(parse, index) and not _is_hedged(parse, index):
            yield from _event(parse, index)


def _event(parse: Parse, index: int) -> Iterator[Found]:
    owner = children_by(parse, index, "poss")
    articles = [i for i in children_by(parse, index, "det") if parse.tokens[i].text.lower() in ("the", "this", "that")]
    objects = {parse.tokens[i].text.lower() for i in children_by(parse, index, "prep")}
    if owner and (objects & _OBJECT_OF or parse.tokens[index].text.endswith("ing")):
        yield TriggerKind.DEFINITE, [*owner, index], noun_clause(parse, index), "owner + event noun"
    elif articles and objects & _DEFINITE_OBJECT_OF:
        yield TriggerKind.DEFINITE, [articles[0], index], noun_clause(parse, index), "definite event noun"


def _is_hedged(parse: Parse, index: int) -> bool:
    """Tell whether the noun is said to be only alleged or possible, or is denied ("no collusion")."""
    hedges = load_words("hedges")
    return any(parse.tokens[i].text.lower() in hedges for i in parse.children[index])


def noun_clause(parse: Parse, index: int) -> list[int]:
    """Return a noun with what belongs to it, as one run; relative clauses and conjuncts are left out."""
    apart = {i for child in children_by(parse, index, "relcl", "conj", "cc", "appos") for i in parse.subtree(child)}
    kept = set(parse.subtree(index)) - apart
    first = last = index
    while first - 1 in kept:
        first -= 1
    while last + 1 in kept:
        last += 1
    return list(range(first, last + 1))


def find_iteratives(parse: Parse) -> Iterator[Found]:
    """Find "P again" (not "again and again", "then again"), "another + event noun"."""
    for index, token in enumerate(parse.tokens):
        word = token.text.lower()
        if word in ("again", "anew") and token.dep == "advmod" and is_verb(parse, token.head):
            beside = {parse.tokens[i].text.lower() for i in (index - 1, index + 1) if 0 <= i < len(parse.tokens)}
            clause = _clause_before(parse, token.head, index)
            if len(clause) >= 3 and parse.tokens[index - 1].text.lower() not in _SET_PHRASES and "and" not in beside:
                yield TriggerKind.ITERATIVE, [index], clause, "iterative adverb"
        elif word == "another" and token.dep == "det" and is_event(parse, token.head):
            yield TriggerKind.ITERATIVE, [index], noun_clause(parse, token.head), "another + event noun"


def _clause_before(parse: Parse, verb: int, index: int) -> list[int]:
    """Return the run of the verb's clause that ends before the adverb."""
    kept = set(parse.subtree(verb))
    first = index
    while first - 1 in kept:
        first -= 1
    return list(range(first, index))


def find_temporal(parse: Parse) -> Iterator[Found]:
    """Find "after P", "since P": finite clauses in the past, and event nouns with an owner or an article."""
    for index, token in enumerate(parse.tokens):
        word = token.text.lower()
        if token.dep == "mark" and word in ("after", "since") and _is_past_clause(parse, token.head):
            presupposed = [i for i in parse.subtree(token.head) if i > index]
            yield TriggerKind.TEMPORAL, [index], presupposed, "temporal clause"
        elif token.dep == "prep" and word in ("after", "since", "before"):
            for noun in children_by(parse, index, "pobj"):
                if is_event(parse, noun) and children_by(parse, noun, "poss", "det") and not _is_hedged(parse, noun):
                    yield TriggerKind.TEMPORAL, [index], noun_clause(parse, noun), "temporal event noun"


def _is_past_clause(parse: Parse, verb: int) -> bool:
    token = parse.tokens[verb]
    return token.dep == "advcl" and (
        token.tag == "VBD" or any(parse.tokens[i].tag == "VBD" for i in children_by(parse, verb, "aux", "auxpass"))
    )


def find_clefts(parse: Parse) -> Iterator[Found]:
    """Find "it was Holt who P"."""
    for index, token in enumerate(parse.tokens):
        subjects = children_by(parse, index, "nsubj", "expl")
        focus = children_by(parse, index, "attr")
        if token.lemma.lower() != "be" or not focus or not subjects or parse.tokens[subjects[0]].text.lower() != "it":
            continue
        for clause in (*children_by(parse, focus[0], "relcl"), *children_by(parse, index, "ccomp")):
            first = parse.tokens[min(parse.subtree(clause))].text.lower()
            if clause > focus[0] and first in ("who", "that") and _is_definite(parse, focus[0]):
                yield TriggerKind.CLEFT, [subjects[0], index], parse.subtree(clause), "it-cleft"


def _is_definite(parse: Parse, index: int) -> bool:
    """Tell whether a noun is a name, or has "the" or an owner ("it was a war that" is no cleft)."""
    if parse.tokens[index].pos in ("PROPN", "PRON") or children_by(parse, index, "poss"):
        return True
    return any(parse.tokens[i].text.lower() == "the" for i in children_by(parse, index, "det"))


def find_counterfactuals(parse: Parse) -> Iterator[Found]:
    """Find "if they had P, Q would have ...": the opposite of the if-clause is taken for granted."""
    for index, token in enumerate(parse.tokens):
        main = parse.tokens[token.head].head
        if token.text.lower() != "if" or token.dep != "mark" or main == token.head:
            continue
        condition = {parse.tokens[i].text.lower() for i in children_by(parse, token.head, "aux")}
        outcome = {parse.tokens[i].text.lower() for i in children_by(parse, main, "aux")}
        if condition & _HAD and outcome & _WOULD and outcome & _HAVE:
            presupposed = [i for i in parse.subtree(token.head) if i > index]
            yield TriggerKind.COUNTERFACTUAL, [index], presupposed, "counterfactual if"


def find_comparisons(parse: Parse) -> Iterator[Found]:
    """Find "even worse": what is compared is taken to hold already."""
    for index, (token, following) in enumerate(pairwise(parse.tokens)):
        if token.text.lower() == "even" and following.tag in ("JJR", "RBR"):
            head = following.head
            end = head if index < head <= index + 3 and parse.tokens[head].pos in ("ADJ", "NOUN", "ADV") else index + 1
            yield TriggerKind.COMPARISON, [index, index + 1], list(range(index + 1, end + 1)), "even + comparative"


def find_questions(parse: Parse) -> Iterator[Found]:
    """Find "Why did P?": the rest of a question about cause, time, place or manner."""
    for first, after in pairwise([*parse.sentence_starts, len(parse.tokens)]):
        words = [i for i in range(first, after) if parse.tokens[i].dep != "punct"]
        if len(words) < 4 or not any(parse.tokens[i].text == "?" for i in range(words[-1], after)):
            continue
        asked, helper = parse.tokens[words[0]].text.lower(), parse.tokens[words[1]].text.lower()
        if asked in _ASKING and helper in _HELPERS and not (asked == "how" and helper in _BE):
            yield TriggerKind.QUESTION, [words[0]], words[2:], "wh-question"
