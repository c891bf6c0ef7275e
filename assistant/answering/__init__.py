"""From passages to an answer: sentences that stand in the archive, each with where it stands."""
