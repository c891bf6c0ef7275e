"""German, by rules over its word order and subjunctive."""
