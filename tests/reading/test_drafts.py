import pytest

from drumbeat.models.protocols import TaggedAttribution
from drumbeat.models.spacy_parser import SpacyParser
from drumbeat.reading.drafts import tagged_draft
from drumbeat.reading.parsed import parse_sentences
from drumbeat.records import Span
from drumbeat.text.passages import split_sentences


@pytest.mark.parametrize(
    ("tagged", "source", "text"),
    [
        ("from the land registry", "the land registry", "Figures from the land registry show a fall in prices."),
        ("over 20 officials", "over 20 officials", "The port is safe, over 20 officials said on Monday."),
        ("Mara", "Mara Holt", "Mara Holt said that the port was safe."),
    ],
)
def test_a_source_is_whole_and_without_its_preposition(
    tagged: str, source: str, text: str, parser: SpacyParser
) -> None:
    start, cue = text.index(tagged), text.index("show" if "show" in text else "said")
    item = TaggedAttribution(
        source=(Span(start=start, end=start + len(tagged)),), cue=(Span(start=cue, end=cue + 4),), content=(), score=0.9
    )
    draft = tagged_draft(item, 0, parse_sentences(text, split_sentences(text), parser)[0])
    assert [span.of(text) for span in draft.source] == [source]
