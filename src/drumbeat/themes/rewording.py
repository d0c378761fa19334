"""Reword a statement where that is mechanical: split it, turn a question round, take a negation out.

Each function returns whole sentences, or nothing where grammar alone does not say what the reworded statement is.
The words are the statement's own; only verbs are inflected and "some" stands for "no" and "any".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from drumbeat.models.protocols import Parse
from drumbeat.reading.trees import SUBJECTS, children_by, is_verb
from drumbeat.text.inflection import past_of, third_person_of

Part = int | str

FINITE = frozenset(["VBD", "VBP", "VBZ", "MD"])
AUXILIARIES = ("aux", "auxpass")
NEGATIVES = frozenset(["not", "n't", "n\u2019t", "never"])
_WHOLE = {"wo": "will", "ca": "can", "sha": "shall"}
_SOME = {"nobody": "somebody", "nothing": "something", "any": "", "anyone": "someone", "anybody": "somebody"}
_SOME |= {"anything": "something", "anywhere": "somewhere"}
_ONLY_NEGATED = frozenset([
    "yet", "ever", "either", "until", "much", "nor", "neither", "anymore", "anyway",
])  # fmt: skip
_SUBJECT_QUESTIONS = {"who": "somebody", "what": "something"}
_PLACES = frozenset(["in", "at", "on", "during", "since", "after", "before"])


def sentence_of(parse: Parse, parts: Iterable[Part]) -> str:
    """Return tokens (by index) and new words as one sentence with a capital letter and a full stop."""
    text, last = "", -2
    for part in parts:
        word = part if isinstance(part, str) else _word_at(parse, part, is_first=not text)
        if isinstance(part, int) and (parse.tokens[part].start == parse.tokens[part - 1].end and part == last + 1):
            text += word
        elif word:
            text += f" {word}" if text and word[0] not in ",." else word
        last = part if isinstance(part, int) else -2
    text = text.strip(" ,;:.?!\u2013\u2014-")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _word_at(parse: Parse, index: int, *, is_first: bool) -> str:
    token = parse.tokens[index]
    if index or is_first or token.pos == "PROPN" or token.entity or token.text[1:].lower() != token.text[1:]:
        return token.text
    return token.text if token.text == "I" else token.text.lower()


def finite_in(parse: Parse, index: int) -> bool:
    """Tell whether a verb is finite, by itself or by its auxiliaries."""
    places = (index, *children_by(parse, index, *AUXILIARIES))
    return any(parse.tokens[place].tag in FINITE for place in places)


def main_of(parse: Parse) -> int | None:
    """Return the main verb: the first root, or where that is a noun the first finite verb that has a subject."""
    roots = [i for i, token in enumerate(parse.tokens) if token.head == i and token.pos not in ("PUNCT", "SPACE")]
    if not roots or is_verb(parse, roots[0]):
        return roots[0] if roots else None
    verbs = (i for i, token in enumerate(parse.tokens) if is_verb(parse, i) and token.dep != "relcl")
    return next((i for i in verbs if finite_in(parse, i) and subject_in(parse, i) is not None), roots[0])


def subject_in(parse: Parse, verb: int) -> int | None:
    """Return the subject that hangs at a verb itself."""
    found = children_by(parse, verb, *SUBJECTS)
    return found[0] if found else None


def split_conjuncts(parse: Parse, root: int) -> tuple[str, ...] | None:
    """Return a sentence for each coordinated predicate of a clause, () where not mechanical, None for only one."""
    place, chain = _predicates(parse, root)
    if len(chain) < 2:
        return None
    subject = subject_in(parse, root)
    if subject is None or any(token.text.lower() in ("nor", "neither") for token in parse.tokens):
        return ()
    found = [_first_conjunct(parse, root, chain)]
    found += [_later_conjunct(parse, root, place, conjunct, chain) for conjunct in chain[1:]]
    return tuple(filter(None, found))


def _predicates(parse: Parse, root: int) -> tuple[int, list[int]]:
    """Return where the coordination hangs (the verb, or its predicate) and the coordinated heads."""
    verbs = [root, *(i for i in _conjuncts(parse, root) if is_verb(parse, i))]
    if len(verbs) > 1:
        return root, verbs
    for place in children_by(parse, root, "acomp", *(["attr"] if parse.tokens[root].tag in ("VBZ", "VBD") else [])):
        if parse.tokens[root].lemma == "be":
            return place, [place, *_conjuncts(parse, place)]
    return root, [root]


def _conjuncts(parse: Parse, index: int) -> Iterator[int]:
    for child in children_by(parse, index, "conj"):
        yield child
        yield from _conjuncts(parse, child)


def _first_conjunct(parse: Parse, root: int, chain: Sequence[int]) -> str:
    """Return the clause without the later predicates; what they share to the right of them is added where plain."""
    second = chain[1]
    own = _without(parse.subtree(root), [*parse.subtree(second), *_joints(parse, chain)])
    head = chain[0]
    after = [i for i in own if i > head and parse.tokens[i].dep not in ("punct", "prt")]
    is_adjacent = all(parse.tokens[i].dep in ("cc", "prt", "aux", "auxpass") for i in range(head + 1, second))
    shared = [i for i in parse.subtree(second) if i > second and i not in chain]
    if after or not is_adjacent or head != root or not shared:
        return sentence_of(parse, own)
    objects = children_by(parse, second, "dobj")
    others = [i for i in parse.children[second] if i > second and parse.tokens[i].dep != "punct" and i not in objects]
    plain = all(parse.tokens[i].dep == "prep" and parse.tokens[i].text.lower() in _PLACES for i in others)
    if parse.tokens[second].dep == "conj" and len(objects) == 1 and plain:
        return sentence_of(parse, [*(i for i in own if parse.tokens[i].dep != "punct"), *shared])
    return "" if objects else sentence_of(parse, own)


def _later_conjunct(parse: Parse, root: int, place: int, conjunct: int, chain: Sequence[int]) -> str:
    later = [i for other in chain if other > conjunct for i in parse.subtree(other)]
    own = _without(parse.subtree(conjunct), [*later, *_joints(parse, chain)])
    if subject_in(parse, conjunct) is not None:
        return sentence_of(parse, own) if finite_in(parse, conjunct) and not _leans(parse, own) else ""
    subject = subject_in(parse, root)
    front: list[int] = parse.subtree(subject) if subject is not None else []
    if place != root:
        front += sorted({root, *children_by(parse, root, "neg", *AUXILIARIES)})
    elif not finite_in(parse, conjunct) and parse.tokens[conjunct].tag == parse.tokens[root].tag:
        front += children_by(parse, root, "neg", *AUXILIARIES)
    return sentence_of(parse, [*front, *own])


def _joints(parse: Parse, chain: Sequence[int]) -> list[int]:
    return [child for head in chain for child in children_by(parse, head, "cc", "preconj")]


def _without(indices: Iterable[int], left_out: Iterable[int]) -> list[int]:
    gone = set(left_out)
    return [i for i in indices if i not in gone]


def split_sentences_of(parse: Parse) -> tuple[str, ...] | None:
    """Return the pieces between semicolons and full stops that are clauses; None for only one piece."""
    pieces: list[list[int]] = [[]]
    starts = set(parse.sentence_starts[1:])
    for index, token in enumerate(parse.tokens):
        if index in starts or token.text == ";":
            pieces.append([])
        if token.text != ";":
            pieces[-1].append(index)
    clauses = [piece for piece in pieces if any(parse.tokens[i].tag in FINITE for i in piece)]
    if len(clauses) < 2:
        return None
    return tuple(sentence_of(parse, piece) for piece in clauses if not _leans(parse, piece))


def _leans(parse: Parse, indices: Sequence[int]) -> bool:
    """Tell whether a piece has a pronoun that may mean something of the piece before it."""
    return indices[0] > 0 and any(parse.tokens[i].tag == "PRP" for i in indices)


def split_aside(parse: Parse) -> tuple[str, ...] | None:
    """Return main clause and ", which ..." as sentences of their own; None where there is no such aside."""
    for index, token in enumerate(parse.tokens):
        clause = parse.subtree(index)
        first = parse.tokens[clause[0]]
        if token.dep != "relcl" or first.tag not in ("WDT", "WP") or parse.tokens[clause[0] - 1].text != ",":
            continue
        main = sentence_of(parse, _without(range(len(parse.tokens)), [*clause, clause[0] - 1, clause[-1] + 1]))
        if first.dep not in SUBJECTS or first.head != index:
            return (main,)
        noun = _without(parse.subtree(token.head), [*clause, clause[0] - 1])
        return (main, sentence_of(parse, [*_until_comma(parse, noun), *clause[1:]]))
    return None


def _until_comma(parse: Parse, indices: Sequence[int]) -> list[int]:
    marks = [place for place, index in enumerate(indices) if parse.tokens[index].text == ","]
    return list(indices[: marks[0]] if marks else indices)


def declarative_of(parse: Parse, root: int) -> str:
    """Return what a question asks, or takes for granted, as a statement; "" where that is not mechanical."""
    first = parse.tokens[0]
    if first.tag in ("WP", "WDT") and first.dep in SUBJECTS and first.text.lower() in _SUBJECT_QUESTIONS:
        return sentence_of(parse, [_SUBJECT_QUESTIONS[first.text.lower()], *range(1, len(parse.tokens))])
    start = 1 if first.tag == "WRB" and first.head == root and first.dep == "advmod" else 0
    subject = subject_in(parse, root)
    if subject is None or start >= len(parse.tokens) or parse.tokens[start].tag not in FINITE:
        return ""
    aux, noun = start, parse.subtree(subject)
    if noun[0] != aux + 1 or (aux != root and parse.tokens[aux].head != root):
        return ""
    behind = range(noun[-1] + 1, len(parse.tokens))
    if parse.tokens[aux].lemma == "do" and aux != root:
        return sentence_of(parse, [*noun, *_undone(parse, aux, root, behind)])
    return sentence_of(parse, [*noun, parse.tokens[aux].text.lower(), *behind])


def _undone(parse: Parse, do: int, verb: int, indices: Iterable[int]) -> list[Part]:
    """Return the tokens with the verb as it is without its "do"."""
    lemma, form = parse.tokens[verb].lemma.lower(), parse.tokens[do].text.lower()
    word = {"did": past_of, "does": third_person_of}.get(form, str)(lemma)
    return [word if i == verb else i for i in indices]


def is_negated(parse: Parse, root: int) -> bool:
    """Tell whether the main clause says that something is not so ("not only" and "no longer" do not)."""
    return bool(_negations(parse, root))


def _negations(parse: Parse, root: int) -> list[int]:
    found = [i for i in children_by(parse, root, "neg") if not _is_idiom(parse, i) and _is_negative(parse, i)]
    for noun in children_by(parse, root, *SUBJECTS, "dobj", "attr"):
        if parse.tokens[noun].text.lower() in ("nobody", "nothing", "none"):
            found.append(noun)
        found += [
            i for i in parse.children[noun] if parse.tokens[i].text.lower() == "no" and parse.tokens[i].dep == "det"
        ]
    return found


def _is_negative(parse: Parse, index: int) -> bool:
    return parse.tokens[index].text.lower() in NEGATIVES


def _is_idiom(parse: Parse, index: int) -> bool:
    following = parse.tokens[index + 1].text.lower() if index + 1 < len(parse.tokens) else ""
    return following in ("only", "just", "merely", "simply", "longer")


def affirmative_of(parse: Parse, root: int) -> str:
    """Return a negated statement without its negation; "" where that is not mechanical."""
    negations = _negations(parse, root)
    if (
        len(negations) != 1
        or len(_predicates(parse, root)[1]) > 1
        or any(token.text.lower() in _ONLY_NEGATED for token in parse.tokens)
    ):
        return ""
    place = negations[0]
    if parse.tokens[place].text.lower() == "no" and not _is_plural_subject(parse, root, place):
        return ""
    parts: list[Part] = [i for i in range(len(parse.tokens)) if i != place or not _drops(parse, i)]
    helpers = [i for i in children_by(parse, root, "aux") if parse.tokens[i].lemma == "do"]
    if helpers and helpers[0] < place < root:
        changed = _undone(parse, helpers[0], root, [i for i in parts if isinstance(i, int) and i != helpers[0]])
        parts = changed
    return sentence_of(parse, [_made_positive(parse, part) for part in parts])


def _drops(parse: Parse, index: int) -> bool:
    return parse.tokens[index].text.lower() not in ("nobody", "nothing")


def _is_plural_subject(parse: Parse, root: int, no: int) -> bool:
    noun = parse.tokens[no].head
    return parse.tokens[noun].tag in ("NNS", "NNPS") and noun in children_by(parse, root, *SUBJECTS, "dobj")


def _made_positive(parse: Parse, part: Part) -> Part:
    if isinstance(part, str):
        return part
    word = parse.tokens[part].text.lower()
    return _WHOLE.get(word, _SOME.get(word, part))
