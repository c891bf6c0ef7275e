"""Build the prompt for a language model: numbered, fenced sources, best first, as many as fit its context window."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex

from assistant.answering.evidence import Evidence
from assistant.answering.near_duplicate_sentences import groups
from assistant.errors import ModelBudget
from assistant.llm.base import LanguageModel, Message
from assistant.prompts import NOT_FOUND, Prompt
from assistant.sentences import sentences
from assistant.settings import AnsweringSettings
from assistant.text import Span, clean_line
from assistant.types import Hit, StoredArticle

_WORTHY = 0.45
"""Least share of the best piece's score for a piece to become a source."""

_SPARE = 32
"""Tokens left free in the context window for what a server adds around messages."""

_COUNTED = "0" * 16
"""Stand-in for the fence when counting tokens, so that what fits does not depend on the fence drawn."""

_KINDS = {"direct": "in quotation marks", "mixed": "reported, partly in quotation marks", "indirect": "reported"}
_BRACKETED = re.compile(r"[\[【]((?:/?[A-Z_]{3,}|\s*\^?\d[\d\s,;–-]*))[\]】]")
_ANGLES = str.maketrans({"<": "‹", ">": "›", "＜": "‹", "＞": "›"})


@dataclass(frozen=True, slots=True)
class PromptSource:
    """A numbered source in a prompt.

    :ivar span: span of the article's text: a passage, or the sentences that contain somebody's words.
    :ivar piece: the span that it was chosen for, within ``span``.
    :ivar speaker: whose words they are, if somebody's words were asked for; ``kind`` says how they are reported.
    """

    article: StoredArticle
    span: Span
    piece: Span
    speaker: str | None = None
    kind: str = ""

    @property
    def text(self) -> str:
        """Its characters."""
        return self.article.text[self.span[0] : self.span[1]]


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """A request to a model for a draft.

    :ivar messages: the prompt.
    :ivar sources: the sources that the numbers from 1 refer to.
    :ivar prompt: name and version of the prompt template.
    """

    messages: tuple[Message, ...]
    sources: tuple[PromptSource, ...]
    prompt: str


def sources(pieces: Sequence[Evidence], hits: Sequence[Hit], most: int) -> list[PromptSource]:
    """Return the sources that may be written from, best first: the passages of the best pieces; for speech, the pieces.

    A text carried by several outlets appears once, from the one that published it first.

    :param pieces: best first.
    """
    floor = _WORTHY * max((piece.score for piece in pieces), default=0.0)
    found: dict[tuple[int, Span], PromptSource] = {}
    for piece in pieces:
        if piece.score >= floor and len(found) < 3 * most:
            source = _source(piece, hits)
            found.setdefault((source.article.key, source.span), source)
    listed = list(found.values())
    alike = groups([source.text for source in listed])
    return [min((listed[place] for place in group), key=_published) for group in alike][:most]


def _source(piece: Evidence, hits: Sequence[Hit]) -> PromptSource:
    if piece.said is not None:
        return PromptSource(piece.article, piece.span, piece.span, piece.speaker, piece.said.kind)
    for hit in hits:
        passage = hit.passage
        if passage.article.key == piece.article.key and passage.start <= piece.span[0] < passage.end:
            return PromptSource(piece.article, (passage.start, max(passage.end, piece.span[1])), piece.span)
    return PromptSource(piece.article, piece.span, piece.span)


def _published(source: PromptSource) -> tuple[bool, int, int]:
    published = source.article.published
    return published is None, published.timestamp if published else 0, source.article.key


def draft_tokens(settings: AnsweringSettings) -> int:
    """Return how many tokens a model may write for an answer: five for every two words, including markers."""
    return settings.max_words * 5 // 2


def draft(
    model: LanguageModel,
    prompt: Prompt,
    question: str,
    date: str,
    offered: Sequence[PromptSource],
    settings: AnsweringSettings,
    nonce: Callable[[], str] = lambda: token_hex(8),
) -> DraftRequest:
    """Return the request for an answer: the best sources, as many as the context window holds besides the answer.

    A passage that does not fit is replaced by the piece it was chosen for, if that fits.

    :param question: in full.
    :param date: the day on which it is asked.
    :param offered: best first.
    :param nonce: draws the fence's random part; redrawn while any text contains it.
    :raises ModelBudget: if not even one source fits.
    """
    fence = _fence("\n".join([question, *(_entry(source, 1) for source in offered)]), nonce)

    def messages(evidence: str, fence: str = fence) -> tuple[Message, ...]:
        values = {
            "date": date, "evidence": evidence, "fence": fence, "longest": str(settings.max_words),
            "not_found": NOT_FOUND, "question": shown(question),
        }  # fmt: skip
        return tuple(Message(role, text) for role, text in prompt.filled(values))

    bare = sum(model.count(message.content) for message in messages("", _COUNTED))
    room = model.window - draft_tokens(settings) - _SPARE - bare
    chosen = _fitting(offered, room, model)
    if not chosen:
        raise ModelBudget(
            f"{model.name} has a context of {model.window} tokens, with {draft_tokens(settings)} reserved for the "
            "answer: no source fits. Serve it with a longer context, or lower answering.max_words"
        )
    evidence = "\n\n".join(_entry(source, number) for number, source in enumerate(chosen, start=1))
    return DraftRequest(messages(evidence), tuple(chosen), prompt.label)


def _fence(fenced: str, nonce: Callable[[], str]) -> str:
    """Draw a fence that ``fenced`` does not contain."""
    fence = nonce()
    while fence in fenced:
        fence = nonce()
    return fence


def _fitting(offered: Sequence[PromptSource], room: int, model: LanguageModel) -> list[PromptSource]:
    """Return the sources that fit into ``room`` tokens, each whole or else as the piece it was chosen for."""
    chosen: list[PromptSource] = []
    for source in offered:
        for one in (source, replace(source, span=source.piece)):
            cost = model.count(_entry(one, len(chosen) + 1)) + 2
            if cost <= room:
                chosen.append(one)
                room -= cost
                break
    return chosen


def _entry(source: PromptSource, number: int) -> str:
    """Format a source for a model: number, outlet and date; speaker; its sentences, each with its marker.

    Whatever a small model copies is then a sentence that cites its own source. There is no headline: a model would copy
    it first, and headlines are not cited.
    """
    article = source.article
    day = article.published.iso()[:10] if article.published else "undated"
    lines = [f"(Source {number}: {shown(article.outlet) or 'outlet unknown'}, {day})"]
    if source.speaker:
        lines.append(f"(Words of {shown(source.speaker)}, {_KINDS.get(source.kind, 'reported')})")
    text = shown(source.text)
    lines += [f"{clean_line(text[start:end])} [{number}]" for start, end in sentences(text, article.language)]
    return "\n".join(lines)


def shown(text: str) -> str:
    """Return ``text`` with everything removed that a server or a model might take for a control sequence.

    Invisible characters are dropped, the angle brackets of tags and chat templates are replaced, and numbers in square
    brackets are put in round ones. Its offsets are not the article's.
    """
    plain = "".join(c for c in text if c in "\n\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return _BRACKETED.sub(r"(\1)", plain.translate(_ANGLES))
