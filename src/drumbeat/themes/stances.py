"""Read from a cue how its holder stands to what it introduces: lexicon, negation, refusal, modality.

The lexicon `stances` gives per word the commitment, and the one where the word is negated. Of several words the
one that is farthest from asserting decides ("rejected claims"). Limits: irony, and cues that the lexicon lacks.
"""

from __future__ import annotations

from collections.abc import Iterable

from drumbeat.models.protocols import Parse
from drumbeat.reading.constructions import is_event
from drumbeat.reading.nested import stance_key
from drumbeat.reading.trees import children_by, is_verb
from drumbeat.records import Commitment
from drumbeat.text.lexicons import load_lexicon
from drumbeat.themes.path import NEGATIONS

_FIRMNESS = tuple(Commitment)
_REFUSALS = frozenset({"refuse", "decline", "fail", "avoid", "stop", "hesitate", "cease", "unable", "unwilling"})
_MODALS = frozenset({"may", "might", "could", "should", "can"})
_WOULD = frozenset({"would", "'d", "\u2019d"})
_UNREAL = frozenset({"if", "unless"})
_WHETHER = frozenset({"whether", "if"})
_ASIDES = frozenset({"advcl", "relcl", "npadvmod", "appos"})
_NAMING = frozenset({"call", "label", "brand", "deem", "consider"})
_HEDGING = frozenset({"aux", "advmod", "amod", "acomp"})
_UNTOLD = "-"


def stance_of(parse: Parse, cue: Iterable[int]) -> tuple[Commitment | None, int | None]:
    """Return the commitment that the tokens of a cue express, None where it is not told, and the word that decided."""
    best: tuple[Commitment | None, int | None] = (None, None)
    words = list(cue)
    for index in words:
        judged = _judged(parse, index)
        if judged is not None:
            return judged, index
        values = load_lexicon("stances").get(stance_key(parse, index))
        if not values:
            continue
        found = None if _is_disowned(parse, index, words) else _as_said(parse, index, values)
        if best[1] is None or _rank(found) > _rank(best[0]):
            best = found, index
    return best


def _judged(parse: Parse, verb: int) -> Commitment | None:
    """Return the stance of "called it a hoax", "dismissed it as a myth"."""
    near = children_by(parse, verb, "acomp", "ccomp", "xcomp") if is_verb(parse, verb) else []
    if parse.tokens[verb].lemma.lower() in _NAMING:
        near += [index for index in parse.subtree(verb) if parse.tokens[index].dep == "oprd"]
    for preposition in children_by(parse, verb, "prep"):
        near += children_by(parse, preposition, "pobj") if parse.tokens[preposition].text.lower() == "as" else []
    rows = [load_lexicon("judging_words").get(parse.tokens[index].lemma.lower()) for index in near]
    found = next((row for row in rows if row), None)
    return Commitment(found[0]) if found and not is_negated(parse, verb) else None


def _is_disowned(parse: Parse, index: int, cue: list[int]) -> bool:
    """Tell whether a noun is what a negated verb of the cue has not done ("did not issue a report")."""
    head = parse.tokens[index].head
    return head != index and head in cue and not is_verb(parse, index) and is_negated(parse, head)


def is_negated(parse: Parse, index: int) -> bool:
    """Tell whether a word is negated, or governed by a verb of refusal ("declined to confirm")."""
    if any(_is_negation(parse, child) for child in parse.children[index]):
        return True
    token = parse.tokens[index]
    head = parse.tokens[token.head]
    if token.dep in ("xcomp", "pcomp", "ccomp") and head.lemma.lower() in _REFUSALS:
        return not is_negated(parse, token.head)
    if token.dep == "xcomp" or (token.dep == "conj" and _is_alternative(parse, index)):
        return any(_is_negation(parse, child) for child in parse.children[token.head])
    return False


def _is_alternative(parse: Parse, index: int) -> bool:
    """Tell whether a verb shares the negation of the one before it ("did not confirm or deny")."""
    joining = {parse.tokens[i].text.lower() for i in children_by(parse, parse.tokens[index].head, "cc")}
    return bool(joining & {"or", "nor"}) and not children_by(parse, index, "nsubj")


