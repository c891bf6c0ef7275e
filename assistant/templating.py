"""Jinja2 as it is used here: HTML lies in a package's ``templates/*.html``, and what is filled in is escaped.

A template is laid out over several lines for those who read it. Line breaks outside of its tags, with the indentation
behind them, are left out of what it gives. An unknown name is an error, not an empty string.
"""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension

_BREAK = re.compile(r"(\{[{%#].*?[}%#]\})|\n\s*", re.DOTALL)


class _Unbroken(Extension):
    """Leaves line breaks and indentation out, except within ``{{ }}``, ``{% %}`` and ``{# #}``."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _BREAK.sub(lambda match: match[1] or "", source)


def templates(package: str) -> Environment:
    """Return the templates of a package: ``assistant.serve`` has them in ``assistant/serve/templates``."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[_Unbroken],
        auto_reload=False,
    )
