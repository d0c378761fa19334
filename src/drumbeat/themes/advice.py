"""Advise on statements that are matched less well: what is odd, why it matters, and plainer wordings.

Advice never refuses. It follows from the parse of the statement alone; `likeness` compares it with other themes.
A plain sentence that says one thing gets none. Noun phrases joined by "or" ("security or culture") are left alone: a
sentence about either conveys the statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from drumbeat.models.protocols import Parse, Parser, Token
from drumbeat.reading.trees import children_by
from drumbeat.text.lexicons import load_words
from drumbeat.themes.references import find_dangling, find_day, is_person, without_day
from drumbeat.themes.rewording import (
    FINITE,
    affirmative_of,
    declarative_of,
    finite_in,
    is_negated,
    main_of,
    sentence_of,
    split_aside,
    split_conjuncts,
    split_sentences_of,
    subject_in,
)

LONGEST_PLAIN_WORDS = 25


class AdviceKind(StrEnum):
    """What makes a statement hard to match."""

    TOPIC = "bare topic"
    QUESTION = "question"
    SEVERAL = "several propositions"
    NORM = "norm"
    ATTRIBUTION = "attribution inside"
    NEGATION = "negation"
    DANGLING = "dangling reference"
    COMPARISON = "comparison without standard"
    LENGTH = "long"
    LIKENESS = "like another theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What makes one statement hard to match, and wordings that would do better, where there are any."""

    statement: str
    kind: AdviceKind
    why: str
    proposals: tuple[str, ...] = ()


# On the statements of `recall/train.jsonl` (which the models have seen) mean average precision is .81 for plain
# ones, .78 for several propositions and .75 for norms; the affirmatives of six negated ones raise recall from .72 to
# .85 and lower precision from .69 to .50.
WHY = {
    AdviceKind.TOPIC: "it names a topic; a statement is a sentence that says something of it that can be denied",
    AdviceKind.QUESTION: "a question claims nothing; passages that raise it are found by the statement it asks about",
    AdviceKind.SEVERAL: "it says several things, and a passage that conveys one of them may leave open or deny the "
    "others; give each as a statement of its own",
    AdviceKind.NORM: "it says what ought to be; few passages state a norm in like words, and it is matched somewhat "
    "less well than a fact",
    AdviceKind.ATTRIBUTION: "who says it is found in each passage; the statement is what they say",
    AdviceKind.NEGATION: "its affirmative finds both sides too, since a denial is matched and shown as denied; it "
    "often finds more, if less exactly",
    AdviceKind.DANGLING: "it is read alone, and {words} cannot be made out there; say who, what or when",
    AdviceKind.COMPARISON: "it does not say what {words} is measured against; name it (than what, since when)",
    AdviceKind.LENGTH: f"it has {{words}} words; passages rarely convey all of more than {LONGEST_PLAIN_WORDS}",
}
_NORM_MODALS = frozenset(["should", "must", "ought", "shall"])
_SAYING = frozenset([
    "say", "claim", "argue", "believe", "think", "report", "allege", "insist", "warn", "state", "suggest",
    "assert", "maintain", "contend", "tell", "declare", "announce", "add", "note", "write", "show", "find",
    "indicate", "deny", "estimate",
])  # fmt: skip
_ENDING, _GOING_ON = frozenset(["stop", "quit", "cease", "end"]), frozenset(["keep", "continue"])
_NO_COMPARISON = frozenset([
    "former", "latter", "later", "earlier", "further", "upper", "inner", "outer", "longer", "rather",
])  # fmt: skip
_STANDARDS = frozenset([
    "than", "since", "after", "before", "compared", "under", "without", "over", "from",
])  # fmt: skip


def advise(text: str, parse: Parse) -> tuple[Advice, ...]:
    """Return advice on a statement from its parse, in the order of `AdviceKind`; empty for a plain one."""
    main = main_of(parse)
    if main is None:
        return ()
    found = [
        Advice(statement=text, kind=kind, why=WHY[kind].format(words=words), proposals=_distinct(proposals, text))
        for kind, words, proposals in _findings(parse, main)
    ]
    return tuple(sorted(found, key=lambda advice: list(AdviceKind).index(advice.kind)))


def advise_all(texts: Sequence[str], parser: Parser) -> tuple[Advice, ...]:
    """Return the advice on each statement, in order."""
    parses = parser.parse([text if text[-1:] in ".?!" else f"{text}." for text in texts])
    return tuple(advice for text, parse in zip(texts, parses, strict=True) for advice in advise(text, parse))


_Finding = tuple[AdviceKind, str, Sequence[str]]


def _distinct(proposals: Sequence[str], text: str) -> tuple[str, ...]:
    plain = text.rstrip(".?! ").casefold()
    return tuple(dict.fromkeys(one for one in proposals if one and one.rstrip(".").casefold() != plain))


