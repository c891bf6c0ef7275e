"""The structure of the package: imports point down the list of layers, without circles, and heavy packages stay put."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

from tests import documents

PACKAGE = Path(__file__).parent.parent / "assistant"

LEVELS: tuple[tuple[str, ...], ...] = (
    ("errors", "text", "process", "templating", "arrays"),
    ("languages",),
    ("sentences", "dates", "settings", "files", "prompts", "inferences"),
    ("outgoing",),
    ("types", "tracing"),
    ("ingest", "attributions", "names"),
    ("archive",),
    ("embedding", "passages", "llm"),
    ("index", "answer_selection"),
    ("quotes", "speakers"),
    ("retrieval",),
    ("answering",),
    ("searcher",),
    ("admin", "pipeline", "schemas"),
    ("assistant",),
    ("evaluation", "llamaindex", "testing"),
    ("serve",),
    ("cli",),
    ("__main__",),
)
"""The layers' folders and files, lowest first; each may import itself and those below it."""

LEVEL = {room: height for height, rooms in enumerate(LEVELS) for room in rooms}


def name_of(path: Path) -> str:
    """Name the module in a file: "assistant.answering.evidence"; a folder is what its ``__init__`` holds."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Name the layer's folder or file that a module belongs to; "" for the package itself."""
    return module.removeprefix("assistant").lstrip(".").partition(".")[0]


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a file's syntax tree, parsed once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> tuple[tuple[str, bool], ...]:
    """Return the modules that a file imports, anywhere in it, each with whether at its top."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    tree = tree_of(path)
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path} imports relatively"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module, id(node) in top


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    mine = room_of(module)
    if not mine:
        return
    for other, _ in imported(MODULES[module]):
        if room := room_of(other) if other.startswith("assistant.") else "":
            assert LEVEL[room] <= LEVEL[mine], f"{module} imports {other}, which lies above it"
            assert room == mine or LEVEL[room] < LEVEL[mine], f"{module} imports {other}, which is beside it"


def test_there_are_no_import_circles() -> None:
    graph = {
        module: {other for other, _ in imported(path) if other in MODULES and other != module and other != "assistant"}
        for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("module", [module for module in MODULES if module != "assistant"])
def test_the_package_does_not_import_its_own_public_names(module: str) -> None:
    """The public names are for programs; the package imports from modules, so that layers can be checked."""
    for node in ast.walk(tree_of(MODULES[module])):
        if isinstance(node, ast.ImportFrom) and node.module == "assistant":
            public = {alias.name for alias in node.names if f"assistant.{alias.name}" not in MODULES}
            assert public <= {"__version__"}, f"{module} imports {public} from the package itself"


def test_every_room_has_its_place() -> None:
    assert {room_of(module) for module in MODULES} - {""} == set(LEVEL)


def test_contributing_lists_the_layers_as_they_are() -> None:
    listing = next(one for one in documents.blocks(Path("CONTRIBUTING.md")) if one.section == "Layers")
    listed = re.findall(r"[\w.]+", " ".join(re.split(r" {2,}", line)[0] for line in listing.text.splitlines()))
    place = {name: at for at, name in enumerate(listed)}
    rooms = [room for level in reversed(LEVELS) for room in level if room != "__main__"]
    assert set(rooms) <= set(listed)
    for upper, lower in pairwise(reversed(LEVELS[:-1])):
        assert max(place[room] for room in upper) < min(place[room] for room in lower), (upper, lower)


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, path in MODULES.items() if not ast.get_docstring(tree_of(path))] == []


MIRRORED = {"Article", "Hit", "Speaker"}
"""Classes of ``schemas.py`` that describe how the type of the same name goes out as JSON.

The same word for the same thing: in ``/openapi.json`` these names are the components that users generate clients from,
and in Python they are what a program is given.
"""


def types_of(path: Path) -> Iterator[str]:
    """Yield the public classes of a file, nested ones included, and its type aliases (``Span = ...``)."""
    tree = tree_of(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (one.id for one in targets if isinstance(one, ast.Name) and re.match("[A-Z].*[a-z]", one.id))


def test_no_two_types_share_a_name() -> None:
    homes: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for name in types_of(path):
            homes.setdefault(name, []).append(module)
    shared = {name: modules for name, modules in homes.items() if len(modules) > 1}
    assert shared.keys() >= MIRRORED
    assert [
        (name, modules)
        for name, modules in shared.items()
        if name not in MIRRORED or "assistant.schemas" not in modules or len(modules) > 2
    ] == []


@pytest.mark.parametrize(
    "package", ["torch", "sentence_transformers", "gradio", "fastapi", "llama_index", "spacy", "faiss", "tantivy"]
)
def test_heavy_packages_are_imported_where_they_are_used(package: str) -> None:
    homes = {
        "gradio": "serve", "fastapi": "serve", "faiss": "index", "tantivy": "index", "spacy": "quotes", "llama_index": "llamaindex",
    }  # fmt: skip
    for module, path in MODULES.items():
        for other, at_top in imported(path):
            if at_top and other.partition(".")[0] == package:
                assert room_of(module) == homes.get(package), f"{module} imports {other} at its top"


def test_extractors_of_quotes_share_only_what_is_common() -> None:
    arrows = set()
    for module, path in MODULES.items():
        if module.startswith("assistant.quotes."):
            for other, _ in imported(path):
                mine, its = (name.split(".")[2:-1] for name in (module, other))
                if other.startswith("assistant.quotes.") and mine != its:
                    arrows.add(("".join(mine), "".join(its)))
    extractors = ("english", "german", "generic", "layout")
    assert arrows == {("", one) for one in extractors} | {(one, "common") for one in extractors}
