"""Find attributions in one parsed sentence: a cue from the lexicon, its source and its content.

One rule per construction; each yields token indices. The lexicons say in which construction a word is a cue.
After the frames of PARC 3.0 (Pareti 2016) and PolNeAR (Newell et al. 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drumbeat.models.protocols import Parse
from drumbeat.reading.trees import children_by, is_passive, is_verb, noun_phrase, runs, subject_of, trim, verb_group
from drumbeat.text.lexicons import load_lexicon

_SOURCE_EDGES = ",;:.-\u2013\u2014 \"\u201c\u201d''"
_VOICING = frozenset(
    {"make", "issue", "repeat", "voice", "express", "reiterate", "advance", "air", "offer", "have", "raise", "level"}
)
"""Verbs whose subject holds the claim that is their object ("rejected the claim that" is no such verb)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attribution in token indices of one sentence; `head` is the word that makes the cue."""

    rule: str
    head: int
    source: tuple[int, ...]
    cue: tuple[int, ...]
    content: tuple[int, ...]


def find_candidates(parse: Parse) -> Iterator[Candidate]:
    """Yield the attributions of a parse, by the place of their cue."""
    for index, token in enumerate(parse.tokens):
        if is_verb(parse, index):
            yield from _of_verb(parse, index)
        elif token.pos == "NOUN":
            yield from _of_noun(parse, index)
        if token.text.lower() == "according":
            yield from _according(parse, index)
        elif token.pos == "ADJ" and token.dep == "acomp":
            yield from _of_adjective(parse, index)


def make_candidate(
    parse: Parse, rule: str, head: int, *, cue: list[int], content: list[int], source: int | None
) -> Candidate | None:
    """Return a candidate whose parts do not overlap; None where nothing is left as content."""
    taken = {*cue, *content}
    if source is not None and _is_nobody(parse, source):
        return None
    names = noun_phrase(parse, source, without=taken) if source is not None and source not in taken else []
    names = trim(parse, names, marks=_SOURCE_EDGES)
    while len(names) > 1 and parse.tokens[names[-1]].tag in ("WDT", "WP", "CC", "POS"):
        names.pop()
    kept = [i for run in runs(parse, set(content) - set(cue) - set(names)) for i in run]
    if not kept or all(parse.tokens[i].pos in ("PRON", "PUNCT", "DET", "PART", "ADV") for i in kept):
        return None
    return Candidate(rule, head, tuple(names), tuple(cue), tuple(kept))


def _is_nobody(parse: Parse, source: int) -> bool:
    """Tell whether a source is a relative pronoun whose antecedent the parser lost, or the reader ("you know")."""
    return parse.tokens[source].tag in ("WDT", "WP") or parse.tokens[source].text.lower() == "you"


def _of_verb(parse: Parse, verb: int) -> Iterator[Candidate]:
    frames = load_lexicon("cue_verbs").get(parse.tokens[verb].lemma.lower())
    if not frames:
        return
    found = _passive(parse, verb, frames) if is_passive(parse, verb) else _active(parse, verb, frames)
    if found is not None:
        yield found


def _active(parse: Parse, verb: int, frames: tuple[str, ...]) -> Candidate | None:
    for attempt in (_clause, _parataxis, _infinitive, _object, _preposition):
        found = attempt(parse, verb, frames)
        if found is not None:
            return found
    return None


def _clause(parse: Parse, verb: int, frames: tuple[str, ...]) -> Candidate | None:
    clauses = [child for child in children_by(parse, verb, "ccomp") if not _is_infinitive(parse, child)]
    if "clause" not in frames or not clauses:
        return None
    source = subject_of(parse, verb)
    if source is None:
        return None
    content = [i for clause in clauses for i in parse.subtree(clause)]
    rule = "clause" if clauses[0] > verb else "clause-first"
    return make_candidate(parse, rule, verb, cue=verb_group(parse, verb), content=content, source=source)


def _parataxis(parse: Parse, verb: int, frames: tuple[str, ...]) -> Candidate | None:
    token = parse.tokens[verb]
    if "clause" not in frames or token.dep != "parataxis" or not children_by(parse, verb, "nsubj"):
        return None
    own = set(parse.subtree(verb))
    content = [i for i in parse.subtree(token.head) if i not in own]
    return make_candidate(
        parse, "parataxis", verb, cue=verb_group(parse, verb), content=content, source=subject_of(parse, verb)
    )


def _infinitive(parse: Parse, verb: int, frames: tuple[str, ...]) -> Candidate | None:
    clauses = [child for child in children_by(parse, verb, "xcomp", "ccomp") if _is_infinitive(parse, child)]
    source = subject_of(parse, verb)
    if "inf" not in frames or not clauses or source is None:
        return None
    content = [i for child in (clauses[0], *children_by(parse, verb, "dobj")) for i in parse.subtree(child)]
    return make_candidate(parse, "infinitive", verb, cue=verb_group(parse, verb), content=content, source=source)


def _is_infinitive(parse: Parse, index: int) -> bool:
    return any(parse.tokens[child].tag == "TO" for child in parse.children[index])


def _object(parse: Parse, verb: int, frames: tuple[str, ...]) -> Candidate | None:
    objects = [child for child in children_by(parse, verb, "dobj", "oprd", "ccomp") if child > verb]
    source = subject_of(parse, verb)
    if "obj" not in frames or not objects or source is None:
        return None
    rest = [child for child in children_by(parse, verb, "prep") if child > objects[0] and _belongs(parse, child)]
    content = [i for child in (*objects, *rest) for i in parse.subtree(child)]
    return make_candidate(parse, "object", verb, cue=verb_group(parse, verb), content=content, source=source)


def _belongs(parse: Parse, preposition: int) -> bool:
    return parse.tokens[preposition].text.lower() in ("of", "for", "as", "to", "about", "over", "against")


def _preposition(parse: Parse, verb: int, frames: tuple[str, ...]) -> Candidate | None:
    if children_by(parse, verb, "dobj", "ccomp", "xcomp"):
        return None
    source = subject_of(parse, verb)
    for child in children_by(parse, verb, "prep"):
        if source is not None and _takes(frames, parse.tokens[child].text):
            content = [i for i in parse.subtree(child) if i != child]
            cue = sorted({*verb_group(parse, verb), child})
            return make_candidate(parse, "preposition", verb, cue=cue, content=content, source=source)
    return None


def _takes(frames: tuple[str, ...], preposition: str) -> bool:
    return any(frame.startswith("prep:") and preposition.lower() in frame[5:].split(",") for frame in frames)


def _passive(parse: Parse, verb: int, frames: tuple[str, ...]) -> Candidate | None:
    subjects = children_by(parse, verb, "nsubjpass", "csubjpass")
    agents = [i for by in children_by(parse, verb, "agent") for i in children_by(parse, by, "pobj")]
    agent = agents[0] if agents else None
    clauses = children_by(parse, verb, "ccomp")
    infinitives = [child for child in children_by(parse, verb, "xcomp") if _is_infinitive(parse, child)]
    preps = [child for child in children_by(parse, verb, "prep") if _takes(frames, parse.tokens[child].text)]
    parts, rule = subjects, "passive-by"
    if "passive-clause" in frames and clauses:
        parts, rule = clauses[:1], "passive-clause"
    elif "passive-inf" in frames and infinitives and subjects:
        parts, rule = [*subjects, infinitives[0]], "passive-infinitive"
    elif preps and subjects:
        parts, rule = [*subjects, *preps], "passive-preposition"
    elif agent is None or "obj" not in frames or (not subjects and parse.tokens[verb].dep == "acl"):
        return None
    content = [i for part in parts for i in parse.subtree(part)]
    cue = verb_group(parse, verb) + (preps[:1] if rule == "passive-preposition" else [])
    return make_candidate(parse, rule, verb, cue=cue, content=content, source=agent)


def _according(parse: Parse, index: int) -> Iterator[Candidate]:
    to = next((child for child in parse.children[index] if parse.tokens[child].text.lower() == "to"), None)
    objects = children_by(parse, to, "pobj") if to is not None else []
    clause = _clause_above(parse, index)
    if to is None or not objects or clause is None:
        return
    own = set(parse.subtree(index))
    content = [i for i in parse.subtree(clause) if i not in own]
    found = make_candidate(parse, "according-to", index, cue=[index, to], content=content, source=objects[0])
    if found is not None:
        yield found


def _clause_above(parse: Parse, index: int) -> int | None:
    return next((head for head in parse.ancestors(index) if is_verb(parse, head)), None)


def _of_noun(parse: Parse, noun: int) -> Iterator[Candidate]:
    frames = load_lexicon("cue_nouns").get(parse.tokens[noun].lemma.lower())
    if not frames:
        return
    owners = children_by(parse, noun, "poss")
    owner = owners[0] if owners else None
    found = None
    for child in children_by(parse, noun, "acl", "ccomp", "relcl"):
        if "that" in frames and _has_that(parse, child):
            source = owner if owner is not None else _holder_of_noun(parse, noun)
            if source is None and "alone" not in frames:
                continue
            found = make_candidate(parse, "noun-that", noun, cue=[noun], content=parse.subtree(child), source=source)
        elif "inf" in frames and owner is not None and _is_infinitive(parse, child):
            found = make_candidate(
                parse, "noun-infinitive", noun, cue=[noun], content=parse.subtree(child), source=owner
            )
    for child in children_by(parse, noun, "prep") if found is None and owner is not None else ():
        if _takes(frames, parse.tokens[child].text):
            content = [i for i in parse.subtree(child) if i != child]
            found = make_candidate(parse, "noun-preposition", noun, cue=[noun, child], content=content, source=owner)
            break
    if found is not None:
        yield found


def _holder_of_noun(parse: Parse, noun: int) -> int | None:
    """Return who makes the claim in "X made the claim that", "a claim by X that"."""
    for child in children_by(parse, noun, "prep"):
        if parse.tokens[child].text.lower() in ("by", "from"):
            return next(iter(children_by(parse, child, "pobj")), None)
    token = parse.tokens[noun]
    if token.dep == "dobj" and parse.tokens[token.head].lemma.lower() in _VOICING:
        return subject_of(parse, token.head)
    return None


def _has_that(parse: Parse, clause: int) -> bool:
    return any(
        parse.tokens[i].dep == "mark" and parse.tokens[i].lemma.lower() == "that" for i in parse.children[clause]
    )


def _of_adjective(parse: Parse, index: int) -> Iterator[Candidate]:
    frames = load_lexicon("cue_adjectives").get(parse.tokens[index].lemma.lower())
    verb = parse.tokens[index].head
    clauses = children_by(parse, index, "ccomp") if frames is not None else []
    source = subject_of(parse, verb)
    if frames is None or not clauses or source is None:
        return
    cue = sorted({*verb_group(parse, verb), index})
    found = make_candidate(parse, "adjective", index, cue=cue, content=parse.subtree(clauses[0]), source=source)
    if found is not None:
        yield found
