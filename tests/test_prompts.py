"""Prompts: what they declare is what they use, and they are found in a checkout and in an installed wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from assistant import prompts
from assistant.errors import SettingsError
from tests.conftest import ROOT

GOOD = "---\nname: hail\nversion: 3\npurpose: Greets.\nvariables: [who]\n---\n\n# system\n\nBe kind.\n\n# user\n\nHail {{who}}!\n"


def test_a_prompt_is_filled() -> None:
    prompt = prompts.parse(GOOD, "hail", "hail.md")
    assert prompt.filled({"who": "Ada"}) == (("system", "Be kind."), ("user", "Hail Ada!"))
    assert prompt.filled({"who": "{{who}} \\1"})[1] == ("user", "Hail {{who}} \\1!")


def test_the_version_changes_with_the_text() -> None:
    first = prompts.parse(GOOD, "hail", "hail.md")
    second = prompts.parse(GOOD.replace("kind", "brief"), "hail", "hail.md")
    assert first.version.startswith("3+")
    assert first.version != second.version
    assert first.label == f"hail@{first.version}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("variables: [who]", "variables: [who, when]", "declares when, who and uses who"),
        ("variables: [who]", "variables: []", "declares nothing and uses who"),
        ("{{who}}", "{{ who }}", "uses  who "),
        ("name: hail", "name: other", "its file says 'hail'"),
        ("version: 3", "version: soon", "whole number"),
        ("purpose: Greets.\n", "", "must declare exactly"),
        ("version: 3", "version: 3\nmodel: x", "must declare exactly"),
        ("variables: [who]", "variables: who", "list of names"),
        ("# system", "# developer", "headed"),
        ("Be kind.", "", "non-empty sections"),
        ("---\nname", "name", "does not begin"),
        ("variables: [who]", "variables: [who", "cannot be read"),
    ],
)
def test_invalid_settings_are_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        prompts.parse(GOOD.replace(old, new, 1), "hail", "hail.md")


@pytest.mark.parametrize("values", [{}, {"who": "Ada", "when": "now"}])
def test_values_must_be_those_declared(values: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="hail"):
        prompts.parse(GOOD, "hail", "hail.md").filled(values)


def test_a_missing_prompt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        prompts.load("hail", tmp_path)


@pytest.mark.parametrize("path", sorted(ROOT.glob("prompts/*.md")), ids=lambda path: path.stem)
def test_every_prompt_of_the_house_is_in_order(path: Path) -> None:
    if path.stem != "README":
        assert prompts.load(path.stem).purpose


def test_prompts_are_found_in_an_installed_wheel(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("assistant", "prompts"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = "from setuptools import build_meta; import sys; print(build_meta.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    shutil.rmtree(source)
    script = "from assistant import prompts; print(prompts.home()); print(prompts.load('answer').label)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    )
    folder, label = done.stdout.split()
    assert Path(folder).is_relative_to(tmp_path / "installed")
    assert label == prompts.load("answer").label
