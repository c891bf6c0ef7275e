"""What the archive's keeper does: take in, delete, rebuild, look after."""

from assistant.keeper.care import correct_speaker, delete, reindex, status
from assistant.keeper.ingesting import IngestReport, ingest

__all__ = ["IngestReport", "correct_speaker", "delete", "ingest", "reindex", "status"]
