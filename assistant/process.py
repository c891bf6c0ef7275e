"""What is changed in a process that does nothing but run the assistant, to make it faster.

None of it may happen to a program that merely imports ``assistant``: the rest of that program may want its matrix
products in several threads, or be importing torch at the moment. So the entry points (the command line, a server, the
benchmarks) call ``dedicate``, and without that the functions here that would change the process do nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_dedicated = False


def dedicate() -> None:
    """Declare that this process runs the assistant and nothing else. A program of yours that does may call it, too."""
    global _dedicated
    _dedicated = True


def is_dedicated() -> bool:
    """Tell whether ``dedicate`` was called."""
    return _dedicated


def limit_blas() -> None:
    """Let numpy's BLAS use one thread, in a dedicated process.

    Products as small as those of a sentence or a question cost twice the processor time in two threads and gain
    nothing; and a thread that has worked on one keeps its core busy for a while, waiting for the next, when the
    embedding model needs it. FAISS brings a BLAS of its own, whose products are large, and keeps its threads.
    """
    if not _dedicated:
        return
    from threadpoolctl import ThreadpoolController

    for library in ThreadpoolController().select(user_api="blas").lib_controllers:
        if "faiss" not in library.filepath:
            library.set_num_threads(1)


def processors() -> int:
    """Return how many processors this process may use, at least 1; all there are, where the system does not say."""
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def hidden(module: str) -> Iterator[None]:
    """Let imports of a module fail within the block, unless it has been imported before."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # None: not to be imported
    try:
        yield
    finally:
        sys.modules.pop(module, None)
