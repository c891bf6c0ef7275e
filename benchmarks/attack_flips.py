"""Flip single bits in an archive's files, one at a time: each must be reported, repaired or harmless.

As a script (``python -m benchmarks.attack_flips JOB``), this module is the process that opens and asks the damaged
archive. If it crashes, that is counted, and another process continues with the next flip.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from benchmarks.attack_mutations import SAMPLE
from benchmarks.common import Failed, environment, report

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.types import Answer, Citation

_ARTICLES = 60
_QUESTIONS = 12
_HEAD = 4096
"""Length of a file's header, which is hit by more of the flips: it says how to read the rest."""
DATABASE = "archive.sqlite3"

Outcome = Literal["same", "told", "other", "wrong", "uncaught"]
"""All answers unchanged, with no message; an error or a warning that says what is wrong; different answers with no
message, but with true citations; an answer with a false citation; an unexpected exception or a crash."""


@dataclass(frozen=True, slots=True)
class Job:
    """The flips from ``first`` on, up to ``count``, of copies of ``archive`` in ``work``."""

    archive: str
    seed: int
    first: int
    count: int
    work: str


@dataclass(frozen=True, slots=True)
class Flip:
    """One bit of one file.

    :ivar file: its path within the archive.
    """

    file: str
    byte: int
    bit: int


def flip(archive: Path, seed: int, number: int) -> Flip:
    """Draw a bit; the same arguments always give the same bit.

    A third each hit the database anywhere, the texts in the database that answers cite, and the indexes.
    """
    draw = random.Random(f"{seed} flip {number}")
    kind = number % 3
    if kind == 1:
        start, length = draw.choice(cited_places(archive))
        return Flip(DATABASE, start + draw.randrange(length), draw.randrange(8))
    files = sorted(path for path in (archive / "index").rglob("*") if path.is_file() and path.stat().st_size)
    path = archive / DATABASE if kind == 0 else draw.choice(files)
    size = path.stat().st_size
    byte = draw.randrange(min(size, _HEAD) if draw.random() < 0.3 else size)
    return Flip(path.relative_to(archive).as_posix(), byte, draw.randrange(8))


@cache
def cited_places(archive: Path) -> list[tuple[int, int]]:
    """Return where in the database the texts cited by answers to the questions are: first byte and length of each."""
    data = (archive / DATABASE).read_bytes()
    with opened(archive) as assistant:
        cited = {one.text for question in questions() for one in assistant.ask(question).citations}
    found = [(data.find(text.encode()), len(text.encode())) for text in sorted(cited)]
    return [place for place in found if place[0] >= 0]  # texts that cross a page boundary are left out


def attack(count: int, seed: int, work: Path) -> dict[str, Any]:
    """Flip ``count`` bits; return the figures."""
    from assistant.ingest import Record, read

    archive = work / "archive"
    build(archive, [item.article for item in read([str(SAMPLE / "articles.jsonl")]) if isinstance(item, Record)])
    told = work / "flips"
    told.write_text("")
    lost: list[str] = []
    first = 0
    while first < count:
        job = Job(str(archive), seed, first, count, str(work))
        command = [sys.executable, "-m", "benchmarks.attack_flips", json.dumps(asdict(job))]
        with tempfile.TemporaryFile() as said:
            code = subprocess.call(command, stdout=said, stderr=said, env=environment())
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines()
        first = len(told.read_text().splitlines()) + len(lost)
        if code:
            lost.append(f"{first} {flip(archive, seed, first)}: ended with {code}: {(words or [''])[-1][:200]}")
            first += 1
    return _figures([json.loads(line) for line in told.read_text().splitlines()], lost)


def _figures(done: Sequence[Mapping[str, Any]], lost: Sequence[str]) -> dict[str, Any]:
    outcomes = Counter(one["outcome"] for one in done)
    outcomes["uncaught"] += len(lost)
    hit = Counter("database" if one["file"] == DATABASE else "indexes" for one in done)
    figures = {
        "flips": len(done) + len(lost),
        "in_the_database": hit["database"],
        "in_the_indexes": hit["indexes"],
        **{name: outcomes[name] for name in ("same", "told", "other", "wrong", "uncaught")},
        "faults": [*lost, *(one["detail"] for one in done if one["outcome"] in ("wrong", "uncaught"))][:20],
    }
    report(f"    flips: {', '.join(f'{name} {value}' for name, value in figures.items() if name != 'faults')}")
    return figures


