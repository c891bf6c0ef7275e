"""Write answers: a model drafts from evidence; each sentence is tied to spans and judged before it goes out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event

from assistant import tracing
from assistant.answering.checks import links, markers
from assistant.answering.checks.claims import Check, CitedSpan, Judge
from assistant.answering.citations import cite
from assistant.answering.generative.citation_markers import DraftSentence, read
from assistant.answering.generative.citation_spans import narrowed
from assistant.answering.generative.grammar import cited_sentences
from assistant.answering.generative.prompting import DraftRequest, PromptSource, draft, draft_tokens
from assistant.llm.base import LanguageModel
from assistant.prompts import NOT_FOUND, load
from assistant.settings import AnsweringSettings
from assistant.text import fold
from assistant.tracing import Traced
from assistant.types import Checked, Citation, Part, Sentence

log = logging.getLogger(__name__)

_DECLINED = fold(NOT_FOUND).rstrip(".")
_LABEL = re.compile(r"(?:answer|antwort|réponse|respuesta|source\s+\d{1,3})\s*:\s*", re.IGNORECASE)

_CIRCLES = 2
"""Number of repeated sentences after which a model is stopped: it is going round in circles."""


@dataclass
class Written:
    """The state of a draft so far.

    :ivar sentences: in order, including struck-out ones if those are shown.
    :ivar citations: numbered from 1 in the order they were first needed.
    :ivar drafted: number of sentences the model wrote; ``dropped``: of those, the ones that were not supported.
    :ivar faults: the distinct names of the checks that these failed.
    :ivar declined: whether the model said that the sources do not answer.
    """

    prompt: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    drafted: int = 0
    dropped: int = 0
    faults: dict[str, None] = field(default_factory=dict)
    declined: bool = False

    @property
    def supported(self) -> int:
        """Number of sentences that go out as supported."""
        return sum(sentence.supported for sentence in self.sentences)


Last = Callable[[Sentence, Sequence[Citation]], tuple[int, ...]]
"""The final check for one sentence: returns the markers of the citations that hold."""


class Writer:
    """Writes answers with a model. Thread-safe.

    :param judge: judges whether evidence supports a sentence.
    :param last: the final check, for one sentence.
    """

    def __init__(self, model: LanguageModel, judge: Judge, last: Last, settings: AnsweringSettings) -> None:
        self.model = model
        self._judge = judge
        self._last = last
        self._settings = settings

    def write(
        self, question: str, language: str, date: str, offered: Sequence[PromptSource], cancelled: Event | None = None
    ) -> Generator[Part, None, Written]:
        """Yield each sentence once it has been judged; return the whole result.

        Closing the generator ends the request to the model.

        :param language: of the question, ISO 639-1; "" when unknown.
        :param date: the day it is asked on.
        :param offered: the sources that may be written from, best first.
        :raises ModelError: if the model cannot be used or breaks off.
        """
        about = {"gen_ai.request.model": self.model.name, "ontherecord.language": language}
        return tracing.spanned(
            "written answer", lambda span: self._written(question, language, date, offered, cancelled, span), about
        )

    def _written(
        self,
        question: str,
        language: str,
        date: str,
        offered: Sequence[PromptSource],
        cancelled: Event | None,
        span: Traced,
    ) -> Generator[Part, None, Written]:
        request = draft(self.model, load("answer"), question, date, offered, self._settings)
        out = Written(request.prompt)
        span.set({"ontherecord.prompt": request.prompt, "ontherecord.sources": tracing.places(request.sources)})
        said: set[str] = set()
        again = 0
        # A generator: closing it closes the model's stream, and with it the request.
        grammar = cited_sentences(len(request.sources), self._settings.max_sentences)
        pieces = self.model.stream(request.messages, draft_tokens(self._settings), cancelled, grammar)
        with closing(closing_pieces(pieces)) as stream:
            for claim in read(stream, language or "en"):
                text = _unlabelled(claim.text)
                if _DECLINED in fold(text):
                    out.declined = True
                elif not self._room(out, text):
                    break
                elif fold(text) in said:
                    again += 1
                    if again == _CIRCLES:
                        break
                elif text:
                    said.add(fold(text))
                    out.drafted += 1
                    part = self._judged(DraftSentence(text, claim.markers), request, out, span)
                    span.set({"ontherecord.drafted": out.drafted, "ontherecord.dropped": out.dropped})
                    if part:
                        yield part
        span.set({"ontherecord.declined": out.declined, "ontherecord.supported": out.supported})
        return out

    def _room(self, out: Written, text: str) -> bool:
        used = sum(len(sentence.text.split()) for sentence in out.sentences if sentence.supported)
        fits = not used or used + len(text.split()) <= self._settings.max_words
        return fits and out.supported < self._settings.max_sentences

    def _judged(self, claim: DraftSentence, request: DraftRequest, out: Written, span: Traced) -> Part | None:
        """Return the sentence of a claim as it may go out and record its citations; None if it may not go out."""
        cited, checks = self._checked(claim, request.sources)
        if all(check.holds for check in checks):
            held = self._holding(claim.text, cited)
            if held:
                citations = _numbered(held, out.citations)
                out.citations += [one for one in citations if one.marker > len(out.citations)]
                sentence = Sentence(claim.text, tuple(one.marker for one in citations), 1.0, checked=_kept(checks))
                out.sentences.append(sentence)
                span.event("sentence", {"holds": True})
                return Part(sentence, tuple(citations))
            detail = "its quotation is not in what it cites, or is not attributed to the speaker it names"
            checks = (*checks, Check("quotation", False, detail))
        out.dropped += 1
        failed = [check for check in checks if not check.holds]
        span.event("sentence", {"holds": False, "faults": [check.name for check in failed]})
        out.faults.update(dict.fromkeys(check.name for check in failed))
        log.info("not supported: %s", "; ".join(f"{check.name}: {check.detail}" for check in failed))
        if self._settings.unsupported == "drop" or any(check.name == "link" for check in failed):
            return None
        struck = Sentence(claim.text, (), 0.0, supported=False, checked=_kept(checks))
        out.sentences.append(struck)
        return Part(struck, ())

    def _holding(self, text: str, cited: Sequence[CitedSpan]) -> list[CitedSpan]:
        """The cited spans that also pass the final check."""
        citations = [cite(one.article, one.start, one.end, place) for place, one in enumerate(cited)]
        kept = self._last(Sentence(text, tuple(range(len(cited))), 1.0), citations)
        return [cited[place] for place in kept]

    def _checked(
        self, claim: DraftSentence, offered: Sequence[PromptSource]
    ) -> tuple[list[CitedSpan], tuple[Check, ...]]:
        """Return the narrowed spans that support a claim, in what it cites or another source, and the checks.

        A model that copies a sentence but mixes up the numbers is still right. An invalid or missing marker is not
        corrected.
        """
        cited, checks = self._cited(claim, offered)
        if not cited or all(check.holds for check in checks):
            return cited, checks
        for number in range(1, len(offered) + 1):
            if number not in claim.markers:
                others, found = self._cited(DraftSentence(claim.text, (number,)), offered)
                if all(check.holds for check in found):
                    return others, found
        return cited, checks

    def _cited(
        self, claim: DraftSentence, offered: Sequence[PromptSource]
    ) -> tuple[list[CitedSpan], tuple[Check, ...]]:
        """Return the narrowed spans that a claim cites, and the outcome of its checks."""
        marked = markers.check(claim.markers, len(offered))
        by_marker = {
            marker: narrowed(claim.text, offered[marker - 1]) for marker in markers.known(claim.markers, len(offered))
        }
        cited = [one for several in by_marker.values() for one in several]
        link = links.check(claim.text, cited)
        if not marked.holds:
            return [], (marked, *(() if link.holds else (link,)))
        if not link.holds:
            return cited, (link,)
        judgement = self._judge.judge(claim.text, cited)
        checks = judgement.checks
        if not judgement.holds and all(check.holds for check in checks):
            checks = (*checks, Check("citation", False, "nothing could be shown to support it"))
        if judgement.holds and len(by_marker) > 1:
            alone = [several for several in by_marker.values() if self._judge.judge(claim.text, several).holds]
            cited = [one for several in alone for one in several] or cited
        return cited, (*checks, link)


def closing_pieces(pieces: Iterator[str]) -> Generator[str, None, None]:
    """Yield a model's output, and close its stream afterwards if it can be closed."""
    try:
        yield from pieces
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()


def _unlabelled(text: str) -> str:
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


def _numbered(cited: Sequence[CitedSpan], known: Sequence[Citation]) -> list[Citation]:
    """Return citations of these spans: known ones, and new ones with the next numbers."""
    numbers = {(one.article_id, one.version, one.start, one.end): one for one in known}
    found: dict[int, Citation] = {}
    for one in cited:
        key = (one.article.id, one.article.version, one.start, one.end)
        citation = numbers.setdefault(key, cite(one.article, one.start, one.end, len(numbers) + 1))
        found[citation.marker] = citation
    return list(found.values())


def _kept(checks: Sequence[Check]) -> tuple[Checked, ...]:
    return tuple(Checked(check.name, check.holds, check.detail) for check in checks)
