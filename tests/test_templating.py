"""Templates escape what is filled in, say what is missing, and are laid out without a trace in what they give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import assistant
from assistant.templating import templates

FILES = sorted(Path(assistant.__file__).parent.rglob("templates/*.html"))
RAW = {"style", "script", "plot", "plots", "plots[group]"}
"""What goes in unescaped: the report's own style, script and plots."""


def test_values_are_escaped() -> None:
    template = templates("assistant.serve").from_string('<p title="{{ text }}">{{ text }}</p>')
    assert template.render(text="""<b>'"&""") == ('<p title="&lt;b&gt;&#39;&#34;&amp;">&lt;b&gt;&#39;&#34;&amp;</p>')


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="headline"):
        templates("assistant.serve").from_string("{{ headline }}").render()


def test_line_breaks_of_a_template_are_left_out_and_those_of_a_text_kept() -> None:
    source = '<ul>\n  {% for one in (\n    "a",\n    "b\\nc"\n  ) %}\n    <li>\n      {{ one }}\n    </li>\n  {% endfor %}\n</ul>\n'
    assert templates("assistant.serve").from_string(source).render() == "<ul><li>a</li><li>b\nc</li></ul>"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_from_outside_is_inserted_unescaped(path: Path) -> None:
    source = path.read_text("utf-8")
    assert set(re.findall(r"(\S+)\s*\|\s*safe\b", source)) <= (RAW if path.name == "report.html" else set())
    assert not re.search(r"autoescape|\|\s*(?:xmlattr|urlize|striptags|tojson)\b|=\{\{", source)


def test_html_stands_in_templates_and_not_in_the_code() -> None:
    for module in ("serve/page.py", "serve/quotes_view.py", "serve/render.py", "serve/web.py", "evaluation/report.py"):
        source = (Path(assistant.__file__).parent / module).read_text("utf-8")
        code = re.sub(r'"""(?:.|\n)*?"""', "", source)
        assert not re.search(r"</?[a-z]\w*[ >]", code), module
