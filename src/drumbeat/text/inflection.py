"""Inflect English verbs: past tense and third person, for rewording a statement.

The irregular ones are rows of the lexicon `irregular_verbs`; the rest follow spelling rules (Quirk et al. 1985,
3.5-3.10). Limit: a final consonant is doubled in one syllable and in the listed verbs only.
"""

from __future__ import annotations

import re

from drumbeat.text.lexicons import load_lexicon

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_SHORT = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")
_DOUBLING = frozenset([
    "admit", "commit", "compel", "control", "deter", "expel", "incur", "occur", "omit", "patrol", "permit",
    "prefer", "propel", "rebut", "refer", "regret", "submit", "transfer", "transmit",
])  # fmt: skip
_THIRD = {"be": "is", "have": "has", "do": "does", "go": "goes"}


def past_of(lemma: str) -> str:
    """Return the past tense of a verb given in its plain form ("hide": "hid")."""
    irregular = load_lexicon("irregular_verbs").get(lemma)
    if irregular:
        return irregular[0]
    if lemma.endswith("e"):
        return lemma + "d"
    if _ends_in_consonant_y(lemma):
        return lemma[:-1] + "ied"
    doubled = lemma in _DOUBLING or _SHORT.match(lemma)
    return lemma + (lemma[-1] if doubled else "") + "ed"


def third_person_of(lemma: str) -> str:
    """Return the third person singular of the present ("deny": "denies")."""
    if lemma in _THIRD:
        return _THIRD[lemma]
    if _ends_in_consonant_y(lemma):
        return lemma[:-1] + "ies"
    return lemma + ("es" if _SIBILANT.search(lemma) else "s")


def _ends_in_consonant_y(word: str) -> bool:
    return len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou"
