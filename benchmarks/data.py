"""The articles and questions that the benchmarks use; none of them are in the repository."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import lzma
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.common import ROOT, Skipped

Row = dict[str, Any]

_ORIGINAL = (
    "RealTimeQA (github.com/realtimeqa/realtimeqa_public): its news articles as JSON lines {id, url, title, text, "
    "published} in realtimeqa/articles.jsonl.xz, its questions {id, date, question, answers, relevant} in "
    "realtimeqa/questions.jsonl"
)
_OPENERS: dict[str, Callable[..., IO[str]]] = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}
_TRIVIAL = frozenset({"true", "false", "yes", "no", "none of above", "all of above"})


def folder() -> Path:
    """Return the folder of the data: BENCH_DATA, or ../shared/data beside the repository."""
    return Path(os.environ.get("BENCH_DATA") or ROOT.parent / "shared" / "data")


def articles_file() -> Path:
    """Return the file of the articles.

    :raises Skipped: when it is not there.
    """
    return _there(folder() / "realtimeqa" / "articles.jsonl.xz")


def questions_file() -> Path:
    """Return the file of the questions.

    :raises Skipped: when it is not there.
    """
    return _there(folder() / "realtimeqa" / "questions.jsonl")


def scorer_file(named: Path | None) -> Path | None:
    """Return the script that scores retrieved passages; None if there is none."""
    path = named or ROOT.parent / "shared" / "eval" / "score_passages.py"
    return path if path.is_file() else None


def _there(path: Path) -> Path:
    if not path.is_file():
        raise Skipped(f"{path} is not there. BENCH_DATA names the folder that holds it. The original: {_ORIGINAL}")
    return path


def rows(path: Path, limit: int | None = None) -> Iterator[Row]:
    """Yield the objects of a file of JSON lines, compressed or not; the first ``limit`` of them."""
    with _OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            if line.strip():
                yield json.loads(line)


def write(path: Path, items: Iterable[Row]) -> Path:
    """Write JSON lines."""
    with path.open("w", encoding="utf-8") as out:
        for item in items:
            out.write(json.dumps(item, ensure_ascii=False) + "\n")
    return path


class Digest:
    """Digest of a corpus: its articles, and the questions asked of it, in order."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=12)

    def articles(self, items: Iterable[Row]) -> Iterator[Row]:
        """Yield articles again, and add them to the digest."""
        for item in items:
            self._note("article", item["id"], headline(item), item["text"], item.get("published") or "")
            yield item

    def questions(self, items: Iterable[Row]) -> None:
        """Add questions to the digest."""
        for item in items:
            about = (*item.get("answers", ()), *(item.get("relevant") or ()))
            self._note("question", item["id"], item["question"], *about)

    def _note(self, *fields: str) -> None:
        self._hash.update(json.dumps(fields, ensure_ascii=True).encode())

    def hex(self) -> str:
        """Return the digest as 24 hexadecimal digits."""
        return self._hash.hexdigest()


def corpus_digest(articles: Iterable[Row], questions: Iterable[Row] = ()) -> str:
    """Return the digest of a corpus."""
    digest = Digest()
    for _ in digest.articles(articles):
        pass
    digest.questions(questions)
    return digest.hex()


def headline(article: Row) -> str:
    """Return the headline of an article, by either of its field names."""
    return str(article.get("title") or article.get("headline") or "")


# --- countable questions -----------------------------------------------------------------------------------


def folded(text: str) -> str:
    """Return text in the form in which answers are compared: no case, articles, possessives or punctuation."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[^\w\s%$.]", " ", re.sub(r"[’']s\b", "", text))
    return " ".join(re.sub(r"\.(?!\d)", " ", re.sub(r"\b(the|a|an)\b", " ", text)).split())


def answers_of(question: Row) -> re.Pattern[str] | None:
    """Return a pattern that finds the answers in folded text; None if all are yes, no or too short to count."""
    answers = [a for a in map(folded, question["answers"]) if len(a) >= 3 and a not in _TRIVIAL]
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, answers)) + r")(?!\w)") if answers else None


def countable(questions: Sequence[Row], articles: dict[str, str]) -> list[Row]:
    """Return the questions that can be counted: those with an answer in a relevant article.

    :param articles: folded headline and text by id.
    """
    found = []
    for question in questions:
        answer = answers_of(question)
        relevant = [articles[u] for u in question.get("relevant") or () if u in articles]
        if answer and any(answer.search(text) for text in relevant):
            found.append(question)
    return found


@dataclass(frozen=True, slots=True)
class Corpus:
    """The data of a benchmark: articles, and questions about them."""

    articles: list[Row]
    questions: list[Row]

    @property
    def digest(self) -> str:
        """The digest of both."""
        return corpus_digest(self.articles, self.questions)


def choose(articles: Sequence[Row], questions: Sequence[Row], count: int) -> Corpus:
    """Choose ``count`` articles that have answers, and the questions that they answer.

    The countable questions are taken by date, and the relevant articles of each are added until there are enough. A
    question is included if all its relevant articles are. The same files always give the same choice.
    """
    by_id = {article["id"]: article for article in articles}
    wanted = {u for q in questions for u in q.get("relevant") or ()}
    texts = {u: folded(f"{headline(by_id[u])} . {by_id[u]['text']}") for u in sorted(wanted & by_id.keys())}
    asked = sorted(countable(questions, texts), key=lambda q: (str(q.get("date", "")), str(q["id"])))
    chosen: dict[str, None] = {}
    for question in asked:
        for relevant in question["relevant"]:
            if relevant in by_id and len(chosen) < count:
                chosen[relevant] = None
    if len(chosen) < count:
        chosen.update(dict.fromkeys(u for u in by_id if u not in chosen))
    kept = dict.fromkeys(list(chosen)[:count])
    inside = [q for q in asked if all(u in kept for u in q["relevant"] if u in by_id)]
    return Corpus([by_id[u] for u in kept], inside)


def known_items(articles: Sequence[Row]) -> list[Row]:
    """Return one question per article, its headline, to measure speed on data without questions."""
    named = [(article["id"], headline(article)) for article in articles]
    return [{"id": key, "question": title, "answers": [], "relevant": [key]} for key, title in named if title]
