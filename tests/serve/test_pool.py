"""The pool of threads that all routes share: its size, its queue, its end."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assistant import Assistant
from assistant.serve.api import create_api
from assistant.serve.pool import THREADS, Overloaded, Pool
from tests.serve.conftest import Served


def threads_of_pools() -> set[int | None]:
    return {thread.ident for thread in threading.enumerate() if thread.name.startswith("assistant")}


def test_all_routes_share_one_pool_that_closes_with_the_application(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, running, peak = threading.Lock(), 0, 0

    def slowly(work: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*arguments: Any, **named: Any) -> Any:
            nonlocal running, peak
            with lock:
                running += 1
                peak = max(peak, running)
            time.sleep(0.2)
            with lock:
                running -= 1
            return work(*arguments, **named)

        return slow

    for name in ("article", "speakers", "freshness"):
        monkeypatch.setattr(assistant, name, slowly(getattr(assistant, name)))
    before = threads_of_pools()
    with Served(create_api(assistant)) as served, httpx.Client(base_url=served.url, trust_env=False) as http:
        places = ["/v1/articles/courier-ferry", "/v1/speakers", "/readyz"] * THREADS
        with ThreadPoolExecutor(len(places)) as clients:
            assert {response.status_code for response in clients.map(http.get, places)} == {200}
        assert threads_of_pools() != before
    assert peak <= THREADS
    assert threads_of_pools() == before


def test_a_full_queue_turns_away_and_what_waited_is_dropped_at_the_end() -> None:
    gate, started = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        assert gate.wait(10)

    async def crowd() -> None:
        pool = Pool(threads=1, waiting=1)
        running, waiting = asyncio.create_task(pool.run(wait)), asyncio.create_task(pool.run(wait))
        await asyncio.to_thread(started.wait)
        with pytest.raises(Overloaded):
            await pool.run(wait)
        closing = asyncio.create_task(asyncio.to_thread(pool.close))
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.set()
        await asyncio.gather(running, closing)

    asyncio.run(crowd())


def test_work_that_is_given_up_gives_its_place_back() -> None:
    gate, started = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        assert gate.wait(10)

    async def crowd() -> None:
        pool = Pool(threads=1, waiting=1)
        running, waiting = asyncio.create_task(pool.run(wait)), asyncio.create_task(pool.run(wait))
        await asyncio.to_thread(started.wait)
        waiting.cancel()
        await asyncio.wait([waiting])
        another = asyncio.create_task(pool.run(wait))
        gate.set()
        await asyncio.gather(running, another)
        pool.close()

    asyncio.run(crowd())
