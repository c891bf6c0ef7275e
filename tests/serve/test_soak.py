"""Bursts of questions leave nothing behind; ``benchmarks.soak`` asks for longer."""

from __future__ import annotations

import gc
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from anyio._backends._asyncio import WorkerThread

from tests.serve.page_client import page_answer

QUESTION = "Why was the ferry tender postponed?"
DESCRIPTORS = Path("/proc/self/fd") if Path("/proc/self/fd").is_dir() else Path("/dev/fd")


def burst(server: str) -> None:
    """Sixteen clients at once: answers at once, streamed, and left; searches; and questions on the page."""

    def client(number: int) -> None:
        with httpx.Client(base_url=server, trust_env=False, timeout=60) as http:
            if number % 4 == 0:
                assert "seabed survey" in page_answer(http, QUESTION)
            elif number % 4 == 1:
                assert http.post("/v1/search", json={"query": "ferry"}).status_code == 200
            elif number % 4 == 2:
                with http.stream("POST", "/v1/ask", json={"question": QUESTION, "stream": True}) as response:
                    assert next(response.iter_text())
            else:
                assert http.post("/v1/ask", json={"question": QUESTION}).status_code == 200

    with ThreadPoolExecutor(16) as clients:
        list(clients.map(client, range(16)))


def test_no_descriptor_and_no_thread_is_left_behind(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WorkerThread, "MAX_IDLE_TIME", 0.1)  # threads that go when idle go between bursts
    counted = []
    gc.disable()  # what is closed only when it happens to be collected is left behind
    try:
        for _ in range(5):
            burst(server)
            time.sleep(0.5)
            with httpx.Client(base_url=server, trust_env=False) as http:  # its worker ends those that are idle
                page_answer(http, QUESTION)
            counted.append((len(os.listdir(DESCRIPTORS)), threading.active_count()))
    finally:
        gc.enable()
    (descriptors, threads), *_ = counted[1:]
    assert counted[-1][0] <= descriptors + 3, counted
    assert counted[-1][1] <= threads + 3, counted
