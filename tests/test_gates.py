from __future__ import annotations

import json
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.embedding.models import model_folder
from benchmarks import data, gate, kill, peer
from benchmarks.common import RESULTS, Failed, latencies, percentile, spread
from benchmarks.compare import committed, differences
from benchmarks.peer_reading import Reading
from benchmarks.peer_turns import Player, in_turns
from tests.conftest import SMALL

BOUND = gate.Bound("quality/found", "floor", 0.6, "quality", "scores/found", "c1", "python -m benchmarks.quality")
CEILING = gate.Bound("speed/median_ms", "ceiling", 60.0, "speed", "median_ms", "c2", "python -m benchmarks.speed")

PROMISED = {
    "ask/median_ms": ("ceiling", 60.0),
    "ask/p95_ms": ("ceiling", 150.0),
    "peer/articles_per_second": ("floor", 0.4),
    "peer/articles_per_second_with_load": ("floor", 0.4),
    "peer/peak_mb": ("floor", 1.0),
    "peer/query_median_ms": ("floor", 0.85),
    "peer/query_p95_ms": ("floor", 0.8),
    "peer/evidence@200": ("floor", 0.1),
    "peer/article@1": ("floor", 0.1),
    "peer/fitted/articles_per_second": ("floor", 1.0),
    "peer/fitted/characters_per_second": ("floor", 1.0),
    "peer/fitted/peak_mb": ("floor", 1.0),
    "kill/identical": ("floor", 1),
    "soak/server_errors": ("ceiling", 0),
    "soak/wrong": ("ceiling", 0),
    "soak/descriptors_growth": ("ceiling", 10),
    "soak/threads_growth": ("ceiling", 4),
    "soak/memory_growth_mb": ("ceiling", 32),
    "quotes/polnear/direct/f1@0.3": ("floor", 0.95),
    "quotes/polnear/direct/speaker@0.3": ("floor", 0.93),
    "quotes/polnear/all/f1@0.3": ("floor", 0.78),
    "quotes/german/all/f1@0.3": ("floor", 0.79),
    "extraction/cpu_seconds_ratio": ("ceiling", 1.5),
}


@pytest.fixture
def floors_file(tmp_path: Path) -> Path:
    floors = gate.Floors((), ())
    for bound in (BOUND, CEILING):
        floors = gate.add(floors, bound, "at first")
    gate.write(tmp_path / "floors.json", floors)
    return tmp_path / "floors.json"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    put(tmp_path, "quality", "c1", {"scores": {"found": 0.65}})
    put(tmp_path, "speed", "c2", {"median_ms": 40})
    return tmp_path


def put(folder: Path, name: str, corpus: str, figures: dict[str, Any]) -> None:
    (folder / f"{name}.json").write_text(json.dumps({"corpus": corpus, "figures": figures}))


def run(floors_file: Path, results: Path, *options: str) -> None:
    gate.main(["--floors", str(floors_file), "--results", str(results), *options])


# --- comparing -------------------------------------------------------------------------------------------


