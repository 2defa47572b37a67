"""The credit of a picture: read from XMP, IPTC and Exif, and written as XMP."""

from __future__ import annotations

from html import escape
from typing import NamedTuple
from xml.parsers import expat

_DC = "http://purl.org/dc/elements/1.1/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIELDS = {
    f"{_DC} creator": "creators",
    f"{_DC} rights": "rights",
    f"{_PHOTOSHOP} Credit": "credit",
}
_LONGEST = 300  # characters of a name or notice
_MOST = 10  # creators
_LARGEST = 8 << 20  # bytes of XMP that are read


class Credit(NamedTuple):
    """Who made a picture, and who owns it: all that is kept of its metadata."""

    creators: tuple[str, ...] = ()
    rights: str = ""  # the copyright notice
    credit: str = ""  # the line that the owner wants beside the picture

    def or_else(self, other: Credit) -> Credit:
        """Return this credit, with fields that it lacks from another."""
        return Credit(
            self.creators or other.creators,
            self.rights or other.rights,
            self.credit or other.credit,
        )


def tidy(text: str) -> str:
    """Return text as one line without control characters."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:_LONGEST]


def text_of(data: bytes) -> str:
    """Return text that may be UTF-8 or Latin-1."""
    try:
        return tidy(data.decode("utf-8"))
    except UnicodeDecodeError:
        return tidy(data.decode("latin-1"))


class _Reader:
    """Collects the fields of an XMP packet."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {name: [] for name in _FIELDS.values()}
        self._field = ""
        self._depth = 0
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._field:
            self._depth += 1
            self._text = []
            return
        self._field, self._depth, self._text = _FIELDS.get(name, ""), 0, []
        for attribute, value in attributes.items():
            if field := _FIELDS.get(attribute):
                self.found[field].append(value)

    def text(self, data: str) -> None:
        if self._field:
            self._text.append(data)

    def end(self, name: str) -> None:
        if not self._field:
            return
        if name == f"{_RDF} li" or not self._depth:
            self.found[self._field].append("".join(self._text))
            self._text = []
        self._depth -= 1
        if self._depth < 0:
            self._field = ""


class _Refused(Exception):
    """The packet declares entities, which it may not."""


def _refuse(*_: object) -> None:
    raise _Refused


def from_xmp(packet: bytes) -> Credit:
    """Return the credit in an XMP packet, or none if unreadable."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(packet[:_LARGEST].strip(b"\0 \r\n\t"), True)
    except (expat.ExpatError, _Refused):
        return Credit()
    found = {field: [t for t in map(tidy, texts) if t] for field, texts in reader.found.items()}
    rights, credit = found["rights"], found["credit"]
    creators = tuple(dict.fromkeys(found["creators"]))[:_MOST]
    return Credit(creators, rights[0] if rights else "", credit[0] if credit else "")


def to_xmp(credit: Credit) -> bytes:
    """Return an XMP packet with a credit and nothing else."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{to_rdf(credit)}</x:xmpmeta>'
        '<?xpacket end="r"?>'
    ).encode()


def to_rdf(credit: Credit) -> str:
    """Return a credit as RDF, as it is in XMP and SVG."""
    parts = []
    if credit.creators:
        names = "".join(f"<rdf:li>{escape(name)}</rdf:li>" for name in credit.creators)
        parts.append(f"<dc:creator><rdf:Seq>{names}</rdf:Seq></dc:creator>")
    if credit.rights:
        item = f'<rdf:li xml:lang="x-default">{escape(credit.rights)}</rdf:li>'
        parts.append(f"<dc:rights><rdf:Alt>{item}</rdf:Alt></dc:rights>")
    if credit.credit:
        parts.append(f"<photoshop:Credit>{escape(credit.credit)}</photoshop:Credit>")
    return (
        f'<rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about="" xmlns:dc="{_DC}"'
        f' xmlns:photoshop="{_PHOTOSHOP}">{"".join(parts)}</rdf:Description></rdf:RDF>'
    )


# Datasets of IPTC-IIM record 2.
_BYLINE, _CREDIT, _COPYRIGHT = 80, 110, 116


def from_photoshop(data: bytes) -> Credit:
    """Return the credit in Photoshop's image resources, which contain IPTC-IIM."""
    at = 0
    while data[at : at + 4] == b"8BIM" and at + 12 <= len(data):
        kind = int.from_bytes(data[at + 4 : at + 6], "big")
        named = at + 6 + (data[at + 6] + 2) // 2 * 2
        size = int.from_bytes(data[named : named + 4], "big")
        start = named + 4
        if kind == 0x0404:
            return _from_iptc(data[start : start + size])
        at = start + (size + 1) // 2 * 2
    return Credit()


def _from_iptc(data: bytes) -> Credit:
    found: dict[int, list[str]] = {}
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        record, number = data[at + 1], data[at + 2]
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        if size > 0x7FFF:  # an extended dataset, which no credit needs
            break
        if record == 2 and (text := text_of(data[at + 5 : at + 5 + size])):
            found.setdefault(number, []).append(text)
        at += 5 + size
    first = {number: texts[0] for number, texts in found.items()}
    creators = tuple(found.get(_BYLINE, ()))[:_MOST]
    return Credit(creators, first.get(_COPYRIGHT, ""), first.get(_CREDIT, ""))
