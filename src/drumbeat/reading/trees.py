"""Walk one dependency parse: subjects, verb groups, clauses, runs of tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drumbeat.models.protocols import Parse

SUBJECTS = ("nsubj", "csubj", "nsubjpass", "csubjpass")
RELATIVES = frozenset({"who", "which", "that", "whom"})


def children_by(parse: Parse, index: int, *deps: str) -> list[int]:
    """Return the children of a token with one of the labels, in text order."""
    return [child for child in parse.children[index] if parse.tokens[child].dep in deps]


def has_child(parse: Parse, index: int, *, dep: str = "", tag: str = "") -> bool:
    """Tell whether a token has a child with this label or this tag."""
    return any(parse.tokens[i].dep == dep or parse.tokens[i].tag == tag for i in parse.children[index])


def is_verb(parse: Parse, index: int) -> bool:
    """Tell whether a token is a main verb (auxiliaries of another verb are not)."""
    token = parse.tokens[index]
    return token.pos in ("VERB", "AUX") and token.dep not in ("aux", "auxpass")


def is_passive(parse: Parse, index: int) -> bool:
    """Tell whether a verb is passive, reduced relatives ("a plan backed by ...") included."""
    token = parse.tokens[index]
    return bool(children_by(parse, index, "auxpass", "nsubjpass", "csubjpass", "agent")) or (
        token.tag == "VBN" and token.dep == "acl"
    )


def subject_of(parse: Parse, index: int, *, steps: int = 4) -> int | None:
    """Return the head token of a verb's subject; where it has none, that of the verb that governs it.

    A relative pronoun stands for its antecedent. "It" as a dummy subject is no subject.
    """
    own = children_by(parse, index, *SUBJECTS)
    if own:
        return _antecedent(parse, min(own, key=lambda child: abs(child - index)), index)
    token = parse.tokens[index]
    if not steps or token.head == index:
        return None
    if token.dep == "acl":
        return token.head if parse.tokens[token.head].pos in ("NOUN", "PROPN", "PRON") else None
    if token.dep in ("conj", "advcl", "xcomp", "pcomp", "prep", "dep"):
        return subject_of(parse, token.head, steps=steps - 1)
    return None


def _antecedent(parse: Parse, subject: int, verb: int) -> int:
    token = parse.tokens[verb]
    if token.dep == "relcl" and parse.tokens[subject].text.lower() in RELATIVES:
        return token.head
    return subject


def verb_group(parse: Parse, index: int) -> list[int]:
    """Return a verb with its auxiliaries, negation, particle and the adverbs among them, in text order."""
    parts = {index, *children_by(parse, index, "prt")}
    left = index
    while left > 0 and parse.tokens[left - 1].head == index and parse.tokens[left - 1].dep in _GROUP:
        left -= 1
        parts.add(left)
    return sorted(parts)


_GROUP = frozenset({"aux", "auxpass", "neg", "advmod"})


def noun_phrase(parse: Parse, head: int, *, without: Iterable[int] = ()) -> list[int]:
    """Return the unbroken run of a noun's subtree around it, without the given tokens and edge punctuation."""
    allowed = set(parse.subtree(head)) - set(without) - _asides(parse, head)
    first = last = head
    while first - 1 in allowed:
        first -= 1
    while last + 1 in allowed:
        last += 1
    return trim(parse, range(first, last + 1))


def _asides(parse: Parse, head: int) -> set[int]:
    """Return the relative clauses after a comma: they tell about the noun, they do not name it."""
    clauses = children_by(parse, head, "relcl")
    return {i for clause in clauses for i in _after_comma(parse, head, parse.subtree(clause))}


def _after_comma(parse: Parse, head: int, clause: list[int]) -> list[int]:
    return clause if head < clause[0] and parse.tokens[clause[0] - 1].text == "," else []


def trim(parse: Parse, indices: Sequence[int], *, marks: str = ",;:.-\u2013\u2014 ") -> list[int]:
    """Return the tokens without stops, commas and dashes at both ends; quotation marks stay."""
    kept = list(indices)
    while kept and not parse.tokens[kept[0]].text.strip(marks):
        kept.pop(0)
    while kept and not parse.tokens[kept[-1]].text.strip(marks):
        kept.pop()
    return kept


def runs(parse: Parse, indices: Iterable[int]) -> list[list[int]]:
    """Return sorted tokens as unbroken runs, each trimmed; punctuation alone does not break a run."""
    found: list[list[int]] = []
    for index in sorted(set(indices)):
        between = range(found[-1][-1] + 1, index) if found else range(0)
        if found and all(parse.tokens[i].dep == "punct" for i in between):
            found[-1] += [*between, index]
        else:
            found.append([index])
    return [kept for run in found if any(parse.tokens[i].dep != "punct" for i in run) and (kept := trim(parse, run))]
