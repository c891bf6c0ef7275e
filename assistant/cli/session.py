"""Shared by all commands: global options, settings, logging and exit codes."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import typer

from assistant import __version__
from assistant.errors import OnTheRecordError
from assistant.text import visible

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM
BROKEN_PIPE = 128 + signal.SIGPIPE

_DISK_FULL = 4


@dataclass(frozen=True, slots=True)
class Session:
    """The global options, given before the command.

    :ivar archive: folder of the archive; None means the one in the settings.
    :ivar debug: show tracebacks, and log everything.
    """

    archive: Path | None = None
    debug: bool = False

    def settings(self, **groups: dict[str, Any]) -> Settings:
        """Return the effective settings.

        :param groups: settings from the command's options, by group: ``server={"port": 8000}``.
        """
        from assistant.settings import load_settings

        return load_settings({"archive": self.archive, **groups})

    @contextmanager
    def assistant(self) -> Iterator[Assistant]:
        """Open the archive for searching and answering."""
        settings = self.settings()
        from assistant.assistant import Assistant

        with Assistant.open(settings) as assistant:
            yield assistant


def session(context: typer.Context) -> Session:
    """Return the global options."""
    found = context.find_object(Session)
    return found if found is not None else Session()


def note(text: str) -> None:
    """Print a message to stderr, separate from the data."""
    typer.echo(visible(text), err=True)


def say(text: str) -> None:
    """Print plain text, without styles of its own, to stdout."""
    typer.echo(visible(text))


# --- logs ------------------------------------------------------------------------------------------------


class _Lines(logging.StreamHandler[Any]):
    """Writes log lines to stderr, above the progress bar if there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
            if "tqdm" in sys.modules:
                from tqdm import tqdm

                tqdm.write(line, file=sys.stderr)
            else:
                sys.stderr.write(line + "\n")
                sys.stderr.flush()
        except Exception:
            self.handleError(record)


class _Format(logging.Formatter):
    """Prefixes errors with ``error: ``; warnings and information get no prefix."""

    def format(self, record: logging.LogRecord) -> str:
        told = visible(super().format(record))
        return told if record.levelno <= logging.WARNING else f"{record.levelname.lower()}: {told}"


def set_up_logs(verbose: bool, debug: bool) -> None:
    """Send logs to stderr: ours from warnings up (from info up with ``verbose``), other packages' from errors up."""
    handler = _Lines()
    handler.setFormatter(_Format("%(name)s: %(message)s" if debug else "%(message)s"))
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one, _Lines)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.WARNING if verbose else logging.ERROR)
    ours = logging.DEBUG if debug else logging.INFO if verbose else logging.WARNING
    logging.getLogger("assistant").setLevel(ours)
    logging.captureWarnings(True)  # Python's own warnings are for developers: they show with --verbose


def hush_after(count: int, logger: str, then: str) -> None:
    """Let ``count`` more warnings of a logger and its children through, then log ``then`` and drop the rest."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Lines):
            handler.addFilter(_Hush(count, logger, then))


class _Hush(logging.Filter):
    def __init__(self, count: int, logger: str, then: str) -> None:
        super().__init__(logger)
        self._left = count
        self._then = then

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING or not super().filter(record):
            return True
        self._left -= 1
        if self._left == -1:
            record.msg, record.args = self._then, ()
        return self._left >= -1


# --- endings ---------------------------------------------------------------------------------------------


def stop_on_sigterm() -> None:
    """Make SIGTERM end a command like Ctrl-C: open resources are closed, and partly written files are removed."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)


def exit_code(error: BaseException, debug: bool) -> int:
    """Report on stderr, in one line, why a command ended, and return its exit code."""
    if isinstance(error, BrokenPipeError):
        # The reader closed our output (`| head`). Python's final flush must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    if isinstance(error, KeyboardInterrupt):
        note("interrupted")
        return INTERRUPTED
    if debug:
        note("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, OnTheRecordError):
        note(f"error: {_one_line(error)}")
        return error.exit_code
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        note(f"error: the disk is full ({error.filename or 'while writing'}); make room and run the same command again")
        return _DISK_FULL
    hint = "" if debug else "; run it again with --debug, as in `ontherecord --debug ...`, for where it happened"
    note(f"error: unexpected {type(error).__name__}: {_one_line(error)} (ontherecord {__version__}){hint}")
    return 1


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
