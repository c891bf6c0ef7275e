"""Attack the readers, the archive and the server: no uncaught errors, no hangs, and no damage shown as an answer.

- ``readers``: mutants of every format, read and prepared as in an ingest (``attack_readers``);
- ``flips``: flips of single bits in an archive's files, each followed by questions (``attack_flips``);
- ``http``: malformed and hostile requests to a local server (``attack_http``).

Everything is drawn from ``--seed``. ``--show FORMAT:NUMBER`` writes one mutant to standard output for inspection.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import attack_flips, attack_http, attack_readers
from benchmarks.archives import build_sample
from benchmarks.attack_mutations import mutant, originals
from benchmarks.common import Failed, arguments, report, run, save, table, workplace

MUTATIONS = 10_000
FLIPS = 1_000
CASES = 10_000
_SECONDS = 7_200.0


def main(argv: Sequence[str] | None) -> None:
    """Run the attacks and report the outcome."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description=__doc__.split("\n\n")[0])
    parser.add_argument("--mutations", type=int, default=MUTATIONS, help="mutants of each format [%(default)s]")
    parser.add_argument("--flips", type=int, default=FLIPS, help="bits flipped in an archive [%(default)s]")
    parser.add_argument("--cases", type=int, default=CASES, help="requests to a server [%(default)s]")
    parser.add_argument("--formats", nargs="+", choices=list(originals()), help="attack only these readers [all]")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices [%(default)s]")
    parser.add_argument(
        "--seconds", type=float, default=_SECONDS, help="time limit for each format, and for the requests [%(default)s]"
    )
    parser.add_argument(
        "--show", metavar="FORMAT:NUMBER", help="write a mutant to standard output, and do nothing else"
    )
    options = arguments(parser, argv)
    if options.show:
        kind, _, number = options.show.partition(":")
        sys.stdout.buffer.write(mutant(kind, options.seed, int(number)).document.data)
        return
    figures = attack(options)
    table("attack", [(name, figures[name]) for name in ("uncaught", "over_2s", "wrong", "memory_growth_mb")])
    promised = _promised(options, figures)
    chosen = {"seed": options.seed, "mutations": options.mutations, "flips": options.flips, "cases": options.cases}
    save("attack", options.out, promised, _corpus(), chosen, figures)
    if faults := _faults(figures):
        raise Failed("; ".join(faults[:5]))


def attack(options: argparse.Namespace) -> dict[str, Any]:
    """Run all three attacks; return their figures and the totals that have limits.

    ``memory_growth_mb`` is the largest of all parts.
    """
    kinds = options.formats or list(originals())
    with workplace() as work:
        readers = attack_readers.attack(kinds, options.mutations, options.seconds, options.seed, work)
        flips = attack_flips.attack(options.flips, options.seed, work)
        archive = work / "sample"
        build_sample(archive)
        http = attack_http.attack(options.cases, options.seconds, options.seed, archive)
    parts = [*readers.values(), http]
    return {
        "uncaught": sum(one["uncaught"] for one in (*readers.values(), flips)) + http["faults"],
        "over_2s": sum(one["over_2s"] for one in parts),
        "wrong": flips["wrong"],
        "memory_growth_mb": max(one["memory_growth_mb"] for one in parts),
        "mutations_each": min(one["mutations"] for one in readers.values()),
        "readers": readers,
        "flips": flips,
        "http": http,
    }


def _faults(figures: Mapping[str, Any]) -> list[str]:
    """Return the faults that count on any machine."""
    found = [
        fault for one in figures["readers"].values() for fault in one["faults"] if one["uncaught"] or one["over_2s"]
    ]
    found += [*figures["flips"]["faults"], *figures["http"]["named"]]
    broken = figures["uncaught"] or figures["over_2s"] or figures["wrong"]
    return found or ["a limit is exceeded"] if broken else []


def _promised(options: argparse.Namespace, figures: Mapping[str, Any]) -> bool:
    """Return whether the attack had the size that the floors apply to, and was not cut short."""
    whole = (options.mutations, options.flips, options.cases, options.formats) == (MUTATIONS, FLIPS, CASES, None)
    done = (figures["mutations_each"], figures["flips"]["flips"], figures["http"]["cases"])
    if whole and done != (MUTATIONS, FLIPS, CASES):
        report(f"cut short by --seconds: {done[0]:,} mutants, {done[1]:,} flips, {done[2]:,} requests")
    return whole and done == (MUTATIONS, FLIPS, CASES)


def _corpus() -> str:
    """Return the digest of the documents that mutants are made from."""
    digest = hashlib.blake2b(digest_size=12)
    for kind, documents in originals().items():
        if kind not in ("parquet", "packed"):  # their bytes depend on library versions
            for document in documents:
                digest.update(f"{kind} {document.name} {len(document.data)}\n".encode() + document.data)
    return digest.hexdigest()


if __name__ == "__main__":
    run(main)
