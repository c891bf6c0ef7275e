"""What stands before the text of a file: YAML between ``---``, TOML between ``+++``, or ``Key: value`` lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from assistant.ingest.names import FIELDS, plain

_FENCED = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LONGEST = 64 << 10
_KEY = re.compile(r"([A-Za-z][\w -]{0,30}?)[ \t]*:(?:[ \t]+(.*\S))?[ \t]*\Z")
_KNOWN = frozenset(plain(name) for field, names in FIELDS.items() if field != "text" for name in names)


class _Loader(yaml.BaseLoader):
    """Reads every value as text; refuses aliases, by which a few lines can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Build one node; an alias is an error."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read in front matter")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def front_matter(text: str, mapping: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Return the named values before a text, and the text after them; ({}, text) when there are none."""
    found = _FENCED.match(text[: _LONGEST + 16])
    if found:
        values = _toml(found[2]) if found[1] == "+++" else _yaml(found[2])
        if values is not None:
            return values, text[found.end() :]
    return _header(text, mapping)


def _yaml(block: str) -> dict[str, Any] | None:
    try:
        values = yaml.load(block, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        values = None
    if isinstance(values, dict):
        return {str(name): value for name, value in values.items()}
    pairs = [match.groups() for line in block.split("\n") if (match := _KEY.match(line.strip()))]
    return {name: (value or "").strip("\"'") for name, value in pairs} or None


def _toml(block: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _header(text: str, mapping: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Read ``Key: value`` lines up to a blank line, if all lines are such and one of the keys is known."""
    block, gap, rest = text.lstrip("\n").partition("\n\n")
    matches = [_KEY.match(line) for line in block.split("\n")]
    if not gap or len(block) > _LONGEST or not all(matches):
        return {}, text
    values = {match[1]: match[2] or "" for match in matches if match}
    known = _KNOWN | {plain(name) for name in mapping.values()}
    if not any(plain(name) in known for name in values):
        return {}, text
    return values, rest
