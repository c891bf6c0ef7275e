"""Write docs/settings.md from the settings themselves.

python docs/settings_page.py    (or: make docs)
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from assistant.settings import Settings, SettingUnit

PAGE = Path(__file__).resolve().parent / "settings.md"

_HEAD = """\
# Settings

Everything works without any of these. Each can be set in three ways; the first that applies wins:

1. an option on the command line, where the command has one (`--archive`, `--host`, `--port`);
2. an environment variable: `embedding.model` is `ONTHERECORD_EMBEDDING__MODEL`, with two underscores for the dot;
3. a TOML file: `ontherecord.toml` in the working folder, or the file that `ONTHERECORD_CONFIG` names. What decides
   which code runs or which secret is sent (`llm.class_path`, `llm.arguments`, `llm.key_env`) is read only from a file
   that is named.

```toml
archive = "indexes/guardian"

[embedding]
model = "all-MiniLM-L6-v2"
```

Unknown names are refused, so that a typing error is not mistaken for a setting. What ranks passages and sentences was
fitted to questions with known answers and is not among the settings; it is kept beside the code, in
`assistant/retrieval/ranking.toml`. API keys are never settings: `llm.key_env` names the variable that holds one.

<!-- Generated from assistant/settings.py by `make docs`; edit the descriptions there. -->
"""


def page() -> str:
    """Return the page, as it should stand in docs/settings.md."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    fields = Settings.model_fields
    groups = {name: field.default for name, field in fields.items() if isinstance(field.default, BaseModel)}
    yield from _section("General", "", "", {name: field for name, field in fields.items() if name not in groups})
    for name, group in groups.items():
        yield from _section(f"`{name}`", type(group).__doc__ or "", f"{name}.", type(group).model_fields)


def _section(title: str, about: str, prefix: str, fields: dict[str, FieldInfo]) -> Iterator[str]:
    yield f"## {title}\n"
    if about:
        yield re.sub(r"docs/(\w+\.md)", r"[\1](\1)", about) + "\n"
    yield "| setting | environment variable | default | allowed | description |"
    yield "|---|---|---|---|---|"
    for name, field in fields.items():
        setting = f"{prefix}{name}"
        variable = f"ONTHERECORD_{setting.replace('.', '__').upper()}"
        cells = (f"`{setting}`", f"`{variable}`", _default(field), _allowed(field), field.description or "")
        yield f"| {' | '.join(cells)} |"
    yield ""


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in ("", {}):
        return "empty"
    return f"`{json.dumps(value) if isinstance(value, bool) else value}`"


def _allowed(field: FieldInfo) -> str:
    """Say which values a setting takes: its choices, or its range and unit."""
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{one}`" if one else "empty" for one in get_args(field.annotation))
    kinds: dict[Any, str] = {bool: "`true`, `false`", str: "text", Path: "path"}
    unit = next((f" {one.name}" for one in field.metadata if isinstance(one, SettingUnit)), "")
    return (_range(field.metadata) or kinds.get(field.annotation, "table")) + unit


def _range(metadata: Sequence[Any]) -> str:
    """Say within which bounds a number must lie; "" where there are none."""
    least = next((f"{one.ge:,}" for one in metadata if isinstance(one, Ge)), "")
    above = next((f"above {one.gt:,}" for one in metadata if isinstance(one, Gt)), "")
    most = next((f"{one.le:,}" for one in metadata if isinstance(one, Le)), "")
    if not most:
        return f"at least {least}" if least else above
    return f"{least} to {most}" if least else f"{above}, at most {most}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stderr.write(f"wrote {PAGE}\n")
