"""Reads the folder of a site that Eleventy builds.

Addresses: 11ty.dev/docs/permalinks (by default the path of the file). Dates: 11ty.dev/docs/dates.
The plugin eleventy-plugin-rss gives an item its absolute address as identity (virtualTemplate.js:
`post.url | htmlBaseUrl(metadata.base)`). The configuration is a program, which is not run: the
folder `input`, the address and the path of the feed are looked up in its text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path, PurePosixPath
from typing import Any

from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ImportContext, ImportedPost
from builder.importers.readers.files import FolderFiles, decoded
from builder.importers.readers.markdown_folder import (
    MarkdownFile,
    first_of,
    markdown_files,
    picture_of,
    title_of_name,
)
from builder.importers.readers.values import as_date, as_text, as_texts, is_true
from builder.importers.text.liquid import without_liquid
from builder.names.keys import slugify

_CONFIGS = (".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs",
            "eleventy.config.ts")  # fmt: skip
_INPUT = re.compile(r"\binput:\s*[\"'`]([^\"'`]+)")
_BASE = re.compile(r"\b(?:base|url|siteUrl|baseUrl):\s*[\"'`](https?://[^\"'`]+)")
_FEED = re.compile(r"\boutputPath:\s*[\"'`]([^\"'`]+)")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})-(?=.)")
_NOT_PAGES = ("readme", "license", "changelog", "contributing", "404")
_TOKEN = re.compile(r"\{\{-?\s*([\w.]+)\s*((?:\|\s*\w+\s*)*)-?\}\}")


def read_eleventy(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the posts and pages of an Eleventy site."""
    if not path.is_dir():
        raise BadArchive(f"{path} is not a folder; give the folder with Eleventy's configuration")
    files = FolderFiles(path, notes)
    config = "".join(_read(path, name) for name in _CONFIGS)
    found = _INPUT.search(config)
    folder = found[1].strip("./") if found else ""
    prefix = f"{folder}/" if folder else ""
    base_url = context.base_url or _base_url(files, config, prefix, notes)
    reader = _Reader(files, prefix, base_url, notes)
    posts = tuple(reader.posts())
    if not posts:
        raise BadArchive(f"{path} has no Markdown in {folder or 'it'}/")
    base = reader.base
    feeds = [match[1] for match in _FEED.finditer(config)] or ["/feed.xml", "/feed/feed.xml"]
    folders = {p.source.rpartition("/")[0] for p in posts if not p.is_page and "/" in p.source}
    return Archive(
        posts=posts,
        base_url=base_url,
        files=files,
        roots=tuple(dict.fromkeys((folder, f"{prefix}public", f"{prefix}static", "public", ""))),
        feeds=tuple(f"{base}/{feed.strip('/')}" for feed in feeds),
        moved={
            **{f"{base}/{name}/": "/briefs/" for name in sorted(folders)},
            f"{base}/tags/": "/topics/",
        },
        terms={
            ("tags", word): (f"{base}/tags/{slugify(word)}/",)
            for post in posts
            for word in post.terms["tags"]
            if not post.is_draft
        },
    )


def _read(path: Path, name: str) -> str:
    """Return the text of a configuration, which may be a hidden file."""
    file = path / name
    try:
        return file.read_text("utf-8") if file.is_file() and not file.is_symlink() else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _base_url(files: FolderFiles, config: str, prefix: str, notes: ImportNotes) -> str:
    """Return the address of the site, from its configuration or its data."""
    if match := _BASE.search(config):
        return match[1].rstrip("/")
    for name in files.names():
        if re.fullmatch(rf"{re.escape(prefix)}_data/(?:metadata|site|meta)\.json", name):
            try:
                data = json.loads(decoded(files.read(name), name, notes))
            except (ValueError, RecursionError):
                continue
            names = ("base", "url", "siteUrl") if isinstance(data, dict) else ()
            found = next((as_text(data[name]) for name in names if data.get(name)), "")
            if found.startswith("http"):
                return found.rstrip("/")
    return ""