def _is_negation(parse: Parse, index: int) -> bool:
    token = parse.tokens[index]
    if token.dep in ("nsubj", "nsubjpass"):
        return token.text.lower() in ("nobody", "none", "neither") or any(
            parse.tokens[child].text.lower() == "no" for child in parse.children[index]
        )
    is_word = token.text.lower() in NEGATIONS and token.dep not in ("cc", "conj", "pobj", "dobj", "prep")
    return token.dep == "neg" or is_word or (token.dep == "preconj" and token.text.lower() == "neither")


def is_hypothetical(parse: Parse, index: int) -> bool:
    """Tell whether a verb is only possible ("may deny", "if she denies"); a reported "would" is the future."""
    modals = _MODALS | _WOULD if parse.tokens[index].dep == "ROOT" else _MODALS
    return any(
        (parse.tokens[child].dep == "aux" and parse.tokens[child].text.lower() in modals)
        or (parse.tokens[child].dep == "mark" and parse.tokens[child].text.lower() in _UNREAL)
        for child in parse.children[index]
    )


def _as_said(parse: Parse, index: int, values: tuple[str, ...]) -> Commitment | None:
    if is_negated(parse, index):
        return Commitment(values[1]) if len(values) > 1 and values[1] != _UNTOLD else None
    return None if values[0] == _UNTOLD or is_hypothetical(parse, index) else Commitment(values[0])


def _rank(commitment: Commitment | None) -> int:
    return -1 if commitment is None else _FIRMNESS.index(commitment)


def content_stance(parse: Parse, head: int, content: Iterable[int]) -> Commitment | None:
    """Return how the words of a content over a statement's main word turn what is said; None where they do not.

    A negation or "a myth that" denies, "whether" questions, a modal or "perhaps" hedges; what is said only in passing
    ("after P", "because of P") is taken for granted.
    """
    path, is_background = _path_up(parse, head, frozenset(content))
    if (_negations(parse, path) + _denials(parse, path[1:])) % 2:
        return Commitment.DENIES
    children = [child for index in path for child in parse.children[index]]
    if any(parse.tokens[i].text.lower() in _WHETHER and parse.tokens[i].dep == "mark" for i in children):
        return Commitment.QUESTIONS
    if any(_is_hedge(parse, index) for index in (*children, *path[1:])):
        return Commitment.HEDGES
    return Commitment.PRESUPPOSES if is_background else None


def _path_up(parse: Parse, head: int, content: frozenset[int]) -> tuple[list[int], bool]:
    """Return the tokens from the head up inside the content, and whether they end at an aside ("because of P")."""
    path = [head]
    for above in parse.ancestors(head):
        if above not in content:
            break
        below = parse.tokens[path[-1]]
        is_event_behind = below.dep == "prep" and below.text.lower() != "of" and _has_event(parse, path)
        if below.dep in _ASIDES or is_event_behind:
            return path, True
        path.append(above)
    return path, False


def _has_event(parse: Parse, path: list[int]) -> bool:
    """Tell whether a path up to a preposition is more than one of the things it is about ("spying on the campaign")."""
    return any(is_verb(parse, index) or is_event(parse, index) for index in path[:-1])


def turned(commitment: Commitment | None, content: Commitment | None) -> Commitment | None:
    """Return the stance to the statement of who stands so to a content that stands so to it."""
    if content is Commitment.PRESUPPOSES or (commitment is None and content is Commitment.QUESTIONS):
        return content
    if content is None or commitment in (None, Commitment.HEDGES, Commitment.QUESTIONS):
        return commitment
    if commitment is Commitment.DENIES:
        return Commitment.ASSERTS if content is Commitment.DENIES else commitment
    return content


def _negations(parse: Parse, path: list[int]) -> int:
    """Return how many words of a path are negated, themselves or in what is said of them ("was not overloaded")."""
    near = {*path, *(child for index in path for child in children_by(parse, index, "acomp", "attr"))}
    return sum(
        any(_is_negation(parse, i) or parse.tokens[i].text.lower() == "no" for i in parse.children[index])
        for index in near
    )


def _denials(parse: Parse, above: list[int]) -> int:
    """Return how many judging words deny what stands below them ("it is a myth that")."""
    near = {*above, *(child for index in above for child in children_by(parse, index, "acomp", "attr", "amod"))}
    lexicon = load_lexicon("judging_words")
    return sum("denies" in lexicon.get(parse.tokens[index].lemma.lower(), ()) for index in near)


def _is_hedge(parse: Parse, index: int) -> bool:
    token = parse.tokens[index]
    return token.dep in _HEDGING and "hedge" in load_lexicon("signs").get(token.lemma.lower(), ())
