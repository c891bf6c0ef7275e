"""Answer with somebody's own words, from the quotes of the whole archive: who said it matters, not who it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.answering.answerability.verdict import COVERED, HALF, Verdict, judge_speech, not_quoted
from assistant.answering.evidence import Evidence
from assistant.answering.segments import surrounding
from assistant.answering.speech.mentions import called, ends_a_name, is_press, names, spoken_to
from assistant.archive import Archive, speech
from assistant.attributions import Attribution, QuoteRef, Utterance
from assistant.names.parse import parse_name
from assistant.names.spokespeople import speaks_for
from assistant.retrieval.analysis import Term, coverage, terms
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.query import Interval, Query
from assistant.retrieval.understanding.speech_questions import SpeechQuestion
from assistant.speakers.directory import SpeakerDirectory
from assistant.speakers.resolve import Speaker
from assistant.text import Span
from assistant.types import Hit, Status, StoredArticle

Weigh = Callable[[Sequence[Term]], list[float]]
"""Returns the weight of each word asked for, by its rarity in the archive."""

_LOOKED_AT = 400
"""Number of a speaker's quotes compared with a topic: those in the articles found, then the newest."""

_READ = 40
"""Number of quotes whose articles are read for the context of the words."""

_AMBIGUOUS = 3
"""Most speakers of one name whose words are shown side by side."""

_AROUND = 400
"""Characters of context on either side of a quote."""

_OWN_WORDS = {"direct": 1.0, "mixed": 0.8, "indirect": 0.2}
"""Weight of each kind of speech for a question about somebody's words. At equal relevance, the newest reported words
come after the oldest direct ones.
"""

_BESIDE, _FOUND, _ARTICLE, _ELSEWHERE = 0.5, 0.6, 0.5, 0.4
"""Weight of a topic word beside the quote; beside it, in a passage that the search found; anywhere in its article, if
the search found that passage; and if it did not. A quote with no topic word beside it is never on topic."""

_ON_TOPIC = 0.6
"""Least share of the best quote's topic coverage for a quote to be shown beside it."""

_AS_WELL = 0.8
"""The same share for questions that ask who said something."""

_ADDRESSED = 2_000
"""Number of a speaker's newest quotes with an addressee that are searched for a particular one."""

_CHANGES = 6
"""Number of utterances shown side by side when asked whether somebody's position changed."""


@dataclass(frozen=True, slots=True)
class SpeechAnswer:
    """What was found of the words asked for; ``speakers`` is empty if nobody has that name.

    :ivar to_anyone: whether nothing was said to the addressee, so that this was said to others or to nobody named.
    """

    verdict: Verdict
    evidence: list[Evidence]
    speakers: tuple[Speaker, ...]
    asked: SpeechQuestion
    to_anyone: bool = False


class Topic:
    """The topic of somebody's words: the words of a question, stemmed for each language.

    :param strict: the quote or its context must be on topic; it is not enough that the article is.
    :param own: the quote itself must be on topic.
    """

    def __init__(self, text: str, weigh: Weigh, strict: bool = False, own: bool = False) -> None:
        self.text = text
        self.strict = strict
        self.own = own
        self._weigh = weigh
        self._by_language: dict[str, tuple[list[Term], list[float]]] = {}

    def __bool__(self) -> bool:
        return bool(self.text)

    def coverage(self, present: frozenset[str], language: str) -> float:
        """Return the weighted share, in [0, 1], of the topic's words whose roots in a language are in ``present``."""
        return coverage(*self.words(language), present)

    def words(self, language: str) -> tuple[list[Term], list[float]]:
        """Return the topic's words, stemmed for a language, and the weight of each."""
        if language not in self._by_language:
            wanted = terms(self.text, language)
            self._by_language[language] = (wanted, self._weigh(wanted))
        return self._by_language[language]

    def anywhere(self, article: StoredArticle) -> float:
        """Return the weighted share of the topic that an article has anywhere, by the beginnings of its words."""
        wanted, weights = self.words(article.language)
        text = article.text.casefold()
        begun = frozenset(term.root for term in wanted if re.search(rf"\b{re.escape(term.root)}", text))
        return coverage(wanted, weights, begun)