def _findings(parse: Parse, root: int) -> Iterator[_Finding]:
    yield from _of_references(parse)
    words = len(parse.text.split())
    if words > LONGEST_PLAIN_WORDS:
        yield AdviceKind.LENGTH, str(words), ()
    if _is_question(parse, root):
        yield AdviceKind.QUESTION, "", (declarative_of(parse, root),)
    elif is_imperative(parse, root):
        yield AdviceKind.NORM, "", ()
    elif _is_topic(parse):
        yield AdviceKind.TOPIC, "", (_sentence_with_verb(parse, root),)
    else:
        yield from _of_clause(parse, root)


def _of_clause(parse: Parse, root: int) -> Iterator[_Finding]:
    splits = (split_sentences_of(parse), split_aside(parse), split_conjuncts(parse, root))
    split = next((found for found in splits if found is not None), None)
    if split is not None:
        yield AdviceKind.SEVERAL, "", split
    is_norm = _is_norm(parse, root)
    said = _said(parse, root)
    if is_norm:
        yield AdviceKind.NORM, "", tuple(_factual_cores(parse, root))
    if said is not None:
        yield AdviceKind.ATTRIBUTION, "", (said,)
    elif split is None and not is_norm and is_negated(parse, root):
        yield AdviceKind.NEGATION, "", (affirmative_of(parse, root),)
    compared = _comparative(parse, root)
    if compared is not None:
        yield AdviceKind.COMPARISON, _quoted(compared), ()


def _of_references(parse: Parse) -> Iterator[_Finding]:
    pointing = [parse.tokens[i].text for i in find_dangling(parse)]
    day = find_day(parse)
    if pointing or day:
        words = [*dict.fromkeys(pointing), *([day] if day else [])]
        alone = without_day(parse, day) if day and not pointing else ""
        yield AdviceKind.DANGLING, " and ".join(map(_quoted, words)), (alone,)


def _quoted(words: str) -> str:
    return f"\u201c{words}\u201d"


def _is_question(parse: Parse, root: int) -> bool:
    if parse.text.rstrip().endswith("?"):
        return True
    first, subject = parse.tokens[0], subject_in(parse, root)
    is_inverted = first.tag in FINITE and (root == 0 or (first.head == root and first.dep in ("aux", "auxpass")))
    return is_inverted and subject is not None and subject > 0 and first.pos == "AUX"


def is_imperative(parse: Parse, root: int) -> bool:
    """Tell whether a sentence orders: a plain verb without a subject, at most after "please", "let" or "do"."""
    token = parse.tokens[root]
    following = parse.tokens[root + 1 : root + 3]
    is_name = [one.tag for one in following] == ["NNS", "RB"]  # "Trump profits illegally"
    if token.tag not in ("VB", "VBP") or subject_in(parse, root) is not None or is_name:
        return False
    before = [parse.tokens[i] for i in range(root) if parse.tokens[i].head == root]
    return all(one.lemma.lower() in ("do", "not", "never", "please", "n't", "always") for one in before)


def _is_topic(parse: Parse) -> bool:
    """Tell whether no token is a finite verb or can be one that the parser took for a noun or participle."""
    tokens = parse.tokens
    if any(token.tag in FINITE or _is_bare_present(parse, i) for i, token in enumerate(tokens)):
        return False
    return not any(_may_be_verb(*tokens[i - 1 : i + 2]) for i in range(1, len(tokens) - 1))


def _is_bare_present(parse: Parse, index: int) -> bool:
    """Tell whether a verb tagged as an infinitive has a subject and no helper: "police stop young men"."""
    token = parse.tokens[index]
    return token.tag == "VB" and subject_in(parse, index) is not None and not children_by(parse, index, "aux")


def _may_be_verb(before: Token, token: Token, after: Token) -> bool:
    """Tell whether a token can be the verb of "Council hid report" or "Toll empties islands"."""
    if after.tag == "RB":
        return token.tag == "NNS" and before.tag == "VB"
    if after.tag[:2] not in ("NN", "JJ", "VB", "DT", "PR", "CD"):
        return False
    if token.tag == "VBN":
        return before.tag[:2] in ("NN", "RB", "VB")
    if token.tag == "NN" and before.tag[:2] == "NN" and (after.tag[:2] == "JJ" or token.text in _verbs()):
        return True
    is_plural = token.tag in ("NN", "NNS") and token.text[-1:] == "s" and after.tag[:2] in ("NN", "VB")
    return (is_plural and before.tag[:2] in ("NN", "VB")) or (token.tag in ("NN", "JJ") and before.tag == "NNS")


def _verbs() -> frozenset[str]:
    return load_words("cue_verbs") | load_words("irregular_verbs") | load_words("triggers")


def _sentence_with_verb(parse: Parse, root: int) -> str:
    """Return "Villages are emptying." for "villages emptying", "" for other topics: what is claimed is not there."""
    doing = [root, *children_by(parse, root, "acl")]
    noun = root if parse.tokens[root].tag in ("NN", "NNS", "NNP") else subject_in(parse, root)
    after = next((i for i in doing if parse.tokens[i].tag == "VBG"), None)
    if noun is None or after is None or noun > after:
        return ""
    be = "are" if parse.tokens[noun].tag in ("NNS", "NNPS") else "is"
    return sentence_of(parse, [*range(after), be, *range(after, len(parse.tokens))])