class _Reader:
    def __init__(self, files: FolderFiles, prefix: str, base_url: str, notes: ImportNotes) -> None:
        self.files, self.prefix, self.notes = files, prefix, notes
        self.host = re.sub(r"^(https?://[^/]*).*", r"\1", base_url)
        self.base = re.sub(r"^https?://[^/]*", "", base_url)
        self._data: dict[str, dict[str, Any]] = {}

    def posts(self) -> Iterator[ImportedPost]:
        def inside(name: str) -> bool:
            rest = name.removeprefix(self.prefix)
            return name.startswith(self.prefix) and not any(
                part.startswith("_") for part in rest.split("/")
            )

        for text in markdown_files(self.files, inside, self.notes):
            try:
                if post := self._post(text._replace(name=text.name.removeprefix(self.prefix))):
                    yield post
            except BadPost as error:
                self.notes.add("unreadable", text.name, str(error))

    def _post(self, text: MarkdownFile) -> ImportedPost | None:
        shared = self._shared(text.name)
        fields = {**shared, **text.fields}
        stem = text.name.rpartition(".")[0]
        last = PurePosixPath(stem).name
        if last.casefold() in _NOT_PAGES and "/" not in stem:
            return None
        dated = _DATED.match(last)
        date = None
        written = as_text(fields.get("date"))
        if written and not re.match(r"(?:git )?(?:Last Modified|Created)$", written, re.I):
            date = as_date(written, UTC)
        date = date or as_date(dated[1] if dated else "", UTC)
        slug = last[dated.end() :] if dated else last
        if slug == "index":
            slug = PurePosixPath(stem).parent.name or "index"
        title = as_text(fields.get("title")) or title_of_name(slug)
        address = self._address(fields, stem, slug, title, text.name)
        if address is None:
            self.notes.add("left-out", text.name, "it has no page (permalink: false)")
            return None
        if stem == "index":
            return None  # the front page
        tags = as_texts(text.fields.get("tags"), r"\s*,\s*")
        mine = {*as_texts(shared.get("tags"))}
        return ImportedPost(
            source=text.name,
            place=text.name,
            title=title,
            body=self._body(text, fields),
            is_page=date is None,
            date=date,
            updated=as_date(first_of(fields, "updated", "lastmod", "modified"), UTC),
            is_draft=is_true(fields.get("draft")),
            slug=as_text(fields.get("slug")) or slug,
            address=f"{self.base}{address}" if address else "",
            aliases=tuple(
                f"{self.base}/{old.strip('/')}"
                for old in as_texts(first_of(fields, "redirect_from", "aliases"))
            ),
            guid=f"{self.host}{self.base}{address}" if self.host and address and date else "",
            base=f"{self.prefix}{text.name}",
            authors=as_texts(first_of(fields, "authors", "author"), r"\s*,\s*"),
            terms={
                "tags": tuple(tag for tag in tags if tag not in mine),
                "categories": as_texts(first_of(fields, "categories", "category"), r"\s*,\s*"),
            },
            summary=as_text(first_of(fields, "description", "excerpt", "summary")),
            image=picture_of(first_of(fields, "image", "cover", "thumbnail", "hero")),
            lang=as_text(fields.get("lang")),
        )

    def _address(
        self, fields: dict[str, Any], stem: str, slug: str, title: str, place: str
    ) -> str | None:
        """Return the path of a page; None if it has none, empty if it is computed."""
        pattern = fields.get("permalink")
        if as_text(pattern) == "false":
            return None
        if not (pattern := as_text(pattern)):
            return re.sub(r"/index/$", "/", f"/{stem}/")
        names = {"page.fileSlug": slug, "page.filePathStem": f"/{stem}", "title": title,
                 "slug": as_text(fields.get("slug"))}  # fmt: skip

        def value(match: re.Match[str]) -> str:
            found = names.get(match[1], as_text(fields.get(match[1])))
            return slugify(found) if re.search(r"slug", match[2]) else found

        path = _TOKEN.sub(value, pattern)
        if "{{" in path or "{%" in path:
            self.notes.add("no-guid", place, f"its permalink is computed: {pattern}")
            return ""
        return "/" + re.sub(r"index\.html$", "", path.lstrip("/"))

    def _shared(self, name: str) -> dict[str, Any]:
        """Return the values that data files give a text. (docs/data-template-dir)"""
        found: dict[str, Any] = {}
        folders = [str(p) for p in PurePosixPath(name).parents][::-1]
        for folder in folders:
            if folder == ".":
                continue
            if folder not in self._data:
                self._data[folder] = self._data_of(folder, f"/{PurePosixPath(folder).name}")
            found |= self._data[folder]
        return found | self._data_of(name.rpartition(".")[0])

    def _data_of(self, place: str, name: str = "") -> dict[str, Any]:
        """Return the values of the data file of a text, or of one in a folder with its name."""
        for ending in (".json", ".11tydata.json"):
            path = f"{self.prefix}{place}{name}{ending}"
            if self.files.size(path):
                try:
                    data = json.loads(decoded(self.files.read(path), path, self.notes))
                except (ValueError, RecursionError):
                    continue
                return data if isinstance(data, dict) else {}
        return {}

    def _body(self, text: MarkdownFile, fields: dict[str, Any]) -> str:
        variables = {name: value for name, value in fields.items() if isinstance(value, str)}
        return without_liquid(text.body, text.name, self.notes, variables, lambda *_: None)


KIND = OldKind(
    name="eleventy",
    reads="the folder of the site, with Eleventy's configuration",
    read=read_eleventy,
    mapping={"tags": "names", "categories": "sections"},
)
