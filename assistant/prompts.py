"""Prompts: Markdown files of ``prompts/``, with what each declares; checked when loaded, and when filled.

A file begins with YAML between ``---``: ``name``, ``version`` (a whole number), ``purpose`` and ``variables`` (a list).
Its body is one section a message, headed ``# system``, ``# user`` or ``# assistant`` (what a model might have answered,
as an example); ``{{variable}}`` stands for what is put in.
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
"""The one sentence for it: answers say it, a model is asked for it, and what looks for a refusal compares with it."""

Role = Literal["system", "user", "assistant"]
_ROLES: tuple[Role, ...] = get_args(Role)

_FILE = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*\n(.*)\Z", re.DOTALL)
_SECTION = re.compile(r"^# (system|user|assistant)[ \t]*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[a-z][a-z_]*\Z")
_DECLARED = ("name", "purpose", "variables", "version")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt.

    :ivar version: as declared, with a digest of the whole file: "2+5f0c1a9e". It changes with every character.
    :ivar variables: what must be put in, in alphabetical order.
    :ivar sections: the messages, in order: whose each is, and its text with the variables' names in it.
    """

    name: str
    version: str
    purpose: str
    variables: tuple[str, ...]
    sections: tuple[tuple[Role, str], ...]

    @property
    def label(self) -> str:
        """What an answer records: "answer@2+5f0c1a9e"."""
        return f"{self.name}@{self.version}"

    def filled(self, values: Mapping[str, str]) -> tuple[tuple[Role, str], ...]:
        """Return the messages with ``values`` in them. What a value holds is never read as a variable itself.

        :raises SettingsError: when a declared variable is not given, or one that is not declared is.
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

    :param folder: where it lies; None means where this package keeps its prompts.
    :raises SettingsError: when there is none, or it does not declare what it uses and use what it declares.
    """
    path = (folder or home()) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"prompt {name!r} cannot be read from {path}: {error}") from error
    return parse(text, name, str(path))


def home() -> Path:
    """Return the folder of the prompts: inside the package when it is installed, beside it in a checkout.

    :raises SettingsError: when it is nowhere.
    """
    here = Path(__file__).parent
    places = (here / "prompt_texts", here.parent / "prompts")
    for place in places:
        if place.is_dir():
            return place
    raise SettingsError(f"the prompts are in none of {', '.join(map(str, places))}; install ontherecord again")


def parse(text: str, name: str, where: str) -> Prompt:
    """Return the prompt that a file's text holds.

    :param name: what it must be called.
    :param where: names the file in messages.
    :raises SettingsError: when it is not in order.
    """
    found = _FILE.match(text)
    if not found:
        raise SettingsError(f"{where} does not begin with its declarations between two lines of ---")
    declared = _declared(found[1], where)
    if declared["name"] != name:
        raise SettingsError(f"{where} declares the name {declared['name']!r}; its file says {name!r}")
    parts = _SECTION.split(found[2])
    roles: list[tuple[Role, str]] = [
        (known, body.strip())
        for role, body in zip(parts[1::2], parts[2::2], strict=True)
        for known in _ROLES
        if known == role
    ]
    if parts[0].strip() or not roles or not all(body for _, body in roles):
        raise SettingsError(f"{where} must be sections with a text each, headed '# system', '# user' or '# assistant'")
    variables = tuple(sorted(declared["variables"]))
    used = {one for _, body in roles for one in _VARIABLE.findall(body)}
    if used != set(variables) or not all(_NAME.match(one) for one in variables):
        raise SettingsError(
            f"{where} declares {_listed(variables)} and uses {_listed(sorted(used))}; both must be the same, "
            "in small letters and underscores"
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
