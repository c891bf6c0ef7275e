"""Turns a search text and filters into a Tantivy query. The only syntax in a search text is the double quote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from tantivy import FieldType, Occur, Query

from assistant.index.analysis import SPACELESS, analyzer, folded, is_stop_word, prepared, schema, stem_field, value
from assistant.index.base import Probe
from assistant.types import Filters

QueryClause = tuple[Occur, Query]
"""Whether part of a Boolean query must, should or must not match, and that part."""

IdRange = tuple[int, int]
"""The first and last passage id of a range, inclusive."""

MOST_WORDS = 64
"""Greatest number of distinct words searched for; questions have fewer, pasted pages have more."""

HEADLINE_WEIGHT = 0.5
STEM_WEIGHT = 2.0
"""Weights relative to the 1.0 of a word's plain form, tuned on a news quiz (RealTimeQA); they matter little."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_POSSESSIVE = re.compile("['’ʼ][sS]\\b")
_WORD = re.compile(r"[^\s\"]+")


def question(probe: Probe, fields: Iterable[str]) -> Query | None:
    """Return the query for a probe's text; None if it has no words.

    A passage matches if it contains any of the words, in any inflected form. A phrase in double quotes must occur in
    it, or in its headline, word for word except for case and diacritics.

    :param fields: the stem fields in use.
    """
    text = unicodedata.normalize("NFC", probe.text).translate(_QUOTES)
    parts = text.split('"')
    if len(parts) % 2 == 0:  # the last quote was never closed
        parts[-2:] = [" ".join(parts[-2:])]
    stems = sorted(set(fields))
    allowed = {stem_field(language) for language in probe.languages}
    if probe.languages:
        stems = [field for field in stems if field in allowed]
    words = [word for part in parts[::2] for word in _WORD.findall(_POSSESSIVE.sub("", part))]
    required = [(Occur.Must, query) for part in parts[1::2] if (query := _phrase(part))]
    wanted = _words(words, stems)
    if not required:
        return Query.boolean_query(wanted) if wanted else None
    return Query.boolean_query([*required, *wanted])


def _phrase(text: str) -> Query | None:
    terms = analyzer("plain").analyze(folded(prepared(text)))
    if len(terms) < 2:  # Tantivy panics on a phrase of one term
        return Query.term_query(schema(), "plain", terms[0]) if terms else None
    return Query.phrase_query(schema(), "plain", [*terms])


def _words(words: Sequence[str], stems: Sequence[str]) -> list[QueryClause]:
    """Return one flat list of optional clauses, the form that Tantivy skips through fastest."""
    kept = _content_words(list(dict.fromkeys(words)), stems)[:MOST_WORDS]
    terms: dict[tuple[str, str], float] = {}
    clauses: list[QueryClause] = []
    for word in kept:
        text = prepared(word)
        if SPACELESS.search(word) and (phrase := _phrase(word)):
            clauses.append((Occur.Should, phrase))
            continue
        for term in analyzer("plain").analyze(folded(text)):
            terms["plain", term] = 1.0
            terms["headline", term] = HEADLINE_WEIGHT
        for field in stems:
            for term in analyzer(field).analyze(text):
                terms[field, term] = STEM_WEIGHT
    for (field, term), weight in terms.items():
        query = Query.term_query(schema(), field, term, "freq")
        clauses.append((Occur.Should, query if weight == 1.0 else Query.boost_query(query, weight)))
    return clauses


def _content_words(words: list[str], stems: Sequence[str]) -> list[str]:
    """Return the words that are not stop words; all words if only stop words are left or the language is unknown."""
    if len(stems) != 1:
        return words
    return [word for word in words if not is_stop_word(_bare(word), stems[0])] or words


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word)


def restrictions(filters: Filters, bylines: Callable[[], Sequence[str]]) -> list[QueryClause]:
    """Return the clauses that restrict a search to ``filters``; they do not affect the scores.

    :param bylines: returns the values of all bylines in the index; an author matches any byline that contains the name.
    """
    required: list[Query] = []
    for field, chosen in (("outlet", filters.outlets), ("section", filters.sections), ("language", filters.languages)):
        if chosen:
            required.append(_any_of(field, [value(name) for name in chosen]))
    if filters.authors:
        parts = [value(name)[1:] for name in filters.authors]
        required.append(_any_of("byline", [line for line in bylines() if any(part in line[1:] for part in parts)]))
    if filters.since or filters.until:
        since = filters.since.timestamp if filters.since else None
        until = filters.until.timestamp if filters.until else None
        required.append(_between("published", since, until, include_upper=False))
    return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in required]


def exclusions(gone: Iterable[IdRange]) -> list[QueryClause]:
    """Return the clauses that exclude ranges of passage ids."""
    return [(Occur.MustNot, within(first, last)) for first, last in gone]


def within(first: int, last: int) -> Query:
    """Return a query for the passages with ids from ``first`` to ``last``, inclusive."""
    return _between("id", first, last, include_upper=True)


def _any_of(field: str, values: Sequence[str]) -> Query:
    return Query.term_set_query(schema(), field, values) if values else Query.empty_query()


def _between(field: str, low: int | None, high: int | None, include_upper: bool) -> Query:
    return Query.range_query(
        schema(),
        field,
        FieldType.Integer,
        lower_bound=low,
        upper_bound=high,
        include_upper=include_upper or high is None,
    )
