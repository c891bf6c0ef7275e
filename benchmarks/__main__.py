"""``python -m benchmarks``: compare ours with a plain LlamaIndex setup on the sample's articles, in a minute or two."""

from __future__ import annotations

import sys

from benchmarks.common import run
from benchmarks.peer import main

if __name__ == "__main__":
    run(lambda argv: main(["--sample", *sys.argv[1:]]))
