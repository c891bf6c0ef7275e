"""Settings: arguments over environment over file over defaults; nothing unknown passes."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from assistant.errors import SettingsError
from assistant.settings import DROPPED, Settings, load_settings

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_order_of_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().retrieval.top_k == Settings().retrieval.top_k
    (tmp_path / "ontherecord.toml").write_text("[retrieval]\ntop_k = 11\nreranked = 12\n[server]\nport = 1\n")
    monkeypatch.setenv("ONTHERECORD_RETRIEVAL__TOP_K", "22")
    settings = load_settings({"server": {"port": 3, "host": None}})
    assert (settings.retrieval.top_k, settings.retrieval.reranked, settings.server.port) == (22, 12, 3)
    assert settings.server.host == "127.0.0.1"


def test_a_named_file_is_read_and_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text("archive = 'indexes/mine'\n")
    monkeypatch.setenv("ONTHERECORD_CONFIG", "mine.toml")
    assert load_settings().archive == Path("indexes/mine")
    monkeypatch.setenv("ONTHERECORD_CONFIG", "absent.toml")
    with pytest.raises(SettingsError, match=r"absent\.toml cannot be read"):
        load_settings()


@pytest.mark.parametrize(
    "content", ["[retrieval]\ntopk = 3\n", "colour = 'red'\n", "[retrieval]\ntop_k = 'many'\n", "[retrieval\n"]
)
def test_a_file_out_of_order_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "ontherecord.toml").write_text(content)
    with pytest.raises(SettingsError):
        load_settings()


@pytest.mark.parametrize(
    "line", ['class_path = "subprocess.Popen"', "[llm.arguments]\nargs = 'id'", 'key_env = "AWS_SECRET_ACCESS_KEY"']
)
def test_a_file_that_nobody_named_decides_nothing_about_code_and_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    (tmp_path / "ontherecord.toml").write_text(f"[llm]\n{line}\n")
    with pytest.raises(
        SettingsError, match=r"happens to be in the working folder .*ONTHERECORD_CONFIG=ontherecord\.toml"
    ):
        load_settings()
    monkeypatch.setenv("ONTHERECORD_CONFIG", "ontherecord.toml")
    load_settings()


def test_no_file_can_name_packages_whose_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ontherecord.toml").write_text('[llm]\nclass_packages = "subprocess"\n')
    for named in ("", "ontherecord.toml"):
        monkeypatch.setenv("ONTHERECORD_CONFIG", named)
        with pytest.raises(SettingsError, match=r"no file may set; set ONTHERECORD_LLM__CLASS_PACKAGES$"):
            load_settings()
    monkeypatch.delenv("ONTHERECORD_CONFIG")
    (tmp_path / "ontherecord.toml").unlink()
    monkeypatch.setenv("ONTHERECORD_LLM__CLASS_PACKAGES", "mine")
    assert load_settings().llm.class_packages == "mine"
    assert load_settings({"llm": {"class_packages": "yours"}}).llm.class_packages == "yours"


def test_a_model_on_this_machine_needs_no_permission(tmp_path: Path) -> None:
    (tmp_path / "ontherecord.toml").write_text('[llm]\nkind = "openai-like"\nurl = "http://127.0.0.1:1/v1"\n')
    assert load_settings().llm.kind == "openai-like"


def test_an_unknown_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTHERECORD_RETREIVAL__TOP_K", "3")
    with pytest.raises(SettingsError, match="ONTHERECORD_RETREIVAL__TOP_K"):
        load_settings()


def test_a_setting_of_an_earlier_release_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ontherecord.toml").write_text("[retrieval]\ndense_weight = 3.0\n[index]\nthreads = 2\n")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    for told in ("retrieval.dense_weight is no longer a setting: the weights", "index.threads is no longer a setting"):
        assert told in str(refused.value)
    monkeypatch.setenv("ONTHERECORD_CONFIG", os.devnull)
    monkeypatch.setenv("ONTHERECORD_ANSWERING__DRAFT_TOKENS", "200")
    with pytest.raises(SettingsError, match=r"DRAFT_TOKENS: .* is no longer a setting: .* answering\.max_words"):
        load_settings()


def test_no_setting_is_both_known_and_dropped() -> None:
    known = {f"{name}.{key}" for name, field in Settings.model_fields.items() for key in _inner(field)}
    assert known.isdisjoint(DROPPED)


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.archive = Path("elsewhere")  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        for key, value in (_inner(field) or {name: field}).items():
            assert value.description, f"{name}.{key} says nothing"


def test_the_page_of_settings_is_not_stale() -> None:
    """``make docs`` writes it."""
    generator = runpy.run_path(str(DOCS / "settings_page.py"))
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == generator["page"]()


def _inner(field: FieldInfo) -> dict[str, FieldInfo]:
    return getattr(field.annotation, "model_fields", {})
