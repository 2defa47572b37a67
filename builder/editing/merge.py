"""Two names that are one -> the files of a site with one of them: everywhere it is named, in the
file that describes it, and at its address. All of it is written, or nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, get_args, get_origin

from msgspec import Struct

from builder.content.config import FILE
from builder.content.document import Document, read_document
from builder.content.files import record_files
from builder.content.schema import fields_of, is_part
from builder.content.walk import walk_content
from builder.editing.census import RECORDS, NamedRecord, own_one_another
from builder.editing.edit import EditError, Rewriter
from builder.editing.new import mint_id, scalar
from builder.editing.transaction import Changes, replace_files
from builder.model.record import Record
from builder.model.source import Source
from builder.model.values import CompanyName, PersonName, TopicName
from builder.names.keys import name_key, slugify
from builder.names.normalize import NameKind
from builder.site.references import normal

# What a value that names something of a kind is typed as. Publishers are plain lines of a source.
_TYPES: dict[NameKind, Any] = {
    "topics": TopicName, "people": PersonName, "companies": CompanyName
}  # fmt: skip
_PUBLISHING = ("publisher", "via")
_CALLED = {"topics": "topic", "people": "person", "companies": "company"}


class MergeResult(NamedTuple):
    """What was merged, and which files were changed, made or removed for it."""

    old: str
    new: str
    files: tuple[str, ...]


class MergeDraft:
    """A site's files as they will be. Nothing is written before `write`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kinds: dict[str, type[Record]] = {}
        self.was: dict[str, bytes | None] = {}
        self.now: dict[str, bytes | None] = {}
        for file in record_files(walk_content(root), []):
            self.kinds[file.path] = file.kind
            self.was[file.path] = self.now[file.path] = (root / file.path).read_bytes()
        self._documents: dict[str, tuple[bytes, Document]] = {}
        self._made: dict[tuple[NameKind, str], str] = {}  # files of names that had none

    def documents(self) -> Iterator[tuple[str, type[Record], Document]]:
        """Every file that is there now, with what it holds."""
        for path, data in list(self.now.items()):
            if data is None:
                continue
            known = self._documents.get(path)
            if known is None or known[0] is not data:
                document, _ = read_document(path, data)
                if document is None:
                    raise EditError(f"{path} has mistakes: correct them first")
                known = self._documents[path] = (data, document)
            yield path, self.kinds[path], known[1]

    def merge(self, kind: NameKind, old: NamedRecord, new: NamedRecord) -> MergeResult:
        """Make one of two. Raises CannotRewrite where a file has to be changed by hand; then the
        draft is as it was."""
        if own_one_another(old, new):
            raise EditError(f"{old.name} and {new.name} own one another: they are two")
        new = new._replace(path=self._made.get((kind, new.name), new.path))
        before, kinds = dict(self.now), dict(self.kinds)
        try:
            kept = self._describe(kind, old, new)
            self._rename(kind, old, new, kept)
        except EditError:
            self.now, self.kinds = before, kinds
            raise
        if kept and not new.path:
            self._made[kind, new.name] = kept
        changed = [p for p in self.now if self.now[p] is not before.get(p)]
        return MergeResult(old.name, new.name, tuple(sorted(changed)))

    # --- the file that describes it ------------------------------------------------------------

    def _describe(self, kind: NameKind, old: NamedRecord, new: NamedRecord) -> str:
        """Give the one that is kept the other's names and addresses; the path of its file, or
        nothing where it needs none."""
        mine = {name_key(name) for name in (new.name, *new.names)}
        aliases: dict[str, str] = {}
        for name in (old.name, *old.names, *(s.name for s in old.spellings)):
            if name_key(name) not in mine:
                aliases.setdefault(name_key(name), name)
        slugs = dict.fromkeys((old.slug, *old.redirects, *map(slugify, old.formerly)))
        redirects = [slug for slug in slugs if slug and slug not in (new.slug, *new.redirects)]
        if "redirects" not in _fields(kind):  # it has no page of its own
            redirects = []
        if new.path:
            rewriter = self._rewriter(new.path)
            rewriter.add("aliases", [*aliases.values()])
            rewriter.add("redirects", redirects, "aliases" if _has(rewriter, "aliases") else "name")
            self.now[new.path] = rewriter.result()
            kept = new.path
        elif old.path:
            return self._take_over(kind, old, new, [*aliases.values()], redirects)
        elif aliases or redirects:
            kept = self._make(kind, new, [*aliases.values()], redirects)
        else:
            return ""
        if old.path:
            self.now[old.path] = None
        return kept

    def _rewriter(self, path: str) -> Rewriter:
        data = self.now[path]
        assert data is not None, path
        return Rewriter(path, data)

    def _take_over(
        self,
        kind: NameKind,
        old: NamedRecord,
        new: NamedRecord,
        aliases: list[str],
        redirects: list[str],
    ) -> str:
        """The name that is kept has no file, and the other one's is renamed."""
        rewriter = self._rewriter(old.path)
        rewriter.replace("name", new.name)
        rewriter.add("aliases", aliases)
        rewriter.add("redirects", redirects, "aliases" if _has(rewriter, "aliases") else "name")
        if _has(rewriter, "slug"):
            rewriter.replace("slug", new.slug)
        path = f"{PurePosixPath(old.path).parent}/{_stem(new)}.md"
        data = rewriter.result()
        self.now[old.path] = None
        self._put(path, RECORDS[kind], data)
        return path

    def _make(
        self, kind: NameKind, new: NamedRecord, aliases: list[str], redirects: list[str]
    ) -> str:
        lines = ["---", f"id: {mint_id()}", f"name: {scalar(new.name)}"]
        for field, values in (("aliases", aliases), ("redirects", redirects)):
            if values:
                lines.append(f"{field}: [{', '.join(map(scalar, values))}]")
        path = f"content/{kind}/{_stem(new)}.md"
        self._put(path, RECORDS[kind], "\n".join([*lines, "---", ""]).encode())
        return path

    def _put(self, path: str, kind: type[Record], data: bytes) -> None:
        if self.now.get(path) is not None or (path not in self.now and (self.root / path).exists()):
            raise EditError(f"{path} is there already and describes something else")
        self.was.setdefault(path, None)
        self.now[path], self.kinds[path] = data, kind

    # --- everywhere it is named ----------------------------------------------------------------

    def _rename(self, kind: NameKind, old: NamedRecord, new: NamedRecord, kept: str) -> None:
        exact = {s.name for s in old.spellings} | {old.name, *old.names}
        keys = {name_key(name) for name in exact}
        theirs = {name_key(name) for name in (new.name, *new.names)}
        spelt = {s.name for s in new.spellings} | {new.name, *new.names}

        def is_old(name: str) -> bool:
            if kind == "publishers" and not old.path:
                return name in exact
            return name_key(name) in keys and name not in spelt

        for path, record, document in self.documents():
            if path == kept:
                continue
            found = list(_named(record, document.fields, kind, ""))
            wanted = [(at, name) for at, name in found if is_old(name)]
            body = self._in_body(kind, old, new, kept, document)
            if not wanted and not body:
                continue
            rewriter = self._rewriter(path)
            lists: dict[str, bool] = {}
            for at, name in found:  # of what a list now names twice, the first stays
                field, _, n = at.rpartition(".")
                old_name = is_old(name)
                if n.isdigit() and (old_name or name_key(name) in theirs):
                    if field in lists and (old_name or lists[field]):
                        rewriter.remove(at)
                        continue
                    lists[field] = old_name
                if old_name and name != new.name:
                    rewriter.replace(at, new.name)
            for pattern, put in body:
                rewriter.in_body(pattern, put)
            self.now[path] = rewriter.result()

    def _in_body(
        self, kind: NameKind, old: NamedRecord, new: NamedRecord, kept: str, document: Document
    ) -> list[tuple[re.Pattern[str], Any]]:
        """References that no alias catches: by slug, and by the file that goes."""
        found: list[tuple[re.Pattern[str], Any]] = []
        called = _CALLED.get(kind)
        by_slug = f"[[{called}:{old.slug}"
        if called and old.slug and old.slug != new.slug and by_slug in document.body:
            pattern = re.compile(rf"(\[\[{called}:){re.escape(old.slug)}(?=[\]|#])")
            found.append((pattern, lambda match: f"{match[1]}{new.slug}"))
        if old.path and self.now.get(old.path) is None:
            name = PurePosixPath(old.path).name
            if f"{name})" in document.body or f"{name}#" in document.body:
                folder = str(PurePosixPath(document.path).parent)
                target = os.path.relpath(kept, folder).replace(os.sep, "/")

                def put(match: re.Match[str]) -> str:
                    same = normal(f"{folder}/{match[1]}") == old.path
                    return f"]({target}" if same else match[0]

                found.append((re.compile(r"\]\(([^)#\s]+\.md)"), put))
        return found

    # --- writing -------------------------------------------------------------------------------

    def changes(self) -> Changes:
        """The files that will be other than they are: what they are, and what they will be."""
        paths = [path for path in sorted(self.now) if self.now[path] != self.was.get(path)]
        return {path: (self.was.get(path), self.now[path]) for path in paths}

    def write(self) -> None:
        """Change the files: each is written beside itself first, and then all are exchanged. When
        anything fails, all are as they were."""
        replace_files(self.root, self.changes())


