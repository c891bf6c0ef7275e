"""A log that a client cannot fill, and that shows what a client sends."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Iterator

import httpx
import pytest

from assistant.serve.logs import MOST, ThrottlingFilter, throttled
from assistant.text import visible


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO, Clock]]:
    """A logger, what it has written, and the clock that its filter goes by."""
    clock, out = Clock(), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(ThrottlingFilter(clock))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    yield logger, out, clock
    handler.close()


def test_repeated_messages_are_counted_instead_of_logged(
    written: tuple[logging.Logger, io.StringIO, Clock],
) -> None:
    logger, out, clock = written
    for number in range(1_000):
        logger.warning("refused %d", number)
    logger.warning("another kind")
    lines = out.getvalue().splitlines()
    assert len(lines) == MOST + 1
    assert lines[0] == "refused 0"
    assert lines[MOST - 1] == f"refused {MOST - 1} (further ones like this are only counted for the next minute)"
    assert lines[MOST] == "another kind"
    clock.now = 61
    logger.warning("refused %d", 1_000)
    assert out.getvalue().splitlines()[-1] == f"refused 1000 ({1_000 - MOST} more like this were left out earlier)"


def test_kinds_without_number_are_one_kind(written: tuple[logging.Logger, io.StringIO, Clock]) -> None:
    logger, out, _ = written
    for number in range(5_000):
        logger.warning(f"made up {number}")
    assert len(out.getvalue().splitlines()) < 250


def test_control_characters_are_shown(written: tuple[logging.Logger, io.StringIO, Clock]) -> None:
    assert visible("a\tb\nc\x1b[2J\x07\x9b31m\u202ed\ud800é") == "a\tb\nc\\x1b[2J\\x07\\x9b31m\\u202ed\\ud800é"
    logger, out, _ = written
    try:
        raise ValueError("\x1b]0;owned\x07")
    except ValueError:
        logger.exception("%s", "GET /\x1b[2J\x9b")
    told = out.getvalue()
    assert told.startswith("GET /\\x1b[2J\\x9b\nTraceback")
    assert "ValueError: \\x1b]0;owned\\x07" in told
    assert "\x1b" not in told
    assert "\x9b" not in told


def test_nonsense_does_not_fill_the_log(server: str) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logging.getLogger().addHandler(handler)
    try:
        with throttled():
            host, port = server.removeprefix("http://").split(":")
            for _ in range(100):
                with socket.create_connection((host, int(port)), timeout=10) as client:
                    client.sendall(b"\x1b[2J nonsense \x9b\r\n\r\n")
                    client.recv(1_000)
        assert 1 <= len(out.getvalue().splitlines()) <= MOST
        assert handler.filters == []
    finally:
        logging.getLogger().removeHandler(handler)
    assert httpx.get(f"{server}/healthz", trust_env=False).status_code == 200
