"""What every command shares: the options that stand before it, its settings, and where its words go."""

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

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM
BROKEN_PIPE = 128 + signal.SIGPIPE

_DISK_FULL = 4


@dataclass(frozen=True, slots=True)
class Session:
    """The options that stand before the command.

    :ivar archive: folder of the archive; None takes the settings'.
    :ivar debug: show tracebacks, and log everything.
    """

    archive: Path | None = None
    debug: bool = False

    def settings(self, **groups: dict[str, Any]) -> Settings:
        """Return the settings in force.

        :param groups: settings that the command's options gave, by group: ``server={"port": 8000}``.
        """
        from assistant.settings import load_settings

        return load_settings({"archive": self.archive, **groups})

    @contextmanager
    def assistant(self) -> Iterator[Assistant]:
        """Open the archive for searching and asking."""
        settings = self.settings()
        from assistant.assistant import Assistant

        with Assistant.open(settings) as assistant:
            yield assistant


def session(context: typer.Context) -> Session:
    """Return the options that stood before the command."""
    found = context.find_object(Session)
    return found if found is not None else Session()


def note(text: str) -> None:
    """Say something beside the data: on stderr."""
    typer.echo(text, err=True)


# --- logs ------------------------------------------------------------------------------------------------


class _Lines(logging.StreamHandler[Any]):
    """Writes log lines to stderr, above a progress bar where there is one."""

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
    """``error: ...`` where something failed; what is only told, or warned of, speaks for itself."""

    def format(self, record: logging.LogRecord) -> str:
        told = super().format(record)
        return told if record.levelno <= logging.WARNING else f"{record.levelname.lower()}: {told}"


def set_up_logs(verbose: bool, debug: bool) -> None:
    """Send logs to stderr: ours from warnings up (from everything told with ``verbose``), others' from errors up."""
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
    """Let ``count`` more warnings of a logger and those below it through, and say ``then`` instead of the next."""
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
    """Let SIGTERM end a command the way Ctrl-C does: whatever is open is closed, half-written files go."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)


def exit_code(error: BaseException, debug: bool) -> int:
    """Say on stderr, in one line, what ended a command, and return the exit code that belongs to it."""
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has seen enough (`| head`). Nothing may fail again when Python flushes it.
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
