"""Connections: one per thread, closed with their thread, and always to the file that was opened."""

from __future__ import annotations

import os
import resource
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.archive import Archive
from assistant.archive.reader import DATABASE
from assistant.errors import ArchiveError, ArchiveReplaced
from assistant.settings import Settings
from tests.house import row, settings_for, take_in

counting = pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no /dev/fd to count descriptors in")


def descriptors() -> int:
    """Count the file descriptors that this process has open."""
    return len(os.listdir("/dev/fd"))


THREADS = 8


def in_threads(work: Callable[[], object], rounds: int) -> int:
    """Do the work in rounds of ``THREADS`` threads, and return the number of descriptors open afterwards."""
    for _ in range(rounds):
        running = [threading.Thread(target=work) for _ in range(THREADS)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    return descriptors()


@counting
def test_a_threads_connection_is_closed_when_the_thread_ends(small_archive: Path) -> None:
    with Archive(small_archive) as archive:
        before = descriptors()
        after = in_threads(lambda: archive.article("ferry-1"), rounds=10)
        # While another connection has locks, SQLite keeps a closed one's descriptor for the next to use:
        # https://www.sqlite.org/howtocorrupt.html (2.2, posix advisory locks).
        assert after <= before + THREADS


@counting
def test_questions_asked_in_threads_that_end_leave_no_descriptor_open(small_settings: Settings) -> None:
    with Assistant.open(small_settings) as assistant:
        first = in_threads(lambda: assistant.ask("Who promised an inquiry?"), rounds=1)
        assert in_threads(lambda: assistant.ask("Who promised an inquiry?"), rounds=3) <= first + THREADS


@counting
def test_a_probe_fails_where_a_question_would(archive_copy: Path) -> None:
    with Archive(archive_copy) as archive:
        archive.probe()
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))  # no more files can be opened
        try:
            with pytest.raises(ArchiveError, match="unable to open"):
                archive.probe()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        archive.probe()


@counting
def test_closing_closes_the_connections_of_threads_that_still_run(small_archive: Path) -> None:
    before = descriptors()
    archive = Archive(small_archive)
    read, closed = threading.Event(), threading.Event()
    refused: list[str] = []

    def reader() -> None:
        archive.article("ferry-1")
        read.set()
        closed.wait(10)
        with pytest.raises(ArchiveError) as error:
            archive.article("ferry-1")
        refused.append(str(error.value))

    thread = threading.Thread(target=reader)
    thread.start()
    assert read.wait(10)
    assert descriptors() > before
    archive.close()
    assert descriptors() == before
    closed.set()
    thread.join()
    assert len(refused) == 1
    assert "was closed while it was in use" in refused[0]


def test_an_archive_put_in_its_place_is_not_mistaken_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, "The ferry is blue.")])
    take_in(tmp_path / "other", [row(1, "The ferry is green.")])
    with Assistant.open(settings_for(folder)) as assistant:
        assert [hit.passage.text for hit in assistant.search("ferry")] == ["The ferry is blue."]
        folder.rename(tmp_path / "before")
        with pytest.raises(ArchiveReplaced, match="no longer exists"):
            assistant.search("ferry")
        (tmp_path / "other").rename(folder)
        with pytest.raises(ArchiveReplaced, match="no longer the file that was opened"):
            assistant.search("ferry")
        with ThreadPoolExecutor(1) as pool, pytest.raises(ArchiveReplaced, match="open the archive again"):
            pool.submit(assistant.article, "a1").result()
        with pytest.raises(ArchiveReplaced):
            assistant.probe()
    with Assistant.open(settings_for(folder)) as assistant:
        assert [hit.passage.text for hit in assistant.search("ferry")] == ["The ferry is green."]


def test_an_archive_copied_over_it_is_not_mistaken_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, "The ferry is blue.")])
    take_in(tmp_path / "other", [row(1, "The ferry is green.")])
    with Archive(folder) as archive:
        with Archive(tmp_path / "other") as other, closing(sqlite3.connect(folder / DATABASE)) as over:
            other.db.backup(over)
        with pytest.raises(ArchiveReplaced, match="is not the archive that was opened"):
            archive.seq()
