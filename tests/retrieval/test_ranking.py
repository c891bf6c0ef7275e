"""Ranking of articles, recency, and the sentences that batch gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.retrieval.query_terms import QueryTerms, present
from assistant.retrieval.ranking import ArticleWeights
from assistant.retrieval.recency import UNDATED, recency, reference_time
from assistant.retrieval.understanding.query import Query
from benchmarks.ablation import searching
from tests.house import row, settings_for, take_in

_NOON = datetime(2024, 6, 10, 12, tzinfo=UTC)

_ROWS = (
    row(1, "The old bridge of Marnau was closed. Engineers found cracks in its piers.", published="2019-06-09"),
    row(2, "The old bridge of Marnau was closed. Divers found rust on its chains.", published="2024-06-09"),
    row(3, "The old bridge of Marnau was closed. Tourists took pictures of it.", published="2024-06-20"),
    row(
        4, "A bakery in Lund sells bread.\n\nIt opened in 1950. The owner is called Ebba Lind.", published="2024-06-01"
    ),
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("ranking") / "archive"
    take_in(folder, _ROWS)
    with Assistant.open(settings_for(folder)) as opened:
        yield opened


def test_recency_halves_at_its_half_life() -> None:
    now = _NOON.timestamp()
    assert recency(int(now), now, 30) == 1
    assert recency(int(now) - 6 * 86_400, now, 30) == 1
    assert recency(int(now) - 36 * 86_400, now, 30) == pytest.approx(0.5)
    assert recency(int(now) + 5 * 86_400, now, 30) == 0
    assert recency(None, now, 30) == UNDATED


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.floats(0.1, 3_000))
def test_the_older_the_less_recent(one: int, other: int, half_life: float) -> None:
    now = _NOON.timestamp()
    young, old = sorted((one, other))
    assert 0 <= recency(int(now) - old * 86_400, now, half_life) <= recency(int(now) - young * 86_400, now, half_life)


def test_an_archive_that_ended_is_asked_as_of_its_end() -> None:
    end = datetime(2020, 1, 2, tzinfo=UTC).timestamp()
    assert reference_time(_NOON, "2020-01-01") == end
    assert reference_time(_NOON, None) == _NOON.timestamp()
    assert reference_time(datetime(2010, 1, 1, tzinfo=UTC), "2020-01-01") < end


def test_recent_articles_rank_first_and_future_ones_do_not(assistant: Assistant) -> None:
    hits = assistant.search("Why was the old bridge of Marnau closed?", as_of=_NOON)
    assert hits[0].passage.article.id == "a2"
    earlier = assistant.search("Why was the old bridge of Marnau closed?", as_of=_NOON - timedelta(days=1500))
    assert earlier[0].passage.article.id == "a1"
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_excerpts_are_sentences_that_stand_in_their_articles(assistant: Assistant) -> None:
    hits = assistant.excerpts("Who owns the bakery in Lund?", limit=8, as_of=_NOON)
    for hit in hits:
        passage = hit.passage
        assert passage.text == passage.article.text[passage.start : passage.end]
        assert passage.text == passage.text.strip() != ""
    assert hits[0].passage.article.id == "a4"
    assert "The owner is called Ebba Lind." in [hit.passage.text for hit in hits[:3]]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert {hit.passage.article.id for hit in hits} >= {"a1", "a4"}


@given(st.integers(1, 12))
def test_no_more_excerpts_than_requested_are_returned(assistant: Assistant, limit: int) -> None:
    hits = assistant.excerpts("bridge of Marnau", limit=limit, as_of=_NOON)
    assert 1 <= len(hits) <= limit
    assert len({(hit.passage.article.id, hit.passage.start) for hit in hits}) == len(hits)


def test_the_question_itself_weighs_more_than_what_leads_up_to_it() -> None:
    query = Query("", "The queen visited Malta this week. Which ship carried her?", _NOON, language="en")
    terms = QueryTerms.of(query, lambda words: [5] * len(words), 1000)
    roots = [term.root for term in terms.terms]
    assert "week" not in roots
    assert "queen" in roots
    final = dict(zip(roots, terms.final.tolist(), strict=True))
    assert final["ship"] > 0 == final["queen"]
    assert present(["The SHIPS of Malta"], terms, "en").sum() == 2


def test_weights_of_nothing_and_no_words_still_rank(tmp_path: Path) -> None:
    take_in(tmp_path / "archive", _ROWS)
    with searching(tmp_path / "archive", ArticleWeights(*(0.0,) * 6, half_life=30.0)) as searcher:
        assert {hit.score for hit in searcher.search("bridge") if hit.passage.article.id != "a4"} == {0.0}
        assert searcher.excerpts("?!", limit=2)
