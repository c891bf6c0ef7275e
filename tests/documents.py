"""Reads the documents: their code blocks, links, and the names of files, settings and commands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PAGES = (
    *sorted(path.relative_to(ROOT) for path in ROOT.glob("*.md")),
    *sorted(path.relative_to(ROOT) for path in ROOT.glob("docs/*.md")),
    *(Path(folder) / "README.md" for folder in ("benchmarks", "indexes", "prompts", "sample")),
)
"""Every document, relative to the repository's root."""

LANGUAGES = ("sh", "python", "json", "toml", "text", "mermaid")
"""What a fenced block may be: commands, a snippet, data, settings, a usage line or a list, a diagram."""

_FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"\n\n {4}(?! *[-*\d])\S[^\n]*")
_EXCUSE = re.compile(r"<!-- not run: ([^\n]+?) -->\n\Z")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    :ivar excuse: why it is not run, as the comment above it says; "" where it is.
    :ivar section: the last heading before it.
    """

    page: Path
    line: int
    language: str
    text: str
    excuse: str
    section: str

    @property
    def place(self) -> str:
        """Where it stands: "docs/cli.md:12"."""
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The commands of a shell block, one each, with continued lines joined and comments left out."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def read(page: Path) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = read(page)
    found = []
    for match in _FENCE.finditer(text):
        before = text[: match.start()]
        excuse = _EXCUSE.search(before)
        headings = re.findall(r"^#+ (.+)$", before, re.MULTILINE)
        found.append(Block(page, before.count("\n") + 2, match[1], match[2], excuse[1] if excuse else "", headings[-1]))
    return found


def prose(page: Path) -> str:
    """Return the text of a page without its fenced blocks."""
    return _FENCE.sub("", read(page))


def indented(page: Path) -> list[str]:
    """Return the first lines of indented code blocks, of which there should be none: fences say what they hold."""
    return [match.strip() for match in _INDENTED.findall(prose(page))]


def code(page: Path) -> list[str]:
    """Return what stands in backticks in the prose of a page."""
    return _CODE.findall(prose(page))


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the file and the anchor of each link of a page into the repository; "" for the page itself."""
    for target in _LINK.findall(prose(page)):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = target.partition("#")
            yield file, anchor


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
