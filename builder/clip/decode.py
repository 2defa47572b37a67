"""The bytes of a saved page -> its HTML, and the address that the file itself names."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from typing import NamedTuple

from builder.errors import SluglineError

MAX_PAGE = 20 * 1024 * 1024  # bytes
_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.I)
# What browsers read some labels as (Encoding Standard, 4.2).
_MEANT = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "iso8859-1": "cp1252", "windows-1252": "cp1252", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254", "tis-620": "cp874", "big5": "cp950",
}  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The first bytes of what is saved by mistake.
_OTHERS = (
    (b"%PDF-", "a PDF"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"), (b"RIFF", "a picture or a sound"), (b"PK\x03\x04", "a zip file"),
    (b"\x1f\x8b", "a compressed file"), (b"bplist", "a web archive of Safari"),
)  # fmt: skip
_TAGS = re.compile(r"<(?:!doctype|html|head|body|article|main|meta|title|div|p|h1)\b", re.I)


class ClipError(SluglineError):
    """A page that cannot be read, or that gives nothing for a brief."""


class DecodedPage(NamedTuple):
    """The HTML of a page, and the address at which a file says that it was saved."""

    html: str
    address: str
    charset: str


def decode_page(data: bytes, charset: str = "") -> DecodedPage:
    """Decode a page; `charset` is that of a server's header.

    Raises ClipError for what is not HTML."""
    if len(data) > MAX_PAGE:
        raise ClipError(
            "the page has more than 20 MB. Save it without pictures, or save only the"
            " article with the reader view of your browser"
        )
    address = ""
    if _is_mime(data):
        data, charset, address = _main_part(data)
    if not data.strip():
        raise ClipError("the page is empty")
    for start, what in _OTHERS:
        if data.startswith(start):
            raise ClipError(f"this is {what}, not HTML; save the page as HTML only")
    html, used = _decoded(data, charset)
    if not _TAGS.search(html[:200_000]):
        raise ClipError("this is not HTML: it has no elements; save the page as HTML only")
    return DecodedPage(html, address, used)


def _decoded(data: bytes, charset: str) -> tuple[str, str]:
    """Return a text, and its encoding: as the bytes prove, then as the page declares."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace").removeprefix("\ufeff"), name
    declared = _DECLARED.search(data[:8192])
    names = [charset, declared[1].decode("ascii") if declared else ""]
    for name in ("utf-8", *map(_meant, names)):  # UTF-8 is never so by chance
        if name:
            try:
                return data.decode(name), name
            except UnicodeDecodeError:
                continue
    tried = [name for name in map(_meant, names) if name and name != "utf-8"]
    # A page in UTF-8 that was cut off, or has a wrong byte; or one of an unnamed encoding.
    damaged = data.decode("utf-8", "replace")
    if damaged.count("\N{REPLACEMENT CHARACTER}") * 200 < len(damaged):
        return damaged, "utf-8"
    name = tried[0] if tried else "cp1252"
    return data.decode(name, "replace"), name


def _meant(label: str) -> str:
    """Return the codec of a label, or nothing if there is none for text."""
    label = label.strip().casefold()
    name = _MEANT.get(label, label)
    if not re.fullmatch(r"[a-z0-9._-]+", name):
        return ""
    try:
        found = codecs.lookup(name)
        b"".decode(found.name)
    except (LookupError, ValueError):  # LookupError: `hex` is not one for text
        return ""
    return (
        ""
        if found.name.startswith(("utf-7", "idna", "punycode", "unicode_", "raw_"))
        else found.name
    )


def _is_mime(data: bytes) -> bool:
    """Return whether a file is a page with its pictures, as Chrome saves it (MHTML)."""
    head = data[:2048].lstrip().lower()
    return head.startswith((b"from: <saved by", b"mime-version:")) and b"content-type:" in head


def _main_part(data: bytes) -> tuple[bytes, str, str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            address = str(part.get("Content-Location") or message.get("Snapshot-Content-Location"))
            charset = part.get_content_charset("")
            return content if isinstance(content, bytes) else b"", charset, address
    raise ClipError("this file has no HTML part; save the page as HTML only")
