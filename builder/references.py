"""Bodies with holes and links -> bodies that are whole: what a reference means, and what may not
be linked because nobody may see it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec.structs import replace

from builder.content import MediaFile
from builder.diagnostics import Diagnostic, Place
from builder.model import (
    Brief,
    Company,
    InternalLink,
    Link,
    Person,
    PlainPage,
    Record,
    Reference,
    Topic,
)
from builder.names import Names, did_you_mean

_HOLE = re.compile(r"\0(\d+)(t?)\0")
# What a body can link to, by the kind that `[[kind:slug]]` names.
LINKED: tuple[tuple[str, type[Record]], ...] = (
    ("brief", Brief),
    ("company", Company),
    ("topic", Topic),
    ("person", Person),
    ("page", PlainPage),
)
Filled = TypeVar("Filled", Brief, Company, Topic, Person, PlainPage)
_PART = re.compile(r"[?#]")  # where an address ends and its query or fragment begins


class References:
    """Fills the holes of bodies. `registers` has, by kind and slug, what has a page; `names`, by
    kind, what written names mean; `records` are all that were read, those without a page too.
    What is wrong gathers in `problems`, the files that shown pages use in `used`."""

    def __init__(
        self,
        registers: Mapping[str, Mapping[str, Record]],
        names: Mapping[str, Names],
        records: Iterable[Record],
        hidden: Iterable[Brief],
        absent: frozenset[str],
        merged: Mapping[str, str],
        media: Mapping[str, MediaFile],
    ) -> None:
        self.registers, self.names, self.merged, self.media = registers, names, merged, media
        self.by_path = {record.path: record for record in records}
        self.unpublished = {brief.url for brief in hidden}
        self.absent = absent
        self.hidden = {brief.slug for brief in hidden}
        self.used: set[str] = set()
        self.problems: list[Diagnostic] = []

    def fill(self, record: Filled) -> Filled:
        """A record with every hole of its body filled."""
        body = record.body
        text, links = body.html, list(body.links)
        if record.url not in self.unpublished:
            self._note_media(record)
        if body.references:
            found = [self._resolve(record, reference) for reference in body.references]
            for n, link in enumerate(found):
                if link is None:
                    text = _unlink(text, f"\0{n}\0")
                elif "#" in link.url:  # whether the page has the anchor is seen when it is planned
                    links.append(InternalLink(link.url, body.references[n].place))
            text = _HOLE.sub(lambda match: _fill(match, found), text)
        for address in {_PART.split(link.address)[0] for link in links} & self.absent:
            text = _unlink(text, address)
        if text == body.html:
            return record
        return replace(record, body=replace(body, html=text, links=tuple(links)))

    def _note_media(self, record: Record) -> None:
        """Files that a page uses are published with it."""
        image = getattr(record, "image", None)
        named = [image.file] if image else []
        named += [r.target for r in record.body.references if r.kind == "media"]
        named += [link.address.partition("#")[0] for link in record.body.links]
        for name in named:
            name = name.removeprefix("/media/")
            if name in self.media:
                self.used.add(name)

    def _resolve(self, record: Record, reference: Reference) -> Link | None:
        """What a hole is filled with; None where nothing may be linked."""
        kind, target = reference.kind, reference.target
        if kind == "media":
            return self._media(record, reference)
        if kind == "file":
            return self._file(record, reference)
        if kind == "name":
            return self._name(record, reference)
        register = self.registers[kind]
        known = self._known(kind, target)
        slug = target if target in register else known or target
        if slug in register:
            return self._link_to(register[slug], reference)
        if known or (kind == "brief" and slug in self.hidden):
            self._leave_out(record, reference)
            return None
        hint = did_you_mean(target, register) or f"`[[{kind}:slug]]` takes a slug"
        self._report(record, reference, "broken-link", f"there is no {kind} `{target}`", hint)
        return None

    def _file(self, record: Record, reference: Reference) -> Link | None:
        path = _normal(f"{PurePosixPath(record.path).parent}/{reference.target}")
        found = self.by_path.get(path)
        if found is None:
            hint = did_you_mean(path, self.by_path) or "paths are relative to this file"
            message = f"there is no record in {path}"
            self._report(record, reference, "broken-link", message, hint)
            return None
        for kind, written in LINKED:
            if isinstance(found, written):
                slug = getattr(found, "slug", "")
                if slug not in self.registers[kind]:
                    self._leave_out(record, reference)
                    return None
                found = self.registers[kind][slug]
        return self._link_to(found, reference)

    def _name(self, record: Record, reference: Reference) -> Link | None:
        name = reference.target
        for kind in ("company", "person", "topic"):
            slug = self._known(kind, name)
            if slug in self.registers[kind]:
                return self._link_to(self.registers[kind][slug], reference)
            if slug:
                self._leave_out(record, reference)
                return None
        nearest = (self.names[kind].suggest(name) for kind in ("company", "person", "topic"))
        near = next((found for found in nearest if found), "")
        hint = f"did you mean `{near}`?" if near else "it names no company, person or topic"
        self._report(record, reference, "unknown-name", f"nothing is called `{name}`", hint)
        return None

    def _known(self, kind: str, name: str) -> str:
        """The slug that a name means, whether it has a page or not."""
        names = self.names.get(kind)
        return (names.resolve(name) if names else None) or ""

    def _link_to(self, record: Record, reference: Reference) -> Link:
        if isinstance(record, Company):
            record = self.registers["company"][self.merged.get(record.slug, record.slug)]
        fragment = f"#{reference.fragment}" if reference.fragment else ""
        return Link(record.label, f"{record.url}{fragment}")

    def _leave_out(self, record: Record, reference: Reference) -> None:
        if record.url not in self.unpublished:
            message = f"`{reference.target}` is not published: the link is left out"
            hint = "link to it when both are out"
            self._report(record, reference, "link-unpublished", message, hint)

    def _media(self, record: Record, reference: Reference) -> Link | None:
        file = self.media.get(reference.target)
        if file is None:
            found = missing_media(record, reference.target, reference.place, self.media)
            self.problems.append(found)
            return Link("", "")
        size = f'" width="{file.width}" height="{file.height}' if file.width else ""
        return Link("", f"{file.url}{size}")

    def _report(
        self, record: Record, reference: Reference, code: str, message: str, hint: str
    ) -> None:
        self.problems.append(Diagnostic.of(record.path, reference.place, code, message, hint))


def missing_media(
    record: Record, name: str, place: Place, media: Mapping[str, MediaFile]
) -> Diagnostic:
    """A file of content/media/ that a record names and that is not there."""
    hint = did_you_mean(name, media) or f"put it at content/media/{name}"
    message = f"there is no file content/media/{name}"
    return Diagnostic.of(record.path, place, "missing-media", message, hint)


def _fill(match: re.Match[str], links: list[Link | None]) -> str:
    found = links[int(match[1])]
    if found is None:
        return "another brief"  # its title must not be seen
    return html.escape(found.name) if match[2] else found.url


def _unlink(text: str, address: str) -> str:
    """Links to an address (also with a query or a fragment) become plain text."""
    pattern = rf'<a href="{re.escape(address)}(?:[?#][^"]*)?"[^>]*>(.*?)</a>'
    return re.sub(pattern, r"\1", text, flags=re.DOTALL)


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
