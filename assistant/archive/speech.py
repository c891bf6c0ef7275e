"""Who said what in the archive: speakers' names, their quotes, and the manual corrections."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.archive.rows import QUOTE_COLUMNS, attribution_of, moment_iso
from assistant.attributions import Attribution, Correction, Mention, QuoteRef, Utterance
from assistant.types import Filters, StoredArticle

if TYPE_CHECKING:
    from assistant.archive.reader import Archive

_BLOCK = 500
_CURRENT = "quotes q JOIN articles a ON a.current = q.version"


def mentions(archive: Archive, names: Sequence[str] | None = None) -> list[Mention]:
    """Return in which articles' current versions names are quoted, one mention per name and article.

    :param names: None means all.
    """
    query = f"SELECT q.speaker, a.key, COUNT(*) FROM {_CURRENT} WHERE q.speaker <> ''"
    if names is None:
        return [Mention(*row) for row in archive.db.execute(f"{query} GROUP BY 1, 2")]
    return [
        Mention(*row)
        for block, marks in _blocks(names)
        for row in archive.db.execute(f"{query} AND q.speaker IN ({marks}) GROUP BY 1, 2", block)
    ]


def corrections(archive: Archive) -> list[Correction]:
    """Return the manual corrections, oldest first, except those of articles that do not exist."""
    rows = archive.db.execute(
        "SELECT c.kind, c.name, c.other, a.key, c.article FROM speaker_corrections c LEFT JOIN articles a"
        " ON a.id = c.article ORDER BY c.key"
    )
    return [Correction(kind, name, other, key) for kind, name, other, key, public in rows if key or not public]


def quote_refs(
    archive: Archive, names: Sequence[str] | None, filters: Filters, articles: Iterable[int] = ()
) -> list[QuoteRef]:
    """Return the quotes of current versions, those published last first; undated ones come last.

    :param names: only those attributed to these names; None means every quote in ``articles``, even one without a name.
    :param articles: keys; used only if ``names`` is None.
    """
    query = f"SELECT q.id, a.key, q.kind, q.speaker FROM {_CURRENT}"
    found: list[Any] = []
    if names is not None:
        for block, marks in _blocks(names):
            found += archive.db.execute(f"{query} WHERE q.speaker IN ({marks})", block).fetchall()
    else:
        for block, marks in _blocks(list(articles)):
            found += archive.db.execute(f"{query} WHERE a.key IN ({marks})", block).fetchall()
    allowed, published = archive.matching(filters), archive.published()
    kept = [
        QuoteRef(key, article, published.get(article), kind, speaker)
        for key, article, kind, speaker in found
        if allowed is None or article in allowed
    ]
    return sorted(kept, key=lambda ref: (ref.published is None, -(ref.published or 0), ref.id))


def latest_quote_refs(archive: Archive, filters: Filters, limit: int) -> list[QuoteRef]:
    """Return the newest quotes of all articles that pass: ``limit`` of them or a few more."""
    allowed, published = archive.matching(filters), archive.published()
    newest = sorted(published, key=lambda key: (-published[key], key))
    found: list[QuoteRef] = []
    for start in range(0, len(newest), _BLOCK):
        keys = [key for key in newest[start : start + _BLOCK] if allowed is None or key in allowed]
        found += quote_refs(archive, None, Filters(), keys)
        if len(found) >= limit:
            break
    return found


def iso_day(timestamp: int) -> str:
    """Return the day, in UTC, of an instant in seconds since 1970: "2023-05-12"."""
    return moment_iso(timestamp)[:10]


def utterances(archive: Archive, ids: Sequence[int]) -> list[Utterance]:
    """Return the quotes with these ids, in the order of the ids, except those that no longer exist."""
    found: dict[int, Any] = {}
    for block, marks in _blocks(ids):
        query = f"SELECT {QUOTE_COLUMNS} FROM {_CURRENT} WHERE q.id IN ({marks})"
        found.update((row[0], row) for row in archive.db.execute(query, block))
    # Each version's text is read once and sliced here: SQLite would scan it from its start for every quote.
    articles = archive.versions_by_key({row[1] for row in found.values()})
    return [
        _utterance(found[key], articles[found[key][1]]) for key in ids if key in found and found[key][1] in articles
    ]


def _utterance(row: Any, article: StoredArticle) -> Utterance:
    said, text = attribution_of(row), article.text
    source, cue, addressee = (text[slice(*span)] if span else "" for span in (said.source, said.cue, said.addressee))
    return Utterance(
        row[0], row[1], article.key, article.id, article.version, article.headline, article.outlet, article.url,
        article.byline, article.language, article.published, said, text[slice(*said.content)], source, cue,
        addressee,
    )  # fmt: skip


def addressed(archive: Archive, ids: Sequence[int]) -> list[int]:
    """Return the ids of the quotes whose addressee the article names, in the order of ``ids``."""
    found: set[int] = set()
    for block, marks in _blocks(ids):
        query = f"SELECT id FROM quotes WHERE id IN ({marks}) AND addressee_start IS NOT NULL"
        found.update(key for (key,) in archive.db.execute(query, block))
    return [key for key in ids if key in found]


def attributions(archive: Archive, article_id: str, number: int) -> list[Attribution]:
    """Return who says what in one version of an article, in text order."""
    query = (
        f"SELECT {QUOTE_COLUMNS} FROM quotes q"
        " JOIN versions v ON v.key = q.version JOIN articles a ON a.key = v.article"
        " WHERE a.id = ? AND v.number = ? ORDER BY q.start"
    )
    return [attribution_of(row) for row in archive.db.execute(query, (article_id, number))]


def keep_quotes(db: sqlite3.Connection, version: int, quotes: Sequence[Attribution]) -> None:
    """Store who says what in a version. Runs in a transaction that the caller has begun."""
    nowhere = (None, None)
    db.executemany(
        'INSERT INTO quotes (version, kind, start, "end", source_start, source_end, cue_start, cue_end, speaker,'
        " addressee_start, addressee_end) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                version,
                q.kind,
                *q.content,
                *(q.source or nowhere),
                *(q.cue or nowhere),
                q.speaker or "",
                *(q.addressee or nowhere),
            )
            for q in quotes
        ),
    )


def _blocks(values: Sequence[Any]) -> Iterator[tuple[list[Any], str]]:
    for start in range(0, len(values), _BLOCK):
        block = list(values[start : start + _BLOCK])
        yield block, ",".join("?" * len(block))
