"""Paths: the files they stand for, in which order, and obstacles."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UnreadableSource, UsageError
from assistant.ingest import ReadOptions, Record, Reject, plan, read
from tests.ingest.reading import articles, items, only_reject, records, wrote


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/z.txt", "a-b/x.txt", "a/.hidden.txt", ".git/c.txt", "a/deep/er/y.txt", "B.txt", "a0.txt"):
        wrote(tmp_path / name, f"Text {name} of the harbour.")
    return tmp_path


def names(root: Path, *paths: Path | str) -> list[str]:
    return [os.path.relpath(record.source, root) for record in records(*paths)]


def test_folders_are_walked_in_the_order_of_whole_paths(tree: Path) -> None:
    expected = ["B.txt", "a-b/x.txt", "a/deep/er/y.txt", "a/z.txt", "a0.txt", "b.txt"]
    assert names(tree, tree) == expected == sorted(expected)


def test_paths_keep_the_order_they_are_given_in(tree: Path) -> None:
    assert names(tree, tree / "b.txt", tree / "a", tree / "B.txt") == ["b.txt", "a/deep/er/y.txt", "a/z.txt", "B.txt"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["B.txt", "a0.txt", "b.txt"]),
        ("**/*.txt", ["B.txt", "a-b/x.txt", "a/deep/er/y.txt", "a/z.txt", "a0.txt", "b.txt"]),
        ("**", ["B.txt", "a-b/x.txt", "a/deep/er/y.txt", "a/z.txt", "a0.txt", "b.txt"]),
        ("a*", ["a-b/x.txt", "a/deep/er/y.txt", "a/z.txt", "a0.txt"]),
        ("[ab].txt", ["b.txt"]),
    ],
)
def test_globs(tree: Path, pattern: str, expected: list[str]) -> None:
    assert sorted(names(tree, tree / pattern)) == expected


def test_a_name_that_looks_like_a_glob(tmp_path: Path) -> None:
    assert len(articles(wrote(tmp_path / "a[1]*.txt", "Text of the harbour."))) == 1


def test_reading_again_gives_the_same(tree: Path) -> None:
    wrote(tree / "bad.jsonl", '{"text": "x"}\n{oops\n')
    first, again = items(tree), items(tree)
    assert first == again
    assert [item.bytes_read for item in first] == [item.bytes_read for item in again]


def test_links_are_followed_and_loops_are_not(tree: Path) -> None:
    (tree / "a" / "loop").symlink_to(tree)
    (tree / "a" / "deep" / "self").symlink_to(".")
    (tree / "zlink").symlink_to(tree / "a-b")
    (tree / "znone").symlink_to(tree / "absent")
    found = items(tree)
    places = [os.path.relpath(item.source, tree) for item in found]
    assert places[-2:] == ["zlink/x.txt", "znone"]
    assert isinstance(found[-1], Reject)
    assert "a broken link" in found[-1].reason
    assert not any("loop" in place or "self" in place for place in places)


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    """An export that somebody else made may link to anything that this user can read."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    secret = wrote(outside / "secret.txt", "The secret of the harbour.")
    wrote(inside / "deep" / "a.txt", "Text a of the harbour.")
    (inside / "deep" / "file.txt").symlink_to(secret)
    (inside / "folder").symlink_to(outside)
    (inside / "same.txt").symlink_to(inside / "deep" / "a.txt")
    (inside / "up.txt").symlink_to("../out/secret.txt")
    for path in (inside, f"{inside}/**", f"{inside}/**/*.txt", f"{tmp_path}/in/*"):
        found = {os.path.relpath(item.source, inside): item for item in items(path)}
        led_out = [place for place, item in found.items() if isinstance(item, Reject)]
        assert led_out
        for place in led_out:
            assert place.startswith(("deep/file", "folder", "up"))
            reject = found[place]
            assert isinstance(reject, Reject)
            assert f"a link that leads out of {inside}" in reject.reason
        assert sorted(set(found) - set(led_out)) == ["deep/a.txt", "same.txt"]
    for path in (inside / "up.txt", inside / "folder", inside / "folder" / "secret.txt"):
        assert [article.text for article in articles(path)] == ["The secret of the harbour."]
    link = tmp_path / "link"
    link.symlink_to(inside / "deep")
    assert len([item for item in items(link) if isinstance(item, Record)]) == 1