def test_results_within_their_bounds_pass(floors_file: Path, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(floors_file, results)
    assert capsys.readouterr().out == "2 promises kept\n"


def test_a_figure_at_its_bound_passes(floors_file: Path, results: Path) -> None:
    put(results, "quality", "c1", {"scores": {"found": 0.6}})
    put(results, "speed", "c2", {"median_ms": 60})
    assert gate.check(gate.read(floors_file), results) == []


def test_a_figure_under_its_floor_fails(floors_file: Path, results: Path) -> None:
    put(results, "quality", "c1", {"scores": {"found": 0.5999}})
    with pytest.raises(Failed, match=r"1 of 2 .*\n  quality/found is 0\.5999, under its floor of 0\.6"):
        run(floors_file, results)


def test_a_figure_over_its_ceiling_fails(floors_file: Path, results: Path) -> None:
    put(results, "speed", "c2", {"median_ms": 60.01})
    assert gate.check(gate.read(floors_file), results) == [
        "speed/median_ms is 60.01, over its ceiling of 60.0: python -m benchmarks.speed"
    ]


def test_a_figure_of_another_corpus_fails_however_good(floors_file: Path, results: Path) -> None:
    put(results, "quality", "c9", {"scores": {"found": 1.0}})
    [fault] = gate.check(gate.read(floors_file), results)
    assert "corpus c9, promised on c1" in fault


@pytest.mark.parametrize(
    "figures", [{}, {"scores": {}}, {"scores": 1}, {"scores": {"found": None}}, {"scores": {"found": True}},
                {"scores": {"found": "0.9"}}, {"scores": {"found": float("nan")}}],
)  # fmt: skip
def test_an_invalid_figure_fails(floors_file: Path, results: Path, figures: dict[str, Any]) -> None:
    put(results, "quality", "c1", figures)
    [fault] = gate.check(gate.read(floors_file), results)
    assert fault.startswith("quality/found: ")


def test_a_missing_result_fails_and_names_its_command(floors_file: Path, results: Path) -> None:
    (results / "speed.json").unlink()
    [fault] = gate.check(gate.read(floors_file), results)
    assert "speed.json is not there; measure it with: python -m benchmarks.speed" in fault


# --- moving ----------------------------------------------------------------------------------------------


def test_promising_more_needs_no_reason_and_is_noted(floors_file: Path, results: Path) -> None:
    run(floors_file, results, "--set", "quality/found=0.64", "--set", "speed/median_ms=50")
    floors = gate.read(floors_file)
    assert [bound.value for bound in floors.bounds] == [0.64, 50.0]
    assert floors.history[-2:] == (
        gate.Moved("quality/found", 0.6, 0.64, "c1", "more is promised"),
        gate.Moved("speed/median_ms", 60.0, 50.0, "c2", "more is promised"),
    )


@pytest.mark.parametrize("move", ["quality/found=0.59", "speed/median_ms=61"])
def test_promising_less_is_refused_and_changes_nothing(floors_file: Path, results: Path, move: str) -> None:
    before = floors_file.read_bytes()
    with pytest.raises(Failed, match="would promise less; say why with --lower"):
        run(floors_file, results, "--set", move)
    with pytest.raises(Failed, match="would promise less"):
        run(floors_file, results, "--set", move, "--lower", "   ")
    assert floors_file.read_bytes() == before


def test_one_refusal_among_several_moves_changes_nothing(floors_file: Path, results: Path) -> None:
    before = floors_file.read_bytes()
    with pytest.raises(Failed, match="would promise less"):
        run(floors_file, results, "--set", "quality/found=0.64", "--set", "speed/median_ms=61")
    assert floors_file.read_bytes() == before


def test_promising_less_with_a_reason_keeps_the_reason(floors_file: Path, results: Path) -> None:
    run(floors_file, results, "--set", "quality/found=0.5", "--lower", "the new tokenizer splits names")
    floors = gate.read(floors_file)
    assert floors.bound("quality/found").value == 0.5
    assert floors.history[-1] == gate.Moved("quality/found", 0.6, 0.5, "c1", "the new tokenizer splits names")


def test_another_corpus_needs_a_reason_even_when_the_value_rises(floors_file: Path, results: Path) -> None:
    put(results, "quality", "c3", {"scores": {"found": 0.9}})
    measured = ("--set", "quality/found=measured", "--corpus", "measured")
    with pytest.raises(Failed, match="to corpus c3 would promise less"):
        run(floors_file, results, *measured)
    run(floors_file, results, *measured, "--lower", "twice as many questions")
    assert gate.read(floors_file).bound("quality/found") == replace(BOUND, value=0.9, corpus="c3")


def test_an_impossible_move_is_refused(floors_file: Path, results: Path) -> None:
    for move, why in (
        ("nothing=1", "no floor 'nothing'"),
        ("quality/found=much", "NAME=VALUE"),
        ("quality/found=0.6", "already"),
    ):
        with pytest.raises(Failed, match=why):
            run(floors_file, results, "--set", move)


def test_a_floor_moved_by_hand_is_refused(floors_file: Path) -> None:
    body = json.loads(floors_file.read_text())
    body["bounds"][0]["value"] = 0.1
    floors_file.write_text(json.dumps(body))
    with pytest.raises(Failed, match=r"quality/found is 0\.1 on c1, its history ends with 0\.6 on c1"):
        gate.read(floors_file)


def test_a_floor_removed_by_hand_is_refused(floors_file: Path) -> None:
    body = json.loads(floors_file.read_text())
    del body["bounds"][0]
    floors_file.write_text(json.dumps(body))
    with pytest.raises(Failed, match="quality/found has a history, but no floor"):
        gate.read(floors_file)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"bounds": [], "history": 1}', '{"bounds": [{"name": "x"}], "history": []}']
)
def test_a_malformed_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "floors.json").write_text(text)
    with pytest.raises(Failed, match="cannot be read as floors"):
        gate.read(tmp_path / "floors.json")


def test_a_new_floor_is_added_once(floors_file: Path, results: Path) -> None:
    new = json.dumps({"name": "speed/p95_ms", "kind": "ceiling", "value": 150, "result": "speed", "figure": "p95_ms",
                      "corpus": "c2", "command": "python -m benchmarks.speed"})  # fmt: skip
    run(floors_file, results, "--add", new)
    assert gate.read(floors_file).bound("speed/p95_ms").value == 150
    with pytest.raises(Failed, match="already"):
        run(floors_file, results, "--add", new)


