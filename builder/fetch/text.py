"""The text of a page, in the character encoding that it declares."""

from __future__ import annotations

import codecs
import re

# What the labels of a page mean to browsers (WHATWG Encoding Standard, 4.2), where that differs.
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "cp819": "cp1252",
    "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs",
}  # fmt: skip
_ALIASES = {
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "x-gbk": "gb18030",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = (
    re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE),
    re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE),
)
_SEARCHED = 4096  # bytes in which a page declares its encoding; browsers read 1024 or more


def decode(data: bytes, content_type: str = "") -> str:
    """Return the text of a page.

    In this order: its byte order mark, the header `Content-Type`, what the page declares, UTF-8 if
    it is valid, and Windows-1252. What is invalid in the encoding becomes U+FFFD."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    header = _HEADER.search(content_type)
    labels = [header[1]] if header else []
    head = data[:_SEARCHED]
    found = (pattern.search(head) for pattern in _DECLARED)
    # A page that could be read so far as to find the label is not in UTF-16.
    declared = (match[1].decode("ascii", "replace") for match in found if match)
    labels += ["utf-8" if label.lower().startswith("utf-16") else label for label in declared]
    for label in labels:
        if encoding := codec_of(label):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def codec_of(label: str) -> str:
    """Return Python's name of an encoding, or an empty string."""
    label = label.strip().lower()
    try:
        found = codecs.lookup(_ALIASES.get(label, label))
        b"  ".decode(
            found.name, "replace"
        )  # refuses codecs that are not text encodings, such as `zlib`
    except (LookupError, ValueError, UnicodeError):
        return ""
    return _MEANT.get(found.name, found.name)
