"""Runs every question of a dataset through an assistant."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.dates import asked_at
from assistant.evaluation.datasets import Question
from assistant.evaluation.runs import Outcome, RunCitation, RunPassage, RunSentence
from assistant.types import AskOptions

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.types import Hit


def ask_all(
    assistant: Assistant,
    questions: Iterable[Question],
    limit: int,
    retrieval_only: bool = False,
    as_of: datetime | None = None,
) -> Iterator[Outcome]:
    """Yield the outcome of each question, in order, each asked as of its date.

    :param as_of: when questions without a date are asked; None means now.
    :param limit: passages per question, 1 to 1000.
    :param retrieval_only: find passages without answering; the milliseconds are then the search's.
    """
    for question in questions:
        asked = asked_at(question.date, assistant.zone) if question.date else as_of
        began = time.perf_counter()
        passages = tuple(_found(hit) for hit in assistant.excerpts(question.question, limit=limit, as_of=asked))
        took = round(1000 * (time.perf_counter() - began), 1)
        if retrieval_only:
            yield Outcome(question.id, passages, milliseconds=took)
            continue
        answer = assistant.ask(question.question, AskOptions(as_of=asked))
        yield Outcome(
            question.id,
            passages,
            answer.answer,
            answer.status,
            answer.reason,
            answer.confidence,
            tuple(
                RunSentence(sentence.text, sentence.citations) for sentence in answer.sentences if sentence.supported
            ),
            tuple(RunCitation(c.marker, c.article_id, c.version, c.start, c.end, c.text) for c in answer.citations),
            answer.milliseconds,
        )


def _found(hit: Hit) -> RunPassage:
    passage = hit.passage
    return RunPassage(passage.article.id, passage.text, passage.start, passage.end, round(hit.score, 6))
