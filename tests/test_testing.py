"""The test double: an assistant over a few articles, in memory, that answers as the real one does."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from assistant import Answer, Article, AskOptions, Assistant, BadRecord, Filters, load_settings, parse_date
from assistant.schemas import as_json
from assistant.serve import create_app
from assistant.serve.api import create_api
from assistant.testing import memory_assistant, word_embedder
from tests.answering.scripted import Scripted

ROOT = Path(__file__).parent.parent

TUNNEL = Article(
    'The harbour tunnel will open in 2031. "We are late," said minister Anna Berg.',
    id="tunnel",
    headline="Harbour tunnel delayed",
    outlet="Harbour Post",
    language="en",
    published=parse_date("2023-05-12"),
)
FERRY = Article(
    "Fares on the island ferry will rise by five per cent in June. The operator blamed the price of fuel.",
    id="ferry",
    headline="Ferry fares to rise",
    outlet="Northern Courier",
    language="en",
    published=parse_date("2023-05-20"),
)


@pytest.fixture(scope="module")
def double() -> Iterator[Assistant]:
    with memory_assistant([TUNNEL, FERRY]) as opened:
        yield opened


def test_it_answers_with_citations_that_hold(double: Assistant) -> None:
    answer = double.ask("When will the harbour tunnel open?")
    assert (answer.status, answer.answer) == ("supported", "The harbour tunnel will open in 2031. [1]")
    (citation,) = answer.citations
    assert (citation.article_id, citation.outlet, citation.published) == ("tunnel", "Harbour Post", "2023-05-12")
    assert double.article("tunnel").text[citation.start : citation.end] == citation.text


@pytest.mark.parametrize("question", ["Who won the cup final?", "What did Olof Palme say about Vietnam?"])
def test_a_question_that_the_articles_do_not_answer_is_refused(double: Assistant, question: str) -> None:
    answer = double.ask(question)
    assert (answer.status, answer.sentences, bool(answer.reason)) == ("not_found", (), True)


def test_it_knows_who_said_what(double: Assistant) -> None:
    answer = double.ask("What did Anna Berg say?")
    assert [sentence.speaker for sentence in answer.sentences] == ["Anna Berg"]
    (quote,) = double.quotes(speaker="Berg")
    assert (quote.text, quote.kind, quote.speaker, quote.article_id) == (
        '"We are late,"',
        "direct",
        "Anna Berg",
        "tunnel",
    )
    assert double.article("tunnel").text[quote.start : quote.end] == quote.text


def test_without_quotes_nobody_is_quoted() -> None:
    with memory_assistant([TUNNEL], quotes=False) as opened:
        assert list(opened.quotes()) == []


def test_filters_follow_ups_and_search_are_the_real_ones(double: Assistant) -> None:
    late = AskOptions(filters=Filters.of(since="2024"))
    assert "outside the archive" in double.ask("When will the harbour tunnel open?", late).reason
    again = AskOptions(history=["When will the harbour tunnel open?"])
    assert "harbour tunnel" in double.ask("And in May 2023?", again).query
    assert [hit.passage.article.id for hit in double.search("tunnel fares", sort="newest")] == ["ferry", "tunnel"]


def test_an_article_ingested_again_is_a_new_version() -> None:
    later = Article(TUNNEL.text.replace("2031", "2032"), id="tunnel", language="en")
    with memory_assistant([TUNNEL, later], quotes=False) as opened:
        assert opened.ask("When will the harbour tunnel open?").citations[0].version == 2
        assert "2031" in opened.article("tunnel", 1).text


def test_an_article_without_a_text_is_an_error_that_names_it() -> None:
    with pytest.raises(BadRecord, match="article 2: it has no text"), memory_assistant([TUNNEL, Article(" ")]):
        pass


def test_an_empty_archive_says_that_it_is_empty() -> None:
    with memory_assistant([]) as opened:
        assert opened.ask("When will the harbour tunnel open?").reason == "The archive is empty."


def test_the_environment_does_not_affect_its_answers(
    double: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONTHERECORD_ANSWERING__MAX_SENTENCES", "0")
    (tmp_path / "ontherecord.toml").write_text("no = toml =", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    question = "How much will the ferry fares rise?"
    with memory_assistant([TUNNEL, FERRY]) as opened:
        mine, theirs = as_json(opened.ask(question)), as_json(double.ask(question))
    for body in (mine, theirs):
        del body["milliseconds"], body["as_of"], body["freshness"]
    assert mine == theirs


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with memory_assistant([TUNNEL], quotes=False):
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_several_threads_can_ask_it(double: Assistant) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: double.ask("When will the harbour tunnel open?").answer, range(32)))
    assert set(answers) == {"The harbour tunnel will open in 2031. [1]"}


def test_a_model_can_write_its_answers() -> None:
    with memory_assistant([TUNNEL], model=Scripted("The tunnel will open in 2031 [1].")) as opened:
        answer = opened.ask("When will the harbour tunnel open?")
        assert (answer.wording.by, answer.answer) == ("model", "The tunnel will open in 2031. [1]")


def test_it_serves_http(double: Assistant) -> None:
    with TestClient(create_api(double)) as http:
        body = http.post("/v1/ask", json={"question": "When will the harbour tunnel open?"}).raise_for_status().json()
        assert body["answer"] == "The harbour tunnel will open in 2031. [1]"
        assert http.get("/v1/quotes", params={"speaker": "Berg"}).json()["total"] == 1
        assert http.get("/v1/articles/none").json()["error"]["code"] == "not_found"


def test_it_serves_the_web_app_too(double: Assistant) -> None:
    with TestClient(create_app(double, load_settings()), base_url="http://localhost") as http:
        assert "On the Record" in http.get("/").raise_for_status().text
        assert http.get("/readyz").json()["freshness"]["articles"] == 2


def test_vectors_are_of_the_words_and_the_same_everywhere() -> None:
    embedder = word_embedder()
    tunnel, opening, ferry = embedder.passages(["The tunnel opens", "Opening the tunnel", "Fares of the ferry"])
    assert tunnel @ tunnel == pytest.approx(1)
    assert tunnel @ opening > 0.5 > 0.01 > tunnel @ ferry
    script = (
        "import json; from assistant.testing import word_embedder;"
        "print(json.dumps(word_embedder().query('The tunnel opens').tolist()))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert np.array_equal(json.loads(run.stdout), tunnel)


def test_nothing_heavy_is_loaded() -> None:
    """A test that asks about a plain article waits for no parser, no network's weights and no web framework."""
    script = """
import sys
from assistant import Article
from assistant.testing import memory_assistant
with memory_assistant([Article("The tunnel will open in 2031.", language="en")]) as assistant:
    assert assistant.ask("When will the tunnel open?").status == "supported"
heavy = {"torch", "transformers", "sentence_transformers", "openvino", "spacy", "gradio", "fastapi", "llama_index"}
print(sorted(heavy & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_its_answers_are_answers(double: Assistant) -> None:
    *_, last = double.stream("When will the harbour tunnel open?")
    assert isinstance(last, Answer)
