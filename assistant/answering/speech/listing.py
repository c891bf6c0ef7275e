"""List an archive's quotes by speaker, words, date, outlet and kind, and build a speaker's profile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.speech.answer import Topic, Weigh
from assistant.answering.speech.mentions import names
from assistant.archive import Archive, speech
from assistant.attributions import QuoteRef, Utterance
from assistant.names.parse import parse_name
from assistant.retrieval.stems import roots
from assistant.speakers.directory import SpeakerDirectory
from assistant.speakers.resolve import Speaker, folded
from assistant.text import Span
from assistant.types import Filters, Fragment, Hit, Quote

Wanted = Literal["direct", "indirect"]
"""``direct``: fully or partly in quotation marks; ``indirect``: reported only."""

_COMPARED = 2_000
"""Number of a speaker's newest quotes that are compared with the words asked for."""

_WORDS = 0.5
"""Least weighted share of the words asked for that a quote must have."""

_LOOKED_AT = 400
"""Number of quotes from which a profile is built."""

_APPOSED = re.compile(r",\s+(?:the|an?|his|her|its)\s+([^,;:]{3,60})")


@dataclass(frozen=True, slots=True)
class Listing:
    """The quotes asked for; iterating over it yields them.

    :ivar speakers: who may be meant by the name asked for; empty if none was given or nobody has that name.
    :ivar quotes: best first if words were asked for, else newest first.
    :ivar total: how many there are in all; ``quotes`` are the first of them.
    """

    speakers: tuple[Speaker, ...]
    quotes: tuple[Quote, ...]
    total: int

    def __iter__(self) -> Iterator[Quote]:
        return iter(self.quotes)


def once(quotes: Sequence[Utterance]) -> list[Utterance]:
    """Return quotes without those that are part of another: German quotations within reported speech come twice."""
    longest: dict[int, list[tuple[int, int]]] = {}
    for one in quotes:
        longest.setdefault(one.version, []).append(one.said.content)

    def part(one: Utterance) -> bool:
        start, end = one.said.content
        return any(s <= start and end <= e and (s, e) != (start, end) for s, e in longest[one.version])

    return [one for one in quotes if not part(one)]


@dataclass(frozen=True, slots=True)
class SpeakerProfile:
    """A speaker, with what articles call them.

    :ivar roles: roles they are given ("Kremlin spokesman") with counts, most frequent first.
    :ivar mentions: names they are given where they speak, with counts, most frequent first.
    :ivar first: date of the first quote, ISO 8601; ``last`` likewise; None if no article is dated.
    """

    speaker: Speaker
    roles: tuple[tuple[str, int], ...]
    mentions: tuple[tuple[str, int], ...]
    first: str | None
    last: str | None


class QuoteLister:
    """Lists the quotes of an archive."""

    def __init__(self, archive: Archive, speakers: SpeakerDirectory, weigh: Weigh) -> None:
        self._archive = archive
        self._speakers = speakers
        self._weigh = weigh

    def quotes(
        self,
        text: str,
        asked: str,
        filters: Filters,
        kind: Wanted | None,
        limit: int,
        hits: Sequence[Hit] = (),
        variants: bool = True,
    ) -> Listing:
        """Return quotes with the words of ``text`` by the speakers whom ``asked`` names; either may be "".

        :param hits: what a search for ``text`` found; used if no speaker is named.
        :param variants: whether to include other names of the same speaker.
        """
        speakers: tuple[Speaker, ...] = ()
        if asked:
            speakers = tuple(self._speakers.find(asked, variants))
            called = sorted({name for speaker in speakers for name, _ in speaker.names})
            refs = [
                ref
                for ref in speech.quote_refs(self._archive, called, filters)
                if any(speaker.speaks(ref.speaker, ref.article) for speaker in speakers)
            ]
        elif text:
            keys = list(dict.fromkeys(hit.passage.article.key for hit in hits))
            refs = speech.quote_refs(self._archive, None, filters, keys)
        else:
            refs = speech.latest_quote_refs(self._archive, filters, _COMPARED)
        refs = [ref for ref in refs if kind is None or (ref.kind == "indirect") == (kind == "indirect")]
        if not text:
            shown = once(speech.utterances(self._archive, [ref.id for ref in refs[:limit]]))
            return Listing(speakers, self._listed(shown, speakers), len(refs))
        fitting = once(self._with_words(refs, text))
        return Listing(speakers, self._listed(fitting[:limit], speakers), len(fitting))

    def _with_words(self, refs: Sequence[QuoteRef], text: str) -> list[Utterance]:
        """The quotes that have the words, those with most of them first, then the newest."""
        topic = Topic(text, self._weigh)
        scored = []
        for place, one in enumerate(speech.utterances(self._archive, [ref.id for ref in refs[:_COMPARED]])):
            covered = topic.coverage(frozenset(roots(one.text, one.language)), one.language)
            if covered >= _WORDS:
                scored.append((-round(covered, 2), place, one))
        return [one for _, _, one in sorted(scored, key=lambda item: item[:2])]

    def _listed(self, quotes: Sequence[Utterance], speakers: Sequence[Speaker]) -> tuple[Quote, ...]:
        """The quotes as shown, each under the name of the speaker asked for, else the name in its article."""

        def whose(one: Utterance) -> str | None:
            named = one.said.speaker
            return next((s.name for s in speakers if s.speaks(named or "", one.article)), named)

        return tuple(_quote(one, whose(one)) for one in quotes)

    def profile(self, speaker: Speaker) -> SpeakerProfile:
        """Return a speaker's profile, from their newest quotes."""
        refs = speech.quote_refs(self._archive, [name for name, _ in speaker.names], Filters())
        refs = [ref for ref in refs if speaker.speaks(ref.speaker, ref.article)]
        roles: Counter[str] = Counter()
        mentions: Counter[str] = Counter()
        for one in speech.utterances(self._archive, [ref.id for ref in refs[:_LOOKED_AT]]):
            source = parse_name(one.source.split(",")[0])
            if source.kind == "person" and names(speaker.name, source.written, mention=True):
                mentions[source.written.strip()] += 1
            elif folded(one.source) in {folded(name) for name, _ in speaker.names}:
                mentions[one.source] += 1
            if source.titles and len(source.titles) > 3:
                roles[source.titles] += 1
            apposed = _APPOSED.search(one.source)
            if apposed and source.kind == "person":
                roles[apposed[1].strip()] += 1
        dated = [ref.published for ref in refs if ref.published is not None]
        return SpeakerProfile(
            speaker, tuple(roles.most_common(12)), tuple(mentions.most_common(20)),
            speech.iso_day(min(dated)) if dated else None, speech.iso_day(max(dated)) if dated else None,
        )  # fmt: skip


def _quote(one: Utterance, speaker: str | None) -> Quote:
    said = one.said
    return Quote(
        one.text, said.kind, speaker, said.speaker,
        _fragment(one.source, said.source), _fragment(one.cue, said.cue), _fragment(one.addressee, said.addressee),
        one.article_id, one.number, *said.content, one.headline, one.outlet, one.url,
        one.published.iso() if one.published else None, one.byline, one.language,
    )  # fmt: skip


def _fragment(text: str, span: Span | None) -> Fragment | None:
    return Fragment(text, span) if span else None
