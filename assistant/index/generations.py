"""Generations: how the files of an index replace earlier ones, completely or not at all.

Each generation of an index is a folder, ``<folder>/<name>-<number>/``. The manifest, ``<folder>/<name>.json``, says
which generation is active, with the sizes and BLAKE2b digests of its files. A new generation is built beside the old
one and activated by a single atomic rename of the manifest, after its files and folders have been flushed to disk. All
that a crash can leave behind is a folder that no manifest names, which the next writer removes. Readers that have the
old generation open keep reading it: on Linux, open files and memory maps outlive their names.

Only the process that holds the archive's write lock writes here. Nothing is pickled or unpickled.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.archive.changes import IndexSource
from assistant.errors import NoSpace, TornIndex, WrongModel

log = logging.getLogger(__name__)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NATIVE_FULL = re.compile(r"(?:os error |Os \{ code: )(\d+)")
"""An error number of the operating system, as Rust formats it with Display or Debug."""
_BLOCK = 1 << 20

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """A file of a generation: its expected ``size`` in bytes and ``digest``, BLAKE2b-256 in hexadecimal digits."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Describes the active generation.

    :ivar format: file format; an index in a format of another release is rebuilt.
    :ivar archive: UUID of the archive that the index caches.
    :ivar model: fingerprint of the embedding model; "" for an index without vectors.
    :ivar dim: dimension of the vectors; 0 for an index without vectors.
    :ivar seq: number of the last change of the archive that the files include.
    :ivar count: number of passages in the files.
    """

    name: str
    number: int
    format: str
    archive: str
    model: str
    dim: int
    seq: int
    count: int
    files: tuple[ManifestEntry, ...]


@contextmanager
def disk(path: Path) -> Iterator[None]:
    """Raise ``NoSpace`` if Python or native code reports a full disk."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        number = error.errno if isinstance(error, OSError) else None
        if number is None and (match := _NATIVE_FULL.search(str(error))):
            number = int(match[1])
        if number not in _FULL:
            raise
        raise NoSpace(
            f"the disk is full ({os.strerror(number)}) while writing {path}; the active index is unchanged. "
            "Free some space, then run `ontherecord reindex`."
        ) from error


