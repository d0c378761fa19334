from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.reading.quotes import find_quotes, speech_spans
from drumbeat.text.canonical import canonical_text

MARKS = "\"'“”‘’„«»`\n ab.,!"


def outer(text: str) -> list[str]:
    return [quote.span.of(text) for quote in find_quotes(text)[0] if quote.depth == 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We will go," he said. "It\'s done."', ['"We will go,"', '"It\'s done."']),
        ("“We will go,” he said.", ["“We will go,”"]),
        ("„Wir gehen“, sagte er.", ["„Wir gehen“"]),
        ("«On y va», dit-il.", ["«On y va»"]),
        ("''We're in,'' he said.", ["''We're in,''"]),
        ("‘It’s a rock,’ she said.", ["‘It’s a rock,’"]),
        ("The officials' report on the '90s isn't out.", []),
        ("He is 6'2\" tall.", []),
        ("It was rock ’n’ roll.", []),
    ],
)
def test_marks_of_every_kind_are_paired(text: str, expected: list[str]) -> None:
    assert outer(text) == expected


def test_quotes_inside_quotes_are_nested() -> None:
    quotes, gaps = find_quotes("“He told me ‘no way’ twice,” she said.")
    assert [quote.depth for quote in quotes] == [0, 1]
    assert not gaps


def test_a_passage_may_leave_its_quotation_open() -> None:
    text = "“The dam held.\n\n“Nobody was hurt,” she said."
    quotes, gaps = find_quotes(text)
    assert [(quote.span.of(text), quote.is_open) for quote in quotes] == [
        ("“The dam held.", True),
        ("“Nobody was hurt,”", False),
    ]
    assert not gaps


def test_a_mark_without_partner_is_a_gap_and_spoils_only_its_passage() -> None:
    text = 'He said: "the dam held.\n\nHolt nodded.\n\n"Nobody was hurt," she said.'
    quotes, gaps = find_quotes(text.replace('"Nobody', "Nobody ran. “Nobody").replace('hurt,"', "hurt,”"))
    assert len(quotes) == 1
    assert [gap.what for gap in gaps] == ["quotation"]


def test_scare_quotes_and_titles_are_no_speech() -> None:
    text = "The “peace corridor” is in “The Long Road Home,” her book. “We will not sell,” she said."
    assert [span.of(text) for span in speech_spans(find_quotes(text)[0])] == ["“We will not sell,”"]


@given(st.text(alphabet=MARKS, max_size=120))
def test_any_text_gives_spans_inside_it_in_order(raw: str) -> None:
    text = canonical_text(raw)
    quotes, gaps = find_quotes(text)
    assert all(quote.span.of(text) and quote.span.holds(quote.inner) for quote in quotes)
    assert [quote.span.start for quote in quotes] == sorted(quote.span.start for quote in quotes)
    outers = [quote.span for quote in quotes if quote.depth == 0]
    assert all(one.end <= other.start for one, other in pairwise(outers))
    assert all(gap.span is None or gap.span.end <= len(text) for gap in gaps)
