"""Reads evaluation questions and relevance judgements: JSON Lines, BEIR folders, TREC qrels.

Format references: BEIR (github.com/beir-cellar/beir, "Data" in its README); TREC qrels (trec_eval's README).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import files
from assistant.dates import parse_date
from assistant.errors import BadFilter, BadRecord, UnreadableSource, UsageError

Qrels = dict[str, dict[str, int]]
"""Question id -> article id -> grade; 0 means judged not relevant."""

_FOUR, _THREE = 4, 3


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its expected answers.

    :ivar date: the day it is asked, as given; None means today.
    :ivar answers: texts, any of which is a correct answer; empty if unknown.
    :ivar relevant: relevance grades by article id; None if no article was judged.
    :ivar answerable: whether the archive answers it; None if unknown.
    """

    id: str
    question: str
    date: str | None = None
    answers: tuple[str, ...] = ()
    relevant: Mapping[str, int] | None = None
    answerable: bool | None = None


def read(source: Path, qrels: Path | None = None, split: str = "test") -> list[Question]:
    """Read questions from a JSON Lines file or a BEIR folder.

    :param qrels: a file of judgements that replaces the source's own.
    :param split: which of a BEIR folder's ``qrels/*.tsv`` to use; if there is only one, it is used.
    :raises UnreadableSource: if a file is missing, cannot be read or is truncated.
    :raises BadRecord: for an invalid line; the message names the file and line.
    """
    if source.is_dir():
        queries = source / "queries.jsonl"
        if not queries.is_file():
            raise UnreadableSource(f"{source} is not a BEIR folder: it has no {queries.name}")
        listed = list(_questions(queries, beir=True))
        qrels = qrels or _split(source / "qrels", split)
    else:
        listed = list(_questions(source, beir=False))
    if not listed:
        raise BadRecord(
            f'{source} holds no questions; write one JSON object per line: {{"id": "1", "question": "..."}}'
        )
    return listed if qrels is None else _judged(listed, read_qrels(qrels), qrels)


def _questions(path: Path, beir: bool) -> Iterator[Question]:
    seen: dict[str, str] = {}
    for where, row in files.rows(str(path)):
        row = {**row, "id": row.get("_id", row.get("id")), "question": row.get("text")} if beir else row
        question = _question(row, where)
        if question.id in seen:
            raise BadRecord(f"{where}: id {question.id!r} was given before, at {seen[question.id]}; ids must be unique")
        seen[question.id] = where
        yield question


def _question(row: dict[str, Any], where: str) -> Question:
    answerable = row.get("answerable")
    if answerable is not None and not isinstance(answerable, bool):
        raise BadRecord(f'{where}: "answerable" is {answerable!r:.80}; write true or false, or leave it out')
    named = "relevant" if "article_ids" not in row and "relevant" in row else "article_ids"
    listed = None if row.get(named) is None else _texts(row, named, where)
    return Question(
        str(files.id_field(row, where)),
        files.text_field(row, "question", where),
        _date(row, where),
        tuple(_texts(row, "answers", where)),
        None if listed is None else dict.fromkeys(listed, 1),
        answerable,
    )


def _texts(row: dict[str, Any], name: str, where: str) -> list[str]:
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadRecord(f'{where}: "{name}" must be a list of texts; it is {value!r:.80}')
    return value


def _date(row: dict[str, Any], where: str) -> str | None:
    value = row.get("date")
    if value in (None, ""):
        return None
    try:
        return parse_date(value).iso()
    except BadFilter as error:
        raise BadRecord(f'{where}: "date": {error}') from error


# --- judgements ------------------------------------------------------------------------------------------


def _split(folder: Path, split: str) -> Path:
    there = sorted(folder.glob("*.tsv"))
    named = folder / f"{split}.tsv"
    if named in there:
        return named
    if len(there) == 1:
        return there[0]
    found = ", ".join(path.stem for path in there) or "none"
    raise UsageError(f"{folder} has no {named.name}; it has: {found}. Name one with --split, or a file with --qrels")


def read_qrels(path: Path) -> Qrels:
    """Read judgements in TREC format (question, 0, article, grade) or BEIR's (question, article, grade, with a header).

    :raises UnreadableSource: if the file cannot be read.
    :raises BadRecord: for an invalid line; the message names the file and line.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UnreadableSource(f"{path} cannot be read: {error.strerror}") from error
    judged: Qrels = {}
    for number, raw in enumerate(lines, start=1):
        where = f"{path}:{number}"
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise BadRecord(f"{where}: not UTF-8 (byte {error.start + 1} is {raw[error.start]:#04x})") from error
        if not line or (number == 1 and line.split()[0].lower() in {"query-id", "query_id", "qid"}):
            continue
        question, article, grade = _judgement(line, where)
        if judged.setdefault(question, {}).setdefault(article, grade) != grade:
            raise BadRecord(f"{where}: {article!r} was judged {judged[question][article]} before, and is {grade} here")
    if not judged:
        raise BadRecord(f"{path} holds no judgements; write one per line: QUESTION 0 ARTICLE GRADE")
    return judged


def _judgement(line: str, where: str) -> tuple[str, str, int]:
    fields = line.split("\t") if line.count("\t") == _THREE - 1 else line.split()
    if len(fields) not in (_THREE, _FOUR):
        raise BadRecord(f"{where}: {len(fields)} fields; a judgement has four (TREC) or three separated by tabs (BEIR)")
    question, article, grade = fields[0], fields[-2], fields[-1].strip()
    try:
        return question, article, int(grade)
    except ValueError as error:
        raise BadRecord(f"{where}: the grade is {grade!r:.40}; it must be a whole number") from error


def _judged(listed: list[Question], judged: Qrels, path: Path) -> list[Question]:
    known = {question.id for question in listed}
    if not known & judged.keys():
        raise BadRecord(
            f"{path} judges none of the {len(listed):,} questions: its first is {next(iter(judged))!r}, theirs "
            f"{listed[0].id!r}"
        )
    return [replace(question, relevant=judged.get(question.id)) for question in listed]
