"""Reading source files into articles, with one module per format.

``read(paths, options)`` yields a ``Record`` for each article and a ``Reject`` for everything that could not be read,
always in the same order; ``plan(paths)`` says in advance how much there is to read.
"""

from assistant.ingest.model import FORMATS, Item, Progress, ReadOptions, Record, Reject
from assistant.ingest.names import outlet_of
from assistant.ingest.reader import read
from assistant.ingest.sources.paths import Sources, plan

__all__ = ["FORMATS", "Item", "Progress", "ReadOptions", "Record", "Reject", "Sources", "outlet_of", "plan", "read"]
