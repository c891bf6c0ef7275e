"""Quotation extraction and attribution: direct and indirect speech, and who said it."""
