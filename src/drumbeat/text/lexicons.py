"""Lexicons: rows of words with their properties, as text files beside this module.

A row is a key, a tab, and values separated by spaces; `#` begins a comment line. Adding a word is adding a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def load_lexicon(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return a lexicon by its file name without ".txt": key → values (empty where a row is only a key)."""
    rows = (files("drumbeat.text") / "lexicons" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = (row.partition("\t") for row in rows if row.strip() and not row.startswith("#"))
    return MappingProxyType({key.strip(): tuple(values.split()) for key, _, values in pairs})


@cache
def load_words(name: str) -> frozenset[str]:
    """Return the keys of a lexicon."""
    return frozenset(load_lexicon(name))
