"""The JSON of the command line and of HTTP: one shape for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.answering.citations import cite
from assistant.answering.speech.listing import Listing, Profile
from assistant.speakers.resolve import Speaker
from assistant.types import Answer, Citation, Filters, Freshness, Hit, Inference, Part, Quote, Sentence, StoredArticle


def answer_payload(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON."""
    return {
        "question": answer.question,
        "query": answer.query,
        "kind": answer.kind,
        "as_of": answer.as_of,
        "inferred": [inference_payload(inference) for inference in answer.inferred],
        "answer": answer.answer,
        "status": answer.status,
        "confidence": answer.confidence,
        "reason": answer.reason,
        "sentences": [sentence_payload(sentence) for sentence in answer.sentences],
        "citations": [_citation(citation) for citation in answer.citations],
        "near_misses": [_citation(citation) for citation in answer.near_misses],
        "freshness": freshness_payload(answer.freshness),
        "filters": filters_payload(answer.filters),
        "milliseconds": answer.milliseconds,
        "wording": {**asdict(answer.wording), "faults": list(answer.wording.faults)},
    }


def sentence_payload(sentence: Sentence) -> dict[str, Any]:
    """Return one sentence of an answer as JSON."""
    quote = sentence.quote
    return {
        "text": sentence.text,
        "citations": list(sentence.citations),
        "score": sentence.score,
        "speaker": sentence.speaker,
        "quote": {**asdict(quote), "content": list(quote.content)} if quote else None,
        "group": sentence.group,
        "highlight": list(sentence.highlight) if sentence.highlight else None,
        "supported": sentence.supported,
        "checked": [asdict(check) for check in sentence.checked],
    }


def part_payload(part: Part) -> dict[str, Any]:
    """Return a sentence of an answer that is still coming as JSON, with what it cites."""
    return {
        "sentence": sentence_payload(part.sentence),
        "citations": [_citation(citation) for citation in part.citations],
    }


def inference_payload(inference: Inference) -> dict[str, Any]:
    """Return what was read out of a question as JSON; ``span`` is in characters of ``query``."""
    return {**asdict(inference), "span": list(inference.span) if inference.span else None}


def hits_payload(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Return search hits as JSON: where each stands, its characters and its score."""
    out = []
    for hit in hits:
        location = _citation(cite(hit.passage.article, hit.passage.start, hit.passage.end, 0))
        del location["marker"]
        story = [asdict(telling) for telling in hit.story]
        out.append({**location, "score": round(hit.score, 6), "story": story})
    return out


def listing_payload(listing: Listing) -> dict[str, Any]:
    """Return quotes as JSON: whose, in which words, how given, where."""
    return {
        "speakers": [speaker_payload(speaker) for speaker in listing.speakers],
        "quotes": [quote_payload(quote) for quote in listing.quotes],
        "total": listing.total,
    }


def quote_payload(quote: Quote) -> dict[str, Any]:
    """Return a quote as JSON; offsets are characters of the article, in its version."""
    return asdict(quote)


def speaker_payload(speaker: Speaker) -> dict[str, Any]:
    """Return a speaker as JSON, with every name it has."""
    return {
        "name": speaker.name,
        "kind": speaker.kind,
        "quotes": speaker.quotes,
        "articles": speaker.articles,
        "names": [{"name": name, "quotes": count} for name, count in speaker.names],
    }


def profile_payload(profile: Profile) -> dict[str, Any]:
    """Return a speaker as JSON, with its roles and what articles call it."""
    return {
        **speaker_payload(profile.speaker),
        "roles": [{"role": role, "quotes": count} for role, count in profile.roles],
        "mentions": [{"name": name, "quotes": count} for name, count in profile.mentions],
        "first": profile.first,
        "last": profile.last,
    }


def article_payload(article: StoredArticle) -> dict[str, Any]:
    """Return an article as JSON; ``text`` is what offsets speak of."""
    return {
        "id": article.id,
        "version": article.version,
        "current": article.current,
        "headline": article.headline,
        "text": article.text,
        "url": article.url,
        "outlet": article.outlet,
        "byline": article.byline,
        "section": article.section,
        "language": article.language,
        "published": article.published.iso() if article.published else None,
        "updated": article.updated.iso() if article.updated else None,
    }


def freshness_payload(freshness: Freshness) -> dict[str, Any]:
    """Return the freshness line as JSON, with its sentence."""
    return {**asdict(freshness), "text": str(freshness)}


def filters_payload(filters: Filters) -> dict[str, Any]:
    """Return the filters in force as JSON."""
    return {
        "since": filters.since.iso() if filters.since else None,
        "until": filters.until.iso() if filters.until else None,
        "outlets": list(filters.outlets),
        "authors": list(filters.authors),
        "sections": list(filters.sections),
        "languages": list(filters.languages),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return asdict(citation)
