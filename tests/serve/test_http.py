"""The HTTP interface, as a program meets it: over a real socket."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import Assistant, Filters, schemas
from assistant.serve import create_app
from assistant.serve.api import create_api
from assistant.serve.guard import MAX_BODY
from assistant.serve.requests import AskRequest, QuotesRequest, SearchRequest
from assistant.settings import Settings, load_settings
from tests.house import row, settings_for, take_in
from tests.serve.conftest import Served
from tests.serve.page_client import configuration, page_answer

TENDER = "Why was the ferry tender postponed?"


def error_of(response: httpx.Response) -> str:
    """The code of an error, after checking that it has the one shape."""
    body = response.json()
    assert list(body) == ["error"]
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    return str(body["error"]["code"])


def test_an_answer_is_the_command_lines_json(http: httpx.Client, assistant: Assistant) -> None:
    body = http.post("/v1/ask", json={"question": TENDER}).raise_for_status().json()
    expected = schemas.as_json(assistant.ask(TENDER))
    for moving in ("milliseconds", "as_of"):
        assert body.pop(moving)
        expected.pop(moving)
    assert body == expected
    assert body["status"] == "supported"


def test_every_citation_stands_in_its_version_of_the_article(http: httpx.Client) -> None:
    body = http.post("/v1/ask", json={"question": TENDER}).json()
    assert body["citations"]
    for cited in body["citations"]:
        place = f"/v1/articles/{cited['article_id']}"
        text = http.get(place, params={"version": cited["version"]}).raise_for_status().json()["text"]
        assert text[cited["start"] : cited["end"]] == cited["text"]


def test_the_archive_does_not_say_is_an_answer(http: httpx.Client) -> None:
    response = http.post("/v1/ask", json={"question": "Who won the chess world cup in Reykjavik?", "until": "1950"})
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "not_found"
    assert body["reason"]
    assert body["freshness"]["articles"] == 6


def test_a_conversation_travels_with_the_request_and_is_bounded(http: httpx.Client) -> None:
    asked = {"question": "and in May 2023?", "history": ["What happened to the ferry tender in 2021?"]}
    body = http.post("/v1/ask", json={**asked, "as_of": "2023-06-16"}).raise_for_status().json()
    assert body["query"] == "What happened to the ferry tender in May 2023?"
    assert [one["name"] for one in body["inferred"]] == ["followup", "time"]
    assert http.post("/v1/ask", json={"question": "and in May 2023?"}).json()["query"] == "and in May 2023?"
    assert error_of(http.post("/v1/ask", json={**asked, "history": ["x"] * 21})) == "invalid_request"
    assert error_of(http.post("/v1/ask", json={**asked, "history": ["x" * 2001]})) == "invalid_request"
    assert error_of(http.post("/v1/ask", json={**asked, "as_of": "soon"})) == "bad_filter"
    assert error_of(http.post("/v1/ask", json={**asked, "without": ["mood"]})) == "invalid_request"


@pytest.mark.parametrize(("sort", "reverse"), [("newest", True), ("oldest", False)])
def test_search_sorts_by_date(http: httpx.Client, sort: str, reverse: bool) -> None:
    body = http.post("/v1/search", json={"query": "ferry", "sort": sort, "limit": 50}).raise_for_status().json()
    dates = [hit["published"] for hit in body["hits"]]
    assert len(set(dates)) > 1
    assert dates == sorted(dates, reverse=reverse)
    assert body["freshness"]["text"]


def test_search_keeps_to_its_filters_and_limit(http: httpx.Client, assistant: Assistant) -> None:
    dates = {"since": "2023-05-20", "until": "2023-05-21"}
    request = {"query": "ferry tender", "outlets": ["the gazette"], "limit": 1, **dates}
    hits = http.post("/v1/search", json=request).raise_for_status().json()["hits"]
    assert [(hit["outlet"], hit["published"]) for hit in hits] == [("The Gazette", "2023-05-20")]
    filters = Filters.of(since="2023-05-20", until="2023-05-21", outlets=["the gazette"])
    found = assistant.search("ferry tender", filters=filters, limit=1)
    assert hits == [schemas.as_json(schemas.hit(one)) for one in found]


def test_an_article_is_shown_by_an_id_that_is_an_address(http: httpx.Client) -> None:
    body = http.get("/v1/articles/https%3A%2F%2Fgazette.example%2Ftoll%3Fid%3D7%26lang%3Den").raise_for_status().json()
    assert body["id"] == "https://gazette.example/toll?id=7&lang=en"


def test_an_earlier_version_stays_readable(http: httpx.Client) -> None:
    old = http.get("/v1/articles/gazette-ferry", params={"version": 1}).json()
    new = http.get("/v1/articles/gazette-ferry").json()
    assert (old["version"], old["current"], "eleven" in old["text"]) == (1, False, True)
    assert (new["version"], new["current"], "twelve" in new["text"]) == (2, True, True)


def test_the_process_and_the_archive_report_apart(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"status": "ok"}
    ready = http.get("/readyz").raise_for_status().json()
    assert ready["status"] == "ready"
    assert ready["freshness"]["articles"] == 6


def test_an_archive_that_cannot_be_read_is_not_ready(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with sqlite3.connect(settings.archive / "archive.sqlite3") as source:
        folder.mkdir()
        with sqlite3.connect(folder / "archive.sqlite3") as copy:
            source.backup(copy)
        copy.close()
    source.close()
    with (
        Assistant.open(load_settings({"archive": folder})) as assistant,
        Served(create_app(assistant, settings)) as served,
    ):
        whole = (folder / "archive.sqlite3").read_bytes()
        (folder / "archive.sqlite3").write_bytes(b"\0" * 8192)
        with httpx.Client(base_url=served.url, trust_env=False, timeout=30) as http:
            assert http.get("/healthz").status_code == 200
            response = http.get("/readyz")
            assert (response.status_code, error_of(response)) == (503, "archive_unavailable")
            (folder / "archive.sqlite3").write_bytes(whole)
            assert http.get("/readyz").status_code == 200


def test_damage_to_the_archive_is_an_error_of_the_archive(settings: Settings, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(settings.archive, tmp_path / "archive"))
    with closing(sqlite3.connect(folder / "archive.sqlite3")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'versions'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with (
        Assistant.open(load_settings({"archive": folder})) as assistant,
        Served(create_app(assistant, settings)) as served,
        httpx.Client(base_url=served.url, trust_env=False, timeout=30) as http,
    ):
        assert http.get("/readyz").status_code == 200  # what the archive covers is remembered from now on
        with (folder / "archive.sqlite3").open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)
        for response in (http.get("/readyz"), http.post("/v1/ask", json={"question": TENDER})):
            assert (response.status_code, error_of(response)) == (503, "archive_unavailable")


def test_where_no_file_can_be_opened_the_server_says_that_it_is_not_ready(http: httpx.Client) -> None:
    assert http.get("/readyz").status_code == 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    try:
        response = http.get("/readyz")  # over the connection that is open already
        assert http.get("/healthz").status_code == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (response.status_code, error_of(response)) == (503, "archive_unavailable")
    assert http.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/ask", {"question": "x", "since": "soon"}, 400, "bad_filter"),
        ("/v1/ask", {"question": "x", "since": "2023", "until": "2022"}, 400, "bad_filter"),
        ("/v1/search", {"query": "x", "until": "12345-01-01"}, 400, "bad_filter"),
        ("/v1/ask", {}, 422, "invalid_request"),
        ("/v1/ask", {"question": "  "}, 422, "invalid_request"),
        ("/v1/ask", {"question": "x" * 2_001}, 422, "invalid_request"),
        ("/v1/ask", {"question": "x", "outlet": "unknown key"}, 422, "invalid_request"),
        ("/v1/ask", {"question": ["x"]}, 422, "invalid_request"),
        ("/v1/ask", {"question": "x", "outlets": ["x"] * 101}, 422, "invalid_request"),
        ("/v1/search", {"query": "x", "limit": 101}, 422, "invalid_request"),
        ("/v1/search", {"query": "x", "limit": 0}, 422, "invalid_request"),
        ("/v1/search", {"query": "x", "sort": "random"}, 422, "invalid_request"),
        ("/v1/nowhere", {}, 404, "not_found"),
        ("/v1/articles/courier-ferry", {}, 405, "method_not_allowed"),
    ],
)
def test_errors_have_one_shape(http: httpx.Client, path: str, body: dict[str, Any], status: int, code: str) -> None:
    response = http.post(path, json=body)
    assert (response.status_code, error_of(response)) == (status, code)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/articles/none", 404, "not_found"),
        ("/v1/articles/courier-ferry?version=9", 404, "not_found"),
        ("/v1/articles/courier-ferry?version=0", 422, "invalid_request"),
        ("/v1/articles/courier-ferry?version=x", 422, "invalid_request"),
        ("/v1/articles/" + "x" * 2_100, 422, "invalid_request"),
        ("/v1/articles/..%2f..%2fetc%2fpasswd", 404, "not_found"),
        ("/v1/", 404, "not_found"),
        ("/v1/ask", 405, "method_not_allowed"),
        ("/docs", 404, "not_found"),
    ],
)
def test_errors_of_reading_have_one_shape(http: httpx.Client, path: str, status: int, code: str) -> None:
    response = http.get(path)
    assert (response.status_code, error_of(response)) == (status, code)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"question": "\\ud800"}', b'{"question": "\xff"}', b"[" * 100_000]
)
def test_a_malformed_body_is_refused(http: httpx.Client, content: bytes) -> None:
    response = http.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert error_of(response) in ("invalid_request", "bad_request")


def test_a_body_larger_than_a_megabyte_is_refused(http: httpx.Client) -> None:
    body = json.dumps({"question": "x" * MAX_BODY}).encode()
    announced = http.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert (announced.status_code, error_of(announced)) == (413, "too_large")
    pieces = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    streamed = http.post("/v1/ask", content=pieces, headers={"Content-Type": "application/json"})
    assert (streamed.status_code, error_of(streamed)) == (413, "too_large")


def test_the_description_is_complete(http: httpx.Client) -> None:
    document = http.get("/openapi.json").raise_for_status().json()
    assert set(document["paths"]) == {
        "/v1/ask", "/v1/search", "/v1/quotes", "/v1/speakers", "/v1/speakers/{name}", "/v1/articles/{id}", "/healthz", "/readyz",
    }  # fmt: skip
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            for status, response in operation["responses"].items():
                reference = response["content"]["application/json"]["schema"]["$ref"]
                name = reference.rsplit("/", 1)[1]
                assert schemas[name]["description"], (path, status)
                assert (name == "Error") == (status != "200")
                if name == "Error":
                    assert response["content"]["application/json"]["example"]["error"]["code"]
    for path, name in (("/v1/ask", "Answer"), ("/readyz", "Readiness")):
        (operation,) = document["paths"][path].values()
        example = operation["responses"]["200"]["content"]["application/json"]["example"]
        assert list(example) == list(schemas[name]["properties"])
    for model in (AskRequest, SearchRequest, QuotesRequest):
        example = schemas[model.__name__]["examples"][0]
        assert http.post(f"/v1/{model.__name__.removesuffix('Request').lower()}", json=example).status_code == 200


def test_many_clients_can_ask_at_once(http: httpx.Client) -> None:
    def ask(_: int) -> Any:
        return http.post("/v1/ask", json={"question": TENDER}).json()["answer"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "a@127.0.0.1", "[::1"]
)
def test_other_names_for_this_machine_are_refused(http: httpx.Client, host: str) -> None:
    for path in ("/", "/v1/articles/courier-ferry", "/config", "/gradio_api/queue/join"):
        response = http.get(path, headers={"Host": host})
        assert response.status_code == 400
        if host:  # without one, the server itself refuses
            assert error_of(response) == "bad_host"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:7860", "LOCALHOST:80"])
def test_loopback_names_pass(http: httpx.Client, host: str) -> None:
    assert http.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/config", "/v1/articles/courier-ferry", "/openapi.json"])
def test_other_sites_cannot_read_the_answers(http: httpx.Client, path: str) -> None:
    response = http.get(path, headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in response.headers
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in http.options(path, headers=preflight).headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/config"), ("GET", "/gradio_api/info"), ("GET", "/gradio_api/startup-events"), ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/file=/etc/passwd"), ("GET", "/gradio_api/file//etc/x"),
        ("GET", "/gradio_api/proxy=https://evil.example/"), ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/run/ask"), ("POST", "/gradio_api/api/ask"), ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/component_server"), ("GET", "/gradio_api/deep_link"), ("GET", "/monitoring"),
        ("POST", "/gradio_api/vibe-edit/"), ("POST", "/gradio_api/process_recording"), ("GET", "/login_check"),
        ("GET", "/custom_component/a/b/c/d"), ("GET", "/gradio_api/stream/a/b/c/playlist.m3u8"), ("POST", "/login"),
        ("GET", "/static/..%2f..%2froutes.py"), ("GET", "/assets/%2e%2e/%2e%2e/routes.py"), ("GET", "/.env"),
    ],
)  # fmt: skip
def test_none_of_the_frameworks_own_routes_is_open(http: httpx.Client, method: str, path: str) -> None:
    assert http.request(method, path).status_code in (403, 404)


def test_functions_of_the_page_cannot_be_called_by_name(http: httpx.Client) -> None:
    events = configuration(http)["dependencies"]
    assert events
    assert {entry["api_visibility"] for entry in events} == {"private"}
    named = http.post("/gradio_api/queue/join", json={"data": [], "api_name": "answer", "session_hash": "a"})
    assert named.status_code >= 400


def test_no_part_of_the_page_uses_the_frameworks_templates(http: httpx.Client) -> None:
    # It would run what stands in `${...}` of the data wherever its template has `{{...}}`.
    shown = [part["props"] for part in configuration(http)["components"] if part["type"] == "html"]
    assert shown
    assert {(props["html_template"], props["css_template"]) for props in shown} == {("${value}", "")}


def test_the_page_names_no_other_machine(http: httpx.Client) -> None:
    page = http.get("/").text
    assert "og:image" not in page
    assert "googleapis" not in page
    assert "cdnjs" not in page


def test_answers_carry_security_headers(http: httpx.Client) -> None:
    for response in (http.get("/"), http.get("/v1/nowhere"), http.get("/healthz"), http.get("/theme.css")):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        script = policy.split("script-src ")[1].split(";")[0]
        assert "'unsafe-inline'" not in script
        assert "http" not in policy


def test_each_page_has_a_nonce_of_its_own(http: httpx.Client) -> None:
    first, second = http.get("/"), http.get("/")
    policies = [response.headers["Content-Security-Policy"] for response in (first, second)]
    nonces = [policy.split("'nonce-")[1].split("'")[0] for policy in policies]
    assert nonces[0] != nonces[1]
    assert first.text.count("<script") == first.text.count(f'<script nonce="{nonces[0]}"')


def test_an_addressee_comes_with_its_offsets(tmp_path: Path) -> None:
    text = "“The ferry stays,” Marta Lindqvist told reporters. “It is old,” she said."
    take_in(tmp_path / "archive", [row(1, text)])
    with Assistant.open(settings_for(tmp_path / "archive")) as assistant, Served(create_api(assistant)) as served:
        quotes = httpx.get(f"{served.url}/v1/quotes", trust_env=False).raise_for_status().json()["quotes"]
    assert [quote["addressee"] for quote in quotes] == [{"text": "reporters", "span": [40, 49]}, None]
    assert text[40:49] == "reporters"


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/openapi.json", "/favicon.ico", "/theme.css", "/v1/speakers", "/v1/quotes", "/v1/articles/courier-ferry"]
)  # fmt: skip
def test_the_headers_of_what_can_be_read_can_be_asked_for(http: httpx.Client, path: str) -> None:
    head, whole = http.head(path), http.get(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "x-content-type-options"):
        assert head.headers[name] == whole.headers[name]
    assert head.headers.get("content-length") == whole.headers.get("content-length")


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "TRACE", "BREW"])
def test_other_methods_are_refused_in_the_shape_of_an_error(http: httpx.Client, method: str) -> None:
    for path in ("/v1/none", "/v1/ask", "/v1/articles/courier-ferry", "/healthz"):
        assert error_of(http.request(method, path)) in ("not_found", "method_not_allowed")


def test_only_readable_addresses_answer_head(http: httpx.Client) -> None:
    assert http.head("/v1/ask").status_code == 405
    for path in ("/v1/articles/none", "/nowhere", "/gradio_api/heartbeat/x", "/gradio_api/queue/join"):
        assert http.head(path).status_code == 404


@pytest.mark.parametrize("query", ["deep_link=x", "deep_link=..%2F..", "page=nope", "__theme=dark", "x=" + "y" * 5_000])
def test_the_page_is_the_same_whatever_is_asked_of_it(http: httpx.Client, query: str) -> None:
    assert http.get(f"/?{query}").status_code == 200
    assert "deep_link" not in http.get(f"/?{query}").text.split("window.gradio_config")[0]


def test_no_message_names_a_file_on_the_server(settings: Settings, http: httpx.Client, tmp_path: Path) -> None:
    answers = [http.get("/v1/articles/none"), http.get("/v1/articles/gazette-ferry", params={"version": 9})]
    folder = tmp_path / "archive"
    shutil.copytree(settings.archive, folder)
    with (
        Assistant.open(load_settings({"archive": folder})) as assistant,
        Served(create_app(assistant, settings)) as served,
        httpx.Client(base_url=served.url, trust_env=False, timeout=30) as failing,
    ):
        (folder / "archive.sqlite3").write_bytes(b"\0" * 8192)
        answers += [failing.get("/readyz"), failing.get("/v1/articles/none")]
        answers += [failing.post("/v1/ask", json={"question": "x", "stream": stream}) for stream in (False, True)]
        shown = page_answer(failing, TENDER)
    assert [answer.status_code for answer in answers[:3]] == [404, 404, 503]
    for answer in answers:
        assert str(settings.archive.parent) not in answer.text
        assert str(tmp_path) not in answer.text
        assert "sqlite" not in answer.text.lower()
    assert str(tmp_path) not in shown
