"""From passages to an answer: sentences from the archive, each with its location."""
