from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadRecord, UnreadableSource, UsageError
from assistant.evaluation import datasets, runs
from assistant.evaluation.datasets import Question
from assistant.evaluation.runs import Outcome, RunCitation, RunPassage, RunSentence


def lines(path: Path, *rows: dict[str, Any] | str) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


# --- questions -------------------------------------------------------------------------------------------


def test_questions_are_read_with_what_is_expected(tmp_path: Path) -> None:
    rows = [
        {
            "id": "a",
            "question": "Who?",
            "date": "2023/05/14",
            "answers": ["Mona"],
            "article_ids": ["u1"],
            "choices": [],
        },
        {"id": 2, "question": "Why?", "answerable": False},
        {"id": "c", "question": "Where?", "relevant": ["u2", "u3"]},
    ]
    path = tmp_path / "q.jsonl.xz"
    path.write_bytes(lzma.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    assert datasets.read(path) == [
        Question("a", "Who?", "2023-05-14", ("Mona",), {"u1": 1}),
        Question("2", "Why?", answerable=False),
        Question("c", "Where?", relevant={"u2": 1, "u3": 1}),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "a", "question": "Who?"}', "id 'a' was given before, at "),
        ('{"id": "b"}', '"question" must be a text'),
        ('{"id": "b", "question": "Who?", "answers": "Mona"}', '"answers" must be a list of texts'),
        ('{"id": "b", "question": "Who?", "article_ids": [1]}', '"article_ids" must be a list of texts'),
        ('{"id": "b", "question": "Who?", "answerable": "no"}', "\"answerable\" is 'no'"),
        ('{"id": "b", "question": "Who?", "date": "soon"}', "\"date\": 'soon' is not a date"),
        ("[]", "a JSON list where an object was expected"),
    ],
)
def test_a_bad_question_is_named_by_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    path = lines(tmp_path / "q.jsonl", {"id": "a", "question": "Who?"}, line)
    with pytest.raises(BadRecord) as error:
        datasets.read(path)
    assert str(error.value).startswith(f"{path}:2: {says}")


def beir(folder: Path, **qrels: str) -> Path:
    (folder / "qrels").mkdir()
    lines(folder / "queries.jsonl", {"_id": "1", "text": "Who won?"}, {"_id": "2", "text": "Who lost?"})
    for name, text in qrels.items():
        (folder / "qrels" / f"{name}.tsv").write_text(text)
    return folder


def test_a_beir_folder_is_read_with_its_split(tmp_path: Path) -> None:
    folder = beir(
        tmp_path, test="query-id\tcorpus-id\tscore\n1\td 1\t2\n1\td2\t0\n", dev="query-id\tcorpus-id\tscore\n2\td1\t1\n"
    )
    assert datasets.read(folder) == [
        Question("1", "Who won?", relevant={"d 1": 2, "d2": 0}),
        Question("2", "Who lost?"),
    ]
    assert datasets.read(folder, split="dev")[1].relevant == {"d1": 1}
    with pytest.raises(UsageError, match=r"has no train\.tsv; it has: dev, test"):
        datasets.read(folder, split="train")


def test_a_folder_that_is_not_a_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="is not a BEIR folder"):
        datasets.read(tmp_path)
    with pytest.raises(BadRecord, match="holds no questions"):
        datasets.read(lines(tmp_path / "q.jsonl"))


# --- judgements ------------------------------------------------------------------------------------------


