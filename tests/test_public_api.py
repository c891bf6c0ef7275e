"""The public names: exactly these, cheap to import, and typed for whoever checks a program with mypy --strict."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import assistant
from assistant import errors

ROOT = Path(__file__).parent.parent

NAMES = {
    "Answer", "Article", "AskOptions", "Assistant", "Citation", "Filters", "Hit", "Part", "Quote",
    "__version__", "load_settings", "parse_date",
    "ArchiveBusy", "ArchiveDamaged", "ArchiveError", "ArchiveReplaced", "ArchiveTooNew", "ArticleDamaged",
    "BadFilter", "BadRecord", "DimensionMismatch", "InputError",
    "MissingDependency", "ModelBudget", "ModelError", "ModelTimeout", "ModelUnavailable", "NoArchive", "NoSpace",
    "NotFound", "OnTheRecordError", "RetrievalIndexError", "SettingsError", "TornIndex", "UnreadableSource",
    "UsageError", "WrongModel",
}  # fmt: skip

METHODS = {
    "article", "ask", "close", "excerpts", "freshness", "model", "open", "outlets", "probe", "profile", "quotes", "search",
    "speakers", "stream", "warm", "zone",
}  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert sorted(assistant.__all__) == sorted(NAMES)
    assert dir(assistant) == sorted(NAMES)
    for name in NAMES - {"__version__"}:
        assert getattr(assistant, name).__name__ == name


def test_the_methods_of_an_assistant_are_these() -> None:
    assert {name for name in vars(assistant.Assistant) if not name.startswith("_")} == METHODS


def test_every_error_is_public() -> None:
    ours = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)}
    assert ours <= NAMES


def test_any_other_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="'assistant' has no attribute 'Asistant'"):
        _ = assistant.Asistant  # type: ignore[attr-defined]


def test_importing_the_package_imports_nothing_of_it() -> None:
    script = "import sys, assistant; print(sorted(name for name in sys.modules if name.startswith('assistant.')))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


RIGHT = '''
"""A program that uses the whole public API."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from threading import Event

import assistant as package
from assistant import (
    Answer, ArchiveError, Article, AskOptions, Assistant, BadFilter, Citation, Filters, Hit, ModelError, NotFound,
    OnTheRecordError, Part, Quote, load_settings, parse_date,
)
from assistant.testing import memory_assistant

OPTIONS = AskOptions(
    filters=Filters.of(since="2023-05", until=date(2023, 6, 1), outlets=["Harbour Post"]),
    as_of=datetime(2023, 6, 1, tzinfo=UTC),
    without=("time", "outlet"),
    history=["What did the minister say?"],
    model=False,
)


def ask(archive: Assistant, question: str) -> str:
    answer: Answer = archive.ask(question, OPTIONS)
    citations: tuple[Citation, ...] = answer.citations
    for one in citations:
        assert archive.article(one.article_id, one.version).text[one.start : one.end] == one.text
    return f"{answer.status}: {answer.answer} {answer.confidence:.2f} {answer.freshness}"


def sentences(archive: Assistant, question: str) -> Iterator[str]:
    for one in archive.stream(question, OPTIONS, cancelled=Event()):
        if isinstance(one, Part):
            yield one.sentence.text
        else:
            yield one.answer


def look(archive: Assistant) -> list[str]:
    hits: list[Hit] = archive.search("harbour", filters=OPTIONS.filters, sort="newest", limit=5)
    hits += archive.excerpts("harbour", limit=5, without=["time"])
    found: list[str] = [f"{hit.passage.text} {hit.score:.2f}" for hit in hits]
    quotes: list[Quote] = list(archive.quotes("harbour", speaker="Berg", kind="direct", limit=5, variants=False))
    found += [f"{one.speaker or one.kind} {one.text} {one.outlet} {one.published} {one.start}" for one in quotes]
    found += [name for speaker in archive.speakers("Berg", limit=3) for name, _ in speaker.names]
    found += [role for role, _ in archive.profile("Berg").roles]
    return [*found, *archive.outlets(), archive.model, package.__version__]


def main() -> int:
    try:
        with Assistant.open(load_settings({"archive": "indexes/mine"})) as archive:
            archive.warm()
            print(ask(archive, "Why?"), *sentences(archive, "Why?"), *look(archive))
    except (BadFilter, NotFound, ArchiveError, ModelError):
        return 1
    except OnTheRecordError as error:
        return error.exit_code
    return 0


ARTICLE = Article("The harbour tunnel is late.", id="a1", outlet="Harbour Post", published=parse_date("2023-05-12"))

with memory_assistant([ARTICLE], quotes=False) as double:
    assert double.ask("What is late?").citations[0].article_id == ARTICLE.id
'''

WRONG = """
from assistant import Asistant  # error: attr-defined
from assistant import AskOptions, Assistant, Filters, Quote, load_settings

archive = Assistant.open(load_settings())
archive.ask("Why?", Filters())  # error: arg-type
archive.ask("Why?", as_of=None)  # error: call-arg
archive.search("harbour", Filters())  # error: call-arg
archive.search("harbour", sort="best")  # error: arg-type
archive.quotes("harbour", "Berg")  # error: call-arg
archive.ask("Why?").answers  # error: attr-defined
AskOptions(Filters())  # error: call-arg
AskOptions(without=("mood",))  # error: arg-type
AskOptions().model = False  # error: misc
answer: str = archive.ask("Why?")  # error: assignment
length: int = [quote.text for quote in archive.quotes()][0]  # error: assignment
"""

MYPY = """
[mypy]
strict = true
follow_imports = silent
# What the program itself never touches; following it takes a minute.
[mypy-numpy.*,torch.*,transformers.*,sentence_transformers.*,spacy.*,llama_index.*,openvino.*,opentelemetry.*,yaml.*]
follow_imports = skip
"""


def installed(folder: Path) -> Path:
    """Make an environment in which the package is installed, with all it needs; return its Python."""
    venv.create(folder)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "assistant").symlink_to(ROOT / "assistant")
    (site / "others.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path))
    return folder / "bin" / "python"


@pytest.mark.timeout(300)  # mypy reads the whole package anew
def test_types_are_checked_for_users_of_the_package(tmp_path: Path) -> None:
    for name, text in {"right.py": RIGHT, "wrong.py": WRONG, "mypy.ini": MYPY}.items():
        (tmp_path / name).write_text(text.lstrip(), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", "cache"]
    command += ["--python-executable", str(installed(tmp_path / "env")), "right.py", "wrong.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    found = re.findall(r"^(\w+)\.py:(\d+): error: .*\[([\w-]+)\]$", run.stdout, re.MULTILINE)
    lines = enumerate(WRONG.lstrip().splitlines(), start=1)
    expected = [("wrong", str(at), line.partition("# error: ")[2]) for at, line in lines if "# error: " in line]
    assert found == expected, run.stdout + run.stderr
