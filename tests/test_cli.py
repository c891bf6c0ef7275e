"""The command line's manners: help, errors, exit codes, streams. No archive is built here."""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import __version__
from assistant.cli.app import app
from assistant.cli.session import exit_code
from assistant.errors import NoArchive, NotFound, OnTheRecordError, RetrievalIndexError
from assistant.inferences import INFERENCES
from tests.conftest import ROOT, run_process

if TYPE_CHECKING:
    from tests.conftest import Cli

HEAVY = ("torch", "faiss", "gradio", "llama_index", "spacy", "numpy", "sentence_transformers", "openvino", "tantivy",
         "fastapi", "trafilatura", "rich", "tqdm")  # fmt: skip

COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands if command.callback)


def test_commands_are_those_of_the_contract() -> None:
    contract = [
        "ingest",
        "search",
        "ask",
        "chat",
        "batch",
        "evaluate",
        "calibrate",
        "status",
        "show",
        "delete",
        "backup",
        "reindex",
        "serve",
        "quotes",
        "extract-quotes",
    ]
    assert sorted(contract) == COMMANDS
    assert [group.typer_instance.info.name for group in app.registered_groups if group.typer_instance] == ["speakers"]


def test_help_loads_nothing_heavy() -> None:
    script = f"""
import sys
from assistant.cli.app import app
for arguments in [], {", ".join(repr([command]) for command in COMMANDS)}:
    try:
        app([*arguments, "--help"], prog_name="ontherecord")
    except SystemExit as end:
        assert not end.code
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    assert not loaded, (arguments, loaded)
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Usage: ontherecord ") == 1 + len(COMMANDS)


def test_help_takes_less_than_half_a_second() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run_process("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time, not wall time: this is about what is imported, not about what else the machine does.
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 0.5


def test_help_is_shown_without_a_command_and_teaches(cli: Cli) -> None:
    shown = cli("--help").stdout
    for taught in ("Examples:", "Exit codes:", "ONTHERECORD_ARCHIVE", "extract-quotes"):
        assert taught in shown
    for command in COMMANDS:
        (line,) = [line for line in shown.splitlines() if line.startswith(f"  {command} ")]
        assert not line.endswith("..."), "the first line of a command's help must fit its place"


def test_version(cli: Cli) -> None:
    assert cli("--version").stdout == f"ontherecord {__version__}\n"
    assert run_process("--version").stdout == f"ontherecord {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["search"],
        ["search", "x", "--sort", "best"],
        ["search", "x", "--limit", "0"],
        ["batch", "x.jsonl"],
    ],
)
def test_wrong_usage_exits_2_and_says_why_on_stderr(cli: Cli, arguments: list[str]) -> None:
    done = cli(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Error: " in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["show", "a"], 4, "there is no archive at"),
        (["status"], 4, "there is no archive at"),
        (["search", "x"], 4, "there is no archive at"),
        (["ask", "x", "--since", "yesterdayish"], 2, "'yesterdayish' is not a date"),
        (["ingest", "nowhere.jsonl"], 3, "nowhere.jsonl"),
        (["ingest", "x", "--format", "docx"], 2, "no such format; choose one of jsonl"),
        (["ingest", "x", "--map", "published"], 2, "write FIELD=THEIRS"),
        (["ingest", "x", "--map", "url=a", "--map", "url=b"], 2, "already taken from a"),
        (["batch", "nowhere.jsonl", "--out", "run.jsonl"], 3, "nowhere.jsonl cannot be read: No such file"),
        (["delete", "a", "--yes"], 4, "there is no archive at"),
        (["serve", "--host", "0.0.0.0"], 2, "ONTHERECORD_SERVER__ALLOW_PUBLIC"),
    ],
)
def test_errors_are_one_line_with_their_exit_code(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli(*arguments, archive=tmp_path / "none")
    assert (done.exit_code, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert says in line
    assert not list(tmp_path.iterdir()), "nothing is made by a command that fails"


def test_unknown_setting_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTHERECORD_RETRIVAL__TOP_K", "5")
    done = cli("status")
    assert done.exit_code == 2
    assert "ONTHERECORD_RETRIVAL__TOP_K" in done.stderr


def test_debug_shows_where_it_happened(cli: Cli, tmp_path: Path) -> None:
    done = cli("--debug", "--archive", tmp_path / "none", "show", "a")
    assert done.exit_code == 4
    assert "Traceback (most recent call last)" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OnTheRecordError("x"), 1),
        (NoArchive("x"), 4),
        (NotFound("x"), 5),
        (RetrievalIndexError("x"), 6),
        (OSError(28, "No space left on device"), 4),
        (ZeroDivisionError("division by zero"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_codes(capsys: pytest.CaptureFixture[str], error: BaseException, code: int) -> None:
    assert exit_code(error, debug=False) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_message_of_several_lines_becomes_one(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(OnTheRecordError("first\n  second"), debug=False)
    assert capsys.readouterr().err == "error: first second\n"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_leaves_no_half_written_file(tmp_path: Path, ending: signal.Signals) -> None:
    out = tmp_path / "quotes.jsonl"
    command = [sys.executable, "-m", "assistant", "extract-quotes", "-", "--out", str(out)]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in the background may ignore it
    try:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        assert process.stdin is not None
        process.stdin.write('{"id": 1, "language": "xx", "text": "Nobody said anything."}\n')
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob(".quotes.jsonl.*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert list(tmp_path.glob(".quotes.jsonl.*")), "it should have begun to write"
        process.send_signal(ending)
        _, told = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 128 + ending
    assert "Traceback" not in told
    assert not list(tmp_path.iterdir())


def test_closed_pipe_is_quiet(small_archive: Path) -> None:
    command = (
        f"{sys.executable} -m assistant --archive {small_archive} show tunnel-1 --json | true; exit ${{PIPESTATUS[0]}}"
    )
    for _ in range(3):  # `true` may end before or after we write
        done = subprocess.run(
            ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode in (0, 141)
        assert done.stderr == ""


def test_module_and_script_are_the_same() -> None:
    script = Path(sys.executable).with_name("ontherecord")
    assert script.exists(), (
        "the package is not installed in this environment: pip install -c constraints.txt -e '.[dev]'"
    )
    done = subprocess.run([script, "--help"], capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == run_process("--help").stdout


# --- documents -------------------------------------------------------------------------------------------


def test_every_command_and_option_is_documented(cli: Cli) -> None:
    document = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"\n## {command}\n" in document
        assert f"[`{command}`](#{command})" in document.split("\n## ")[0], f"{command} is not in the table of commands"
        options = set(re.findall(r"--[a-z][a-z-]+", cli(command, "--help").stdout.split("Examples:")[0])) - {"--help"}
        missing = {option for option in options if option not in document}
        assert not missing, f"{command}: {missing} not in docs/cli.md"


def test_every_inference_that_can_be_switched_off_is_named_in_help_and_documented(cli: Cli) -> None:
    document = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    row = next(line for line in document.splitlines() if line.startswith("| `--without WHAT`"))
    for command in ("search", "ask"):
        told = " ".join(cli(command, "--help").stdout.split())
        assert f"Do not infer this: {', '.join(INFERENCES)}." in told
    assert set(re.findall(r"`(\w+)`", row)) == set(INFERENCES)


def test_every_speakers_command_and_option_is_documented(cli: Cli) -> None:
    document = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").split("\n## speakers\n")[1].split("\n## ")[0]
    for command in ("list", "show", "merge", "split"):
        assert f"ontherecord speakers {command} " in document
        options = set(re.findall(r"--[a-z][a-z-]+", cli("speakers", command, "--help").stdout)) - {"--help"}
        assert not {option for option in options if option not in document}


def test_every_exit_code_is_documented() -> None:
    document = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    help_text = app.info.epilog if isinstance(app.info.epilog, str) else ""
    codes = {0, *_codes(OnTheRecordError)}
    for code in codes:
        assert f"\n| {code} |" in document
        assert re.search(rf"^  {code}  ", help_text, re.MULTILINE)


def _codes(error: type[OnTheRecordError]) -> set[int]:
    return {error.exit_code}.union(*map(_codes, error.__subclasses__()))