# --- what is committed -----------------------------------------------------------------------------------


def test_the_committed_floors_are_no_looser_than_what_was_promised() -> None:
    floors = gate.read(gate.FLOORS)
    for name, (kind, value) in PROMISED.items():
        bound = floors.bound(name)
        assert bound.kind == kind
        assert bound.value == value or replace(bound, value=value).loosened_by(bound.value) is False, name


def test_the_committed_results_keep_the_committed_floors() -> None:
    assert gate.check(gate.read(gate.FLOORS), RESULTS) == []


def test_floors_of_one_result_speak_of_one_corpus() -> None:
    corpora: dict[str, set[str]] = {}
    for bound in gate.read(gate.FLOORS).bounds:
        corpora.setdefault(bound.result, set()).add(bound.corpus)
    assert {result: len(digests) for result, digests in corpora.items()} == dict.fromkeys(corpora, 1)


# --- what measures ---------------------------------------------------------------------------------------


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(v) for v in range(100, 0, -1)]
    assert [percentile(values, p) for p in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([7.0], 50) == percentile([7.0], 99) == 7.0
    assert latencies([0.001, 0.002, 0.010]) == {
        "n": 3,
        "median_ms": 2.0,
        "p95_ms": 10.0,
        "p99_ms": 10.0,
        "max_ms": 10.0,
    }


def test_a_spread_is_even_and_in_order() -> None:
    assert spread(range(10), 5) == [0, 2, 4, 6, 8]
    assert spread(range(3), 5) == [0, 1, 2]


ARTICLES = [
    {"id": f"u{n}", "title": f"News {n}", "text": text, "published": "2024-01-01"}
    for n, text in enumerate(
        ["Mona won.", "Nothing.", "Mona lost, and Pia’s ship sank.", "A harbour in the rain.", "Snow."]
    )
]
QUESTIONS = [
    {"id": "late", "date": "2024/03/01", "question": "Where?", "answers": ["the harbour"], "relevant": ["u3", "u4"]},
    {"id": "early", "date": "2024/01/01", "question": "Who?", "answers": ["Mona"], "relevant": ["u2", "u9", "u1"]},
    {"id": "trivial", "date": "2024/01/01", "question": "Did it?", "answers": ["Yes"], "relevant": ["u0"]},
    {"id": "unanswered", "date": "2024/01/01", "question": "Who sank?", "answers": ["Olga"], "relevant": ["u0"]},
    {"id": "unlisted", "date": "2024/01/01", "question": "Who?", "answers": ["Pia"], "relevant": []},
]


@pytest.mark.parametrize(
    ("count", "articles", "questions"),
    [(2, ["u2", "u1"], ["early"]), (3, ["u2", "u1", "u3"], ["early"]), (4, ["u2", "u1", "u3", "u4"], ["early", "late"]),
     (5, ["u2", "u1", "u3", "u4", "u0"], ["early", "late"]), (1, ["u2"], [])],
)  # fmt: skip
def test_chosen_articles_have_the_questions_asked(count: int, articles: list[str], questions: list[str]) -> None:
    chosen = data.choose(ARTICLES, QUESTIONS, count)
    assert [a["id"] for a in chosen.articles] == articles
    assert [q["id"] for q in chosen.questions] == questions


def test_a_digest_tells_corpora_apart() -> None:
    changed = [{**ARTICLES[0], "text": "Mona won!"}, *ARTICLES[1:]]
    digests = {
        data.corpus_digest(ARTICLES), data.corpus_digest(changed), data.corpus_digest(ARTICLES[::-1]),
        data.corpus_digest(ARTICLES[:-1]), data.corpus_digest(ARTICLES, QUESTIONS),
        data.corpus_digest(ARTICLES, QUESTIONS[1:]),
    }  # fmt: skip
    assert len(digests) == 6


def test_rows_are_read_packed_or_not(tmp_path: Path) -> None:
    import lzma

    plain = data.write(tmp_path / "a.jsonl", ARTICLES)
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(plain.read_bytes()))
    assert list(data.rows(plain)) == list(data.rows(tmp_path / "a.jsonl.xz")) == ARTICLES
    assert list(data.rows(plain, 2)) == ARTICLES[:2]


