"""Swap parties, countries, persons and given names in a text; the lists are `swaps.toml`.

A swap goes both ways at once where a text names both sides, so that who stands against whom is kept. Limits:
words, not grammar: pronouns stay, the names of bills and bodies mostly stay, and some swapped texts say odd
things. All that is asked is whether both versions are read alike.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

LISTS = Path(__file__).parent / "swaps.toml"

_NAME = re.compile(r"\b[A-Z][a-z]{2,}\b")

Rules = Sequence[tuple[str, str]]
Pair = tuple[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Swap:
    """One change of names. Both functions get the (statement, passage) that decide what is changed.

    `direct` says what is changed into what, None where there is nothing to change; `make` returns the change,
    to be done to any text of the row.
    """

    kind: str
    direct: Callable[[Pair], str | None]
    make: Callable[[Pair], Callable[[str], str]]


def load_swaps() -> list[Swap]:
    """Return all swaps."""
    lists = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    given = lists["given"]
    return [
        *(_sided(entry) for entry in lists["swap"]),
        *(_given(group, names, given) for group, names in given["groups"].items()),
        _invented(lists["invented"]["keep"], lists["invented"]["names"]),
    ]


def _sided(entry: Mapping[str, Sequence[Sequence[str]]]) -> Swap:
    pairs = [(re.escape(one), re.escape(other), one, other) for one, other in entry["pairs"]]
    forth = [*((p, other) for p, _, _, other in pairs), *((p, new) for p, new in entry["forth"])]
    back = [*((p, one) for _, p, one, _ in pairs), *((p, new) for p, new in entry["back"])]
    first, second = _pattern(forth), _pattern(back)
    rules = sorted([*forth, *back], key=lambda rule: -len(rule[0]))
    (one, other), kind = entry["sides"], str(entry["kind"])
    names = {(True, True): f"{one} ↔ {other}", (True, False): f"{one} → {other}", (False, True): f"{other} → {one}"}

    def direct(pair: Pair) -> str | None:
        text = "\n".join(pair)
        return names.get((bool(first.search(text)), bool(second.search(text))))

    return Swap(kind, direct, lambda _: _replacing(rules))


def _pattern(rules: Rules) -> re.Pattern[str]:
    return re.compile("|".join(rf"(\b(?:{pattern})(?!\w))" for pattern, _ in rules))


def _replacing(rules: Rules) -> Callable[[str], str]:
    pattern = _pattern(rules)
    return lambda text: pattern.sub(lambda found: rules[(found.lastindex or 1) - 1][1], text)


def _given(group: str, names: Mapping[str, Sequence[str]], lists: Mapping[str, Sequence[str]]) -> Swap:
    chosen = {old: _pick(old, names[sex]) for sex in ("men", "women") for old in lists[sex]}
    rules = [(rf"{old}(?= (?:[A-Z]\. )?[A-Z])", new) for old, new in chosen.items()]
    pattern, change = _pattern(rules), _replacing(rules)

    def direct(pair: Pair) -> str | None:
        return f"given names → {group}" if pattern.search("\n".join(pair)) else None

    return Swap("given names", direct, lambda _: change)


def _invented(keep: Sequence[str], names: Sequence[str]) -> Swap:
    kept = frozenset(keep)

    def found(pair: Pair) -> list[str]:
        shared = set(_NAME.findall(pair[0])) & set(_NAME.findall(pair[1]))
        return sorted(shared - kept)

    def make(pair: Pair) -> Callable[[str], str]:
        places = _pick("".join(found(pair)), range(len(names)))
        return _replacing([(old, names[(places + i) % len(names)]) for i, old in enumerate(found(pair))])

    return Swap("invented names", lambda pair: "shared names → invented" if found(pair) else None, make)


def _pick(key: str, choices: Sequence[T]) -> T:
    digest = hashlib.sha256(key.encode()).digest()
    return choices[int.from_bytes(digest[:4], "big") % len(choices)]
