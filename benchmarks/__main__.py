"""``python -m benchmarks``: ours and the plain LlamaIndex way, on the articles of the sample; a minute or two."""

from __future__ import annotations

import sys

from benchmarks.common import run
from benchmarks.peer import main

if __name__ == "__main__":
    run(lambda argv: main(["--sample", *sys.argv[1:]]))