def test_qrels_of_both_kinds_are_the_same(tmp_path: Path) -> None:
    trec, tabs = tmp_path / "a.qrels", tmp_path / "b.tsv"
    trec.write_text("q1 0 u1 1\nq1 0 u2 0\n\nq2 0 u1 3\r\n")
    tabs.write_text("query-id\tcorpus-id\tscore\nq1\tu1\t1\nq1\tu2\t0\nq2\tu1\t3\n")
    assert datasets.read_qrels(trec) == datasets.read_qrels(tabs) == {"q1": {"u1": 1, "u2": 0}, "q2": {"u1": 3}}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("q1 0 u2", "3 fields"),
        ("q1 0 u2 yes", "the grade is 'yes'"),
        ("q1 0 u1 2", "'u1' was judged 1 before, and is 2 here"),
        ("q1 0 u2 1 2", "5 fields"),
    ],
)
def test_a_bad_judgement_is_named_by_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "a.qrels"
    path.write_text(f"q1 0 u1 1\n{line}\n")
    if says == "3 fields":
        path.write_text(f"q1 0 u1 1\n{line[:4]}\n")
        says = "2 fields"
    with pytest.raises(BadRecord) as error:
        datasets.read_qrels(path)
    assert str(error.value).startswith(f"{path}:2: {says}")


def test_judgements_of_other_questions_are_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "q.jsonl", {"id": "a", "question": "Who?"})
    (tmp_path / "a.qrels").write_text("q1 0 u1 1\n")
    with pytest.raises(BadRecord, match="judges none of the 1 questions: its first is 'q1', theirs 'a'"):
        datasets.read(path, tmp_path / "a.qrels")


# --- runs ------------------------------------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)
places = st.integers(0, 10**6)
outcomes = st.builds(
    Outcome,
    id=words,
    passages=st.lists(st.builds(RunPassage, words, words, places, places, st.floats(0, 1)), max_size=3).map(tuple),
    answer=st.none() | words,
    status=st.sampled_from([None, "supported", "partial", "not_found"]),
    reason=st.none() | words,
    confidence=st.none() | st.floats(0, 1),
    sentences=st.none()
    | st.lists(st.builds(RunSentence, words, st.lists(places, max_size=2).map(tuple)), max_size=2).map(tuple),
    citations=st.none()
    | st.lists(st.builds(RunCitation, places, words, st.none() | places, places, places, words), max_size=2).map(tuple),
    milliseconds=st.none() | st.floats(0, 1e6),
)


@given(outcomes)
def test_a_line_of_a_run_is_read_as_it_was_written(outcome: Outcome) -> None:
    assert runs._outcome(json.loads(json.dumps(runs.line(outcome))), "run.jsonl:1") == outcome


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"id": "a", "passages": []}, "id 'a' was given before"),
        ({"id": "b", "passages": {}}, '"passages" must be a list of objects'),
        ({"id": "b", "passages": [{"text": "x"}]}, '"article_id" must be a text'),
        ({"id": "b", "passages": [{"article_id": "u"}]}, '"text" must be a text'),
        ({"id": "b", "status": "maybe"}, "\"status\" is 'maybe'"),
        ({"id": "b", "confidence": 2}, '"confidence" is 2.0; it must be between 0 and 1'),
        (
            {"id": "b", "citations": [{"marker": 1, "article_id": "u", "start": "0", "end": 2, "text": "x"}]},
            '"start" must be a whole number',
        ),
        ({"id": "b", "sentences": [{"text": "x", "citations": ["1"]}]}, '"citations" of a sentence must be'),
    ],
)
def test_a_bad_line_of_a_run_is_named(tmp_path: Path, line: dict[str, Any], says: str) -> None:
    path = lines(tmp_path / "run.jsonl", {"id": "a"}, line)
    with pytest.raises(BadRecord) as error:
        runs.read(path)
    assert str(error.value).startswith(f"{path}:2: {says}")


def test_a_trec_run_gives_each_article_once_in_the_order_of_its_passages() -> None:
    found = tuple(RunPassage(article, "x", score=score) for article, score in (("u 1", 0.2), ("u2", 0.9), ("u 1", 0.1)))
    assert list(runs.trec([Outcome("q 1", found), Outcome("q2", ())])) == [
        "q%201 Q0 u%201 1 2 ontherecord",
        "q%201 Q0 u2 2 1 ontherecord",
    ]
