"""Detects the encoding of bytes, and decodes them without losing anything silently."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from assistant.ingest.sources.streams import ByteStream

SAMPLE = 64 << 10
"""Number of bytes from which the encoding of a source is detected."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings in which news is or was published; any other guess of the detector is far more often wrong.
_CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "koi8_u",
    "iso8859_2", "cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949", "johab",
]  # fmt: skip
# Names that on the web mean a superset of the encoding (WHATWG Encoding Standard, section 4.2).
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_LARGE = bytes(range(16, 256))
_STATEFUL = re.compile(r"iso2022|hz")
_DECLARED = (
    re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']"""),
    re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE),
)


def known(name: str) -> str | None:
    """Return Python's name of a text encoding, or of its superset on the web; None if there is no such encoding."""
    try:
        canonical = codecs.lookup(name.strip()).name
        canonical = _WIDER.get(canonical, canonical)
        b"a".decode(canonical, "replace")
        codecs.getincrementaldecoder(canonical)("replace").decode(b"a", True)
    except (LookupError, ValueError, TypeError):
        return None
    return canonical


def declared(head: bytes) -> str | None:
    """Return the encoding that the first bytes of an XML or HTML document declare; None without a known one."""
    for pattern in _DECLARED:
        if match := pattern.search(head[:4096]):
            return known(match[1].decode("ascii"))
    return None


def detect(head: bytes, said: str | None = None) -> str:
    """Return the encoding of a source from its first bytes.

    These are tried in order: a byte order mark, the zeros of UTF-16, valid UTF-8, the document's declaration, and the
    best guess.

    :param said: the encoding that the document declares, or None.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if wide := _wide(head):
        return wide
    if said and _STATEFUL.match(said) and (b"\x1b" in head or b"~{" in head):
        return said
    if _is_utf8(head):
        return "utf-8"
    return said if said and said != "utf-8" and _decodes(head, said) else guess(head)


def guess(data: bytes) -> str:
    """Return the most likely encoding of bytes that are not UTF-8."""
    return _guess(data[:SAMPLE])


@lru_cache(maxsize=64)
def _guess(data: bytes) -> str:
    import charset_normalizer

    # Lines in ASCII would drown the few bytes that matter.
    informative = b"\n".join(line for line in data.splitlines() if not line.isascii())[: 16 << 10]
    matches = charset_normalizer.from_bytes(informative, cp_isolation=_CANDIDATES)
    best = matches.best()
    if best is None:
        return "cp1252"
    # Unless another does better, assume the most common: most of its letters are valid in its neighbours, too.
    for match in matches:
        if match.encoding == "cp1252" and match.chaos <= best.chaos and match.coherence >= best.coherence - 0.02:
            return "cp1252"
    return best.encoding


def _wide(head: bytes) -> str | None:
    """Detect UTF-16 without a mark: every second byte is small in any alphabet, and 0 for spaces and line ends."""
    pairs = len(head) // 2
    if pairs < 4 or b"\0" not in head:
        return None
    even, odd = (len(head[start : 2 * pairs : 2].translate(None, _LARGE)) for start in (0, 1))
    for few, many, name in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if many > 0.7 * pairs and few < 0.2 * pairs and _decodes(head, name):
            return name
    return None


def _is_utf8(head: bytes) -> bool:
    return _decodes(head, "utf-8")


def _decodes(head: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)("strict").decode(head, final=False)
    except (UnicodeError, LookupError):
        return False
    return True


class Decoder:
    """Decodes the records of one source: as UTF-8 where they are valid, else in the source's encoding.

    :param encoding: as detected, or as chosen by the user.
    :param forced: whether the user chose it; it is then tried before UTF-8.
    """

    def __init__(self, encoding: str, forced: bool = False) -> None:
        self._encoding = encoding
        self._forced = forced

    def decode(self, data: bytes) -> tuple[str, tuple[str, ...]]:
        """Return the text, and warnings about it; what cannot be decoded becomes U+FFFD, with a warning."""
        wide = self._encoding.startswith(("utf-16", "utf-32"))
        for name in (self._encoding,) if self._forced or wide else ("utf-8-sig", self._encoding):
            try:
                text = data.decode(name)
            except UnicodeError:
                continue
            usual = self._forced or name.startswith("utf-")
            return text, () if usual else (f"not UTF-8; read as {name}",)
        if self._forced or self._encoding not in ("utf-8", "utf-8-sig"):
            name = self._encoding
        else:
            name = self._encoding = guess(data)
        text = data.decode(name, "replace")
        lost = text.count("\ufffd")
        if not lost:
            return text, (f"not UTF-8; read as {name}",)
        marks = "1 character" if lost == 1 else f"{lost:,} characters"
        advice = "if that is the wrong encoding, name the right one"
        return text, (f"{marks} could not be read as {name} and became U+FFFD; {advice}",)


def lined(stream: ByteStream, encoding: str) -> ByteStream:
    """Return the stream in an encoding whose line breaks and quotes are ASCII bytes: itself, or converted to UTF-8.

    A UTF-8 byte order mark at its start is dropped.
    """
    ascii_like = "\n{,".encode(encoding, "replace").removeprefix(codecs.BOM_UTF8) == b"\n{,"
    if ascii_like and not _STATEFUL.match(encoding):
        if encoding == "utf-8-sig" and stream.peek(3) == codecs.BOM_UTF8:
            stream.read(3)
        return stream
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def source(count: int) -> bytes:
        while block := stream.read(count):
            if text := decoder.decode(block):
                return text.encode("utf-8", "replace")
        return decoder.decode(b"", final=True).encode("utf-8", "replace")

    return ByteStream(source)
