from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.evaluation.plots import bars, histogram, lines

if TYPE_CHECKING:
    from tests.conftest import Cli

QUESTIONS = (
    {
        "id": "tunnel",
        "question": "When will the harbour tunnel open?",
        "date": "2023-05-14",
        "answers": ["2027"],
        "article_ids": ["tunnel-1", "tunnel-2"],
    },
    {
        "id": "fares",
        "question": "By how much will ferry fares <b>rise</b>?",
        "answers": ["five per cent"],
        "article_ids": ["ferry-1"],
    },
    {"id": "chess", "question": "Who won the chess championship in Reykjavik?", "answerable": False},
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(question) + "\n" for question in QUESTIONS))
    return path


class _Page(HTMLParser):
    """Records what a page would load, and whether its elements are closed in order."""

    _VOID = frozenset({"meta", "br", "input", "rect", "line", "polyline"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "xlink:href", "data", "action")]
        self.loads += [tag] * (tag in ("link", "img", "iframe", "object", "embed"))
        if tag not in self._VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self._VOID

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_evaluate_leaves_runs_measures_and_a_report(
    cli: Cli, small_archive: Path, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = cli("evaluate", questions, "--out", out, "--limit", "5", archive=small_archive)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("questions: 3 asked, 2 counted, 2 judged, 2 answerable, 1 unanswerable\n")
    assert re.search(r"^evidence@100 +1\.0000   1\.0000 to 1\.0000   2 questions$", done.stdout, re.MULTILINE)
    assert {path.name for path in out.iterdir()} == {"run.jsonl", "run.trec", "measures.json", "report.html"}

    found = json.loads((out / "measures.json").read_text())
    assert {name: m["mean"] for name, m in found["answers"].items() if name != "citation_precision"} == {
        "answer@100": 1.0, "citation_recall": 1.0, "citations_verbatim": 1.0,
    }  # fmt: skip
    assert found["refusal"]["statuses"]["unanswerable"]["not_found"] == 1
    assert found["milliseconds"]["max"] >= found["milliseconds"]["median"] > 0

    assert next(line.split()[:4] for line in (out / "run.trec").read_text().splitlines()) == [
        "tunnel",
        "Q0",
        "tunnel-2",
        "1",
    ]
    run = [json.loads(line) for line in (out / "run.jsonl").read_text().splitlines()]
    assert [(line["id"], line["status"]) for line in run][::2] == [("tunnel", "supported"), ("chess", "not_found")]

    page = _Page((out / "report.html").read_text())
    assert page.loads == []
    assert "By how much will ferry fares <b>rise</b>?" in page.text
    assert "The harbour tunnel will not open before 2027" in page.text


def test_the_same_input_gives_the_same_bytes(cli: Cli, small_archive: Path, questions: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = cli("evaluate", questions, "--out", tmp_path / name, "--no-latency", archive=small_archive)
        assert done.exit_code == 0, done.stderr
        assert "latency" not in done.stdout
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_run_is_scored_and_compared_without_asking(
    cli: Cli, small_archive: Path, questions: Path, tmp_path: Path
) -> None:
    run, worse, out = tmp_path / "run.jsonl", tmp_path / "worse.jsonl", tmp_path / "out"
    assert cli("batch", questions, "--out", run, archive=small_archive).exit_code == 0
    worse.write_text("".join(json.dumps({"id": q["id"], "passages": []}) + "\n" for q in QUESTIONS[:2]))
    done = cli("evaluate", questions, "--run", run, "--against", worse, "--out", out, "--json", archive=small_archive)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == json.loads((out / "measures.json").read_text())
    assert found["against"]["evidence@100"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 2, "better": 2, "worse": 0}
    assert found["refusal"]["recall"] == 1.0
    assert {path.name for path in out.iterdir()} == {"measures.json", "report.html"}
    assert "Against the other run" in _Page((out / "report.html").read_text()).text


def test_retrieval_alone_is_measured_without_answers(
    cli: Cli, small_archive: Path, questions: Path, tmp_path: Path
) -> None:
    qrels = tmp_path / "judged.qrels"
    qrels.write_text("fares 0 ferry-1 1\nfares 0 elsewhere 1\nchess 0 nowhere 1\n")
    done = cli(
        "evaluate",
        questions,
        "--qrels",
        qrels,
        "--retrieval-only",
        "--out",
        tmp_path / "out",
        "--json",
        archive=small_archive,
    )
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert "answers" not in found
    assert "refusal" not in found
    assert found["ranking"]["R@100"]["mean"] == 0.25
    assert (
        "of 1 of 2 judged questions, the archive holds none of the articles judged (the first is 'chess')"
        in done.stderr
    )


def test_impossible_options_are_refused_before_any_question_is_asked(
    cli: Cli, small_archive: Path, questions: Path, tmp_path: Path
) -> None:
    both = cli("evaluate", questions, "--run", questions, "--retrieval-only", archive=small_archive)
    assert (both.exit_code, both.stderr.startswith("error: --retrieval-only says how to ask")) == (2, True)
    (tmp_path / "bad.qrels").write_text("tunnel 0 tunnel-1 very\n")
    bad = cli("evaluate", questions, "--qrels", tmp_path / "bad.qrels", archive=small_archive)
    assert (bad.exit_code, f"{tmp_path / 'bad.qrels'}:1: the grade is 'very'" in bad.stderr) == (3, True)
    absent = cli("evaluate", tmp_path / "none.jsonl", archive=small_archive)
    assert (absent.exit_code, "none.jsonl cannot be read: No such file" in absent.stderr) == (3, True)
    unwritable = cli("evaluate", questions, "--out", questions, archive=small_archive)
    assert (unwritable.exit_code, "cannot be created" in unwritable.stderr) == (2, True)


def test_plots_stay_within_their_frame_whatever_they_show() -> None:
    drawn = [
        bars([("<a>", 0.0, 0.0, 0.0), ("b", 1.0, 1.0, 1.0)]),
        bars([("c", -0.02, -0.05, 0.01)], -0.05, 0.05),
        lines([("", [(0.0, 0.0), (1000.0, 1.0)])], "x", "y", diagonal=True),
        lines([("", [(0.0, 0.0)])], "x", "y"),
        histogram([("one", [0.0, 0.5, 1.0]), ("two", [])], "x"),
    ]
    for svg in drawn:
        _Page(svg)
        assert "<a>" not in svg
        assert all(0 <= float(x) <= 460 for x in re.findall(r' x[12]?="([-\d.]+)"', svg))
        assert all(float(size) >= 0 for size in re.findall(r' (?:width|height)="([-\d.]+)"', svg))