class Generations:
    """The generations of one index in one folder.

    :param folder: created with the first generation.
    :param name: base name of the manifest and of the generations' folders.
    :param form: the ``Manifest.format`` that this release can read.
    """

    def __init__(self, folder: Path, name: str, form: str) -> None:
        self.folder = folder
        self.name = name
        self.form = form
        self.path = folder / f"{name}.json"

    def stamp(self) -> Stamp | None:
        """Identify the current manifest cheaply, with one ``stat``; None if there is none."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def manifest(self) -> Manifest | None:
        """Read the manifest; None if nothing has been published.

        :raises TornIndex: if the manifest is damaged or of another format.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            body = json.loads(raw)
            digest = body.pop("digest")
            if digest != _digest_of(body):
                raise ValueError("it does not match its own digest")
            manifest = _manifest(body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TornIndex(f"{self.path} is damaged ({error}); rebuild it with `ontherecord reindex`") from error
        if manifest.format != self.form or manifest.name != self.name:
            raise TornIndex(
                f"{self.path} was written as {manifest.name!r} {manifest.format!r}; this release reads "
                f"{self.name!r} {self.form!r}. Rebuild it with `ontherecord reindex`."
            )
        return manifest

    def accept(self, source: IndexSource, vectors: bool) -> Manifest | None:
        """Read the manifest, and check that the active generation belongs to ``source`` and is undamaged.

        Every byte of the files is read, at about 1 GB/s.

        :param vectors: whether the index must match the source's embedding model and dimension.
        :return: None if nothing has been published.
        :raises TornIndex: if it belongs to another archive, is damaged, or is ahead of its archive.
        :raises WrongModel: if another model made its vectors.
        """
        manifest = self.manifest()
        if manifest is None:
            return None
        if faults := [*self._mismatches(manifest, source), *self.faults(manifest)]:
            raise TornIndex(" ".join(faults) + " Rebuild it with `ontherecord reindex`.")
        if vectors and (manifest.model, manifest.dim) != (source.model, source.dim):
            raise WrongModel(
                f"{self.path} was built with {manifest.model!r} ({manifest.dim} dimensions); the archive's vectors "
                f"were made by {source.model!r} ({source.dim}). Rebuild it with `ontherecord reindex`."
            )
        return manifest

    def _mismatches(self, manifest: Manifest, source: IndexSource) -> Iterator[str]:
        if manifest.archive != source.uuid:
            yield f"{self.path} belongs to archive {manifest.archive!r}, not to {source.uuid!r}."
        elif manifest.seq > (seq := source.seq()):
            yield f"{self.path} is at change {manifest.seq}, but its archive is only at change {seq}."

    def faults(self, manifest: Manifest) -> list[str]:
        """Return the faults of the files in a manifest, one sentence each."""
        found = []
        for entry in manifest.files:
            path = self.folder_of(manifest.number) / entry.name
            try:
                size = path.stat().st_size
                if size != entry.size:
                    found.append(f"{path} has {size:,} bytes, but its manifest says {entry.size:,}.")
                elif (digest := _digest_of_file(path)) != entry.digest:
                    found.append(f"{path} has digest {digest[:12]}, but its manifest says {entry.digest[:12]}.")
            except OSError as error:
                found.append(f"{path} cannot be read: {error.strerror}.")
        return found

    def folder_of(self, number: int) -> Path:
        """Return the folder of generation ``number``."""
        return self.folder / f"{self.name}-{number}"

    def begin(self) -> Path:
        """Create an empty folder for the next generation, which no manifest names until ``publish``."""
        with disk(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            number = max((number for number, _ in self._folders()), default=0) + 1
            generation = self.folder_of(number)
            generation.mkdir()
        return generation

    def inherit(self, generation: Path, manifest: Manifest) -> None:
        """Put the active generation's files into a new one, as hard links if the file system has them, else as copies.

        Only for files that are never changed in place, but replaced by another that is renamed.
        """
        with disk(generation):
            for entry in manifest.files:
                origin, copy = self.folder_of(manifest.number) / entry.name, generation / entry.name
                try:
                    os.link(origin, copy)
                except OSError as error:
                    if error.errno in _FULL or isinstance(error, FileNotFoundError):
                        raise
                    shutil.copyfile(origin, copy)

    def publish(
        self,
        generation: Path,
        source: IndexSource,
        seq: int,
        count: int,
        known: Mapping[str, ManifestEntry],
        vectors: bool,
    ) -> Manifest:
        """Activate the generation in the folder ``generation``, and remove the earlier ones.

        :param known: files that were inherited unchanged and need not be read again, by name.
        :raises NoSpace: if the disk is full; the active generation stays the same.
        """
        with disk(self.folder):
            manifest = Manifest(
                name=self.name,
                number=int(generation.name.rpartition("-")[2]),
                format=self.form,
                archive=source.uuid,
                model=source.model if vectors else "",
                dim=source.dim if vectors else 0,
                seq=seq,
                count=count,
                files=tuple(_entry(path, known) for path in sorted(generation.iterdir()) if path.suffix != ".lock"),
            )
            _flush(generation)
            self._write(manifest)
        self.sweep(manifest.number)
        return manifest

    def _write(self, manifest: Manifest) -> None:
        body = asdict(manifest)
        body["files"] = [asdict(entry) for entry in manifest.files]
        body = json.loads(json.dumps(body))
        body["digest"] = _digest_of(body)
        draft = self.path.with_suffix(".json.new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(body, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)
        _flush(self.folder)

    def discard(self, generation: Path) -> None:
        """Remove a generation that will not be published."""
        shutil.rmtree(generation, ignore_errors=True)

    def sweep(self, keep: int | None) -> None:
        """Remove every generation except ``keep``; what cannot be removed is left to the next sweep."""
        for number, generation in self._folders():
            if number != keep:
                shutil.rmtree(generation, ignore_errors=True)
                if generation.exists():
                    log.warning("%s could not be removed; it is no longer in use", generation)
        self.path.with_suffix(".json.new").unlink(missing_ok=True)

    def size_on_disk(self) -> int:
        """Return the size of the manifest and of all generations, in bytes."""
        total = self.path.stat().st_size if self.path.exists() else 0
        for _, generation in self._folders():
            for path in generation.iterdir():
                total += path.stat().st_size
        return total

    def _folders(self) -> list[tuple[int, Path]]:
        if not self.folder.is_dir():
            return []
        pattern = re.compile(re.escape(self.name) + r"-(\d+)\Z")
        return [
            (int(match[1]), path)
            for path in self.folder.iterdir()
            if (match := pattern.match(path.name)) and path.is_dir()
        ]


def _manifest(body: dict[str, Any]) -> Manifest:
    files = tuple(
        ManifestEntry(str(entry["name"]), int(entry["size"]), str(entry["digest"])) for entry in body.pop("files")
    )
    if any(Path(entry.name).name != entry.name for entry in files):
        raise ValueError("a file's name is a path")
    return Manifest(**body, files=files)


def _entry(path: Path, known: Mapping[str, ManifestEntry]) -> ManifestEntry:
    size = path.stat().st_size
    if (entry := known.get(path.name)) and entry.size == size:
        return entry
    _flush(path)
    return ManifestEntry(path.name, size, _digest_of_file(path))


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest_of(body: Mapping[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=32).hexdigest()


def _digest_of_file(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=32)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
