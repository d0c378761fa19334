"""The packaged attribution tagger on plain cases about invented people."""

from __future__ import annotations

import pytest

from drumbeat.models.opening import open_tagger
from drumbeat.models.protocols import TaggedAttribution, Tagger
from drumbeat.text.passages import split_sentences


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def tagged(tagger: Tagger, text: str) -> list[tuple[str, str, str]]:
    def words(item: TaggedAttribution, role: str) -> str:
        return " … ".join(span.of(text) for span in getattr(item, role))

    found = tagger.tag(text, split_sentences(text))
    return [(words(item, "source"), words(item, "cue"), words(item, "content")) for item in found]


def test_a_plain_clause(tagger: Tagger) -> None:
    text = "Harbour officials said on Monday that the toll would be lifted in spring."
    [(source, cue, content)] = tagged(tagger, text)
    assert (source, cue) == ("Harbour officials", "said")
    assert "the toll would be lifted in spring" in content


def test_narration_has_no_attribution(tagger: Tagger) -> None:
    assert tagged(tagger, "The ferry left the harbour at noon and reached the island before dark.") == []


def test_every_attribution_has_cue_and_content_inside_the_text(tagger: Tagger) -> None:
    text = "“It was a mistake,” said Mara Holt. According to two aides, she knew.\n\nShe denied it: “I did not.” " * 20
    found = tagger.tag(text, split_sentences(text))
    assert len(found) > 20
    for item in found:
        assert item.cue
        assert item.content
        assert all(span.end <= len(text) for span in (*item.source, *item.cue, *item.content))
        assert 0 < item.score <= 1


def test_wanted_sentences_give_their_own_cues_only(tagger: Tagger) -> None:
    text = "Mara Holt said the toll was unlawful. The ferry left at noon. Joan Renner denied that it was."
    sentences = split_sentences(text)
    cues = [item.cue[0].of(text) for item in tagger.tag(text, sentences, [2])]
    assert cues == ["denied"]


@pytest.mark.parametrize("text", ["", "?", "x" * 5000, "“" * 300, "a " * 3000])
def test_odd_text_gives_no_error(tagger: Tagger, text: str) -> None:
    tagger.tag(text, split_sentences(text))
