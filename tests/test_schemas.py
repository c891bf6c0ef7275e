"""The JSON that goes out: described once, the same whichever way it goes, and as its schema says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from assistant import schemas, types
from assistant.dates import parse_date
from assistant.outgoing import Outgoing
from assistant.types import Answer, Citation, Filters, Freshness, Sentence
from tests.conftest import ROOT, Cli

KINDS = sorted(
    {
        one
        for module in (schemas, types)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Outgoing) and one is not Outgoing
    },
    key=lambda one: one.__name__,
)


def schema(kind: type[Any]) -> dict[str, Any]:
    return TypeAdapter(kind).json_schema(mode="serialization")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_goes_out_under_its_own_name_and_is_always_there(kind: type[Any]) -> None:
    described = schema(kind)
    names = [one.name for one in fields(kind)]
    assert list(described["properties"]) == described["required"] == names
    assert described["additionalProperties"] is False
    assert described["description"] == kind.__doc__
    assert not any("default" in one for one in described["properties"].values())


def test_dates_keep_the_precision_of_their_source() -> None:
    body = schemas.as_json(Filters(parse_date("2023-05"), parse_date("2023-05-12T15:56:15Z"), ("A",)))
    assert body == {
        "since": "2023-05", "until": "2023-05-12T15:56:15Z", "outlets": ["A"], "authors": [], "sections": [], "languages": [],
    }  # fmt: skip


def test_an_answer_reads_from_the_question_to_what_it_was_made_of() -> None:
    cited = Citation(1, "a1", 1, "Headline", "Post", "", None, "", "en", 0, 4, "Yes.")
    answer = Answer(
        question="Is it?", answer="Yes. [1]", status="supported", reason="", sentences=(Sentence("Yes.", (1,), 1.0),),
        citations=(cited,), near_misses=(), freshness=Freshness(1, None, None, None),
    )  # fmt: skip
    body = schemas.as_json(answer)
    assert list(body) == [
        "question", "query", "kind", "as_of", "inferred", "answer", "status", "confidence", "reason", "sentences",
        "citations", "near_misses", "also", "freshness", "filters", "milliseconds", "wording",
    ]  # fmt: skip
    assert body["freshness"]["text"] == str(answer.freshness) == "1 article, none of them dated."
    assert body["wording"] == {
        "by": "archive", "model": "", "prompt": "", "note": "", "drafted": 0, "dropped": 0, "faults": [],
    }  # fmt: skip


def test_the_command_lines_json_has_the_fields_described(cli: Cli, small_archive: Path, tmp_path: Path) -> None:
    def said(*arguments: str) -> Any:
        return json.loads(cli(*arguments, "--json", archive=small_archive).stdout)

    hits = said("search", "harbour tunnel")
    speakers = said("speakers", "list")
    (tmp_path / "q.jsonl").write_text('{"id": 1, "question": "When will the harbour tunnel open?"}\n')
    lines = []
    for name, more in (("all", ()), ("passages", ("--retrieval-only",))):
        cli("batch", tmp_path / "q.jsonl", "--out", tmp_path / name, *more, archive=small_archive)
        lines.append(json.loads((tmp_path / name).read_text()))
    for kind, bodies in (
        (Answer, [said("ask", "When will the harbour tunnel open?"), said("ask", "Who won the chess cup in 1950?")]),
        (schemas.Hit, hits),
        (schemas.Article, [said("show", "tunnel-1")]),
        (schemas.Quotes, [said("quotes", "--speaker", "Berg")]),
        (schemas.Speakers, [speakers]),
        (schemas.Profile, [said("speakers", "show", speakers["speakers"][0]["name"])]),
        (schemas.BatchAnswer, lines[:1]),
        (schemas.BatchResult, lines[1:]),
    ):
        assert bodies
        for body in bodies:
            assert list(body) == list(schema(kind)["properties"])


def test_asking_loads_no_web_framework() -> None:
    script = (
        "import sys; from assistant.cli import options; import assistant.schemas; "
        "options.make_filters('2023', None, ['A'], None, None, ['EN ']); "
        "print([name for name in ('fastapi', 'starlette', 'assistant.serve', 'jinja2') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_outgoing_json_is_described_in_one_place() -> None:
    for path in (ROOT / "assistant" / "serve").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Model") for base in node.bases):
                assert path.name in ("requests.py", "page_gate.py"), f"{path.name}: {node.name}"