def test_kills_cover_every_kind_of_moment_reproducibly() -> None:
    drawn = kill.moments(20, 11_342, 6.0, seed=1)
    assert drawn == kill.moments(20, 11_342, 6.0, seed=1) != kill.moments(20, 11_342, 6.0, seed=2)
    assert {moment.kind for moment in drawn} == {"start", "run", "commit", "publish"}
    assert drawn[0].kind == "start"
    later = [moment.after for moment in drawn if moment.kind != "start"]
    assert later == sorted(later)
    assert max(later) < 11_342 * 0.95
    assert max(later) > 11_342 / 2


def test_peers_are_compared_by_the_round_that_is_worst_for_us() -> None:
    def figures(rate: float, memory: float, milliseconds: float) -> dict[str, Any]:
        query = {"median_ms": milliseconds, "p95_ms": 2 * milliseconds}
        speed = dict.fromkeys(("articles_per_second", "articles_per_second_with_load", "characters_per_second"), rate)
        return {**speed, "share_read": 1, "peak_mb": memory, "query": query}

    rounds = [
        {"ours": figures(10, 500, 10), "other": figures(4, 900, 30)},
        {"ours": figures(8, 600, 20), "other": figures(4, 900, 30)},
    ]
    quality = {"ours": {"evidence@200": 0.7, "article@1": 0.8}, "other": {"evidence@200": 0.5, "article@1": 0.9}}
    assert peer.compare(rounds, quality, ["other"])["ahead"]["other"] == {
        "articles_per_second": 2.0,
        "articles_per_second_with_load": 2.0,
        "characters_per_second": 2.0,
        "share_read": 1.0,
        "peak_mb": 1.5,
        "query_median_ms": 1.5,
        "query_p95_ms": 1.5,
        "evidence@200": 0.2,
        "article@1": -0.1,
    }


_PLAYER = """
import sys, time
from pathlib import Path
from benchmarks.peer_turns import my_turn
print("loading", flush=True)
for _ in range(3):
    my_turn()
    with Path(sys.argv[2]).open("a") as file:
        file.write(sys.argv[1])
my_turn()
sys.exit(int(sys.argv[3]))
"""


def test_processes_take_turns_the_first_one_a_turn_later_each_time(tmp_path: Path) -> None:
    told = tmp_path / "told"
    players = [Player([sys.executable, "-c", _PLAYER, name, told, "0"], 60) for name in "ab"]
    for player in players:
        player.ready()
    in_turns(players, 3)
    for player in players:
        player.turn()
        player.end()
    assert told.read_text() == "abbaab"


def test_a_process_that_ends_early_or_badly_is_reported_with_its_last_output(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="out of turns"):
        Player([sys.executable, "-c", "raise SystemExit('out of turns')"], 60).ready()
    with pytest.raises(Failed, match="ended before its turns"):
        Player([sys.executable, "-c", ""], 60).ready()
    late = Player([sys.executable, "-c", _PLAYER, "a", tmp_path / "told", "3"], 60)
    late.ready()
    in_turns([late], 3)
    late.turn()
    with pytest.raises(Failed, match="ended with 3"):
        late.end()


def test_text_beyond_the_window_was_not_read() -> None:
    model = model_folder("all-MiniLM-L6-v2") / "tokenizer.json"
    text = "boat " * 10
    reading = Reading({"a": text, "b": "never"}, model, window=7)  # five words and the special tokens
    reading.note("a", 0, 24, text[:24])  # five words
    reading.note("a", 25, 49, "tea tea " + text[25:49])  # of whose five the context leaves three
    assert reading.figures(2.0) == {"share_read": round(32 / 45, 4), "characters_per_second": 16.0}


def test_archives_compare_as_the_same_only_when_they_are(small_archive: Path, archive_copy: Path) -> None:
    assert committed(small_archive / "none") == 0
    counts, found = differences(small_archive, archive_copy, queries=3)
    assert found == []
    assert (counts["articles"], counts["queries"], committed(archive_copy)) == (len(SMALL), 3, len(SMALL))
    for change, fault in (
        ("UPDATE vectors SET vector = zeroblob(length(vector)) WHERE passage = 2", "vectors: row 2 "),
        ("UPDATE versions SET headline = 'Other' WHERE key = 3", "versions: row 3 "),
        ("DELETE FROM changes WHERE seq = (SELECT MAX(seq) FROM changes)", "changes: row "),
    ):
        db = sqlite3.connect(archive_copy / "archive.sqlite3", isolation_level=None)
        db.execute(change)
        db.close()
        assert any(line.startswith(fault) for line in differences(small_archive, archive_copy, queries=0)[1])


def test_archives_with_different_results_differ(small_archive: Path, archive_copy: Path) -> None:
    (archive_copy / "index" / "lexical.json").write_text("{}")
    found = differences(small_archive, archive_copy, queries=0)[1]
    assert len(found) == 1
    assert "lexical.json" in found[0]
