"""Check the measured figures against their floors, and keep floors from being lowered unnoticed.

``python -m benchmarks.gate`` compares ``results/`` with ``floors.json`` and exits with 1 if a figure is below its floor
or above its ceiling, was measured on other articles or questions, or is missing. ``--set NAME=VALUE`` moves a floor;
promising less requires ``--lower REASON``, which is recorded in the file's history. A floor that was moved by hand
contradicts that history and is refused.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from benchmarks.common import RESULTS, ROOT, Failed, report, run

FLOORS = ROOT / "benchmarks" / "floors.json"

Kind = Literal["floor", "ceiling"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What is promised for one figure.

    :ivar kind: whether ``value`` is the lowest or the highest that the figure may be.
    :ivar result: the result that has the figure: ``<result>.json``.
    :ivar figure: the path to it within ``figures``, separated by slashes.
    :ivar corpus: digest of the articles and questions that it is measured on.
    :ivar command: the command that measures it.
    """

    name: str
    kind: Kind
    value: float
    result: str
    figure: str
    corpus: str
    command: str

    def kept(self, measured: float) -> bool:
        """Return whether a measured figure keeps the promise."""
        return measured >= self.value if self.kind == "floor" else measured <= self.value

    def loosened_by(self, value: float) -> bool:
        """Return whether ``value`` would promise less."""
        return value < self.value if self.kind == "floor" else value > self.value


@dataclass(frozen=True, slots=True)
class Moved:
    """One entry of the history: a bound's value before (None: it is new) and after, its corpus then, and why."""

    name: str
    before: float | None
    after: float
    corpus: str
    reason: str


@dataclass(frozen=True, slots=True)
class Floors:
    """The contents of the file: the bounds and their history."""

    bounds: tuple[Bound, ...]
    history: tuple[Moved, ...]

    def bound(self, name: str) -> Bound:
        """Return a bound by its name.

        :raises Failed: if there is none.
        """
        for bound in self.bounds:
            if bound.name == name:
                return bound
        raise Failed(f"there is no floor {name!r}; there are: {', '.join(bound.name for bound in self.bounds)}")