class SpeechAnswerer:
    """Answers questions about speech from an archive's quotes."""

    def __init__(self, archive: Archive, speakers: SpeakerDirectory, weigh: Weigh) -> None:
        self._archive = archive
        self._speakers = speakers
        self._weigh = weigh

    def answer(self, query: Query, hits: Sequence[Hit]) -> SpeechAnswer | None:
        """Return the words that ``query`` asks for; None if a fact may answer it better.

        A refusal says so if some articles have not been read for quotes.

        :param hits: what the search found for it; shows which articles are about the topic.
        """
        answer = self._answer(query, hits)
        if answer is None or answer.verdict.status != "not_found":
            return answer
        unread = self._archive.unread_articles()
        if not unread:
            return answer
        notice = f"{unread:,} of its articles have not been read for quotes yet; `ontherecord reindex` does that."
        return replace(answer, verdict=replace(answer.verdict, reason=f"{answer.verdict.reason} {notice}"))

    def _answer(self, query: Query, hits: Sequence[Hit]) -> SpeechAnswer | None:
        asked = query.speech
        assert asked is not None
        if asked.form == "who":
            return self._who(asked, query, hits)
        for reading in asked.readings():
            if not ends_a_name(reading.speaker):
                continue
            found = self._speakers.find(reading.speaker, query.variants)
            speakers = [speaker for speaker in found if speaker.kind != "unnamed"][:_AMBIGUOUS]
            if speakers:
                return self._said_by(speakers, reading, query, hits)
        answer = self._by_mention(asked, query, hits) or self._spoken_for(asked, query, hits)
        if answer or asked.sure:
            return answer or SpeechAnswer(self._unknown(asked, hits), [], (), asked)
        return None

    # --- by name -------------------------------------------------------------------------------------------

    def _said_by(
        self, speakers: Sequence[Speaker], asked: SpeechQuestion, query: Query, hits: Sequence[Hit]
    ) -> SpeechAnswer | None:
        whose: dict[int, Speaker] = {}
        names = sorted({name for speaker in speakers for name, _ in speaker.names})
        refs = []
        for ref in speech.quote_refs(self._archive, names, query.filters):
            speaker = next((s for s in speakers if s.speaks(ref.speaker, ref.article)), None)
            if speaker:
                whose[ref.id] = speaker
                refs.append(ref)
        answered = partial(self._on_topic, speakers=speakers, whose=whose, query=query, hits=hits)
        if not asked.addressee:
            return answered(asked, refs)
        mine = {one.id for one in self._addressed(refs) if spoken_to(asked.addressee, one.addressee)}
        answer = answered(asked, [ref for ref in refs if ref.id in mine]) if mine else None
        return answer if answer and answer.evidence else _to_anyone(asked, lambda reading: answered(reading, refs))

    def _addressed(self, refs: Sequence[QuoteRef]) -> list[Utterance]:
        """The quotes whose addressee the article names; if there are very many, the newest."""
        ids = speech.addressed(self._archive, [ref.id for ref in refs])
        return speech.utterances(self._archive, ids[:_ADDRESSED])

    def _on_topic(
        self,
        asked: SpeechQuestion,
        refs: Sequence[QuoteRef],
        speakers: Sequence[Speaker],
        whose: dict[int, Speaker],
        query: Query,
        hits: Sequence[Hit],
    ) -> SpeechAnswer | None:
        """What quotes of the speakers asked for say on the topic."""
        inside = _within(refs, query.within)
        topic = Topic(asked.topic, self._weigh, own=asked.form == "mentioned")
        evidence = self._evidence(inside or refs, whose, topic, hits)
        best = max((piece.covered for piece in evidence), default=0.0)
        if topic and best < HALF:
            if not asked.sure:
                return None
            return SpeechAnswer(silent(speakers[0], asked.topic, len(refs)), [], tuple(speakers), asked)
        if asked.form == "changed":
            evidence = by_date([piece for piece in evidence if not topic or piece.covered >= HALF][:_CHANGES])
        elif not evidence:
            return None if not asked.sure else SpeechAnswer(not_quoted(asked.speaker, asked.topic, True), [], (), asked)
        verdict = judge_speech(asked, evidence)
        if refs and not inside and query.within:
            verdict = Verdict("partial", f"{verdict.reason} This was not at the time asked about, but at others.")
        return SpeechAnswer(verdict, evidence, tuple(speakers), asked)

    def _evidence(
        self, refs: Sequence[QuoteRef], whose: dict[int, Speaker], topic: Topic, hits: Sequence[Hit]
    ) -> list[Evidence]:
        """The sentences that contain the words, best first: those on the topic, else the newest."""
        near = {hit.passage.article.key: rank for rank, hit in reversed(list(enumerate(hits)))}
        if topic:
            refs = sorted(refs, key=lambda ref: near.get(ref.article, len(near) + 1))
        chosen = speech.utterances(self._archive, [ref.id for ref in refs[: _LOOKED_AT if topic else _READ]])
        newest = {one.id: place / max(1, len(chosen)) for place, one in enumerate(sorted(chosen, key=_latest))}

        def first_look(one: Utterance) -> tuple[float, float]:
            present = frozenset(roots(f"{one.text} {one.headline}", one.language))
            return -topic.coverage(present, one.language) - 0.3 * (one.article in near), newest[one.id]

        chosen = sorted(chosen, key=first_look if topic else _latest)[:_READ]
        articles = self._archive.versions_by_key({one.version for one in chosen})
        quoted: dict[int, list[Attribution]] = {}
        found: dict[tuple[int, Span], Evidence] = {}
        for one in chosen:
            article = articles.get(one.version)
            if article is None:
                continue
            if one.version not in quoted:
                quoted[one.version] = speech.attributions(self._archive, article.id, article.version)
            covered = _covered(one, article, topic, hits) if topic else 1.0
            fresh = 1.0 - newest[one.id]
            kind = _OWN_WORDS[one.said.kind]
            worth = 0.65 * covered + 0.2 * kind + 0.15 * fresh if topic else 0.75 + 0.15 * kind + 0.1 * fresh
            span = whole_sentences(article, one.said, quoted[one.version])
            key = (article.key, span)
            if key not in found or found[key].score < worth:
                found[key] = Evidence(article, span, covered, worth, whose[one.id].name, one.said)
        ranked = sorted(found.values(), key=lambda piece: (-piece.score, piece.article.key, piece.span[0]))
        least = _ON_TOPIC * max((piece.covered for piece in ranked), default=0.0)
        return apart([piece for piece in ranked if piece.covered >= least])

    # --- by what an article calls them, and by what was said --------------------------------------------------

    def _by_mention(self, asked: SpeechQuestion, query: Query, hits: Sequence[Hit]) -> SpeechAnswer | None:
        """The words of somebody known by a role in an article found: "the mayor of Bonn"."""
        for reading in asked.readings():
            if reading != asked and not ends_a_name(reading.speaker):
                continue
            topic = Topic(reading.topic, self._weigh)
            mine = [
                one
                for one in self._in_articles(query, hits)
                if one.said.source
                and any(called(reading.speaker, name) for name in (one.source, one.said.speaker or ""))
            ]
            to = [one for one in mine if reading.addressee and spoken_to(reading.addressee, one.addressee)]
            evidence = self._anyone(to or mine, topic, hits)
            if evidence and max(piece.covered for piece in evidence) >= (HALF if topic else 0):
                relaxed = bool(reading.addressee and not to)
                reading = replace(reading, addressee="") if relaxed else reading
                return SpeechAnswer(judge_speech(reading, evidence), evidence, (), reading, relaxed)
        return None

    def _spoken_for(self, asked: SpeechQuestion, query: Query, hits: Sequence[Hit]) -> SpeechAnswer | None:
        """The words of the spokesperson of a body that is not quoted itself: the Kremlin's spokesman."""
        for reading in asked.readings():
            named = [
                one.said.speaker for one in self._in_articles(query, hits) if speaks_for(one.source, reading.speaker)
            ]
            found = [speaker for name in dict.fromkeys(named) if name for speaker in self._speakers.find(name)[:1]]
            speakers = [speaker for speaker in dict.fromkeys(found) if speaker.kind == "person"][:_AMBIGUOUS]
            answer = self._said_by(speakers, replace(reading, sure=True), query, hits) if speakers else None
            if answer and answer.evidence:
                reason = f"{reading.speaker} is not quoted by that name, but a spokesperson is. {answer.verdict.reason}"
                return replace(answer, verdict=replace(answer.verdict, status="partial", reason=reason))
        return None

    def _who(self, asked: SpeechQuestion, query: Query, hits: Sequence[Hit]) -> SpeechAnswer | None:
        """Whoever said the words asked about, in the articles found."""
        topic = Topic(asked.topic, self._weigh, strict=True)
        spoken = [one for one in self._in_articles(query, hits) if one.said.speaker]
        named = [one for one in spoken if parse_name(one.said.speaker or "").kind != "unnamed"]
        evidence = self._anyone(named, topic, hits)
        best = max((piece.covered for piece in evidence), default=0.0)
        close = [piece for piece in evidence if piece.covered >= max(COVERED, _AS_WELL * best)]
        if not close:
            return None
        return SpeechAnswer(Verdict("supported", f"{close[0].speaker} is quoted as saying this."), close, (), asked)

    def _in_articles(self, query: Query, hits: Sequence[Hit], most: int = 12) -> list[Utterance]:
        keys = list(dict.fromkeys(hit.passage.article.key for hit in hits))[:most]
        refs = speech.quote_refs(self._archive, None, query.filters, keys)
        return speech.utterances(self._archive, [ref.id for ref in _within(refs, query.within) or refs])

    def _anyone(self, chosen: Sequence[Utterance], topic: Topic, hits: Sequence[Hit]) -> list[Evidence]:
        whose = {one.id: _as_named(one.said.speaker or one.source) for one in chosen}
        refs = [QuoteRef(one.id, one.article, None, one.said.kind, "") for one in chosen]
        return self._evidence(refs, whose, topic, hits)

    def _unknown(self, asked: SpeechQuestion, hits: Sequence[Hit]) -> Verdict:
        known = any(names(asked.speaker, hit.passage.article.text) for hit in hits)
        return not_quoted(asked.speaker, asked.topic, known)


