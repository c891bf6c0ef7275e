"""The documents keep their word: what they show runs, and what they name exists."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from assistant.errors import OnTheRecordError
from assistant.serve.errors import public_error
from assistant.settings import Settings, load_settings
from tests import documents
from tests.conftest import ROOT, SMALL, Cli
from tests.documents import PAGES, Block
from tests.house import write_jsonl

ADDRESS = "127.0.0.1:7860"
"""Where the documents' server listens; the tests' one takes a free port."""

RUN = [page for page in PAGES if any(not block.excuse for block in documents.blocks(page))]


# --- what they show runs -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pattern(small_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with everything the documents' commands name; each page gets a copy."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("default", "guardian", "sample"):
        shutil.copytree(small_archive, folder / "indexes" / name)
    for place in ("articles", "exports/2023", "nfcorpus/qrels", "sample/notes"):
        (folder / place).mkdir(parents=True)
    page = "<html><title>Quay</title><article><h1>Quay closed</h1><p>The quay was closed on Monday.</p></article>"
    (folder / "exports/2023/quay.html").write_text(page)
    write_jsonl(folder / "articles/more.jsonl", SMALL[:2])
    for name, packer in (("articles.jsonl", "xz"), ("exports/all.jsonl", "gzip")):
        subprocess.run([packer, str(write_jsonl(folder / name, SMALL))], check=True)
    (folder / "dump.csv").write_text('id,text,date,source\ndump-1,"Boats stayed in port.",2023-05-12,Coast Radio\n')
    questions = [{"id": "q1", "question": "When will the harbour tunnel open?", "answers": ["2027"]}]
    write_jsonl(folder / "questions.jsonl", questions)
    write_jsonl(folder / "texts.jsonl", [{"id": "t1", "text": "Peskov told reporters: “We firmly reject that.”"}])
    write_jsonl(folder / "nfcorpus/corpus.jsonl", [{"_id": "d1", "title": "Tunnel", "text": SMALL[0]["text"]}])
    write_jsonl(folder / "nfcorpus/queries.jsonl", [{"_id": "q1", "text": "harbour tunnel"}])
    (folder / "nfcorpus/qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    for name in ("articles.jsonl", "corrections.jsonl", "questions.jsonl"):  # the first lines do; other tests take all
        lines = (ROOT / "sample" / name).read_text("utf-8").splitlines(keepends=True)
        (folder / "sample" / name).write_text("".join(lines[:3]), "utf-8")
    for name in ("page.html", "turkish-election.txt"):
        shutil.copy(ROOT / "sample" / name, folder / "sample")
    shutil.copy(sorted((ROOT / "sample/notes").iterdir())[0], folder / "sample/notes")
    shutil.copy(ROOT / "sample/feed.xml", folder / "sample")
    return folder


@pytest.fixture
def reader(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that a reader of one page works in."""
    folder = Path(shutil.copytree(pattern, tmp_path / "reader"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def server(pattern: Path) -> Iterator[str]:
    """Return the address of `ontherecord serve`, run as the documents say but for the port."""
    command = [
        sys.executable,
        "-m",
        "assistant",
        "--archive",
        str(pattern / "indexes/guardian"),
        "serve",
        "--port",
        "0",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=pattern, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr
            told = next((line for line in process.stderr if "On the Record is at" in line), "")
            found = re.search(r"http://(\S+)", told)
            assert found, "the server did not start"
            yield found[1]
        finally:
            process.terminate()


@pytest.mark.parametrize("page", RUN, ids=str)
def test_snippets_in_the_docs_run(
    page: Path, reader: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    shell = Shell(cli, lambda: request.getfixturevalue("server"))
    output, section = "", ""
    for block in documents.blocks(page):
        assert block.language in documents.LANGUAGES, f"{block.place}: a block of {block.language or 'nothing said'}"
        if block.excuse:
            continue
        if block.language == "sh":
            for command in block.commands:
                output, section = shell.run(command, block), block.section
        elif block.language == "python":
            exec(compile(block.text, block.place, "exec"), names)
        elif block.language == "json":
            shown = json.loads(block.text)
            if section == block.section:
                compare(shown, json.loads(output), block.place)
        elif block.language == "toml":
            (reader / "shown.toml").write_text(block.text)
            monkeypatch.setenv("ONTHERECORD_CONFIG", "shown.toml")
            load_settings()
            monkeypatch.delenv("ONTHERECORD_CONFIG")
        elif block.text.startswith("ontherecord "):
            check_usage(block, cli)


class Shell:
    """Runs the documents' commands: ours in this process, `curl` and the like for real, `make` without making.

    :param server: returns the address of the server, which it starts when it is first asked for.
    """

    def __init__(self, cli: Cli, server: Callable[[], str]) -> None:
        self._cli = cli
        self._server = server

    def run(self, command: str, block: Block) -> str:
        """Run a line, and return what its last command printed."""
        where = f"{block.place}: {command}"
        first, _, last = command.partition(" | ")
        given = None
        if last:
            given, first = self._outside(first, where), last
        arguments = shlex.split(first, comments=True)
        if arguments[:2] == ["ontherecord", "serve"]:
            assert httpx.get(f"http://{self._server()}/healthz").is_success, where
            return ""
        if arguments[0] == "ontherecord":
            done = self._cli(*arguments[1:], stdin=given)
            assert done.exit_code == 0, f"{where}\n{done.output}\n{done.exception!r}"
            return done.stdout
        assert not last, f"{where}: only ontherecord is known to read from a pipe"
        return self._outside(first, where)

    def _outside(self, command: str, where: str) -> str:
        program = command.split()[0]
        if program == "make":
            command = f"make --dry-run --directory {shlex.quote(str(ROOT))} {shlex.split(command, comments=True)[1]}"
        elif program == "curl":
            assert ADDRESS in command, f"{where}: this would leave the machine"
            command = command.replace(ADDRESS, self._server())
        else:
            assert program in ("printf", "head"), f"{where}: {program} is not run; say why in a comment above the block"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{where}\n{done.stderr}"
        return done.stdout


def compare(shown: Any, actual: Any, where: str) -> None:
    """Compare data that a document shows with what came out: the same keys everywhere, values of the same kind."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        assert shown.keys() == actual.keys(), where
        for key, value in shown.items():
            compare(value, actual[key], f"{where}: {key}")
    elif isinstance(shown, list) and isinstance(actual, list):
        for value in actual[:1] if shown else ():
            compare(shown[0], value, where)
    elif shown is not None and actual is not None:
        numbers = isinstance(shown, int | float) and isinstance(actual, int | float)
        assert numbers or type(shown) is type(actual), f"{where}: {shown!r} is shown, {actual!r} came"


def check_usage(block: Block, cli: Cli) -> None:
    """Check that the commands of a usage line exist and take the options it names."""
    for usage in re.split(r"^(?=ontherecord)", block.text, flags=re.MULTILINE)[1:]:
        words = re.match(r"ontherecord((?: [a-z][a-z-]+)*)", usage)
        assert words, block.place
        told = cli(*words[1].split(), "--help")
        assert told.exit_code == 0, f"{block.place}: {usage}"
        missing = set(re.findall(r"--[a-z][a-z-]+", usage)) - set(re.findall(r"--[a-z][a-z-]+", told.stdout))
        assert not missing, f"{block.place}: {words[0]} has no {missing}"


# --- what they name exists ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_code_is_fenced(page: Path) -> None:
    assert documents.indented(page) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    for file, anchor in documents.links(page):
        target = page if not file else Path(os.path.normpath(page.parent / file))
        assert (ROOT / target).exists(), f"{page} links to {file}"
        if anchor:
            assert anchor in documents.anchors(target), f"{page} links to {file}#{anchor}"


def test_every_page_is_in_the_index() -> None:
    index = Path("docs/README.md")
    listed = {os.path.normpath(index.parent / file) for file, _ in documents.links(index)}
    assert {str(page) for page in PAGES} - {str(index), "README.md"} <= listed


FILES = [
    path.relative_to(ROOT).as_posix()
    for folder in ("assistant", "benchmarks", "docs", "prompts", "sample", "tests", ".")
    for path in ((ROOT / folder).rglob("*") if folder != "." else ROOT.iterdir())
    if "__pycache__" not in path.parts
]
_NAMED = re.compile(r"(?<![\w./-])((?:[\w.-]+/)*[\w-]+\.(?:py|toml|md|css|js))(?![\w/])")
_FOLDER = re.compile(r"((?:assistant|benchmarks|docs|prompts|sample|tests)(?:/[\w*.-]+)*/?)")
_OTHERS = {"ontherecord.toml", "score_passages.py", "score_quotes.py"}
"""Files of a reader's own, and those that come with what the benchmarks measure on."""


@cache
def exists(name: str) -> bool:
    """Whether the repository has such a file or folder, named by its path or the end of it."""
    pattern = re.compile(r"(?:.*/)?" + re.escape(name.rstrip("/")).replace(r"\*", "[^/]*"))
    return name in _OTHERS or any(pattern.fullmatch(file) for file in FILES)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=str)
def test_files_that_are_named_exist(page: Path) -> None:
    named = [one for text in documents.code(page) for one in (_NAMED.fullmatch(text), _FOLDER.fullmatch(text)) if one]
    assert [one[1] for one in named if not exists(one[1])] == []


def _remarks(path: Path) -> Iterator[str]:
    """Yield the comments and docstrings of a module."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


@pytest.mark.parametrize("folder", ["assistant", "benchmarks", "tests"])
def test_files_that_comments_name_exist(folder: str) -> None:
    stale = {
        f"{path.relative_to(ROOT)} names {name}"
        for path in (ROOT / folder).rglob("*.py")
        for remark in _remarks(path)
        for name in _NAMED.findall(remark.replace("<language>", "en"))
        if not exists(name)
    }
    assert stale == set()


def _settings() -> set[str]:
    groups = {name: type(field.default) for name, field in Settings.model_fields.items()}
    inner = {f"{name}.{key}" for name, of in groups.items() if issubclass(of, BaseModel) for key in of.model_fields}
    return inner | {name for name, of in groups.items() if not issubclass(of, BaseModel)}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=str)
def test_settings_that_are_named_exist(page: Path) -> None:
    known = _settings()
    groups = "|".join(sorted({name.split(".")[0] for name in known if "." in name}))
    named = {
        match[1]
        for text in documents.code(page)
        if (match := re.match(rf"((?:{groups})\.[a-z_]+)(?!\w)", text)) and not _NAMED.fullmatch(match[1])
    }
    variables = set(re.findall(r"ONTHERECORD_[A-Z_]+", documents.read(page))) - {"ONTHERECORD_CONFIG"}
    assert named <= known
    assert variables <= {f"ONTHERECORD_{name.replace('.', '__').upper()}" for name in known}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_that_are_named_exist(page: Path, cli: Cli) -> None:
    text = documents.read(page)
    for name in set(re.findall(r"[`\n](?:\.venv/bin/)?ontherecord (?:--archive \S+ )?([a-z][a-z-]+)", text)):
        assert cli(name, "--help").exit_code == 0, f"{page} names `ontherecord {name}`"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"[`\n]make ([a-z]+)", text)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page} names `make {target}`"
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r"ontherecord\[([a-z-]+)\]", text)) <= set(extras)
    for module, options in re.findall(r"python -m (benchmarks(?:\.\w+)?)([^`#\n]*)", text):
        path = ROOT / module.replace(".", "/")
        source = (path / "__main__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
        assert all(f'"{one}"' in source for one in re.findall(r"--[a-z-]+", options)), f"{page}: {module}{options}"


def test_every_endpoint_and_error_is_documented(server: str) -> None:
    page = documents.read(Path("docs/http.md"))
    listed = page.split("\n## ")[0]
    for path in httpx.get(f"http://{server}/openapi.json").json()["paths"]:
        assert f"{path}`" in listed, path
    for kind in _subclasses(OnTheRecordError):
        assert f"`{public_error(kind.__new__(kind)).code}`" in page, kind


def _subclasses(kind: type[OnTheRecordError]) -> set[type[OnTheRecordError]]:
    return {kind}.union(*map(_subclasses, kind.__subclasses__()))


def test_every_error_is_drawn_in_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", documents.read(Path("docs/python.md")))
    assert sorted(drawn) == sorted(kind.__name__ for kind in _subclasses(OnTheRecordError) - {OnTheRecordError})