@pytest.mark.parametrize("path", ["absent.txt", "absent/*.json"])
def test_a_missing_path_is_an_error_before_anything_is_read(tree: Path, path: str) -> None:
    for function in (plan, read):
        with pytest.raises(UnreadableSource, match="absent"):
            function([str(tree / "b.txt"), str(tree / path)])
    with pytest.raises(UnreadableSource, match="nothing to read"):
        read([])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"format": "docx"}, "'docx' is not a format; choose one of jsonl, json,"),
        ({"mapping": {"date": "published"}}, "'date' is not a field of an article"),
        ({"encoding": "utf-9"}, "'utf-9' is not a text encoding"),
        ({"encoding": "hex"}, "'hex' is not a text encoding"),
        ({"max_record_bytes": 0}, "must be at least 1"),
    ],
)
def test_options_that_cannot_be(tree: Path, options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read([str(tree)], ReadOptions(**options))


@pytest.fixture
def somebody() -> Iterator[Path]:
    """A folder for a test that runs as an ordinary user, since root may read everything."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        root = os.geteuid() == 0
        yield Path(folder)
        if root:
            os.seteuid(0)
        for place in Path(folder).rglob("*"):
            place.chmod(0o755)


def become_somebody() -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)


def test_a_folder_without_permission_is_a_reject(somebody: Path) -> None:
    wrote(somebody / "a.txt", "Text one of the harbour.")
    wrote(somebody / "b" / "c.txt", "Text two of the harbour.")
    wrote(somebody / "d.txt", "Text three of the harbour.")
    wrote(somebody / "e.txt", "Text four of the harbour.").chmod(0)
    (somebody / "b").chmod(0)
    become_somebody()
    first, folder, third, locked = items(somebody)
    assert isinstance(first, Record)
    assert isinstance(third, Record)
    assert isinstance(folder, Reject)
    assert folder.source == str(somebody / "b")
    assert "cannot be listed: Permission denied" in folder.reason
    assert isinstance(locked, Reject)
    assert "cannot be opened: Permission denied" in locked.reason


def test_a_locked_file_without_others_is_an_error(somebody: Path) -> None:
    path = wrote(somebody / "a.txt", "Text.")
    path.chmod(0)
    become_somebody()
    with pytest.raises(UnreadableSource, match=r"a\.txt cannot be read: permission denied"):
        read([str(path)])


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in only_reject(tmp_path).reason


def test_names_that_cannot_be_shown(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/a\xff\x1b[2J.txt"
    with open(path, "wb") as file:
        file.write(b"A text.")
    (record,) = records(tmp_path)
    assert record.source == f"{tmp_path}/a\ufffd\ufffd[2J.txt"
    assert record.article.id is not None
    assert record.article.id.encode().startswith("a\ufffd\ufffd[2J-".encode())


def test_a_format_loads_only_the_modules_that_it_needs(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.jsonl", '{"text": "The port stays open."}')
    code = (
        f"import sys; from assistant.ingest import read; assert len(list(read([{str(path)!r}]))) == 1;"
        "heavy = {'trafilatura', 'lxml', 'pyarrow', 'feedparser', 'charset_normalizer', 'markdown_it', 'tqdm'};"
        "sys.exit(' '.join(heavy & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert loaded.stderr.strip() == ""


def test_the_plan_and_the_bytes_read_agree(tree: Path) -> None:
    wrote(tree / "rows.jsonl", b'{"text": "A row of the harbour."}\n' * 5000)
    sources = plan([str(tree)])
    total = sum(path.stat().st_size for path in tree.rglob("*.*") if path.is_file() and "/." not in str(path))
    assert (sources.files, sources.total_bytes) == (7, total)
    told: list[tuple[int, int, int]] = []

    class Listener:
        def update(self, bytes_done: int, articles: int, rejected: int) -> None:
            told.append((bytes_done, articles, rejected))

    found = list(read([str(tree)], progress=Listener()))
    assert told[-1] == (total, 5006, 0)
    assert [item.bytes_read for item in found] == [done for done, _, _ in told]
    assert all(before <= after for before, after in itertools.pairwise(told))
