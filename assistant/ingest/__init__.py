"""Reading archives: files in, articles out, one module a format.

``read(paths, options)`` yields a ``Record`` for each article and a ``Reject`` for each thing that could not
be read, in an order that is the same at every reading; ``plan(paths)`` says beforehand how much there is.
"""

from assistant.ingest.model import FORMATS, Item, Progress, ReadOptions, Record, Reject
from assistant.ingest.names import outlet_of
from assistant.ingest.reader import read
from assistant.ingest.sources.paths import Sources, plan

__all__ = ["FORMATS", "Item", "Progress", "ReadOptions", "Record", "Reject", "Sources", "outlet_of", "plan", "read"]