def declare_distinct(root: Path, names: tuple[str, ...]) -> None:
    """Note in site.yaml that names are not the same."""
    data = (root / FILE).read_bytes()
    rewriter = Rewriter(FILE, data)
    rewriter.add_group("distinct", list(names))
    replace_files(root, {FILE: (data, rewriter.result())})


# --- what names what ---------------------------------------------------------------------------


def _fields(kind: NameKind) -> set[str]:
    return {field.name for field in fields_of(RECORDS[kind])}


def _stem(known: NamedRecord) -> str:
    """What the file is called that describes something."""
    slug = known.slug or slugify(known.name)
    if not slug:
        raise EditError(f"{known.name} needs a file in content/{known.kind}/: write it by hand")
    return slug


def _has(rewriter: Rewriter, field: str) -> bool:
    return field in rewriter.document.fields


def _named(
    record: type[Struct], fields: dict[str, Any], kind: NameKind, prefix: str
) -> Iterator[tuple[str, str]]:
    """Every value of a record that names something of a kind: its path, and the name."""
    for field in fields_of(record):
        value, at = fields.get(field.name), f"{prefix}{field.name}"
        if value is None:
            continue
        types = _types(field.type)
        if _TYPES.get(kind) in types or (
            kind == "publishers" and record is Source and field.name in _PUBLISHING
        ):
            listed = enumerate(value) if isinstance(value, list) else ((None, value),)
            for n, name in listed:
                if isinstance(name, str):
                    yield (at if n is None else f"{at}.{n}"), name
        for part in types:
            if is_part(part):
                listed = enumerate(value) if isinstance(value, list) else ((None, value),)
                for n, inner in listed:
                    if isinstance(inner, dict):
                        lead = f"{at}." if n is None else f"{at}.{n}."
                        yield from _named(part, inner, kind, lead)


def _types(kind: Any) -> list[Any]:
    """A type and the types that it is made of: lists, and what may be missing."""
    if get_origin(kind) is None:
        return [kind]
    return [inner for arg in get_args(kind) if arg is not Ellipsis for inner in _types(arg)]
