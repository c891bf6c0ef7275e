"""What servers refuse, and what the settings allow: each as the error that it is, and no key in any of them."""

from __future__ import annotations

import logging
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any

import pytest
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata

from assistant import AskOptions, Assistant
from assistant.admin import status
from assistant.cli.render import status_text
from assistant.embedding.embedder import Embedder
from assistant.errors import MissingDependency, ModelBudget, ModelTimeout, ModelUnavailable, SettingsError
from assistant.llm import Message
from assistant.llm.loading import load, shown
from assistant.llm.token_counts import at_most
from assistant.settings import EmbeddingSettings, LlmSettings
from assistant.settings import load_settings as settings
from tests.llm.conftest import Loads
from tests.llm.refusing import HANG, OK, Refusing, refusal, spoken

ASKED = (Message("user", "Does it rain?"),)
KEY = "sk-this-is-never-shown"


def written(loads: Loads, server: Refusing, **settings: Any) -> str:
    return "".join(loads(server.url, **settings).stream(ASKED, 20))


def test_a_refused_key_is_reported_but_not_shown(
    loads: Loads, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with (
        Refusing([refusal(401, f"Incorrect API key provided: {KEY}")]) as server,
        pytest.raises(ModelUnavailable, match=r"refuses the key \(401\); see the variable MY_KEY") as caught,
    ):
        written(loads, server, key_env="MY_KEY")
    assert (len(server.asked), server.keys) == (1, [f"Bearer {KEY}"])
    assert KEY not in str(caught.value)
    # What a server says is logged by the packages below, at levels for their developers; ours never repeats a key.
    assert not [r for r in caplog.records if r.name.startswith("assistant") and KEY in r.getMessage()]


def test_no_log_has_the_key(loads: Loads, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with Refusing([refusal(429, "busy"), OK]) as server:
        assert written(loads, server, key_env="MY_KEY") == "It rains."
    assert "chat/completions" in caplog.text  # the packages below do log
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", [400, 418, 500])
def test_no_message_repeats_a_key(loads: Loads, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    with (
        Refusing([refusal(status, f"bad {KEY}")]) as server,
        pytest.raises(ModelUnavailable, match=rf"returned {status}: .*bad \*\*\*"),
    ):
        written(loads, server, key_env="MY_KEY", retries=0)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_temporary_failures_are_retried(loads: Loads, status: int) -> None:
    with Refusing([refusal(status, "busy"), OK]) as server:
        assert written(loads, server) == "It rains."
    assert len(server.asked) == 2
    asked = {name: server.asked[0][name] for name in ("model", "stream", "max_tokens", "temperature", "messages")}
    assert asked == {
        "model": "small", "stream": True, "max_tokens": 20, "temperature": 0.0,
        "messages": [{"role": "user", "content": "Does it rain?"}],
    }  # fmt: skip


def test_retry_after_is_respected(loads: Loads) -> None:
    started = time.monotonic()
    with Refusing([refusal(429, "busy", Retry_After="1"), OK]) as server:
        assert written(loads, server) == "It rains."
    assert time.monotonic() - started >= 1
    with Refusing([refusal(429, "busy", Retry_After="3600"), OK]) as server, pytest.raises(ModelUnavailable):
        written(loads, server)  # longer than there is time


def test_retries_end_if_a_failure_persists(loads: Loads) -> None:
    with Refusing([refusal(500, "broken")]) as server, pytest.raises(ModelUnavailable, match="returned 500"):
        written(loads, server, retries=1)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("reply", "error", "says"),
    [
        (refusal(404, "no such model"), ModelUnavailable, "see llm.url and llm.model"),
        (refusal(400, "This model's maximum context length is 512 tokens"), ModelBudget, "lower llm.window"),
        ((200, {"Content-Type": "text/event-stream"}, spoken("It ", finish=None)), ModelUnavailable, "broke off"),
        ((200, {"Content-Type": "text/event-stream"}, spoken("It ") [:90]), ModelUnavailable, "broke off|cannot be used"),
        ((200, {"Content-Type": "text/html"}, b"<html>a login page</html>"), ModelUnavailable, "broke off"),
    ],
)  # fmt: skip
def test_permanent_failures_are_not_retried(loads: Loads, reply: Any, error: type[Exception], says: str) -> None:
    with Refusing([reply]) as server, pytest.raises(error, match=says):
        written(loads, server, retries=0)
    assert len(server.asked) == 1


def test_no_server_listens(loads: Loads) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ModelUnavailable, match="cannot be used"):
            list(loads(url, retries=1).stream(ASKED, 20))


@pytest.mark.parametrize("how", ["cancelled", "too slow"])
def test_leaving_closes_the_connection(loads: Loads, how: str) -> None:
    cancelled = Event()
    with Refusing([HANG]) as server:
        model = loads(server.url, first_timeout=0.4 if how == "too slow" else 30)
        if how == "cancelled":
            timer = Timer(0.3, cancelled.set)
            timer.start()
            assert list(model.stream(ASKED, 20, cancelled)) == []
            timer.join()
        else:
            with pytest.raises(ModelTimeout, match=r"wrote nothing in the 0\.4 s"):
                list(model.stream(ASKED, 20, cancelled))
        assert server.left.wait(2)


def test_a_request_waits_for_its_turn(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.limits.WAIT", 0.3)
    cancelled = Event()
    with Refusing([HANG]) as server:
        model = loads(server.url, concurrency=1)
        first = Thread(target=lambda: list(model.stream(ASKED, 20, cancelled)))
        first.start()
        while not server.asked:
            time.sleep(0.01)
        with pytest.raises(ModelTimeout, match="1 requests to the language model are in progress"):
            list(model.stream(ASKED, 20))
        nobody = Event()
        nobody.set()
        assert list(model.stream(ASKED, 20, nobody)) == []
        cancelled.set()
        first.join()
        server.replies = [OK]
        assert "".join(model.stream(ASKED, 20)) == "It rains."


def test_the_budget_is_spent(loads: Loads) -> None:
    with Refusing([OK]) as server:
        model = loads(server.url, budget=100)
        assert "".join(model.stream(ASKED, 20)) == "It rains."
        assert model.budget.spent == at_most(ASKED[0].content) + 8 + at_most("It rains.")
        assert "".join(model.stream(ASKED, 20)) == "It rains."
        with pytest.raises(ModelBudget, match="of the 100 tokens"):
            list(model.stream(ASKED, 20))
    assert len(server.asked) == 2


def test_a_prompt_that_does_not_fit_is_not_sent(loads: Loads) -> None:
    with Refusing([OK]) as server, pytest.raises(ModelBudget, match=r"context window of 512 tokens \(llm\.window\)"):
        list(loads(server.url, window=512).stream(ASKED, 500))
    assert not server.asked


class Echo(CustomLLM):
    """Writes words for ever; has no asynchronous interface."""

    word: str = "yes"

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self.word)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        def words() -> CompletionResponseGen:
            text = ""
            while True:
                time.sleep(0.01)
                text += f"{self.word} "
                yield CompletionResponse(text=text, delta=f"{self.word} ")

        return words()


def test_a_class_without_an_asynchronous_interface(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mine", sys.modules[__name__])
    model = loads(kind="class", class_path="mine.Echo", class_packages="other, mine", arguments={"word": "no"})
    assert model.name == "Echo"
    stream = iter(model.stream(ASKED, 20))
    assert [next(stream), next(stream)] == ["no ", "no "]
    stream.close()  # type: ignore[attr-defined]
    assert 20 <= len(list(model.stream(ASKED, 20))) <= 21  # though it heeds no limit


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"kind": "openai-like"}, "needs llm.url and llm.model"),
        ({"kind": "openai-like", "url": "localhost:80", "model": "m"}, "llm.url is not a valid address"),
        ({"kind": "class"}, "needs llm.class_path"),
        ({"kind": "local", "model": "/nowhere.gguf"}, "llm.model: /nowhere.gguf does not exist or is not a file"),
        ({"kind": "class", "class_path": "a.B"}, "not in llama_index.llms or llama_index.core.llms"),
        ({"kind": "class", "class_path": "llama_index.llms_.B"}, "not in llama_index.llms"),
        ({"kind": "class", "class_path": "Popen"}, "not in llama_index.llms"),
        ({"kind": "class", "class_path": "ab.B", "class_packages": "a, ,"}, "CLASS_PACKAGES"),
        (
            {"kind": "class", "class_path": "llama_index.llms.a.B", "tokenizer": "/nowhere.json"},
            "llm.tokenizer: /nowhere.json does not exist or is not a file",
        ),
        (
            {"kind": "class", "class_path": "llama_index.llms.a.B", "key_env": "NOT_SET_AT_ALL"},
            "NOT_SET_AT_ALL, but that",
        ),
    ],
)
def test_settings_that_do_not_say_enough(chosen: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(LlmSettings(**chosen))


def test_a_key_does_not_belong_in_settings() -> None:
    with pytest.raises(SettingsError, match=r"api_key: put the secret in an environment variable") as caught:
        settings({"llm": {"kind": "class", "class_path": "a.B", "arguments": {"api_key": KEY}}})
    assert KEY not in str(caught.value)
    nested = {"default_headers": {"Authorization": f"Bearer {KEY}"}, "max_tokens": 5}
    with pytest.raises(SettingsError, match=r"Authorization: put"):
        settings({"llm": {"arguments": nested}})


def test_a_missing_class(loads: Loads) -> None:
    with pytest.raises(ModelUnavailable, match=r"llm\.class_path: llama_index\.llms\.no\.Such cannot be imported"):
        list(loads(kind="class", class_path="llama_index.llms.no.Such").stream(ASKED, 5))


def test_a_class_that_is_not_a_language_model_is_not_called(loads: Loads, tmp_path: Path) -> None:
    """A command that would leave a trace if it ran."""
    trace = tmp_path / "ran"
    arguments = {"args": ["touch", str(trace)]}
    for class_path in ("subprocess.Popen", "subprocess.call"):
        with pytest.raises(SettingsError, match="CLASS_PACKAGES"):
            loads(kind="class", class_path=class_path, arguments=arguments)
        allowed = loads(kind="class", class_path=class_path, class_packages="subprocess", arguments=arguments)
        with pytest.raises(ModelUnavailable, match="is not a subclass of LlamaIndex's LLM"):
            list(allowed.stream(ASKED, 5))
    assert not trace.exists()


def test_a_package_that_is_not_allowed_is_not_imported(
    loads: Loads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "ran"
    (tmp_path / "surprise.py").write_text(f"open({str(trace)!r}, 'w').close()\nclass Model: pass\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SettingsError, match=r"'surprise\.Model', which is not in"):
        loads(kind="class", class_path="surprise.Model")
    assert not trace.exists()


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai_like", None)
    with pytest.raises(MissingDependency, match=r"ontherecord\[llm\]"):
        load(LlmSettings(kind="openai-like", url="http://127.0.0.1:1/v1", model="m"))


def test_the_model_is_shown_without_its_secrets() -> None:
    assert load(LlmSettings()) is None
    assert shown(LlmSettings()) == ""
    chosen = LlmSettings(kind="openai-like", url="https://me:secret@models.example:8443/v1?key=secret", model="big")
    assert shown(chosen) == "openai-like big, https://models.example:8443/v1"


@pytest.fixture
def loaded_once(monkeypatch: pytest.MonkeyPatch, _load_once: Callable[[EmbeddingSettings], Any]) -> None:
    """A process loads the embedding model once; so does this one."""
    monkeypatch.setattr(Embedder, "load", _load_once)


@pytest.mark.usefixtures("loaded_once")
def test_settings_name_the_model_that_an_archive_is_asked_with(small_archive: Path) -> None:
    pieces = ("The harbour tunnel will not open ", "before 2027, the port authority said [1].")
    told = (200, {"Content-Type": "text/event-stream"}, spoken(*pieces))
    with Refusing([told]) as server:
        llm = {"kind": "openai-like", "url": f"{server.url}/v1", "model": "small"}
        with Assistant.open(settings({"archive": small_archive, "llm": llm})) as assistant:
            assistant.warm()
            assert assistant.model == "openai-like small"
            assert not server.asked
            answer = assistant.ask("When will the harbour tunnel open?")
            assert len(server.asked) == 1
            assistant.ask("When will the harbour tunnel open?", AskOptions(model=False))
            assert len(server.asked) == 1
    assert (answer.wording.by, answer.wording.model) == ("model", "openai-like small")
    assert [sentence.text for sentence in answer.sentences] == [
        "The harbour tunnel will not open before 2027, the port authority said."
    ]


def test_the_status_names_the_model_and_no_key(small_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    llm = {"kind": "openai-like", "url": "https://models.example/v1", "model": "big", "key_env": "MY_KEY"}
    found = status(settings({"archive": small_archive, "llm": llm}))
    assert found["language_model"] == "openai-like big, https://models.example/v1"
    assert KEY not in str(found) + status_text(found)
    assert "worded by     openai-like big, https://models.example/v1" in status_text(found)
    assert "no language model" in status_text(status(settings({"archive": small_archive})))
