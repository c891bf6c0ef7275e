"""What a language model is given to write from: numbered sources, fenced, as many as fit its window, the best first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex

from assistant.answering.evidence import Evidence
from assistant.answering.near_duplicates import groups
from assistant.errors import ModelBudget
from assistant.llm.base import LanguageModel, Message
from assistant.prompts import NOT_FOUND, Prompt
from assistant.sentences import sentences
from assistant.settings import AnsweringSettings
from assistant.text import Span, clean_line
from assistant.types import Hit, StoredArticle

_WORTHY = 0.45
"""Share of the best piece's score that a piece needs to be a source."""

_SPARE = 32
"""Tokens left free in the window, for what a server puts around messages."""

_COUNTED = "0" * 16
"""What a fence is counted as, so that what fits does not depend on the one that is drawn."""

_KINDS = {"direct": "in quotation marks", "mixed": "reported, partly in quotation marks", "indirect": "reported"}
_BRACKETED = re.compile(r"[\[【]((?:/?[A-Z_]{3,}|\s*\^?\d[\d\s,;–-]*))[\]】]")
_ANGLES = str.maketrans({"<": "‹", ">": "›", "＜": "‹", "＞": "›"})


@dataclass(frozen=True, slots=True)
class Source:
    """What a number stands for, in what a model is given.

    :ivar span: characters of the article: a passage, or the sentences that hold somebody's words.
    :ivar piece: the characters it was chosen for; within ``span``.
    :ivar speaker: whose words they are, where somebody's were asked for; ``kind`` says how they are given.
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
    """A request to a model.

    :ivar messages: what it is given.
    :ivar sources: what the numbers from 1 on stand for.
    :ivar prompt: name and version of what asks for it.
    """

    messages: tuple[Message, ...]
    sources: tuple[Source, ...]
    prompt: str


def sources(pieces: Sequence[Evidence], hits: Sequence[Hit], most: int) -> list[Source]:
    """Return what may be written from, best first: the passages of the best pieces; of speech, the pieces themselves.

    What several outlets carry alike is given once, as of the one that published first.

    :param pieces: best first.
    """
    floor = _WORTHY * max((piece.score for piece in pieces), default=0.0)
    found: dict[tuple[int, Span], Source] = {}
    for piece in pieces:
        if piece.score >= floor and len(found) < 3 * most:
            source = _source(piece, hits)
            found.setdefault((source.article.key, source.span), source)
    listed = list(found.values())
    alike = groups([source.text for source in listed])
    return [min((listed[place] for place in group), key=_published) for group in alike][:most]


def _source(piece: Evidence, hits: Sequence[Hit]) -> Source:
    if piece.said is not None:
        return Source(piece.article, piece.span, piece.span, piece.speaker, piece.said.kind)
    for hit in hits:
        passage = hit.passage
        if passage.article.key == piece.article.key and passage.start <= piece.span[0] < passage.end:
            return Source(piece.article, (passage.start, max(passage.end, piece.span[1])), piece.span)
    return Source(piece.article, piece.span, piece.span)


def _published(source: Source) -> tuple[bool, int, int]:
    published = source.article.published
    return published is None, published.timestamp if published else 0, source.article.key


def draft_tokens(settings: AnsweringSettings) -> int:
    """Return how many tokens a model may write for an answer: five for every two words, its markers included."""
    return settings.max_words * 5 // 2


def draft(
    model: LanguageModel,
    prompt: Prompt,
    question: str,
    date: str,
    offered: Sequence[Source],
    settings: AnsweringSettings,
    nonce: Callable[[], str] = lambda: token_hex(8),
) -> DraftRequest:
    """Return the request for an answer: as many sources as the model's window holds beside the answer, best first.

    A passage that does not fit is tried with the piece alone that it was chosen for.

    :param question: in full.
    :param date: the day it is asked on.
    :param offered: best first.
    :param nonce: what the fence is made of; drawn again while any text holds it.
    :raises ModelBudget: when not even one source fits.
    """
    everything = "\n".join([question, *(_entry(source, 1) for source in offered)])
    fence = nonce()
    while fence in everything:
        fence = nonce()

    def messages(evidence: str, fence: str = fence) -> tuple[Message, ...]:
        values = {
            "date": date, "evidence": evidence, "fence": fence, "longest": str(settings.max_words),
            "not_found": NOT_FOUND, "question": shown(question),
        }  # fmt: skip
        return tuple(Message(role, text) for role, text in prompt.filled(values))

    bare = sum(model.count(message.content) for message in messages("", _COUNTED))
    room = model.window - draft_tokens(settings) - _SPARE - bare
    chosen: list[Source] = []
    entries: list[str] = []
    for source in offered:
        for one in (source, Source(source.article, source.piece, source.piece, source.speaker, source.kind)):
            entry = _entry(one, len(chosen) + 1)
            cost = model.count(entry) + 2
            if cost <= room:
                chosen.append(one)
                entries.append(entry)
                room -= cost
                break
    if not chosen:
        raise ModelBudget(
            f"{model.name} reads {model.window} tokens at a time, of which {draft_tokens(settings)} are kept for the "
            "answer: no source fits. Serve it with a longer context, or lower answering.max_words"
        )
    return DraftRequest(messages("\n\n".join(entries)), tuple(chosen), prompt.label)


def _entry(source: Source, number: int) -> str:
    """A source as a model is shown it: number, outlet and date; whose words; its sentences, each with its marker.

    What a small model copies is then a sentence that cites what it stands in. A headline would be what it copies
    first, and is not cited.
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
    """Return ``text`` as a model is shown it: its words, and nothing that a server or a model would take for a sign.

    Characters that nobody sees are gone, angle brackets are no brackets of a tag or of a chat template, and numbers in
    square brackets are in round ones. Offsets are never taken in it.
    """
    plain = "".join(c for c in text if c in "\n\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return _BRACKETED.sub(r"(\1)", plain.translate(_ANGLES))
