"""Matrix products of numpy: small ones, in one thread."""

from __future__ import annotations

from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def one_thread() -> None:
    """Let numpy's BLAS use one thread in this process.

    Products as small as those of a sentence or a question cost twice the processor time in two threads, and win
    nothing; and a thread that has worked on one keeps its core busy for a while, waiting for the next, when the
    embedding model needs it. FAISS brings a BLAS of its own, whose products are large, and keeps its threads.
    """
    for library in ThreadpoolController().select(user_api="blas").lib_controllers:
        if "faiss" not in library.filepath:
            library.set_num_threads(1)
