"""Administration of an archive: ingest, delete, reindex, back up, inspect."""

from assistant.admin.backup import BackupReport, backup
from assistant.admin.ingest import IngestReport, add_articles, ingest
from assistant.admin.maintenance import correct_speaker, delete, reindex, status

__all__ = [
    "BackupReport",
    "IngestReport",
    "add_articles",
    "backup",
    "correct_speaker",
    "delete",
    "ingest",
    "reindex",
    "status",
]
