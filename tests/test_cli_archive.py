"""The contract of the commands that work on an archive: what they print, and what they leave behind."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import Result

from tests.conftest import SMALL

if TYPE_CHECKING:
    from tests.conftest import Cli

HIT = {"article_id", "version", "headline", "outlet", "url", "published", "byline", "language", "start", "end", "text",
       "superseded", "score", "story"}  # fmt: skip
ANSWER = {"question", "query", "kind", "as_of", "inferred", "answer", "status", "confidence", "reason", "sentences", "citations",
          "near_misses", "also", "freshness", "filters", "milliseconds", "wording"}  # fmt: skip


def data(done: Result) -> Any:
    """What a command printed as JSON."""
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


# --- ingest ----------------------------------------------------------------------------------------------


def test_ingest_counts_and_is_repeatable(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "two.jsonl"
    rows = [{"id": "a", "text": "The mayor opened a bridge."}, {"id": "b", "text": "A storm closed it again."}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"id": "c"}\n')
    folder, rejects = tmp_path / "archive", tmp_path / "rejects.jsonl"

    first = data(cli("ingest", source, "--rejects", rejects, "--json", archive=folder))
    assert first.pop("seconds") > 0
    (reject,) = first.pop("rejects")
    assert reject["source"].endswith("two.jsonl:3")
    assert first == {"read": 2, "added": 2, "updated": 0, "unchanged": 0, "rejected": 1, "warnings": 0}
    assert json.loads(rejects.read_text())["reason"] == reject["reason"]

    rows[0]["text"] = "The mayor opened a new bridge."
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    second = cli("ingest", source, archive=folder)
    assert second.stdout.startswith("0 added, 1 updated, 1 unchanged, 0 rejected (")

    shown = [data(cli("show", "a", *version, "--json", archive=folder)) for version in ([], ["--version", "1"])]
    assert [(one["version"], one["current"], one["text"]) for one in shown] == [
        (2, True, "The mayor opened a new bridge."),
        (1, False, "The mayor opened a bridge."),
    ]
    assert "version 1, superseded by version 2" in cli("show", "a", "--version", "1", archive=folder).stdout


def test_ingest_of_nothing_but_rejects_exits_3(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "bad.jsonl"
    source.write_text('{"id": "x"}\nnot json\n')
    done = cli("ingest", source, archive=tmp_path / "archive")
    assert done.exit_code == 3
    assert done.stdout.startswith("0 added, 0 updated, 0 unchanged, 2 rejected (")
    assert done.stderr.splitlines()[-1] == "error: nothing could be ingested: all 2 records were rejected"


def test_ingest_tells_many_rejects_only_once(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "bad.jsonl"
    source.write_text('{"id": "x"}\n' * 100)
    told = cli("ingest", source, archive=tmp_path / "archive").stderr.splitlines()
    assert len(told) == 22  # twenty reasons, one line for the others, the error
    assert told[20] == "further ones are only counted; --rejects FILE keeps them all"


def test_ingest_maps_fields_and_reads_standard_input(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    table = "key;story;when;paper\nx1;A whale was seen off the pier.;14/05/2023;Harbour Post\n".replace(";", ",")
    arguments = ["--format", "csv", "--map", "id=key", "--map", "text=story", "--map", "published=when"]
    assert (
        data(cli("ingest", "-", *arguments, "--map", "outlet=paper", "--json", archive=folder, stdin=table))["added"]
        == 1
    )
    shown = data(cli("show", "x1", "--json", archive=folder))
    assert (shown["text"], shown["outlet"]) == ("A whale was seen off the pier.", "Harbour Post")
    assert shown["published"] == "2023-05-14"


# --- search ----------------------------------------------------------------------------------------------


def test_search_gives_locations(cli: Cli, small_archive: Path) -> None:
    hits = data(cli("search", "harbour tunnel", "--limit", "3", "--json", archive=small_archive))
    assert len(hits) == 3
    assert {hit["article_id"] for hit in hits[:2]} == {"tunnel-1", "tunnel-2"}
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    for hit in hits:
        assert set(hit) == HIT
        article = data(
            cli("show", hit["article_id"], "--version", str(hit["version"]), "--json", archive=small_archive)
        )
        assert article["text"][hit["start"] : hit["end"]] == hit["text"]


def test_search_for_people(cli: Cli, small_archive: Path) -> None:
    shown = cli("search", "ferry fares", "--limit", "1", archive=small_archive)
    text = SMALL[2]["text"]
    assert shown.stdout == (
        "1. Ferry fares to rise in June · Northern Courier · 2023-05-20\n"
        f"   {text}\n"
        f"   ferry-1 · characters 0-{len(text)}\n"
    )
    assert shown.stderr == ""


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (["--outlet", "harbour post"], lambda a: a["outlet"] == "Harbour Post"),
        (
            ["--outlet", "Harbour Post", "--outlet", "Küstenblatt"],
            lambda a: a["outlet"] in {"Harbour Post", "Küstenblatt"},
        ),
        (["--since", "2023-05-13"], lambda a: a["published"] and a["published"] >= "2023-05-13"),
        (
            ["--since", "May 2023", "--until", "2023-06"],
            lambda a: a["published"] and a["published"].startswith("2023-05"),
        ),
        (["--until", "2022-03-15"], lambda a: a["published"] and a["published"] < "2022-03-15"),
        (["--author", "solheim"], lambda a: a["byline"] == "Mira Solheim"),
        (["--language", "TR"], lambda a: a["language"] == "tr"),
    ],
)
def test_filters_restrict_the_search_itself(cli: Cli, small_archive: Path, filters: list[str], passes: Any) -> None:
    everything = data(cli("search", "ferry", "--limit", "100", "--json", archive=small_archive))
    assert len(everything) == len(SMALL)
    found = data(cli("search", "ferry", "--limit", "100", *filters, "--json", archive=small_archive))
    expected = {hit["article_id"] for hit in everything if passes(hit)}
    assert expected
    assert {hit["article_id"] for hit in found} == expected


def test_search_by_date_and_section(cli: Cli, small_archive: Path) -> None:
    arguments = ["search", "weather report", "--section", "Weather", "--limit", "4", "--json"]
    newest = data(cli(*arguments, "--sort", "newest", archive=small_archive))
    oldest = data(cli(*arguments, "--sort", "oldest", archive=small_archive))
    assert [hit["article_id"] for hit in newest] == ["weather-12", "weather-11", "weather-10", "weather-09"]
    assert [hit["article_id"] for hit in oldest] == ["weather-01", "weather-02", "weather-03", "weather-04"]


def test_search_that_finds_nothing(cli: Cli, small_archive: Path) -> None:
    arguments = ["search", "ferry", "--outlet", "Nobody's Herald"]
    assert cli(*arguments, archive=small_archive).stdout == "Nothing found.\n"
    assert data(cli(*arguments, "--json", archive=small_archive)) == []


def test_dates_that_leave_nothing_between_them(cli: Cli, small_archive: Path) -> None:
    for command in ("search", "ask"):
        done = cli(command, "ferry", "--since", "2023-05", "--until", "2023-05", archive=small_archive)
        assert done.exit_code == 2
        assert "since 2023-05 is not before until 2023-05" in done.stderr


# --- ask -------------------------------------------------------------------------------------------------


def test_ask_cites_exactly(cli: Cli, small_archive: Path) -> None:
    answer = data(cli("ask", "When will the harbour tunnel open?", "--json", archive=small_archive))
    assert set(answer) == ANSWER
    assert answer["status"] == "supported"
    assert "2027" in answer["answer"]
    markers = {citation["marker"] for citation in answer["citations"]}
    for sentence in answer["sentences"]:
        assert set(sentence["citations"]) <= markers
    for citation in answer["citations"]:
        article = data(cli("show", citation["article_id"], "--json", archive=small_archive))
        assert article["text"][citation["start"] : citation["end"]] == citation["text"]
    assert answer["freshness"]["articles"] == len(SMALL)


def test_ask_for_people(cli: Cli, small_archive: Path) -> None:
    shown = cli("ask", "When will the harbour tunnel open?", archive=small_archive).stdout
    assert "[1]" in shown.splitlines()[0]
    assert "\n[1] " in shown
    assert "characters " in shown
    assert shown.splitlines()[-1].startswith("20 articles, covering 2022-01-15 to 2023-11-30")


def test_the_archive_does_not_say_is_an_answer(cli: Cli, small_archive: Path) -> None:
    question = "Who won the chess championship in Reykjavik?"
    answer = data(cli("ask", question, "--json", archive=small_archive))
    assert (answer["status"], answer["sentences"], answer["citations"]) == ("not_found", [], [])
    assert answer["reason"]
    assert answer["near_misses"]
    shown = cli("ask", question, archive=small_archive)
    assert shown.exit_code == 0
    assert "The closest passages:" in shown.stdout


def test_inferences_are_shown_and_can_be_switched_off(cli: Cli, small_archive: Path) -> None:
    question = "How much did ferry fares rise last month, according to the Northern Courier?"
    asked = ["ask", question, "--as-of", "2023-06-16"]
    answer = data(cli(*asked, "--json", archive=small_archive))
    assert answer["as_of"] == "2023-06-16T23:59:59+00:00"
    assert [(one["name"], one["value"]) for one in answer["inferred"]] == [
        ("time", "2023-05-01/2023-06-01"),
        ("outlet", "Northern Courier"),
    ]
    assert answer["citations"][0]["article_id"] == "ferry-1"
    assert cli(*asked, archive=small_archive).stdout.startswith("understood: May 2023; outlet Northern Courier\n")
    plain = data(cli(*asked, "--without", "time", "--without", "outlet", "--json", archive=small_archive))
    assert plain["inferred"] == []
    refused = cli(*asked, "--without", "mood", archive=small_archive)
    assert refused.exit_code == 2
    assert "there is no inference 'mood'" in refused.stderr


def test_a_filter_that_leaves_nothing_is_dropped_and_reported(cli: Cli, small_archive: Path) -> None:
    answer = data(cli("ask", "When will the harbour tunnel open, said in May 2021?", "--json", archive=small_archive))
    assert [(one["label"], one["relaxed"]) for one in answer["inferred"]] == [("May 2021", True)]
    assert "Nothing relevant was published in May 2021" in answer["reason"]
    assert "2027" in answer["answer"]


def test_a_follow_up_continues_the_question_before(cli: Cli, small_archive: Path) -> None:
    before = "What happened to the island ferry in May 2023?"
    answer = data(cli("ask", "and in June?", "--after", before, "--json", archive=small_archive))
    assert (answer["question"], answer["query"]) == ("and in June?", "What happened to the island ferry in June 2023?")
    assert answer["citations"][0]["article_id"] == "ferry-2"
    shown = cli("chat", archive=small_archive, stdin=f"{before}\nand in June?\n\nand in June?\n").stdout
    assert shown.count("asked: What happened to the island ferry in June 2023?") == 1


def test_ask_within_filters(cli: Cli, small_archive: Path) -> None:
    answer = data(cli("ask", "When will the tunnel open?", "--language", "de", "--json", archive=small_archive))
    cited = {citation["article_id"] for citation in [*answer["citations"], *answer["near_misses"]]}
    assert cited == {"hafen-de"}
    assert answer["filters"]["languages"] == ["de"]


# --- batch -----------------------------------------------------------------------------------------------

QUESTIONS = (
    {"id": "q1", "question": "When will the harbour tunnel open?", "date": "2023/05/14"},
    {"id": 2, "question": "How big is the city's budget?", "date": "Fri, 01 Dec 2023 10:00:00 GMT"},
    {"id": "q3", "question": "Who won the chess championship in Reykjavik?"},
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(question) + "\n" for question in QUESTIONS).encode()))
    return path


def test_batch(cli: Cli, small_archive: Path, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    done = cli("batch", questions, "--out", out, "--limit", "5", archive=small_archive)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1].startswith("3 questions in ")
    run = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in run] == ["q1", 2, "q3"]
    assert run[1]["passages"][0]["article_id"] == "https://courier.example/budget?year=2023"
    assert [line["status"] for line in run[:3:2]] == ["supported", "not_found"]
    assert "2027" in run[0]["answer"]
    for line in run:
        assert set(line) == {"id", "passages", "answer", "status", "confidence"}
        assert len(line["passages"]) == 5
        scores = [passage["score"] for passage in line["passages"]]
        assert scores == sorted(scores, reverse=True)
        for passage in line["passages"]:
            assert set(passage) == {"article_id", "text", "start", "end", "score"}
            article = next(a for a in SMALL if passage["article_id"] in (a.get("id"), a.get("url")))
            assert article["text"][passage["start"] : passage["end"]] == passage["text"]


def test_batch_of_retrieval_only(cli: Cli, small_archive: Path, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    assert cli("batch", questions, "--out", out, "--retrieval-only", archive=small_archive).exit_code == 0
    for line in map(json.loads, out.read_text(encoding="utf-8").splitlines()):
        assert set(line) == {"id", "passages"}
        assert len(line["passages"]) == len(SMALL)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "q9"}', '"question" must be a text'),
        ('{"question": "Why?"}', '"id" must be a text'),
        ('{"id": "q1", "question": "Why?"}', "id 'q1' was given before, at "),
        ('{"id": "q9", "question": "Why?", "date": "soon"}', "\"date\": 'soon' is not a date"),
        ("Why?", "not JSON"),
    ],
)
def test_batch_names_the_bad_line_before_anything_is_asked(
    cli: Cli, small_archive: Path, tmp_path: Path, line: str, says: str
) -> None:
    path, out = tmp_path / "questions.jsonl", tmp_path / "run.jsonl"
    path.write_text('{"id": "q1", "question": "Who?"}\n' + line + "\n")
    done = cli("batch", path, "--out", out, archive=small_archive)
    assert done.exit_code == 3
    assert done.stderr.startswith(f"error: {path}:2: {says}")
    assert not out.exists()


def test_batch_of_nothing(cli: Cli, small_archive: Path, tmp_path: Path) -> None:
    done = cli("batch", "-", "--out", tmp_path / "run.jsonl", archive=small_archive, stdin="\n")
    assert done.exit_code == 3
    assert "holds no questions" in done.stderr


# --- looking after it ------------------------------------------------------------------------------------


def test_status(cli: Cli, small_archive: Path) -> None:
    found = data(cli("status", "--json", archive=small_archive))
    assert (found["articles"], found["versions"]) == (20, 20)
    assert (found["first"], found["last"]) == ("2022-01-15", "2023-11-30")
    assert found["indexes"] == {"healthy": True, "faults": []}
    assert found["bytes"]["archive"] > 0
    assert found["bytes"]["indexes"] > 0
    shown = cli("status", archive=small_archive).stdout
    assert "articles      20 (20 versions, 20 passages, 20 vectors)\n" in shown
    assert re.search(r"^quotes        [1-9]\d*$", shown, re.MULTILINE)
    assert "covers        2022-01-15 to 2023-11-30\n" in shown
    assert "indexes       healthy\n" in shown


def test_status_of_a_damaged_index_exits_6_and_reindex_repairs_it(cli: Cli, archive_copy: Path) -> None:
    for path in (archive_copy / "index").rglob("*"):
        if path.is_file() and path.stat().st_size > 100 and path.suffix != ".json":
            path.write_bytes(path.read_bytes()[:-50])
    done = cli("status", archive=archive_copy)
    assert done.exit_code == 6
    assert "to repair with `ontherecord reindex`" in done.stdout
    assert (
        cli("reindex", archive=archive_copy).stdout
        == "20 passages indexed, 0 articles embedded again, 0 read for quotes, 0 counted\n"
    )
    assert cli("status", archive=archive_copy).exit_code == 0


def test_show(cli: Cli, small_archive: Path) -> None:
    shown = cli("show", "tunnel-1", archive=small_archive).stdout
    assert shown.splitlines()[:3] == [
        "Harbour tunnel delayed by two years",
        "Harbour Post · Local · Jonas Ek · 2023-05-12T15:56:15Z",
        "tunnel-1 · version 1 · en · https://post.example/tunnel",
    ]
    assert shown.endswith(SMALL[0]["text"] + "\n")


@pytest.mark.parametrize(
    "arguments", [["show", "nobody"], ["show", "tunnel-1", "--version", "7"], ["delete", "nobody", "--yes"]]
)
def test_unknown_article_exits_5(cli: Cli, small_archive: Path, arguments: list[str]) -> None:
    done = cli(*arguments, archive=small_archive)
    assert (done.exit_code, done.stdout) == (5, "")
    assert done.stderr.startswith("error: there is no ")
    assert len(done.stderr.splitlines()) == 1


def test_delete(cli: Cli, archive_copy: Path) -> None:
    refused = cli("delete", "tunnel-2", archive=archive_copy)
    assert refused.exit_code == 2
    assert "add --yes" in refused.stderr
    assert data(cli("status", "--json", archive=archive_copy))["articles"] == 20

    assert cli("delete", "tunnel-2", "--yes", archive=archive_copy).stdout == "deleted tunnel-2\n"
    assert cli("show", "tunnel-2", archive=archive_copy).exit_code == 5
    found = data(cli("search", "harbour tunnel", "--limit", "100", "--json", archive=archive_copy))
    assert "tunnel-2" not in {hit["article_id"] for hit in found}
    for path in archive_copy.rglob("*"):
        assert not path.is_file() or b"The tunnel was to have opened" not in path.read_bytes()


# --- quotes ----------------------------------------------------------------------------------------------


def test_extract_quotes(cli: Cli, tmp_path: Path) -> None:
    text = 'The harbour is full. "This delay is a disgrace," said Anna Berg on Friday, and left for the station.'
    source, out = tmp_path / "texts.jsonl", tmp_path / "quotes.jsonl.xz"
    source.write_text(json.dumps({"id": "t1", "text": text}) + "\n" + json.dumps({"id": 2, "text": ""}) + "\n")
    done = cli("extract-quotes", source, "--out", out)
    assert done.exit_code == 0, done.stderr
    import lzma

    first, second = (json.loads(line) for line in lzma.decompress(out.read_bytes()).decode().splitlines())
    assert second == {"id": 2, "attributions": []}
    (one,) = first["attributions"]
    assert set(one) == {"source", "content", "cue", "direct", "speaker", "addressee", "unsaid"}
    assert "This delay is a disgrace" in text[slice(*one["content"])]
    assert (text[slice(*one["source"])], text[slice(*one["cue"])]) == ("Anna Berg", "said")
    assert (one["direct"], one["addressee"], one["unsaid"]) == (True, None, False)


@pytest.mark.parametrize(
    ("line", "says"),
    [('{"id": 1}', '"text" must be a text'), ('{"id": 1, "text": "x", "language": 7}', '"language" must be')],
)
def test_extract_quotes_names_the_bad_line(cli: Cli, tmp_path: Path, line: str, says: str) -> None:
    out = tmp_path / "quotes.jsonl"
    done = cli("extract-quotes", "-", "--out", out, stdin=line)
    assert done.exit_code == 3
    assert done.stderr.startswith(f"error: standard input:1: {says}")
    assert not out.exists()
