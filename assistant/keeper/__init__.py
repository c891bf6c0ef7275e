"""What the archive's keeper does: take in, delete, rebuild, look after."""

from assistant.keeper.care import delete, reindex, status
from assistant.keeper.ingesting import IngestReport, ingest

__all__ = ["IngestReport", "delete", "ingest", "reindex", "status"]
