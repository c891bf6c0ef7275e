"""The names that fields go by elsewhere, and the forms that languages and outlets are written in."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

FIELDS: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "article", "story", "full_text", "maintext", "article_text", "article_body",
        "body_text", "content_text", "plain_text", "raw_text", "content_html", "body_html", "body_xhtml", "html",
    ),
    "id": ("id", "guid", "uid", "_id", "article_id", "uuid", "uri", "doc_id", "document_id", "identifier"),
    "url": ("url", "link", "permalink", "canonical_url", "canonical", "web_url", "webUrl", "source_url", "href"),
    "headline": ("headline", "title", "head", "heading", "article_title", "name"),
    "byline": ("byline", "author", "authors", "creator", "creators", "author_name", "written_by"),
    "outlet": (
        "outlet", "source", "publisher", "publication", "site", "source_name", "newspaper", "site_name", "sitename",
        "source_domain", "domain",
    ),
    "section": ("section", "category", "categories", "desk", "topic", "section_name", "article_section"),
    "language": ("language", "lang", "in_language"),
    "published": (
        "published", "date", "pub_date", "published_at", "publish_date", "date_published", "publication_date",
        "published_date", "date_publish", "publishing_date", "first_created", "created_at", "created", "timestamp",
        "datetime", "time",
    ),
    "updated": (
        "updated", "modified", "updated_at", "date_modified", "modified_at", "last_modified", "date_modify",
        "version_created",
    ),
}  # fmt: skip
"""Our field -> the names it is looked for under, in order; compared without case, spaces, "_" and "-"."""

SUMMARIES = ("summary", "description", "abstract", "lead_paragraph", "lead", "excerpt", "teaser")
"""Where a record without a text may at least have a summary."""

LISTS = ("articles", "items", "docs", "documents", "results", "data", "entries", "records", "stories", "posts")
"""The keys under which a JSON object holds its articles."""

WRAPPERS = ("response", "result", "data", "feed", "results", "hits", "payload")
"""Keys of an object around such a list."""

LONGEST_URL = 4096
"""Characters of a web address."""

_LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "francais": "fr",
    "spanish": "es", "español": "es", "espanol": "es", "castellano": "es", "italian": "it", "italiano": "it",
    "portuguese": "pt", "português": "pt", "dutch": "nl", "nederlands": "nl", "russian": "ru", "русский": "ru",
    "turkish": "tr", "türkçe": "tr", "arabic": "ar", "العربية": "ar", "persian": "fa", "farsi": "fa", "polish": "pl",
    "polski": "pl", "ukrainian": "uk", "українська": "uk", "chinese": "zh", "中文": "zh", "japanese": "ja",
    "日本語": "ja", "korean": "ko", "한국어": "ko", "hindi": "hi", "swedish": "sv", "svenska": "sv",
    "norwegian": "no", "danish": "da", "finnish": "fi", "greek": "el", "hebrew": "he",
    "czech": "cs", "slovak": "sk", "hungarian": "hu", "romanian": "ro",
    "bulgarian": "bg", "serbian": "sr", "croatian": "hr", "indonesian": "id", "malay": "ms", "vietnamese": "vi",
    "thai": "th", "urdu": "ur", "bengali": "bn", "tamil": "ta", "swahili": "sw", "catalan": "ca",
    # ISO 639-2, both forms
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "nld": "nl",
    "dut": "nl", "rus": "ru", "tur": "tr", "ara": "ar", "fas": "fa", "per": "fa", "pol": "pl", "ukr": "uk", "zho": "zh",
    "chi": "zh", "jpn": "ja", "kor": "ko", "hin": "hi", "swe": "sv", "nor": "no", "nob": "no", "dan": "da", "fin": "fi",
    "ell": "el", "gre": "el", "heb": "he", "ces": "cs", "cze": "cs", "slk": "sk", "slo": "sk", "hun": "hu", "ron": "ro",
    "rum": "ro", "bul": "bg", "srp": "sr", "hrv": "hr", "ind": "id", "msa": "ms", "may": "ms", "vie": "vi", "tha": "th",
    "urd": "ur", "ben": "bn", "tam": "ta", "swa": "sw", "cat": "ca",
}  # fmt: skip
_TWO_LETTERS = re.compile(r"([a-z]{2,3})(?:[-_].*)?\Z")
_RENAMED = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "ji": "yi"}
_SECOND_LEVEL = frozenset(
    "co com org net gov gob gouv govt ac edu or ne go ltd plc mil nom info web gr lg ad ed".split()
)


def plain(name: str) -> str:
    """Return a field's name for comparing: "datePublished", "date_published" and "Date Published" are one."""
    return "".join(c for c in name.casefold() if c not in "_- \ufeff")


def language_code(value: str) -> str:
    """Return the ISO 639-1 code of "en-US", "English" or "eng"; "" when it is none of the kind."""
    value = value.strip().casefold()
    if value in _LANGUAGES:
        return _LANGUAGES[value]
    match = _TWO_LETTERS.match(value)
    if not match:
        return ""
    code = _LANGUAGES.get(match[1], match[1])
    return _RENAMED.get(code, code) if len(code) == 2 else ""


def outlet_of(url: str) -> str:
    """Return the part of a URL's host that names the outlet, "" when there is none.

    "https://edition.cnn.com/a" gives "cnn.com" and "http://www.bbc.co.uk/" "bbc.co.uk". Told by the host's
    look alone, without a list of public suffixes.
    """
    if len(url) > LONGEST_URL:
        return ""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    labels = [label for label in host.strip(".").split(".") if label]
    if len(labels) < 2 or ":" in host or labels[-1].isdigit():
        return ""
    keep = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL and len(labels) > 2 else 2
    return ".".join(labels[-keep:])