def _is_norm(parse: Parse, root: int) -> bool:
    token = parse.tokens[root]
    if token.lemma in ("need", "have") and token.tag in ("VBZ", "VBP"):
        return any(_has_to(parse, place) for place in children_by(parse, root, "xcomp"))
    if token.lemma == "be":
        times = [i for i in children_by(parse, root, "attr") if parse.tokens[i].lemma == "time"]
        return any(_has_to(parse, place) for i in times for place in parse.children[i])
    helpers = [parse.tokens[i] for i in children_by(parse, root, "aux")]
    modal = next((one.text.lower() for one in helpers if one.text.lower() in _NORM_MODALS), None)
    is_guess = modal == "must" and any(one.lemma in ("have", "be") and one.tag == "VB" for one in helpers)
    return token.text.lower() == "ought" or (modal is not None and not is_guess)


def _has_to(parse: Parse, index: int) -> bool:
    return any(parse.tokens[i].tag == "TO" for i in parse.children[index])


def _factual_cores(parse: Parse, root: int) -> Iterator[str]:
    """Yield what a norm says of how things are: its reason, a plain clause beside it, what is to stop or go on."""
    for clause in children_by(parse, root, "advcl"):
        marks = [i for i in children_by(parse, clause, "mark") if parse.tokens[i].text.lower() in ("because", "since")]
        if marks and finite_in(parse, clause):
            yield sentence_of(parse, [i for i in parse.subtree(clause) if i not in marks])
    subject = subject_in(parse, root)
    if subject is None:
        return
    for clause in children_by(parse, root, "conj"):
        if parse.tokens[clause].tag in ("VBZ", "VBP", "VBD") and not _is_norm(parse, clause):
            own = subject_in(parse, clause)
            yield sentence_of(parse, [*(parse.subtree(subject) if own is None else []), *parse.subtree(clause)])
    if parse.tokens[root].lemma in _ENDING | _GOING_ON:
        for doing in children_by(parse, root, "xcomp"):
            if parse.tokens[doing].tag == "VBG":
                be = "are" if parse.tokens[subject].tag in ("NNS", "NNPS") else "is"
                yield sentence_of(parse, [*parse.subtree(subject), be, *parse.subtree(doing)])


def _said(parse: Parse, root: int) -> str | None:
    """Return what is said in "experts say that P" and "according to X, P"; None where nobody is made to say it."""
    for place in children_by(parse, root, "prep"):
        if parse.tokens[place].text.lower() == "according":
            gone = set(parse.subtree(place))
            return sentence_of(parse, [i for i in range(len(parse.tokens)) if i not in gone])
    contents = [i for i in children_by(parse, root, "ccomp") if finite_in(parse, i)]
    if parse.tokens[root].lemma not in _SAYING or not contents or subject_in(parse, contents[0]) is None:
        return None
    content = parse.subtree(contents[0])
    marks = [i for i in children_by(parse, contents[0], "mark") if parse.tokens[i].text.lower() == "that"]
    kept = [i for i in content if i not in marks]
    first = parse.tokens[kept[0]]
    if first.tag != "PRP":
        return sentence_of(parse, kept)
    speaker = subject_in(parse, root)
    if speaker is None or not _may_mean(parse, first.text.lower(), speaker):
        return ""
    return sentence_of(parse, [*parse.subtree(speaker), *kept[1:]])


def _may_mean(parse: Parse, pronoun: str, noun: int) -> bool:
    token = parse.tokens[noun]
    if token.pos not in ("NOUN", "PROPN") or (token.tag in ("NNS", "NNPS")) != (pronoun == "they"):
        return False
    return pronoun not in ("he", "she") or is_person(token)


def _comparative(parse: Parse, root: int) -> str | None:
    """Return a comparative in the predicate or a "more ..." of subject or object whose standard is not named."""
    words = [token.text.lower() for token in parse.tokens]
    compared = [
        i
        for i, token in enumerate(parse.tokens)
        if token.tag in ("JJR", "RBR") and token.text.lower() not in _NO_COMPARISON
    ]
    if len(compared) != 1 or _STANDARDS & set(words):
        return None
    token = parse.tokens[compared[0]]
    head = parse.tokens[token.head]
    is_predicate = token.head == root and token.dep in ("acomp", "advmod", "dobj", "attr")
    is_degree = head.head == root and token.dep == "advmod" and head.dep == "acomp"
    is_amount = token.text.lower() in ("more", "fewer", "less") and head.head == root and token.dep in ("amod", "det")
    is_stated = parse.tokens[root].lemma not in ("become", "get", "grow", "turn", "make", "go")
    return token.text if is_stated and (is_predicate or is_degree or is_amount) else None