def build(archive: Path, articles: Sequence[Any]) -> None:
    """Build an archive of articles and publish both indexes, with an embedder that needs no model."""
    from assistant.admin import add_articles
    from assistant.archive import ArchiveWriter
    from assistant.index import open_indexes

    with ArchiveWriter(archive) as writer:
        add_articles(writer, _embedder(), articles[:_ARTICLES])
        with open_indexes(writer, writer.index_folder, write=True) as indexes:
            indexes.publish()


# --- in the process ------------------------------------------------------------------------------------------------


@cache
def _embedder() -> Any:
    from assistant.testing import word_embedder

    return word_embedder()


def questions() -> list[str]:
    """Return questions about the sample."""
    lines = (SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines[:_QUESTIONS]]


def opened(archive: Path) -> Assistant:
    """Open an archive as ``Assistant.open`` does, with the embedder that needs no model.

    :raises OnTheRecordError: if it cannot be opened.
    """
    from assistant import Assistant, load_settings
    from assistant.archive import Archive
    from assistant.index import open_indexes

    source = Archive(archive)
    try:
        embedder = _embedder()
        source.expect_model(embedder.fingerprint, embedder.name, embedder.dim)
        indexes = open_indexes(source, source.index_folder)
        return Assistant(source, indexes, embedder, load_settings({"archive": archive}))
    except BaseException:
        source.close()
        raise


def work(job: Job) -> None:
    """Flip the bits of a job, and report the outcome of each."""
    archive, place = Path(job.archive), Path(job.work) / "damaged"
    whole = Truth(archive)
    with (Path(job.work) / "flips").open("a", buffering=1) as told:
        for number in range(job.first, job.count):
            at = flip(archive, job.seed, number)
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(archive, place)
            with (place / at.file).open("r+b") as file:
                file.seek(at.byte)
                (value,) = file.read(1)
                file.seek(at.byte)
                file.write(bytes([value ^ 1 << at.bit]))
            outcome, detail = whole.compare(place)
            told.write(json.dumps({**asdict(at), "outcome": outcome, "detail": f"{number} {at}: {detail}"}) + "\n")


class Truth:
    """The articles and answers of the undamaged archive."""

    def __init__(self, archive: Path) -> None:
        from assistant.archive import Archive

        with Archive(archive) as source:
            self._articles = {(article.id, article.version): article for article in source.articles()}
        with opened(archive) as assistant:
            self._answers = {question: _gist(assistant.ask(question)) for question in questions()}
            false = [one for question in questions() for one in self._false(assistant.ask(question))]
        if false:
            raise Failed(f"the undamaged archive cites what is not in it: {false[0]}")

    def compare(self, archive: Path) -> tuple[Outcome, str]:
        """Ask a damaged archive; return the outcome and its details."""
        from assistant.errors import OnTheRecordError

        heard = _Heard()
        logging.getLogger().addHandler(heard)
        same = True
        try:
            with opened(archive) as assistant:
                for question, before in self._answers.items():
                    try:
                        answer = assistant.ask(question)
                    except OnTheRecordError as error:
                        heard.said.append(str(error))
                        continue
                    if false := self._false(answer):
                        return "wrong", f"{question}: {false[0]}"
                    same = same and _gist(answer) == before
        except OnTheRecordError as error:
            heard.said.append(str(error))
        except Exception as error:
            return "uncaught", f"{type(error).__name__}: {error}"[:300]
        finally:
            logging.getLogger().removeHandler(heard)
        if heard.said:
            return "told", heard.said[0][:300]
        return ("same" if same else "other"), ""

    def _false(self, answer: Answer) -> list[Citation]:
        """Return an answer's citations that do not match the undamaged archive."""
        by_marker = {citation.marker: citation for citation in answer.citations}
        spoken = [by_marker[one.citations[0]].text == one.text for one in answer.sentences]
        cited = [*answer.citations, *answer.near_misses]
        return [one for one in cited if not self._holds(one)] or ([] if all(spoken) else list(answer.citations))

    def _holds(self, citation: Citation) -> bool:
        article = self._articles.get((citation.article_id, citation.version))
        if article is None or article.text[citation.start : citation.end] != citation.text:
            return False
        published = article.published.iso() if article.published else None
        told = (citation.headline, citation.outlet, citation.url, citation.byline, citation.published)
        return told == (article.headline, article.outlet, article.url, article.byline, published)


class _Heard(logging.Handler):
    """Collects the warnings that are logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _gist(answer: Answer) -> tuple[str, tuple[tuple[str, tuple[int, ...]], ...], tuple[Citation, ...]]:
    sentences = tuple((sentence.text, tuple(sentence.citations)) for sentence in answer.sentences)
    return answer.status, sentences, tuple(answer.citations)


if __name__ == "__main__":
    work(Job(**json.loads(sys.argv[1])))
