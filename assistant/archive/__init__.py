"""The archive: one SQLite file, the only source of ids and text."""

from assistant.archive.reader import Archive
from assistant.archive.versions import NewVersion
from assistant.archive.writer import ArchiveWriter

__all__ = ["Archive", "ArchiveWriter", "NewVersion"]
