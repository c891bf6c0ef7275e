"""Runs third-party parsers in processes of their own, which can be killed.

A page, feed or table whose parser takes too long, takes too much memory or crashes costs one record, not the ingest.
Processes are started when first needed, kept for the next call, and end with this one.

Functions are called by name, so they must be importable; arguments and results are pickled. What a function writes to
standard output or standard error is lost.
"""

from __future__ import annotations

import atexit
import logging
import os
import resource
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, TypeVar, TypeVarTuple

from assistant.errors import BadRecord
from assistant.ingest.model import ReadStopped, unexpected

SECONDS = 20.0
"""Most CPU time that one call, or one item of a stream, may take."""

MEMORY = 2 << 30
"""Most address space, in bytes, that a process may have."""

_PATIENCE = 9.0
"""Most wall time that a call may take, as a multiple of ``SECONDS``: the machine may be busy with something else."""

_CALLS = 1000
"""Number of calls after which a process is replaced, so that parsers' memory leaks do not add up."""

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


def call(function: Callable[[*Ts], T], *args: *Ts) -> T:
    """Return ``function(*args)``, called in another process.

    :raises BadRecord: if the function raised an error, took too long, took too much memory or crashed its process.
    :raises ReadStopped: if the function raised it.
    """
    (result,) = _run(_single, (function, args), _borrow())
    return result  # type: ignore[no-any-return]


def stream(function: Callable[[*Ts], Iterable[T]], *args: *Ts) -> Iterator[T]:
    """Yield the items of ``function(*args)``, called in another process, which serves only this stream until its end.

    :raises BadRecord: as ``call`` does, after the items that precede the fault.
    :raises ReadStopped: if the function raised it.
    """
    return _run(function, args, _borrow())


def _single(function: Callable[..., T], args: tuple[Any, ...]) -> Iterator[T]:
    yield function(*args)


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of an answer; the answer ends with None instead."""

    item: Any


@dataclass(frozen=True, slots=True)
class _Fault:
    """The error that ended an answer early, and whether the process can be reused."""

    error: BadRecord | ReadStopped
    sound: bool


# --- this side ---------------------------------------------------------------------------------------------

_idle: list[_Process] = []


def _borrow() -> _Process:
    """Return an idle process, or a new one; the caller puts it back after use."""
    try:
        return _idle.pop()
    except IndexError:
        return _Process()


def _run(function: Callable[..., Iterable[Any]], args: tuple[Any, ...], process: _Process) -> Iterator[Any]:
    finished = False
    try:
        yield from process.items(function, args)
        finished = True
    except (BadRecord, ReadStopped):
        finished = process.sound
        raise
    finally:
        if finished and process.calls < _CALLS and not _idle:
            _idle.append(process)
        else:
            process.end()


class _Process:
    """A process that waits for calls.

    :ivar calls: how many calls it has been given.
    :ivar sound: whether it can be reused.
    """

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        self.calls = 0
        self.sound = True
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        with theirs:
            self._popen = subprocess.Popen(
                [sys.executable, "-P", "-c", f"from {__name__} import serve; serve({theirs.fileno()}, {MEMORY})"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "ARROW_DEFAULT_MEMORY_POOL": "system"},
                process_group=0,  # Ctrl-C goes to the parent process, which then ends this one
            )
        try:
            self._connection.recv()
        except EOFError as error:
            self.end()
            raise RuntimeError(f"a process for reading records could not be started: {self._ending()}") from error

    def items(self, function: Callable[..., Iterable[Any]], args: tuple[Any, ...]) -> Iterator[Any]:
        """Yield the items of the function, called in the process.

        :raises BadRecord: if the function raised an error, or there was no answer.
        """
        self.calls += 1
        try:
            self._connection.send((function, args, SECONDS))
            while (answer := self._answer()) is not None:
                yield answer.item
        except (EOFError, OSError) as error:
            self.end()
            raise BadRecord(self._ending()) from error

    def _answer(self) -> _Item | None:
        if not self._connection.poll(SECONDS * _PATIENCE):
            self.end()
            raise BadRecord(f"reading it took longer than {SECONDS * _PATIENCE:.0f} s, the most a record may take")
        answer = self._connection.recv()
        if isinstance(answer, _Fault):
            self.sound = answer.sound
            raise answer.error
        assert answer is None or isinstance(answer, _Item)
        return answer

    def _ending(self) -> str:
        if self._popen.returncode == -signal.SIGPROF:
            return f"reading it took more than {SECONDS:.0f} s of CPU time, the most a record may take"
        return f"its parser crashed (exit code {self._popen.returncode}); it may be damaged"

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.sound = False
        self._connection.close()
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(0.2)  # it ends by itself once it finds the connection closed
        self._popen.kill()
        self._popen.wait()


@atexit.register
def end_idle() -> None:
    """End the idle processes; later calls start new ones."""
    while _idle:
        _idle.pop().end()


os.register_at_fork(after_in_child=_idle.clear)


# --- the other side ----------------------------------------------------------------------------------------


def serve(descriptor: int, memory: int) -> None:
    """Answer calls until the connection is closed: the main function of the processes started here.

    :param descriptor: file descriptor of the connection.
    :param memory: address space in bytes.
    """
    connection = Connection(descriptor)
    _restrict(memory)
    connection.send(None)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    with suppress(EOFError, BrokenPipeError):
        while True:
            for answer in _answers(*connection.recv()):
                connection.send(answer)


def _restrict(memory: int) -> None:
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    logging.disable()
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _answers(
    function: Callable[..., Iterable[Any]], args: tuple[Any, ...], seconds: float
) -> Iterator[_Item | _Fault | None]:
    """Yield the items of a call's result, followed by None or a fault.

    :param seconds: CPU time per item, after which the kernel kills the process, whatever it is doing.
    """
    try:
        items = iter(function(*args))
        while True:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            try:
                item = next(items)
            except StopIteration:
                break
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            yield _Item(item)
        yield None
    except (BadRecord, ReadStopped) as error:
        yield _Fault(error, sound=True)
    except MemoryError:
        yield _Fault(BadRecord("reading it takes more memory than a record may take"), sound=False)
    except Exception as error:
        yield _Fault(BadRecord(unexpected(error)), sound=False)