def read(path: Path) -> Floors:
    """Read the floors.

    :raises Failed: if the file is malformed, or a floor contradicts its history.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        floors = Floors(tuple(Bound(**b) for b in body["bounds"]), tuple(Moved(**m) for m in body["history"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Failed(f"{path} cannot be read as floors: {error}") from error
    names = [bound.name for bound in floors.bounds]
    if len(set(names)) != len(names):
        raise Failed(f"{path} has a floor twice: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
    latest = {moved.name: moved for moved in floors.history}
    for bound in floors.bounds:
        moved = latest.get(bound.name)
        if moved is None or (moved.after, moved.corpus) != (bound.value, bound.corpus):
            was = "nothing" if moved is None else f"{moved.after} on {moved.corpus}"
            raise Failed(
                f"{path}: {bound.name} is {bound.value} on {bound.corpus}, its history ends with {was}; "
                "move floors with `python -m benchmarks.gate --set`, not by hand"
            )
    if gone := sorted(latest.keys() - set(names)):
        raise Failed(f"{path}: {', '.join(gone)} has a history, but no floor any more")
    return floors


def write(path: Path, floors: Floors) -> None:
    """Write the floors atomically."""
    body = {"bounds": [asdict(b) for b in floors.bounds], "history": [asdict(m) for m in floors.history]}
    draft = path.with_suffix(".json.tmp")
    draft.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(draft, path)


def add(floors: Floors, bound: Bound, reason: str) -> Floors:
    """Return the floors with a new one.

    :raises Failed: if there is one with that name already.
    """
    if any(known.name == bound.name for known in floors.bounds):
        raise Failed(f"there is a floor {bound.name!r} already; move it with --set")
    moved = Moved(bound.name, None, bound.value, bound.corpus, reason)
    return Floors((*floors.bounds, bound), (*floors.history, moved))


def move(floors: Floors, name: str, value: float, corpus: str | None = None, lower: str = "") -> Floors:
    """Return the floors with one of them moved, and the move recorded in the history.

    :param corpus: digest of the data it is measured on from now on; None for no change.
    :param lower: the reason for promising less or for using another corpus.
    :raises Failed: if a reason is needed and none is given, or nothing would change.
    """
    old = floors.bound(name)
    new = replace(old, value=value, corpus=corpus or old.corpus)
    if new == old:
        raise Failed(f"{name} is {value} already")
    if (old.loosened_by(value) or new.corpus != old.corpus) and not lower.strip():
        what = f"from {old.value} to {value}" + (f" and to corpus {new.corpus}" if new.corpus != old.corpus else "")
        raise Failed(f'moving the {old.kind} of {name} {what} would promise less; say why with --lower "REASON"')
    moved = Moved(name, old.value, value, new.corpus, lower.strip() or "more is promised")
    return Floors(tuple(new if bound is old else bound for bound in floors.bounds), (*floors.history, moved))


def check(floors: Floors, results: Path) -> list[str]:
    """Return the promises that the results in a folder do not keep, one sentence each."""
    faults = []
    for bound in floors.bounds:
        try:
            measured, corpus = measurement(bound, results)
        except Failed as fault:
            faults.append(str(fault))
            continue
        if corpus != bound.corpus:
            faults.append(f"{bound.name} was measured on corpus {corpus}, promised on {bound.corpus}: {bound.command}")
        elif not bound.kept(measured):
            side = "under its floor" if bound.kind == "floor" else "over its ceiling"
            faults.append(f"{bound.name} is {measured}, {side} of {bound.value}: {bound.command}")
    return faults


def measurement(bound: Bound, results: Path) -> tuple[float, str]:
    """Return the figure that a bound applies to, and the digest of the data it was measured on.

    :raises Failed: if there is no such result or figure.
    """
    path = results / f"{bound.result}.json"
    try:
        body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        value: Any = body["figures"]
        for part in bound.figure.split("/"):
            value = value[part]
        corpus = str(body["corpus"])
    except FileNotFoundError:
        raise Failed(f"{bound.name}: {path} is not there; measure it with: {bound.command}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failed(
            f"{bound.name}: {path} has no figure {bound.figure!r} ({error!r}); measure again: {bound.command}"
        ) from error
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Failed(f"{bound.name}: {bound.figure!r} in {path} is {value!r}, which is not a number")
    return float(value), corpus


def main(argv: Sequence[str] | None) -> None:
    """Check, or move floors."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    parser.add_argument("--floors", type=Path, default=FLOORS, help="the file of the floors [benchmarks/floors.json]")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder of the results [benchmarks/results]")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="move a floor; VALUE 'measured' takes the result's",
    )
    parser.add_argument(
        "--corpus", help="the digest of the data for the floors of --set from now on; 'measured' takes the result's"
    )
    parser.add_argument("--add", metavar="JSON", help="add a floor: name, kind, value, result, figure, corpus, command")
    parser.add_argument(
        "--lower", default="", metavar="REASON", help="why less is promised; needed where --set promises less"
    )
    options = parser.parse_args(argv)
    floors = read(options.floors)
    if options.add or options.set:
        write(options.floors, _changed(floors, options))
        return
    if options.lower or options.corpus:
        parser.error("--lower and --corpus need --set")
    faults = check(floors, options.results)
    if faults:
        raise Failed("\n  ".join([f"{len(faults)} of {len(floors.bounds)} promises are not kept:", *faults]))
    report(f"{len(floors.bounds)} promises kept")


def _changed(floors: Floors, options: argparse.Namespace) -> Floors:
    if options.add:
        try:
            floors = add(floors, Bound(**json.loads(options.add)), options.lower or "a new promise")
        except (ValueError, TypeError) as error:
            raise Failed(f"--add {options.add}: {error}") from error
    for given in options.set:
        name, _, text = given.rpartition("=")
        value, corpus = 0.0, options.corpus
        if "measured" in (text, corpus):
            value, measured_on = measurement(floors.bound(name), options.results)
            corpus = measured_on if corpus == "measured" else corpus
        if text != "measured":
            try:
                value = float(text)
            except ValueError as error:
                raise Failed(f"--set {given}: write NAME=VALUE, such as evidence/article@1=0.7") from error
        floors = move(floors, name, value, corpus, options.lower)
        report(f"{name}: {floors.bound(name).value} on {floors.bound(name).corpus}")
    return floors


if __name__ == "__main__":
    run(main)
