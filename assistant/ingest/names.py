"""The names of fields in other people's data, and the ways in which languages and outlets are written."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

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
"""Our field -> the names under which it is looked up, in order, ignoring case, spaces, "_" and "-"."""

SUMMARIES = ("summary", "description", "abstract", "lead_paragraph", "lead", "excerpt", "teaser")
"""The names under which a record without a text may at least have a summary."""

LISTS = ("articles", "items", "docs", "documents", "results", "data", "entries", "records", "stories", "posts")
"""The keys under which a JSON object may have its list of articles."""

WRAPPERS = ("response", "result", "data", "feed", "results", "hits", "payload")
"""The keys under which such an object may be nested in another."""

LONGEST_URL = 4096
"""Greatest length of a web address, in characters."""

_LONGEST_TAG = 64

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
}  # fmt: skip
_NORWEGIAN = frozenset(("nb", "nn"))


def plain(name: str) -> str:
    """Return a field's name in a form to compare: "datePublished", "date_published" and "Date Published" are equal."""
    return "".join(c for c in name.casefold() if c not in "_- \ufeff")


def language_code(value: str) -> str:
    """Return the ISO 639-1 code of "en-US", "English" or "eng"; "" if it is not a language.

    Deprecated codes ("iw") become the current ones; both written forms of Norwegian are "no".
    """
    value = value.strip().casefold()
    if value in _LANGUAGES:
        return _LANGUAGES[value]
    return _code_of_tag(value.partition(".")[0]) if len(value) <= _LONGEST_TAG else ""


@lru_cache(maxsize=256)
def _code_of_tag(tag: str) -> str:
    """Return the code of a language tag (BCP 47), which may have underscores in place of hyphens."""
    from langcodes import Language, standardize_tag
    from langcodes.tag_parser import LanguageTagError

    try:
        language = Language.get(standardize_tag(tag))
    except LanguageTagError:
        return ""
    code = language.language or ""
    if len(code) != 2 or not language.is_valid():
        return ""
    return "no" if code in _NORWEGIAN else code


def outlet_of(url: str) -> str:
    """Return the part of a URL's host that names the outlet; "" if there is none.

    This is the domain registered under a public suffix (publicsuffix.org, in the list that ships with tldextract):
    "cnn.com" for "https://edition.cnn.com/a", "bbc.co.uk" for "http://www.bbc.co.uk/". For a host without a public
    suffix, it is the last two labels.
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
    found = _suffixes().extract_str(".".join(labels))
    return found.top_domain_under_public_suffix if found.suffix else ".".join(labels[-2:])


@cache
def _suffixes() -> TLDExtract:
    """Return the extractor of public suffixes, with the list that it ships with: it fetches and writes nothing."""
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=())
