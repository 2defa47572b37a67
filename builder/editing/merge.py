"""Merging of two names: in every file that uses them, their records and their addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, get_args, get_origin

from msgspec import Struct

from builder.content.config import FILE
from builder.content.document import Document, read_document
from builder.content.files import record_files, split_language
from builder.content.record import bytes_of
from builder.content.schema import fields_of, is_part
from builder.content.walk import Walk, walk_content
from builder.editing.census import RECORDS, NamedRecord, is_parent_and_subsidiary
from builder.editing.edit import EditError, Rewriter
from builder.editing.new import mint_id, scalar
from builder.editing.transaction import Changes
from builder.model.entity import Profile
from builder.model.record import Record
from builder.model.source import Source
from builder.model.values import CompanyName, PersonName, TopicName
from builder.names.keys import exact_slug, name_key
from builder.names.normalize import NameKind
from builder.safe_files import plain_bytes
from builder.site.references import normal

# The types of fields that hold names. Publishers have none: they are plain text in a source.
_TYPES: dict[NameKind, Any] = {
    "topics": TopicName, "people": PersonName, "companies": CompanyName
}  # fmt: skip
_PUBLISHING = ("publisher", "via")
_PREFIXES = {"topics": "topic", "people": "person", "companies": "company"}


class MergeResult(NamedTuple):
    """The result of a merge: both names, and the files changed, created or deleted."""

    old: str
    new: str
    files: tuple[str, ...]


class MergeDraft:
    """The pending changes to a site's files, which `write` applies."""

    def __init__(self, root: Path, walk: Walk | None = None) -> None:
        """Read the records of a site, or those of a `walk`."""
        self.root = root
        self.kinds: dict[str, type[Record]] = {}
        self.was: dict[str, bytes | None] = {}
        self.now: dict[str, bytes | None] = {}
        for file in record_files(walk or walk_content(root), []):
            self.kinds[file.path] = file.kind
            self.was[file.path] = self.now[file.path] = bytes_of(file.source)[0]
        self._documents: dict[str, tuple[bytes, Document]] = {}
        self._made: dict[tuple[NameKind, str], str] = {}  # files created for names without one

    def documents(self) -> Iterator[tuple[str, type[Record], Document]]:
        """Yield the path, type and document of every file in the draft."""
        for path, data in list(self.now.items()):
            if data is None:
                continue
            known = self._documents.get(path)
            if known is None or known[0] is not data:
                document, _ = read_document(path, data)
                if document is None:
                    raise EditError(f"{path} has errors; fix them first")
                known = self._documents[path] = (data, document)
            yield path, self.kinds[path], known[1]

    def merge(self, kind: NameKind, old: NamedRecord, new: NamedRecord) -> MergeResult:
        """Merge an old name into a new one.

        Raises EditError, and leaves the draft unchanged, if a file must be edited by hand."""
        if is_parent_and_subsidiary(old, new):
            raise EditError(f"{old.name} and {new.name} are a company and its owner; keep both")
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

    # --- the record's file -----------------------------------------------------------------------

    def _describe(self, kind: NameKind, old: NamedRecord, new: NamedRecord) -> str:
        """Add the old name and address to the record that is kept.

        Return the path of its file, or "" if it needs none."""
        mine = {name_key(name) for name in (new.name, *new.names)}
        aliases: dict[str, str] = {}
        for name in (old.name, *old.names, *(s.name for s in old.spellings)):
            if name_key(name) not in mine:
                aliases.setdefault(name_key(name), name)
        slugs = dict.fromkeys((old.slug, *old.redirects, *map(exact_slug, old.formerly)))
        redirects = [slug for slug in slugs if slug and slug not in (new.slug, *new.redirects)]
        if "redirects" not in _fields(kind):  # records of this kind have no page
            redirects = []
        if new.path:
            rewriter = self._rewriter(new.path)
            rewriter.add("aliases", [*aliases.values()])
            rewriter.add("redirects", redirects, "aliases" if _has(rewriter, "aliases") else "name")
            if old.path:
                _inherit(rewriter, self._rewriter(old.path))
            self.now[new.path] = rewriter.result()
            kept = new.path
        elif old.path:
            return self._take_over(kind, old, new, [*aliases.values()], redirects)
        elif aliases or redirects:
            kept = self._create(kind, new, [*aliases.values()], redirects)
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
        """Rename the old record's file, because the new record has none."""
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
        self._move_profiles(old.path, path)
        return path

    def _move_profiles(self, old: str, new: str) -> None:
        """Rename the profiles in other languages with the file that they translate."""
        for path in [path for path, kind in self.kinds.items() if kind is Profile]:
            file, data = PurePosixPath(path), self.now[path]
            stem, tag = split_language(file.stem)
            if data is not None and f"{file.parent}/{stem}.md" == old:
                self.now[path] = None
                self._put(str(PurePosixPath(new).with_suffix(f".{tag}.md")), Profile, data)

    def _create(
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
            raise EditError(f"{path} already exists and describes something else")
        self.was.setdefault(path, None)
        self.now[path], self.kinds[path] = data, kind

    # --- uses of the name ----------------------------------------------------------------------

    def _rename(self, kind: NameKind, old: NamedRecord, new: NamedRecord, kept: str) -> None:
        exact = {s.name for s in old.spellings} | {old.name, *old.names}
        keys = {name_key(name) for name in exact}
        theirs = {name_key(name) for name in (new.name, *new.names)}
        kept_names = {s.name for s in new.spellings} | {new.name, *new.names}

        def is_old(name: str) -> bool:
            if kind == "publishers" and not old.path:
                return name in exact
            return name_key(name) in keys and name not in kept_names

        for path, record, document in self.documents():
            if path == kept:
                continue
            found = list(named_fields(record, document.fields, kind, ""))
            wanted = [(at, name) for at, name in found if is_old(name)]
            body = self._in_body(kind, old, new, kept, document)
            if not wanted and not body:
                continue
            rewriter = self._rewriter(path)
            lists: dict[str, bool] = {}
            for at, name in found:  # keep the first of two duplicates in a list
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
        """Return the links that an alias does not cover: by slug, or to the deleted file."""
        found: list[tuple[re.Pattern[str], Any]] = []
        prefix = _PREFIXES.get(kind)
        by_slug = f"[[{prefix}:{old.slug}"
        if prefix and old.slug and old.slug != new.slug and by_slug in document.body:
            pattern = re.compile(rf"(\[\[{prefix}:){re.escape(old.slug)}(?=[\]|#])")
            found.append((pattern, lambda match: f"{match[1]}{new.slug}"))
        if old.path and self.now.get(old.path) is None:
            name = PurePosixPath(old.path).name
            if f"{name})" in document.body or f"{name}#" in document.body:
                folder = str(PurePosixPath(document.path).parent)
                target = os.path.relpath(kept, folder).replace(os.sep, "/")

                def put(match: re.Match[str]) -> str:
                    same = normal(f"{folder}/{match[1]}") == old.path
                    return f"]({target}" if same else match[0]

                found.append((re.compile(r"\]\(([^)#\s]+\.(?:md|markdown))", re.IGNORECASE), put))
        return found

    # --- writing -------------------------------------------------------------------------------

    def changes(self) -> Changes:
        """Return the changed files, each with its old and new bytes."""
        paths = [path for path in sorted(self.now) if self.now[path] != self.was.get(path)]
        return {path: (self.was.get(path), self.now[path]) for path in paths}


def distinct_changes(root: Path, groups: Sequence[tuple[str, ...]]) -> Changes:
    """Return the change of site.yaml that declares names as distinct."""
    if not groups:
        return {}
    data = plain_bytes(Path(os.path.realpath(root / FILE)))
    now = data
    for names in groups:
        rewriter = Rewriter(FILE, now)
        rewriter.add_group("distinct", list(names))
        now = rewriter.result()
    return {FILE: (data, now)}


# --- fields that hold names -------------------------------------------------------------------


def _fields(kind: NameKind) -> set[str]:
    return {field.name for field in fields_of(RECORDS[kind])}


def _stem(known: NamedRecord) -> str:
    """Return the file name of a record, without its extension."""
    slug = known.slug or exact_slug(known.name)
    if not slug:
        raise EditError(
            f"cannot derive a file name from `{known.name}`;"
            f" create its file in content/{known.kind}/ by hand"
        )
    return slug


_OWN = (
    "id", "name", "slug", "status", "merged_into", "aliases", "formerly", "redirects", "allow"
)  # fmt: skip


def _inherit(kept: Rewriter, gone: Rewriter) -> None:
    """Add what only the deleted file says: fields such as `listed: true`, items of lists."""
    for field, value in gone.document.fields.items():
        if field in _OWN or value is None:
            continue
        present = kept.document.fields.get(field)
        if isinstance(value, list) or isinstance(present, list):
            items = value if isinstance(value, list) else [value]
            if all(isinstance(item, str) for item in items):
                kept.add(field, items)
        elif field not in kept.document.fields and (written := gone.written(field)):
            kept.put_after(field, written, value)


def _has(rewriter: Rewriter, field: str) -> bool:
    return field in rewriter.document.fields


def named_fields(
    record: type[Struct], fields: dict[str, Any], kind: NameKind, prefix: str
) -> Iterator[tuple[str, str]]:
    """Yield the path and value of every field with such a name."""
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
                        yield from named_fields(part, inner, kind, lead)


def _types(kind: Any) -> list[Any]:
    """Return the types that a list or optional type contains."""
    if get_origin(kind) is None:
        return [kind]
    return [inner for arg in get_args(kind) if arg is not Ellipsis for inner in _types(arg)]
