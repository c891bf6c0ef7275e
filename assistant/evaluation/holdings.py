"""Looks up the archive's texts for evaluation."""

from __future__ import annotations

import hashlib
import re
from functools import cached_property, lru_cache

from assistant.archive import Archive
from assistant.errors import NotFound
from assistant.evaluation.matching import folded


class Holdings:
    """An archive's articles: which contain an answer, and whether citations are verbatim."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.folded = lru_cache(maxsize=50_000)(self._folded)

    def _folded(self, article_id: str) -> str | None:
        try:
            article = self._archive.article(article_id)
        except NotFound:
            return None
        return folded(f"{article.headline} . {article.text}")

    def holds(self, article_id: str, answer: re.Pattern[str]) -> bool:
        """Return whether an article is in the archive and contains an answer, in its headline or text."""
        text = self.folded(article_id)
        return text is not None and bool(answer.search(text))

    def anywhere(self, answer: re.Pattern[str]) -> bool:
        """Return whether any article in the archive contains an answer."""
        return any(answer.search(text) for text in self._all)

    @cached_property
    def _all(self) -> list[str]:
        return [folded(f"{article.headline} . {article.text}") for article in self._archive.articles()]

    def stands(self, article_id: str, version: int | None, start: int, end: int, text: str) -> bool:
        """Return whether ``text`` equals characters ``start`` to ``end`` of an article's version (None: the latest)."""
        try:
            article = self._archive.article(article_id, version)
        except NotFound:
            return False
        return 0 <= start < end and article.text[start:end] == text

    def digest(self) -> str:
        """Return a digest of the articles in retrieval: dates, headlines and texts; 24 hexadecimal digits.

        Ids are left out: those of plain files are derived from the files' paths.
        """
        digest = hashlib.blake2b(digest_size=12)
        for key in sorted(
            "\0".join((a.published.iso() if a.published else "", a.headline, a.text)) for a in self._archive.articles()
        ):
            digest.update(key.encode("utf-8", "backslashreplace") + b"\1")
        return digest.hexdigest()
