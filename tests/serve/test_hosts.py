"""To whom the server answers: names that requests are addressed to, and web sites that send them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from assistant import Assistant
from assistant.errors import SettingsError
from assistant.serve import create_app
from assistant.serve.hosts import Hosts, host_name, is_loopback
from assistant.settings import ServerSettings, load_settings
from tests.serve.conftest import Served

PUBLIC = ("0.0.0.0", "::", "", "192.168.1.4", "newsroom.example", "127.0.0.1.evil.example")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_needs_no_permission(host: str) -> None:
    assert is_loopback(host)
    names = Hosts.of(ServerSettings(host=host)).names
    assert names == frozenset({"localhost", "127.0.0.1", "::1", host.strip("[]").lower()})


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_refused_unless_asked_for(host: str) -> None:
    with pytest.raises(SettingsError, match="ALLOW_PUBLIC=true"):
        Hosts.of(ServerSettings(host=host, allowed_hosts="news.example"))


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_needs_the_names_that_people_use(host: str) -> None:
    with pytest.raises(SettingsError, match="ALLOWED_HOSTS"):
        Hosts.of(ServerSettings(host=host, allow_public=True))
    named = Hosts.of(
        ServerSettings(host=host, allow_public=True, allowed_hosts="News.example, [fe80::1],192.168.1.4 ,")
    )
    assert named.names == frozenset({"localhost", "127.0.0.1", "::1", "news.example", "fe80::1", "192.168.1.4"})
    assert Hosts.of(ServerSettings(host=host, allow_public=True, allowed_hosts="*")).names is None


@pytest.mark.parametrize("setting", ["news.example:80", "http://news.example", "a b", "a/b", "*.example", "a;b"])
def test_an_invalid_host_name_is_refused(setting: str) -> None:
    with pytest.raises(SettingsError, match="not a host name"):
        Hosts.of(ServerSettings(allowed_hosts=setting))


def test_the_application_refuses_a_public_address_too(assistant: Assistant) -> None:
    for server, says in (({}, "ALLOW_PUBLIC"), ({"allow_public": True}, "ALLOWED_HOSTS")):
        with pytest.raises(SettingsError, match=says):
            create_app(assistant, load_settings({"server": {"host": "0.0.0.0", **server}}))


def test_host_names_are_read_with_care() -> None:
    assert host_name("[::1]:80") == "::1"
    assert host_name("A.example:80") == "a.example"
    for bad in ("", ":80", "a b", "a/b", "a:b", "[a]", "a:123456", "[::1]x", "a\n", "a, b"):
        assert host_name(bad) is None, bad


@pytest.fixture(scope="module")
def public(assistant: Assistant) -> Iterator[httpx.Client]:
    """A server that others may reach, as news.example."""
    settings = load_settings({"server": {"host": "0.0.0.0", "allow_public": True, "allowed_hosts": "news.example"}})
    with (
        Served(create_app(assistant, settings)) as served,
        httpx.Client(base_url=served.url, trust_env=False, timeout=30) as client,
    ):
        yield client


PATHS = (
    "/",
    "/theme.css",
    "/healthz",
    "/openapi.json",
    "/gradio_api/queue/data",
    "/gradio_api/heartbeat/x",
    "/nowhere",
)


@pytest.mark.parametrize("host", ["evil.example", "evil.news.example", "news.example.evil.example", "192.168.1.4", "a@news.example"])  # fmt: skip
def test_a_public_server_answers_to_its_names_alone(public: httpx.Client, host: str) -> None:
    for path in PATHS:
        response = public.get(path, headers={"Host": host})
        assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_host")
    for path in ("/v1/ask", "/gradio_api/queue/join"):
        assert public.post(path, json={}, headers={"Host": host}).status_code == 400
    assert public.get("/healthz", headers={"Host": "NEWS.example:8080"}).status_code == 200


FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://news.example.evil.example"},
    {"Origin": "file://news.example"},
    {"Origin": "http://[news.example"},
    {"Origin": "http://news.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://news.example", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "SAME-ORIGIN, none"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://news.example:8080"},
    {"Origin": "https://news.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/gradio_api/queue/join"])
def test_other_sites_cannot_send_anything(public: httpx.Client, path: str) -> None:
    for headers in FOREIGN:
        response = public.post(path, json={}, headers={"Host": "news.example:8080", **headers})
        assert (response.status_code, response.json()["error"]["code"]) == (403, "bad_origin"), headers
    twice = [("Host", "news.example"), ("Origin", "http://news.example"), ("Origin", "http://evil.example")]
    assert public.post(path, json={}, headers=twice).status_code == 403
    for headers in OWN:
        response = public.post(path, json={}, headers={"Host": "news.example:8080", **headers})
        assert response.status_code == 422, headers


def test_a_page_behind_a_proxy_that_names_the_server_itself_may(http: httpx.Client, public: httpx.Client) -> None:
    """The proxy passes the server's own address on as Host; the browser knows the page by the proxy's name."""
    for headers in (
        {"Origin": "http://news.example"},
        {"Origin": "https://a.example", "Sec-Fetch-Site": "same-origin"},
    ):
        assert public.post("/v1/ask", json={}, headers={"Host": "127.0.0.1:1", **headers}).status_code == 422
    unnamed = {"Host": "127.0.0.1:1", "Origin": "http://news.example"}
    assert http.post("/v1/ask", json={}, headers=unnamed).status_code == 403


def test_another_server_of_this_machine_is_another_site(http: httpx.Client) -> None:
    headers = {"Host": "localhost:7860", "Origin": "http://localhost:3000"}
    assert http.post("/v1/ask", json={}, headers=headers).status_code == 403
