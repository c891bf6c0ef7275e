"""Speakers across the archive: who is meant by a name, and which names are one person's."""
