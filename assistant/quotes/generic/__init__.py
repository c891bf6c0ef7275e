"""Languages that one set of rules and a word list each serve."""
