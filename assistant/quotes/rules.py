"""Rules"""
from __future__ import annotations
from assistant.quotes.model import Attribution

def extract_rules(text: str, language: str) -> list[Attribution]:
    if language == "de":
        from assistant.quotes.german_article import extract_german
        return extract_german(text)
    return []
