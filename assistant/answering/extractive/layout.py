"""Answers by kind: which pieces go in, in which order, under which heading. What goes in stays verbatim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.evidence import Evidence
from assistant.answering.extractive.answer_spans import highlight
from assistant.answering.extractive.stance import Side, side
from assistant.answering.near_duplicate_sentences import groups
from assistant.answering.reading import reading_model
from assistant.languages.lexicon import negation
from assistant.retrieval.analysis import is_function_word
from assistant.retrieval.understanding.query import Query
from assistant.sentences import asks
from assistant.text import words
from assistant.types import AnswerKind, Citation, Sentence

SIDES: Mapping[Side, str] = {
    "says": "It says so",
    "denies": "It says not, or denies",
    "bears": "It bears on the question",
}
"""Headings of an answer to a question that can be answered with yes, in their order. No verdict is given."""

_ENOUGH: Mapping[AnswerKind, float] = {"timeline": 0.3, "summary": 0.3, "comparison": 0.1, "yesno": 0.1}
"""Share of the best piece's score that a piece of an overview needs; less where it may be from another outlet or on the
other side."""

_SPOKEN = 0.6
"""The same of somebody's words."""

_ALIKE = 0.5
"""Share of words from which two sentences of a summary repeat each other."""

_PER_OUTLET = 2
"""Sentences of one outlet in a comparison."""


def arranged(query: Query, evidence: Sequence[Evidence], most: int) -> list[Evidence]:
    """Return the pieces for an answer of the kind asked for, in the order they are shown.

    :param evidence: best first; the pieces of a fact were chosen together, and stay as they are.
    :param most: sentences of an answer at most.
    """
    if not evidence or evidence[0].said is not None:
        return [piece for piece in evidence if piece.score >= _SPOKEN * evidence[0].score]
    if query.kind not in _ENOUGH:
        return list(evidence)
    floor = _ENOUGH[query.kind] * evidence[0].score
    copies = {group[0]: group[1:] for group in groups([one.text for one in evidence])}
    worthy = [evidence[first] for first in copies if evidence[first].score >= floor]
    if query.kind == "yesno":
        chosen = _sides(query, worthy, most)
    elif query.kind == "comparison":
        chosen = _by_outlet(worthy, query.outlets, most)
    else:
        chosen = _spread(worthy, frozenset(words(query.question)), most)
    if query.kind == "timeline":
        chosen.sort(key=lambda one: (one.article.published is None, _when(one), one.article.key))
    # Copies of what was chosen come after it, so that they are folded into it and cited with it.
    kept = {(one.article.key, one.span) for one in chosen}
    carried = [
        evidence[place]
        for first, rest in copies.items()
        if (evidence[first].article.key, evidence[first].span) in kept
        for place in rest
    ]
    return [*chosen, *carried]


def _when(piece: Evidence) -> int:
    return piece.article.published.timestamp if piece.article.published else 0


@dataclass(frozen=True, slots=True)
class _Statement:
    """What a sentence adds to the question: its words, the numbers among them, and whether something is denied."""

    words: frozenset[str]
    numbers: frozenset[str]
    denies: bool

    @classmethod
    def of(cls, text: str, asked: frozenset[str]) -> _Statement:
        """Read a sentence; words of the question itself are none of what it adds."""
        found = words(text)
        own = frozenset(word for word in found if word not in asked and not is_function_word(word))
        return cls(
            own, frozenset(word for word in own if word[0].isdigit()), not negation().particles.isdisjoint(found)
        )

    def repeats(self, other: _Statement) -> bool:
        """Tell whether both say the same: not where only one denies it, nor where each has a number of its own."""
        if not self.words or not other.words or self.denies != other.denies:
            return False
        if self.numbers - other.numbers and other.numbers - self.numbers:
            return False
        return len(self.words & other.words) >= _ALIKE * min(len(self.words), len(other.words))


def _spread(worthy: Sequence[Evidence], asked: frozenset[str], most: int) -> list[Evidence]:
    """Choose one sentence an article, none that repeats another."""
    chosen: list[Evidence] = []
    seen: list[_Statement] = []
    articles: set[int] = set()
    for piece in worthy:
        statement = _Statement.of(piece.text, asked)
        if piece.article.key in articles or any(statement.repeats(one) for one in seen):
            continue
        chosen.append(piece)
        seen.append(statement)
        articles.add(piece.article.key)
        if len(chosen) == most:
            break
    return chosen


def _by_outlet(worthy: Sequence[Evidence], named: Sequence[str], most: int) -> list[Evidence]:
    """Choose the best sentences of each outlet, the outlets in the order they are named, or of their best sentence."""
    outlets = list(named) or list(dict.fromkeys(one.article.outlet for one in worthy if one.article.outlet))
    each = min(_PER_OUTLET, max(1, most // max(1, len(outlets))))
    chosen: list[Evidence] = []
    for outlet in outlets:
        chosen += [one for one in worthy if one.article.outlet == outlet][:each]
    return chosen[:most]


def _sides(query: Query, worthy: Sequence[Evidence], most: int) -> list[Evidence]:
    """Choose the best sentences that say so and that say not, half of the room for each where there are as many.

    What only bears on the question comes behind, where there is room; what itself asks, where nothing else is left.
    """
    by: dict[Side, list[Evidence]] = {name: [] for name in SIDES}
    for one in [one for one in worthy if not asks(one.text)] or worthy:
        by[side(query.text, query.language, one.text, one.article.language or query.language)].append(one)
    denying = len(by["denies"][: max(1, most // 2)])
    sure = by["says"][: most - denying]
    sure += by["denies"][: most - len(sure)]
    return [*sure, *by["bears"][: most - len(sure)]]


def labelled(
    query: Query, sentences: Sequence[Sentence], citations: Sequence[Citation], sure: bool = True
) -> tuple[Sentence, ...]:
    """Return the sentences with what heads each: a day, an outlet, a side; and, of a fact, the words that answer.

    :param sure: they do answer; else no words are marked.
    """
    first = {citation.marker: citation for citation in citations}
    out = []
    for sentence in sentences:
        cited = first[sentence.citations[0]]
        group = _heading(query, sentence.text, cited)
        likely = sentence.probability is None or sentence.probability >= reading_model().supported
        marked = sure and likely and query.kind == "fact"
        span = highlight(query.text, sentence.text, cited.language or query.language) if marked else None
        out.append(replace(sentence, group=group, highlight=span))
    return tuple(out)


def _heading(query: Query, text: str, cited: Citation) -> str | None:
    if query.kind == "timeline":
        return cited.published[:10] if cited.published else "undated"
    if query.kind == "comparison":
        return cited.outlet or "no outlet named"
    if query.kind == "yesno":
        return SIDES[side(query.text, query.language, text, cited.language or query.language)]
    return None
