"""A small archive with friendly and hostile articles, and a real server."""

from __future__ import annotations

import html
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from assistant import Assistant
from assistant.admin import ingest
from assistant.ingest import ReadOptions
from assistant.serve import _listen, create_app
from assistant.serve.connections import WatchedConnection, server_config
from assistant.settings import Settings, load_settings

SUGGESTED = (
    "Why was the ferry tender postponed?",
    'What about <b>bold</b> <img src=x onerror="window.owned=7"> ![x](https://evil.example/q.png) $$x^2$$ ${1+1}?',
)

SCRIPT = (
    "<script>window.owned=1</script> <img src=x onerror='window.owned=2'> <svg/onload=window.owned=3> "
    "[a link](javascript:window.owned=4) ![an image](https://evil.example/p.png) $$\\frac{1}{2}$$ "
    "${window.owned=5} {{constructor.constructor('window.owned=6')()}} `tick` &lt;b&gt; </blockquote></div>"
)
"""What a hostile article might contain; none of it may run, load, or be rendered as anything but text."""
HEADLINE = 'Zeppelin <img src=x onerror="window.owned=9">'
OUTLET = "Evil <b>Outlet</b>"
BYLINE = "<script>window.owned=10</script>"


def _as_html(text: str) -> str:
    """Return HTML that parses to ``text``, so that markup gets into an archive that parses markup."""
    return f"<p>{html.escape(text)}</p>"


_PADDING = "\n\n".join(
    f"Paragraph {number} of the report describes the harbour at dusk, the moorings and a slow fall in pressure."
    for number in range(1, 30)
)

ARTICLES: tuple[dict[str, Any], ...] = (
    {
        "id": "courier-ferry",
        "url": "https://www.courier.example/2023/05/ferry?from=front&page=1",
        "headline": "Harbour authority postpones ferry tender",
        "outlet": "Northern Courier",
        "byline": "By Jonas Ek",
        "section": "Business",
        "language": "en",
        "published": "2023-05-12T15:56:15Z",
        "text": "The reading room opened at noon on Friday.\n\n" + _PADDING + "\n\nThe ferry tender was postponed "
        "until September because the seabed survey was incomplete, the harbour authority said. “We want every bidder "
        "to see the same survey,” said Marta Lindqvist, the authority's director.\n\n" + _PADDING,
    },
    {
        "id": "gazette-ferry",
        "url": "https://gazette.example/ferry-bidders",
        "headline": "Bidders welcome delay to ferry tender",
        "outlet": "The Gazette",
        "byline": "Amira Haddad",
        "language": "en",
        "published": "2023-05-20",
        "text": "Two of the bidders for the ferry tender welcomed the delay on Saturday. The ferry tender covers three "
        "routes and eleven vessels.",
    },
    {
        "id": "https://gazette.example/toll?id=7&lang=en",
        "url": "https://gazette.example/toll?id=7&lang=en",
        "headline": "Council debates the bridge toll",
        "outlet": "The Gazette",
        "language": "en",
        "published": "2021-03-02",
        "text": "The council debated the bridge toll for six hours on Tuesday. Nobody changed their mind.",
    },
    {
        "id": "evil",
        "url": "javascript:window.owned=8",
        "headline": _as_html(HEADLINE),
        "outlet": _as_html(OUTLET),
        "byline": _as_html(BYLINE),
        "section": _as_html('"><script>window.owned=11</script>'),
        "language": "en",
        "published": "2023-06-01",
        "text": _as_html(f"The zeppelin landed on the ferry quay on Thursday. Its captain wrote {SCRIPT} in the log."),
    },
    {
        "id": "mirror",
        "headline": "\u202eA mirror of the balloon\u202c and \u2066more",
        "outlet": "Mirror\u202eImage",
        "language": "en",
        "published": "2022-01",
        "text": "The balloon drifted over the \u202elake of mirrors\u202c on Monday. Nobody saw the balloon again.",
    },
    {
        "id": "sahel",
        "url": "https://sahel.example/1",
        "headline": "الميناء يؤجل مناقصة العبّارات",
        "outlet": "صحيفة الساحل",
        "byline": "ليلى منصور",
        "language": "ar",
        "published": "2023-05-14",
        "text": "قالت هيئة الميناء إن مناقصة العبّارات ستؤجل حتى سبتمبر.\n\n"
        "وأضافت المديرة أن المسح سينشر كاملا في يونيو.",
    },
)


def _take_in(settings: Settings, file: Path, articles: tuple[dict[str, Any], ...]) -> None:
    file.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    report = ingest(settings, [str(file)], ReadOptions())
    assert report.rejected == 0, report.reasons


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an archive with ``ARTICLES``, one of them in two versions."""
    folder = tmp_path_factory.mktemp("serve")
    settings = load_settings({"archive": folder / "archive", "server": {"port": 0}})
    _take_in(settings, folder / "first.jsonl", ARTICLES)
    corrected = {**ARTICLES[1], "text": ARTICLES[1]["text"].replace("eleven", "twelve"), "updated": "2023-05-21"}
    _take_in(settings, folder / "corrected.jsonl", (corrected,))
    return settings


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Iterator[Assistant]:
    """The archive, open for questions."""
    with Assistant.open(settings) as assistant:
        yield assistant


class Served:
    """A server on a free loopback port, in a thread of this process."""

    def __init__(self, app: Any, connection: type[WatchedConnection] = WatchedConnection) -> None:
        self._listener = _listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._server = uvicorn.Server(server_config(app, 2, connection))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)

    @property
    def connections(self) -> int:
        """The number of open connections."""
        return len(self._server.server_state.connections)

    def __enter__(self) -> Served:
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self._server.started:
            assert self._thread.is_alive(), "the server ended before it listened"
            assert time.monotonic() < deadline, "the server did not start within 30 seconds"
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not stop"
        self._listener.close()


@pytest.fixture(scope="session")
def server(assistant: Assistant, settings: Settings) -> Iterator[str]:
    """The address of a server with the whole application."""
    with Served(create_app(assistant, settings, SUGGESTED)) as served:
        yield served.url


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    """A client that contacts only the server."""
    with httpx.Client(base_url=server, trust_env=False, timeout=30) as client:
        yield client


def chromium() -> str | None:
    """Return the path of an installed browser, if any; none is ever downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or next((path for path in ("/usr/bin/chromium",) if os.access(path, os.X_OK)), None)
