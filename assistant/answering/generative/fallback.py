"""Let a model write the archive's answer; if that fails, keep the archive's own sentences and say why."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from threading import Event

from assistant.answering.citations import written
from assistant.answering.generative.prompting import PromptSource
from assistant.answering.generative.writer import Writer, Written
from assistant.errors import ModelBudget, ModelError, ModelTimeout
from assistant.prompts import load
from assistant.types import Answer, AnswerKind, Part, Wording

log = logging.getLogger(__name__)

WORDED: frozenset[AnswerKind] = frozenset({"fact", "speech", "summary"})
"""Kinds of answers that a model writes. Timelines, comparisons and yes-or-no answers have a layout, not a text."""

UNSUPPORTED = (
    "Nothing that the language model wrote was supported by what it cites; these are the archive's own sentences."
)
DECLINED = "The language model found no answer in the sources; these are the archive's own sentences."


def parts(answer: Answer) -> Iterator[Part]:
    """Yield the sentences of an answer, each with its citations."""
    known = {citation.marker: citation for citation in answer.citations}
    for sentence in answer.sentences:
        yield Part(sentence, tuple(known[marker] for marker in sentence.citations))


def worded(
    answer: Answer, writer: Writer, language: str, offered: Sequence[PromptSource], cancelled: Event | None = None
) -> Generator[Part, None, Answer]:
    """Yield what a model writes for an extractive answer as it is judged; return the final answer.

    If the model cannot be used or nothing it writes holds, what was yielded is void: the answer returned is ``answer``
    with the reason in its ``wording``.

    :param answer: made of the archive's own sentences.
    :param offered: the sources that may be written from, best first.
    """
    model, prompt = writer.model.name, load("answer").label
    try:
        out = yield from writer.write(answer.query, language, answer.as_of[:10], offered, cancelled)
    except ModelError as error:
        log.warning("the language model was not used: %s", error)
        return replace(answer, wording=Wording("archive", model, prompt, _failed(error)))
    how = Wording("model", model, prompt, "", out.drafted, out.dropped, tuple(out.faults))
    if not out.supported:
        note = DECLINED if out.declined else UNSUPPORTED
        return replace(answer, wording=replace(how, by="archive", note=note))
    return _as_written(answer, out, how)


def _as_written(answer: Answer, out: Written, how: Wording) -> Answer:
    sentences = tuple(out.sentences)
    return replace(
        answer, answer=written(sentences), sentences=sentences, citations=tuple(out.citations), wording=how
    )  # fmt: skip


def _failed(error: ModelError) -> str:
    """Say for readers, in one sentence, why a model was not used; the log has the details."""
    if isinstance(error, ModelTimeout):
        why = "took too long"
    elif isinstance(error, ModelBudget):
        why = "has no room or no tokens left for this question"
    else:
        why = "could not be reached or broke off"
    return f"The language model {why}; these are the archive's own sentences."
