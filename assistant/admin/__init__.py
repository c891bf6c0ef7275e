"""What the archive's keeper does: take in, delete, rebuild, look after."""

from assistant.admin.ingest import IngestReport, add_articles, ingest
from assistant.admin.maintenance import correct_speaker, delete, reindex, status

__all__ = ["IngestReport", "add_articles", "correct_speaker", "delete", "ingest", "reindex", "status"]
