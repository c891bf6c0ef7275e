"""The verdict is about the sentences that are printed, and both come from one ranking of sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from assistant.answering.answerability.scoring import Answerability
from assistant.answering.evidence import capitalised
from assistant.archive import Archive
from assistant.embedding.embedder import Embedder
from assistant.index import open_indexes
from assistant.retrieval.analysis import terms
from assistant.retrieval.query_terms import Floats, QueryTerms
from assistant.retrieval.sentence_scoring import SentenceInContext
from assistant.retrieval.understanding.query import Query
from assistant.searcher import Searcher
from assistant.speakers.directory import SpeakerDirectory
from assistant.types import AskOptions
from tests.house import row, settings_for, take_in

_NOON = datetime(2024, 3, 2, 12, tzinfo=UTC)

_ROWS = (
    row(1, "The harbour ferry was delayed on Monday. A storm had torn two mooring ropes. Nobody was hurt."),
    row(2, "The harbour ferry was delayed again on Friday. Fog lay over the sound until noon. The crew waited ashore."),
    row(3, "The town of Vardal mourns its pilot. Signe Moller steered the harbour ferry for thirty years."),
    row(4, "Head of the rowing club is Tor Lund. The head of the club opened the harbour race on Sunday in the rain."),
    row(5, "Mayor Otto Brandt cut the ribbon. Brandt said that the harbour market opens in June with forty stalls."),
    row(6, "The harbour museum is run by Ragna Holt. It shows what a storm does to a ferry."),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("verdict") / "archive"
    take_in(archive, _ROWS)
    return archive


def asked(folder: Path, question: str, **answering: int) -> tuple[str, str, list[str]]:
    with Assistant.open(settings_for(folder, answering=answering)) as assistant:
        answer = assistant.ask(question, AskOptions(as_of=_NOON))
    return answer.status, answer.reason, [sentence.text for sentence in answer.sentences]


@pytest.mark.parametrize(
    ("question", "first", "missing"),
    [
        (
            "Why was the harbour ferry delayed again until noon in the fog, Lund?",
            "The harbour ferry was delayed again on Friday.",
            "“lund”",
        ),
        (
            "Was the harbour ferry delayed by a storm, Ragna Holt?",
            "The harbour ferry was delayed on Monday.",
            "“ragna” or “holt”",
        ),
    ],
)
def test_a_name_that_is_found_but_not_printed_is_mentioned(
    folder: Path, question: str, first: str, missing: str
) -> None:
    status, reason, printed = asked(folder, question, max_sentences=1)
    assert printed == [first]
    assert (status, reason) == ("partial", f"What was found does not mention {missing}.")


def test_the_first_word_of_a_question_is_not_a_name_if_articles_write_it_in_lower_case(folder: Path) -> None:
    wanted = terms("Head and Lund, what of the race?", "en")
    with searching(folder, Contrary("")) as searcher:
        assert capitalised(wanted, searcher.search("Tor Lund, head of the club")) == {"lund"}
        assert capitalised(wanted, searcher.search("mooring ropes", limit=1)) == {"head", "lund"}


def test_namesakes_do_not_answer_for_each_other(folder: Path) -> None:
    status, reason, printed = asked(folder, "When does Peter Brandt open the harbour market?")
    assert any("Brandt said" in text for text in printed)
    assert (status, "“peter”" in reason) == ("partial", True)


def test_a_refusal_names_only_what_no_passage_near_has(folder: Path) -> None:
    status, reason, printed = asked(
        folder, "Which orchestra did Signe Moller conduct with Ragna Holt in Vienna in 1987?"
    )
    assert (status, printed) == ("not_found", [])
    assert reason.startswith("Nothing close to this question mentions “vienna”.")


class Contrary:
    """Takes the sentences with a word for the likeliest, whatever is asked."""

    def __init__(self, word: str) -> None:
        self._word = word

    def scores(self, query: Query, query_terms: QueryTerms, sentences: Sequence[SentenceInContext]) -> Floats:
        """Return the log-odds that each sentence holds the answer."""
        return np.array([10.0 if self._word in one.text else 0.0 for one in sentences])


@contextmanager
def searching(folder: Path, scorer: Contrary) -> Iterator[Searcher]:
    settings = settings_for(folder)
    with Archive(folder) as archive:
        indexes = open_indexes(archive, archive.index_folder, write=False)
        embedder = Embedder.load(settings.embedding)
        judge = Answerability(archive, indexes, embedder.fingerprint)
        searcher = Searcher(
            archive, indexes, embedder, settings, SpeakerDirectory(archive), judge, scorer=scorer
        )  # fmt: skip
        yield searcher
        searcher.close()
        indexes.close()


def test_another_scorer_ranks_the_sentences(folder: Path) -> None:
    with searching(folder, Contrary("thirty years")) as searcher:
        query, found = searcher.find(searcher.understand("Why was the harbour ferry delayed?", AskOptions(as_of=_NOON)))
        ranked = searcher.sentences(query, found, 4)
        excerpts = searcher.excerpts("Why was the harbour ferry delayed?", as_of=_NOON)
    assert "thirty years" in ranked[0].text
    assert ranked[0].score == 10.0
    assert "thirty years" in excerpts[1].passage.text


def test_a_sentence_knows_what_stands_beside_it(folder: Path) -> None:
    with searching(folder, Contrary("mooring")) as searcher:
        query, found = searcher.find(searcher.understand("mooring ropes", AskOptions(as_of=_NOON)))
        first = searcher.sentences(query, found, 4)[0].sentence
    assert first.text == "A storm had torn two mooring ropes."
    assert (first.position, first.before, first.after) == (
        1,
        "The harbour ferry was delayed on Monday.",
        "Nobody was hurt.",
    )