def _to_anyone(asked: SpeechQuestion, answered: Callable[[SpeechQuestion], SpeechAnswer | None]) -> SpeechAnswer | None:
    """What was said on the topic, about the addressee, or at all, if nothing was said to the addressee."""
    about = "" if is_press(asked.addressee) else asked.addressee
    for topic in [asked.topic] if asked.topic else dict.fromkeys((about, "")):
        answer = answered(replace(asked, addressee="", topic=topic))
        if answer and answer.evidence:
            status: Status = "partial" if answer.verdict.status == "supported" else answer.verdict.status
            return replace(answer, verdict=replace(answer.verdict, status=status), to_anyone=True)
    return answer


def _as_named(name: str) -> Speaker:
    return Speaker(name, "name", ((name, 1),), 1, 1)


def _latest(one: Utterance) -> tuple[bool, int, float, int]:
    """Sort key: the latest day first, and direct speech before reported speech within a day."""
    day = one.published.timestamp // 86_400 if one.published else 0
    return one.published is None, -day, -_OWN_WORDS[one.said.kind], one.id


def _within(refs: Sequence[QuoteRef], interval: Interval | None) -> list[QuoteRef]:
    return [ref for ref in refs if interval is None or (ref.published is not None and interval.holds(ref.published))]


def _covered(one: Utterance, article: StoredArticle, topic: Topic, hits: Sequence[Hit]) -> float:
    """How well a quote covers a topic, in [0, 1]: by itself, its context and its article."""
    start, end = one.said.content
    language = article.language
    own = frozenset(roots(one.text, language))
    if topic.own:
        return topic.coverage(own, language)
    beside = own.union(roots(article.text[max(0, start - _AROUND) : end + _AROUND], language))
    beside = beside.union(roots(article.headline, language))
    mine, around = topic.coverage(own, language), topic.coverage(beside, language)
    covered = mine + _BESIDE * (around - mine)
    if topic.strict:
        return covered
    anywhere = max(around, topic.anywhere(article))
    if any(h.passage.article.key == article.key and h.passage.start < end and start < h.passage.end for h in hits):
        return max(covered, _FOUND * around, _ARTICLE * anywhere)
    return max(covered, _ELSEWHERE * anywhere)


