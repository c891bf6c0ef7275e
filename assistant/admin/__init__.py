"""What the archive's keeper does: take in, delete, rebuild, look after."""

from assistant.admin.ingest import IngestReport, ingest
from assistant.admin.maintenance import correct_speaker, delete, reindex, status

__all__ = ["IngestReport", "correct_speaker", "delete", "ingest", "reindex", "status"]
