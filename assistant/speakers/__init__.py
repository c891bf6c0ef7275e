"""Resolve speakers across the archive: which names belong to one person, and who is meant by a name."""