def whole_sentences(article: StoredArticle, said: Attribution, others: Iterable[Attribution]) -> Span:
    """Return the sentences with the words, source, cue and addressee; fewer if they also have somebody else's words."""
    ends = [*said.content, *(said.source or ()), *(said.cue or ()), *(said.addressee or ())]
    least = min(ends), max(ends)
    span = surrounding(article, *least)
    apart = [
        other.content
        for other in others
        if other.speaker != said.speaker
        and other.kind != "indirect"
        and other.content[0] < span[1]
        and span[0] < other.content[1]
    ]
    return least if apart else span


def apart(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the pieces that do not overlap a better one."""
    kept: list[Evidence] = []
    for piece in evidence:
        start, end = piece.span
        if not any(k.article.key == piece.article.key and k.span[0] < end and start < k.span[1] for k in kept):
            kept.append(piece)
    return kept


def by_date(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return utterances oldest first, to be read side by side; all score the same."""

    def when(piece: Evidence) -> tuple[bool, int, int]:
        published = piece.article.published
        return published is None, published.timestamp if published else 0, piece.span[0]

    ordered = sorted(evidence, key=when)
    return [replace(piece, score=1.0) for piece in ordered]


def silent(speaker: Speaker, topic: str, quotes: int) -> Verdict:
    """Return the verdict that somebody is quoted, but not on this topic."""
    often = "once" if quotes == 1 else f"{quotes:,} times"
    return Verdict("not_found", f"{speaker.name} is quoted {often} in this archive, but not on {topic}.")
