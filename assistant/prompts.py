"""Loads prompts: Markdown files in ``prompts/`` with front matter, validated when loaded and when filled in.

A file begins with YAML between ``---``: ``name``, ``version`` (a whole number), ``purpose`` and ``variables`` (a list).
The body has one section per message, headed ``# system``, ``# user`` or ``# assistant`` (an example of a model's
reply); ``{{variable}}`` is a placeholder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from assistant.errors import SettingsError

NOT_FOUND = "The archive does not say."
"""The wording of a refusal: used in answers, requested from models, and matched when detecting refusals."""

MessageRole = Literal["system", "user", "assistant"]
_ROLES: tuple[MessageRole, ...] = get_args(MessageRole)

_FILE = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*\n(.*)\Z", re.DOTALL)
_SECTION = re.compile(r"^# (system|user|assistant)[ \t]*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z_]*\Z")
_DECLARED = ("name", "purpose", "variables", "version")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt.

    :ivar version: the declared version plus a digest of the whole file: "2+5f0c1a9e". Any edit changes it.
    :ivar variables: the names of the variables, in alphabetical order.
    :ivar sections: the messages, in order: role, and text with placeholders.
    """

    name: str
    version: str
    purpose: str
    variables: tuple[str, ...]
    sections: tuple[tuple[MessageRole, str], ...]

    @property
    def label(self) -> str:
        """Name and version, as recorded with an answer: "answer@2+5f0c1a9e"."""
        return f"{self.name}@{self.version}"

    def filled(self, values: Mapping[str, str]) -> tuple[tuple[MessageRole, str], ...]:
        """Return the messages with ``values`` filled in. Placeholders inside a value are not replaced.

        :raises SettingsError: if a declared variable is missing, or an undeclared one is given.
        """
        missing, unknown = sorted(set(self.variables) - set(values)), sorted(set(values) - set(self.variables))
        if missing or unknown:
            raise SettingsError(
                f"prompt {self.name!r} takes {_listed(self.variables)}; not given: {_listed(missing)}; "
                f"given, but not declared: {_listed(unknown)}"
            )
        return tuple((role, _VARIABLE.sub(lambda found: values[found[1]], text)) for role, text in self.sections)


@cache
def load(name: str, folder: Path | None = None) -> Prompt:
    """Return the prompt called ``name``.

    :param folder: the folder to load it from; None means this package's own prompts.
    :raises SettingsError: if it cannot be read, is malformed, or declares other variables than it uses.
    """
    path = (folder or home()) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"prompt {name!r} cannot be read from {path}: {error}") from error
    return parse(text, name, str(path))


def home() -> Path:
    """Return the folder of the prompts: inside the package if installed, next to it in a checkout.

    :raises SettingsError: if it cannot be found.
    """
    here = Path(__file__).parent
    places = (here / "prompt_texts", here.parent / "prompts")
    for place in places:
        if place.is_dir():
            return place
    raise SettingsError(f"no prompts found in {', '.join(map(str, places))}; reinstall ontherecord")


def parse(text: str, name: str, where: str) -> Prompt:
    """Parse the text of a prompt file.

    :param name: the name it must declare.
    :param where: the file, for error messages.
    :raises SettingsError: if the text is malformed.
    """
    found = _FILE.match(text)
    if not found:
        raise SettingsError(f"{where} does not begin with its declarations between two lines of ---")
    declared = _declared(found[1], where)
    if declared["name"] != name:
        raise SettingsError(f"{where} declares the name {declared['name']!r}; its file says {name!r}")
    parts = _SECTION.split(found[2])
    roles: list[tuple[MessageRole, str]] = [
        (known, body.strip())
        for role, body in zip(parts[1::2], parts[2::2], strict=True)
        for known in _ROLES
        if known == role
    ]
    if parts[0].strip() or not roles or not all(body for _, body in roles):
        raise SettingsError(f"{where} must consist of non-empty sections headed '# system', '# user' or '# assistant'")
    variables = tuple(sorted(declared["variables"]))
    used = {one for _, body in roles for one in _VARIABLE.findall(body)}
    if used != set(variables) or not all(_NAME.match(one) for one in variables):
        raise SettingsError(
            f"{where} declares {_listed(variables)} and uses {_listed(sorted(used))}; both must be the same, "
            "in lower-case letters and underscores"
        )
    digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:8]
    return Prompt(name, f"{declared['version']}+{digest}", declared["purpose"], variables, tuple(roles))


def _declared(text: str, where: str) -> dict[str, Any]:
    try:
        declared = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SettingsError(f"{where} has declarations that cannot be read: {error}") from error
    if not isinstance(declared, dict) or sorted(map(str, declared)) != list(_DECLARED):
        raise SettingsError(f"{where} must declare exactly {_listed(_DECLARED)}")
    version, variables = declared["version"], declared["variables"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise SettingsError(f"{where} declares version {version!r}; it must be a whole number from 1 up")
    if not isinstance(variables, list) or not all(isinstance(one, str) for one in variables):
        raise SettingsError(f"{where} declares variables {variables!r}; they must be a list of names")
    return declared


def _listed(names: object) -> str:
    return ", ".join(map(str, names)) if isinstance(names, list | tuple) and names else "nothing"
