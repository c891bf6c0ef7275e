"""Whole sentences around a place in an article, however long its paragraphs are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from assistant.answering.segments import printable, surrounding
from assistant.text import Span
from assistant.types import StoredArticle
from tests.house import calls

SENTENCES = [f'"The pump on quay {n} is to be mended," said Dr. Ida Holm, who runs it.' for n in range(3000)]


def stored(text: str) -> StoredArticle:
    return StoredArticle(1, "a1", 1, True, text, "", "Headline", "", "Post", "", "en", None, None)


@pytest.mark.parametrize("find", [surrounding, printable])
@pytest.mark.parametrize("number", [0, 1, 700, 1500, 2998, 2999])
def test_a_sentence_of_a_very_long_paragraph_is_whole(
    find: Callable[[StoredArticle, int, int], Span], number: int
) -> None:
    article = stored(" ".join(SENTENCES))
    start = article.text.index("mended", article.text.index(SENTENCES[number]))
    assert article.text[slice(*find(article, start, start + 6))] == SENTENCES[number]


@pytest.mark.parametrize("find", [surrounding, printable])
def test_a_sentence_takes_no_more_work_in_a_longer_paragraph(
    find: Callable[[StoredArticle, int, int], Span],
) -> None:
    long, longer = (stored(" ".join(SENTENCES[:count])) for count in (1500, 3000))
    assert len(long.text) > 100_000
    middle = long.text.index(SENTENCES[750])
    work = [calls(partial(find, article, middle, middle + 20)) for article in (long, longer)]
    assert work[0] == work[1]


def test_text_without_spaces_is_cut_within_reach() -> None:
    article = stored("x" * 100_000)
    middle = len(article.text) // 2
    start, end = surrounding(article, middle, middle + 10)
    assert start <= middle < middle + 10 <= end
    assert end - start < 50_000
