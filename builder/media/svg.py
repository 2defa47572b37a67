"""SVG: elements and attributes of the drawing, without what editors add (W3C, SVG 2)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from xml.parsers import expat

from builder.media.credit import Credit, from_xmp, to_rdf
from builder.media.picture import ActivePictureError, BadPictureError, CleanPicture
from builder.media.svg_safety import SVG, require_shape, require_style
from builder.patterns import pattern

# A drawing is in these; any other namespace is an editor's, except those of HTML and MathML.
_DRAWN = frozenset(
    (
        SVG, "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace",
        "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML", "",
    )
)  # fmt: skip
_DECLARATION = pattern(rb"\s*<\?xml\s[^>]*?\?>")
_ENCODING = pattern(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_TAG = pattern(rb"<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_ATTRIBUTE = pattern(rb"\s+([^\s=/>]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_EMBEDDED = pattern(rb"([\"']data:image/[a-z+]+;base64,)([A-Za-z0-9+/=\s&#;]+)([\"'])")
_NUMBER = pattern(r"\s*(\d+(?:\.\d+)?)\s*(px|pt|mm|cm|in|pc)?\s*")
_PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 9.6 / 2.54}

Prefixes = dict[str, str]


def clean_svg(data: bytes, clean: Callable[[bytes], bytes]) -> CleanPicture:
    """Return a drawing without comments, metadata and notes of editors.

    `clean` cleans the pictures that it contains. Raises BadPictureError if it does more than
    draw."""
    text, encoding, before = _as_utf8(data)
    pruner = _Pruner(text, clean, before)
    pruner.run()
    width, height = _size(pruner.root)
    kept = not pruner.edits and encoding in ("utf-8", "utf-8-sig") and data.endswith(text)
    return CleanPicture(data if kept else pruner.pruned(), width, height, credit=pruner.credit)


def _as_utf8(data: bytes) -> tuple[bytes, str, int]:
    """Return the document in UTF-8, its encoding, and how many lines precede it.

    The XML declaration is not part of it."""
    declared = _DECLARATION.match(data)
    named = _ENCODING.search(declared[0]) if declared else None
    encoding = named[1].decode("ascii").lower() if named else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding).encode()
    except (LookupError, UnicodeError):
        raise BadPictureError(f"its text is not {encoding}") from None
    declared = _DECLARATION.match(text)
    document = text[declared.end() if declared else 0 :].lstrip()
    return document, encoding, text.count(b"\n") - document.count(b"\n")


class _Pruner:
    """Finds what to cut or replace while the parser reads a document."""

    def __init__(self, data: bytes, clean: Callable[[bytes], bytes], before: int) -> None:
        self.data, self.clean, self.before = data, clean, before
        self.edits: list[tuple[int, int, bytes]] = []
        self.credit = Credit()
        self.root: dict[str, str] = {}
        self._root_end = 0
        self._prefix = ""
        self._scopes: list[Prefixes] = [{"xml": "http://www.w3.org/XML/1998/namespace"}]
        self._cut_from = -1  # the start of an element that is cut
        self._cut_depth = 0
        self._path: list[str] = []  # the names of the open elements, without prefixes
        self._style: list[str] = []  # the text of a style sheet
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CommentHandler = self._comment
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.AttlistDeclHandler = self._unusual
        self.parser.SkippedEntityHandler = self._unusual

    def run(self) -> None:
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError as error:
            what = expat.errors.messages.get(error.code, "not well-formed")
            line = error.lineno + self.before
            raise BadPictureError(f"its XML is damaged in line {line}: {what}") from None

    @property
    def _line(self) -> int:
        return self.parser.CurrentLineNumber + self.before

    def _entity(self, name: str, parameter: bool, value: str | None, *outside: str | None) -> None:
        """Accept only what every parser replaces by the same text."""
        if parameter or value is None:
            self._unusual()

    def _unusual(self, *declared: object) -> None:
        message = "its DOCTYPE defines more than texts"
        raise ActivePictureError(self._line, message, "save it as plain SVG")

    def _text(self, text: str) -> None:
        if self._path and self._path[-1] == "style" and self._cut_from < 0:
            self._style.append(text)

    def _cut(self, start: int, end: int, instead: bytes = b"") -> None:
        if self._cut_from < 0:
            self.edits.append((start, end, instead))

    def _comment(self, text: str) -> None:
        start = self.parser.CurrentByteIndex
        if self.data.startswith(b"<!--", start):
            self._cut(start, self.data.index(b"-->", start) + 3)

    def _instruction(self, target: str, text: str) -> None:
        start = self.parser.CurrentByteIndex
        if self.data.startswith(b"<?", start):
            self._cut(start, self.data.index(b"?>", start) + 2)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self.parser.CurrentByteIndex
        scope = dict(self._scopes[-1])
        for key, value in attributes.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                scope[key[6:]] = value
        self._scopes.append(scope)
        prefix, _, local = name.rpartition(":")
        within, depth = self._path[-1:], len(self._path) + 1
        self._path.append(local)
        if self._cut_from >= 0:
            return
        space = scope.get(prefix, prefix)
        match = _TAG.match(self.data, start)
        if match is None:
            message = "its DOCTYPE defines elements"
            raise ActivePictureError(self._line, message, "save it as plain SVG")
        if depth == 1:
            if local != "svg" or space not in (SVG, ""):
                raise BadPictureError("it is not SVG")
            self.root, self._prefix, self._root_end = attributes, prefix, match.end()
        elif space not in _DRAWN or (space in (SVG, "") and _is_extra(local, within)):
            self._cut_from, self._cut_depth = start, depth
            return
        require_shape(space, local, _of_svg(attributes, scope), self._line)
        for attribute in _ATTRIBUTE.finditer(match[0]):
            self._attribute(attribute, start, scope)

    def _attribute(self, match: re.Match[bytes], start: int, scope: Prefixes) -> None:
        name = match[1].decode()
        prefix, colon, local = name.partition(":")
        space = scope.get(local if prefix == "xmlns" else prefix, "?") if colon else ""
        if space not in _DRAWN:
            self._cut(start + match.start(), start + match.end())
        elif local == "href" or name == "href":
            embedded = _EMBEDDED.fullmatch(match[2])
            if embedded:
                made = self._cleaned(embedded)
                self._cut(start + match.start(2), start + match.end(2), made)

    def _cleaned(self, match: re.Match[bytes]) -> bytes:
        try:
            data = base64.b64decode(re.sub(rb"\s|&#\w+;", b"", match[2]))
        except binascii.Error:
            raise BadPictureError("a picture in it is damaged") from None
        return match[1] + base64.b64encode(self.clean(data)) + match[3]

    def _end(self, name: str) -> None:
        depth, scope = len(self._path), self._scopes.pop()
        self._path.pop()
        if self._style:
            require_style("".join(self._style), self._line)
            self._style.clear()
        if self._cut_from < 0 or depth != self._cut_depth:
            return
        start, self._cut_from = self._cut_from, -1
        match = _TAG.match(self.data, start)
        assert match is not None
        if match[0].endswith(b"/>"):
            end = match.end()
        else:
            end = self.data.index(b">", self.parser.CurrentByteIndex) + 1
        spaces = "".join(
            f' xmlns{":" if p else ""}{p}="{s}"' for p, s in scope.items() if p != "xml"
        )
        self.credit = self.credit.or_else(
            from_xmp(f"<x{spaces}>".encode() + self.data[start:end] + b"</x>")
        )
        self._cut(start, end)

    def pruned(self) -> bytes:
        """Return the document with all edits made."""
        edits = sorted(self.edits)
        if any(self.credit):
            name = f"{self._prefix}:metadata" if self._prefix else "metadata"
            written = f"<{name}>{to_rdf(self.credit)}</{name}>".encode()
            edits = sorted([*edits, (self._root_end, self._root_end, written)])
        parts, at = [b'<?xml version="1.0" encoding="UTF-8"?>\n'], 0
        for start, end, instead in edits:
            parts += (self.data[at:start], instead)
            at = end
        return b"".join([*parts, self.data[at:]]).rstrip() + b"\n"


def _is_extra(name: str, within: list[str]) -> bool:
    """Return whether an element of SVG can go: metadata, or HTML beside a drawn alternative."""
    return name == "metadata" or (name == "foreignObject" and within == ["switch"])


def _of_svg(attributes: dict[str, str], scope: Prefixes) -> dict[str, str]:
    """Return the attributes that are not an editor's, and declare no prefix."""

    def is_kept(name: str) -> bool:
        prefix, colon, _ = name.partition(":")
        return name != "xmlns" and prefix != "xmlns" and (not colon or scope.get(prefix) in _DRAWN)

    return {name: value for name, value in attributes.items() if is_kept(name)}


def _size(root: dict[str, str]) -> tuple[int, int]:
    """Return the size of a drawing in pixels, or 0 if it has none."""
    found = []
    for name in ("width", "height"):
        match = _NUMBER.fullmatch(root.get(name, ""))
        found.append(float(match[1]) * _PIXELS[match[2] or ""] if match else 0.0)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if not all(found) and len(box) == 4:
        try:
            found = [float(box[2]), float(box[3])]
        except ValueError:
            found = [0.0, 0.0]
    if not all(0 < size < 1_000_000 for size in found):
        return 0, 0
    return round(found[0]), round(found[1])
