"""The house holds: imports point down the list of rooms, and heavy packages stay where they belong."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "assistant"

SEAMS = ("index.base", "quotes.model")
"""Modules that say what a higher room gives to the archive, or takes from it."""

LEVELS: tuple[tuple[str, ...], ...] = (
    ("types", "text", "dates", "settings", "errors", "language", "files", "prompts", "tracing", "blas"),
    ("ingest",),
    ("index.base", "quotes.model"),
    ("archive",),
    ("embedding", "embedding_openvino", "embedding_torch", "pairs", "passages", "models"),
    ("index",),
    ("quotes",),
    ("retrieval",),
    ("answering",),
    ("reading_room",),
    ("keeper", "pipeline", "payload"),
    ("evaluation", "llamaindex"),
    ("serve",),
    ("cli", "__main__"),
)
"""Rooms from the ground up; a room may import those below it, and itself."""

LEVEL = {room: height for height, rooms in enumerate(LEVELS) for room in rooms}


def room_of(module: str) -> str:
    """Name the room of a module of the package; what ``SEAMS`` lists are rooms of their own."""
    inner = module.removeprefix("assistant").lstrip(".")
    return next((seam for seam in SEAMS if inner.startswith(seam)), inner.partition(".")[0])


def imported(path: Path) -> list[tuple[str, bool]]:
    """Return the modules that a file imports, each with whether at its top."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in tree.body}
    found: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, id(node) in top))
    return found


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_imports_point_down(path: Path) -> None:
    mine = room_of("assistant." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    if mine in {"__init__", ""}:
        return
    for module, _ in imported(path):
        if module.startswith("assistant.") and room_of(module) in LEVEL:
            assert LEVEL[room_of(module)] <= LEVEL[mine], f"{mine} imports {module}, which lies above it"


def test_every_room_has_its_place() -> None:
    rooms = {
        path.stem if path.is_file() else path.name for path in PACKAGE.iterdir() if not path.name.startswith("__py")
    }
    assert {room for room in rooms if room not in {"__init__", "py"}} <= set(LEVEL)


@pytest.mark.parametrize(
    "package", ["torch", "sentence_transformers", "gradio", "fastapi", "llama_index", "spacy", "faiss", "tantivy"]
)
def test_heavy_packages_are_imported_where_they_are_used(package: str) -> None:
    homes = {
        "gradio": "serve", "fastapi": "serve", "faiss": "index", "tantivy": "index", "spacy": "quotes", "llama_index": "llamaindex",
    }  # fmt: skip
    for path in MODULES:
        for module, at_top in imported(path):
            if at_top and module.partition(".")[0] == package:
                room = room_of("assistant." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts))
                assert room == homes.get(package), f"{path} imports {module} at its top"
