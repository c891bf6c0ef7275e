"""Who said what: extraction of speech, direct and indirect, and its speakers."""
