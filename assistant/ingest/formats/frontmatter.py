"""Front matter, before the text of a file: YAML between ``---``, TOML between ``+++``, or ``Key: value`` lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import yaml

from assistant.ingest.names import FIELDS, plain

_FENCED = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LONGEST = 64 << 10
_DEEPEST = 50
_KEY = re.compile(r"[A-Za-z][\w -]{0,30}")
_KNOWN = frozenset(plain(name) for field, names in FIELDS.items() if field != "text" for name in names)


class _Loader(yaml.BaseLoader):
    """Reads every value as text, and refuses aliases, with which a few lines can expand to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Build a node; an alias is an error."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read in front matter")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def front_matter(text: str, mapping: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Return the named values before a text, and the text after them; ({}, text) if there are none."""
    found = _FENCED.match(text[: _LONGEST + 16])
    if found:
        values = _toml(found[2]) if found[1] == "+++" else _yaml(found[2])
        if values is not None:
            return values, text[found.end() :]
    return _header(text, mapping)


def _yaml(block: str) -> dict[str, Any] | None:
    try:
        values = None if _depth(block) > _DEEPEST else yaml.load(block, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        values = None
    if isinstance(values, dict):
        return {str(name): value for name, value in values.items()}
    pairs = [pair for line in block.split("\n") if (pair := _pair(line.strip()))]
    return {name: value.strip("\"'") for name, value in pairs} or None


def _depth(block: str) -> int:
    """Return how deeply brackets are nested, even in quotes; PyYAML takes quadratic time in the depth."""
    steps = ((mark in "[{") - (mark in "]}") for mark in block)
    return max(accumulate(steps), default=0)


def _toml(block: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _header(text: str, mapping: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Read ``Key: value`` lines up to a blank line, provided that all lines have this form and some key is known."""
    block, gap, rest = text.lstrip("\n").partition("\n\n")
    if not gap or len(block) > _LONGEST:
        return {}, text
    pairs = [_pair(line) for line in block.split("\n")]
    if not all(pairs):
        return {}, text
    values = dict(pair for pair in pairs if pair)
    known = _KNOWN | {plain(name) for name in mapping.values()}
    if not any(plain(name) in known for name in values):
        return {}, text
    return values, rest


def _pair(line: str) -> tuple[str, str] | None:
    """Return the key and value of ``Key: value``; None if the line does not have this form."""
    key, colon, value = line.partition(":")
    key = key.rstrip(" \t")
    if not colon or not _KEY.fullmatch(key) or value[:1].strip(" \t"):
        return None
    return key, value.strip(" \t")
