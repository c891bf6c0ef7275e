"""Passages: whole sentences, never over the model's window, nothing left out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.admin.prepare import Preparer
from assistant.embedding.embedder import Embedder, passage_text
from assistant.passages import split
from assistant.sentences import sentences
from assistant.text import clean


def _count(texts: object) -> list[int]:
    return [len(text.split()) for text in texts]  # type: ignore[attr-defined]


@given(st.text(alphabet="ab .!?\n", max_size=400).map(clean), st.integers(1, 30))
def test_passages_fit_and_leave_nothing_out(text: str, budget: int) -> None:
    spans = split(text, "en", budget, _count)
    covered: set[int] = set()
    before = 0
    for start, end in spans:
        assert before <= start < end
        covered.update(range(start, end))
        before = end
        assert _count([text[start:end]])[0] <= budget
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


def test_passages_begin_and_end_with_sentences() -> None:
    text = " ".join(f"This is sentence number {i} of the article." for i in range(40))
    starts = {s for s, _ in sentences(text)}
    spans = split(text, "en", 50, _count)
    assert all(start in starts for start, _ in spans)
    lengths = _count([text[s:e] for s, e in spans])
    assert min(lengths) > 0.6 * max(lengths), "no stub at the end"


def test_a_word_longer_than_the_window_is_cut(embedder: Embedder) -> None:
    text = "x9Q" * 4000
    spans = split(text, "en", 100, embedder.count)
    assert "".join(text[s:e] for s, e in spans) == text
    assert max(embedder.count([text[s:e] for s, e in spans])) <= 100


@settings(deadline=None, max_examples=30)
@given(headline=st.text(max_size=600), sentence=st.text(min_size=1, max_size=200))
def test_embedded_text_is_read_to_its_end(embedder: Embedder, headline: str, sentence: str) -> None:
    preparer = Preparer(None, embedder)  # type: ignore[arg-type]  # cutting needs no archive
    _, texts = preparer.cut(clean((sentence + ". ") * 30), clean(headline), "en")
    assert all(tokens <= embedder.window for tokens in embedder.count(texts))


def test_the_end_of_a_long_passage_counts(embedder: Embedder) -> None:
    """The trap: a text over the window loses its tail silently. Ours never is over."""
    head = "The council met on Monday to speak about roads. " * 30
    one, other = embedder.passages(
        [passage_text("", head + "Volcano."), passage_text("", head + "Parliament dissolved.")]
    )
    assert float(one @ other) == pytest.approx(1.0, abs=1e-3), (
        "over the window the tail is lost: so it must not come to that"
    )
    preparer = Preparer(None, embedder)  # type: ignore[arg-type]
    spans, texts = preparer.cut(clean(head + "Volcano."), "", "en")
    assert len(spans) > 1
    assert texts[-1].endswith("Volcano.")
