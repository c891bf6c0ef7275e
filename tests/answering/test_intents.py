"""Answers by kind: facts in bold, timelines by day, summaries, comparisons by outlet, both sides of yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.answering.extractive.answer_spans import highlight
from assistant.answering.extractive.layout import SIDES
from assistant.dates import asked_at
from assistant.types import Answer, AskOptions
from tests.house import row, settings_for, take_in

ROWS = [
    row(1, "The Vesland ferry strike began on Monday when 300 sailors walked out. Nobody was hurt.", outlet="Harbour Times", published="2024-03-04", headline="Ferry strike begins"),
    row(2, "The ferry strike spread to three more ports in Vesland. Shops ran short of bread.", outlet="Meridian", published="2024-03-09", headline="Ferry strike spreads"),
    row(3, "The Vesland ferry strike ended after the union accepted a rise of 6 per cent. The union did not say more about the strike.", outlet="Harbour Times", published="2024-03-20", headline="Ferry strike ends"),
    row(4, "Mediators failed to settle the ferry strike in Vesland on Friday.", outlet="Meridian", published="2024-03-15", headline="Ferry strike talks fail"),
    row(5, "Mayor Ada Holm resigned on Tuesday, the council said.", outlet="Harbour Times", published="2024-05-07", headline="Holm resigns as mayor"),
    row(6, "Ada Holm has not resigned as mayor, her office said.", outlet="Meridian", published="2024-05-07", headline="Holm stays, office says"),
    row(7, "The Quill museum was built by Berta Sund in Tavik.", outlet="Meridian", published="2021-05-07", headline="The Quill museum"),
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("kinds") / "archive"
    take_in(folder, ROWS)
    with Assistant.open(settings_for(folder)) as opened:
        yield opened


def ask(assistant: Assistant, question: str) -> Answer:
    answer = assistant.ask(question, AskOptions(as_of=asked_at("2024-06-01")))
    for citation in answer.citations:
        article = assistant.article(citation.article_id, citation.version)
        assert article.text[citation.start : citation.end] == citation.text
    for sentence in answer.sentences:
        assert answer.citations[sentence.citations[0] - 1].text == sentence.text
    return answer


def test_a_timeline_is_ordered_by_day(assistant: Assistant) -> None:
    answer = ask(assistant, "How did the ferry strike in Vesland unfold?")
    assert answer.kind == "timeline"
    assert [s.group for s in answer.sentences] == ["2024-03-04", "2024-03-09", "2024-03-15", "2024-03-20"]


def test_a_summary_takes_one_sentence_an_article(assistant: Assistant) -> None:
    answer = ask(assistant, "What has been reported about the ferry strike in Vesland?")
    assert answer.kind == "summary"
    articles = [answer.citations[s.citations[0] - 1].article_id for s in answer.sentences]
    assert len(articles) == len(set(articles)) >= 3


def test_a_summary_leaves_out_what_repeats_but_not_what_contradicts(tmp_path: Path) -> None:
    told = "The harbour board approved the Kestrel terminal on Monday, its chairwoman said after the vote"
    rows = [
        row(1, f"{told}. Work begins in May.", published="2024-02-05"),
        row(2, f"{told} in the old hall.", published="2024-02-06"),
        row(3, f"{told.replace('approved', 'never approved')}. Papers were mixed up.", published="2024-02-07"),
        row(4, "The Kestrel terminal will cost 40 million crowns, the harbour board said.", published="2024-02-08"),
        row(5, "The Kestrel terminal will cost 65 million crowns, the harbour board said.", published="2024-02-09"),
    ]
    take_in(tmp_path / "archive", rows)
    with Assistant.open(settings_for(tmp_path / "archive")) as assistant:
        answer = ask(assistant, "Summarise the coverage of the Kestrel terminal")
    articles = [answer.citations[s.citations[0] - 1].article_id for s in answer.sentences]
    assert len({"a1", "a2"} & set(articles)) == 1
    assert {"a3", "a4", "a5"} <= set(articles)


@pytest.mark.parametrize("question", ["What happened in March 2024?", "Summarise the news of March 2024"])
def test_a_time_without_a_topic_is_answered_from_articles_of_that_time(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert (answer.kind, answer.status) == ("summary", "supported")
    assert answer.sentences
    for sentence in answer.sentences:
        cited = answer.citations[sentence.citations[0] - 1]
        assert (cited.published or "").startswith("2024-03")
        assert cited.start == 0, "the first sentence of its article"


def test_a_time_without_articles_is_not_answered_from_another(assistant: Assistant) -> None:
    answer = ask(assistant, "What happened on 3 April 2024?")
    assert answer.status == "not_found"
    assert "Nothing relevant was published on 3 April 2024" in answer.reason
    assert (
        "published from 22 to 28 April 2024"
        in assistant.ask("What happened last week?", AskOptions(as_of=asked_at("2024-05-02"))).reason
    )


@pytest.mark.parametrize(
    "question",
    [
        "How do Meridian and Harbour Times differ on the ferry strike in Vesland?",
        "How did the papers cover the ferry strike in Vesland?",
        "What do the media say about the ferry strike in Vesland?",
    ],
)
def test_a_comparison_is_by_outlet(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert (answer.kind, answer.status) == ("comparison", "supported")
    headed = [s.group for s in answer.sentences]
    assert set(headed) == {"Meridian", "Harbour Times"}
    assert headed == sorted(headed, key=lambda outlet: outlet != headed[0])
    for sentence in answer.sentences:
        assert answer.citations[sentence.citations[0] - 1].outlet == sentence.group


def test_yes_or_no_gets_the_evidence_of_both_sides_and_no_verdict(assistant: Assistant) -> None:
    answer = ask(assistant, "Did Ada Holm resign as mayor?")
    assert answer.kind == "yesno"
    said = {s.group: s.text for s in reversed(answer.sentences)}
    assert "resigned on Tuesday" in said[SIDES["says"]]
    assert "has not resigned" in said[SIDES["denies"]]
    headed = [s.group or "" for s in answer.sentences]
    assert headed == sorted(headed, key=list(SIDES.values()).index)


def test_the_words_that_answer_are_marked(assistant: Assistant) -> None:
    answer = ask(assistant, "Who built the Quill museum?")
    (sentence,) = [s for s in answer.sentences if "Sund" in s.text]
    assert sentence.highlight is None  # a builder or a town: two names could answer


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("Who resigned?", "On Tuesday the mayor, Ada Holm, resigned.", "Ada Holm"),
        ("Who resigned?", "Ada Holm resigned on Tuesday after a talk with Tomas Berg.", None),
        ("When did Ada Holm resign?", "Ada Holm resigned on 7 May 2024.", "7 May 2024"),
        ("When did Ada Holm resign?", "Ada Holm resigned on Tuesday.", "Tuesday"),
        ("How many sailors walked out?", "About 300 sailors walked out on 4 March 2024.", "300"),
        ("How much did the tunnel cost?", "The tunnel cost $1.6 billion in the end.", "$1.6 billion"),
        ("How much did wages rise?", "Wages rose by 6 per cent.", "6 per cent"),
        ("Where was Arthur Penhale found?", "Arthur Penhale was found in Pell Bridge.", "Pell Bridge"),
        ("Why did she resign?", "She resigned on Tuesday.", None),
        ("How many died?", "Three died, 40 were hurt and 12 are missing.", None),
    ],
)  # fmt: skip
def test_one_span_that_could_answer_is_marked(question: str, text: str, words: str | None) -> None:
    span = highlight(question, text, "en")
    assert (text[slice(*span)] if span else None) == words


@given(
    st.text(max_size=80),
    st.sampled_from(["Who was it?", "When was it?", "Where was it?", "How many were there?", "Why?"]),
)
def test_a_mark_lies_within_its_sentence(text: str, question: str) -> None:
    span = highlight(question, text, "en")
    assert span is None or 0 <= span[0] < span[1] <= len(text)
