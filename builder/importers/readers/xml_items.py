"""Reads the items of a large XML file one by one, without entities from outside.

A document type with entities of its own is refused (`billion laughs`), and nothing outside the file
is ever read. Entities of HTML, which many feeds use undeclared, become their characters. Characters
that XML forbids, and bytes in another encoding than the file says, are mended and counted."""

from __future__ import annotations

import codecs
import html.entities
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

from builder.importers.bad_archive import BadArchive
from builder.importers.notes import ImportNotes
from builder.importers.readers.encodings import NAME

_CHUNK = 1024 * 1024  # characters
_DEEPEST = 200
_LARGEST = 64 * 1024 * 1024  # characters of one text
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBERED = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


class XmlItem:
    """An element: its name with the namespace, attributes, and what is inside, in order."""

    __slots__ = ("attributes", "line", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.parts: list[str | XmlItem] = []

    @property
    def text(self) -> str:
        """Return the text in the element itself."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def all(self, *names: str) -> Iterator[XmlItem]:
        """Yield the elements inside with one of these names."""
        return (part for part in self.parts if isinstance(part, XmlItem) and part.name in names)

    def get(self, *names: str) -> str:
        """Return the first text of an element with one of these names."""
        for name in names:
            for child in self.all(name):
                if text := child.text.strip():
                    return text
        return ""


def read_items(
    path: Path, names: Iterable[str], notes: ImportNotes, kept: Iterable[str] = ()
) -> Iterator[XmlItem]:
    """Yield each element with one of the names, whole.

    Elements in `kept` are yielded too. Names are `namespace local`, or `local` without one. Raises
    BadArchive with the line of what is wrong."""
    reading = _Reading(path, frozenset(names) | frozenset(kept))
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
            stream.seek(0)
            decoder = codecs.getincrementaldecoder(_encoding(head))(
                NAME if _is_utf8(head) else "replace"
            )
            rest = ""
            while True:
                data = stream.read(_CHUNK)
                text = rest + decoder.decode(data, final=not data)
                # A reference to a character may be cut in two.
                cut = text.rfind("&", max(0, len(text) - 12)) if data else -1
                text, rest = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
                yield from reading.feed(_mended(text, path, notes), not data)
                if not data:
                    return
    except OSError as error:
        raise BadArchive(f"{path} cannot be read: {error.strerror}") from None
    except (LookupError, UnicodeError) as error:
        raise BadArchive(f"{path} cannot be decoded: {error}") from None


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    declared = _ENCODING.search(head)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return "utf-8-sig"
    if found in ("utf-8", "ascii") or not found.startswith(
        ("iso", "cp", "koi", "gb", "big5", "euc", "shift", "utf", "mac")
    ):
        return "utf-8-sig"
    return found


def _is_utf8(head: bytes) -> bool:
    return _encoding(head) == "utf-8-sig"


def _mended(text: str, path: Path, notes: ImportNotes) -> str:
    text, count = _FORBIDDEN.subn("", text)

    def numbered(match: re.Match[str]) -> str:
        nonlocal count
        number = int(match[1], 16) if match[1] else int(match[2])
        bad = number > 0x10FFFF or _FORBIDDEN.match(chr(number))
        count += bool(bad)
        return "" if bad else match[0]

    text = _NUMBERED.sub(numbered, text)
    if count:
        notes.add("bad-xml", path.name, "", count)
    return text


class _Reading:
    """The state of a parser: the elements that are open, and those that are done."""

    def __init__(self, path: Path, wanted: frozenset[str]) -> None:
        self.path, self.wanted = path, wanted
        self.open: list[XmlItem] = []
        self.depth = 0
        self.done: list[XmlItem] = []
        parser = self.parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.UseForeignDTD(True)  # so that undeclared entities are skipped, not fatal
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped

    def feed(self, text: str, final: bool) -> Iterator[XmlItem]:
        text = re.sub(r"^(\ufeff?<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", r"\1", text)
        try:
            self.parser.Parse(text.encode("utf-8"), final)
        except expat.ExpatError as error:
            line = f"{self.path}, line {error.lineno}"
            raise BadArchive(f"{line}: this is not XML: {expat.ErrorString(error.code)}") from None
        done, self.done = self.done, []
        yield from done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadArchive(f"{self.path}: elements are nested more than {_DEEPEST} levels deep")
        if not self.open and name not in self.wanted:
            return
        item = XmlItem(name, attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].parts.append(item)
        self.open.append(item)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.open:
            item = self.open.pop()
            if not self.open:
                self.done.append(item)

    def _text(self, text: str) -> None:
        if self.open:
            parts = self.open[-1].parts
            parts.append(text)
            if (
                len(parts) % 256 == 0
                and sum(len(p) for p in parts if isinstance(p, str)) > _LARGEST
            ):
                raise BadArchive(f"{self.path}: a text has more than {_LARGEST // 1024**2} MB")

    def _entity(self, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise BadArchive(
            f"{self.path}, line {line}: entities of a file's own are not read; remove them"
        )

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter and self.open:
            self._text(html.entities.html5.get(f"{name};", ""))
