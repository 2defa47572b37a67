"""Reads the folder of a site that Astro builds.

Collections: docs.astro.build/en/guides/content-collections. The id of an entry is its path, each
part as a slug, or its `slug`. Its address follows from the dynamic route in src/pages that calls
`getCollection` with its name. `@astrojs/rss` gives an item its absolute link as `guid`. The
configuration is a program, which is not run: `site` and `base` are looked up in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

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
from builder.importers.text.code_pieces import CodePieces

_CONFIG = re.compile(r"astro\.config\.(?:mjs|js|ts|mts|cjs)")
_ROUTE = re.compile(r"src/pages/((?:[^\[\]]*/)?)\[(?:\.\.\.)?\w+\](?:/index)?\.(?:astro|ts|js)")
_COLLECTION = re.compile(r"getCollection\(\s*[\"'`]([\w-]+)")
_NOT_PAGES = ("404", "500", "index")


class _Config(NamedTuple):
    site: str
    base: str
    ending: str  # of an address: `/`, nothing or `.html`
    routes: dict[str, str]  # the folder of the route of each collection
    feeds: tuple[str, ...]


def read_astro(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the entries of collections and the Markdown pages."""
    if not path.is_dir():
        raise BadArchive(f"{path} is not a folder; give the folder with astro.config.mjs")
    files = FolderFiles(path, notes)
    config = _configuration(files, context, notes)
    reader = _Reader(config, notes)
    posts = tuple(reader.posts(files))
    if not posts:
        raise BadArchive(f"{path} has no Markdown in src/content/ or src/pages/")
    return Archive(
        posts=posts,
        base_url=f"{config.site}{config.base}",
        files=files,
        roots=("public", "src/assets", "src/content", "src"),
        feeds=config.feeds,
        moved={f"{config.base}{route}": "/briefs/" for route in sorted({*config.routes.values()})},
        terms={
            ("tags", word): tuple(
                f"{config.base}/{folder}/{_slug(word)}/" for folder in ("tags", "tag")
            )
            for post in posts
            for word in post.terms["tags"]
            if not post.is_draft
        },
    )


def _configuration(files: FolderFiles, context: ImportContext, notes: ImportNotes) -> _Config:
    text, routes = "", dict[str, str]()
    feeds = []
    for name in files.names():
        if _CONFIG.fullmatch(name):
            text = re.sub(r"//[^\n\"']*$", "", decoded(files.read(name), name, notes), flags=re.M)
        elif route := _ROUTE.fullmatch(name):
            for found in _COLLECTION.finditer(decoded(files.read(name), name, notes)):
                routes.setdefault(found[1], f"/{route[1]}")
        elif feed := re.fullmatch(
            r"src/pages/((?:[\w/-]*/)?[\w-]*(?:rss|feed|atom)[\w-]*\.xml)\.(?:js|ts)", name
        ):
            feeds.append(f"/{feed[1]}")

    def value(field: str) -> str:
        match = re.search(rf"\b{field}:\s*[\"'`]([^\"'`]*)", text)
        return match[1].rstrip("/") if match else ""

    base = value("base").strip("/")
    site, base = value("site"), f"/{base}" if base else ""
    if context.base_url:
        match = re.fullmatch(r"(https?://[^/]+)(/.*)?", context.base_url)
        site, base = (match[1], match[2] or "") if match else (site, base)
    is_file = re.search(r"format:\s*[\"'`]file", text)
    never = re.search(r"trailingSlash:\s*[\"'`]never", text)
    return _Config(site, base, ".html" if is_file else "" if never else "/", routes,
                   tuple(f"{base}{feed}" for feed in feeds))  # fmt: skip


class _Reader:
    def __init__(self, config: _Config, notes: ImportNotes) -> None:
        self.config, self.notes = config, notes

    def posts(self, files: FolderFiles) -> Iterator[ImportedPost]:
        def inside(name: str) -> bool:
            return name.startswith(("src/content/", "src/pages/", "src/data/")) and not any(
                part.startswith("_") for part in name.split("/")
            )

        for text in markdown_files(files, inside, self.notes):
            try:
                if post := self._post(text):
                    yield post
            except BadPost as error:
                self.notes.add("unreadable", text.name, str(error))

    def _post(self, text: MarkdownFile) -> ImportedPost | None:
        fields = text.fields
        _, kind, *rest = text.name.split("/")
        stem = re.sub(r"\.\w+$", "", "/".join(rest))
        date = as_date(
            first_of(fields, "pubDate", "date", "publishDate", "pubDatetime", "publishedAt",
                     "published", "createdAt"), UTC,
        )  # fmt: skip
        is_page = kind == "pages"
        if is_page:
            if stem in _NOT_PAGES:
                return None
            route, identity = "/", re.sub(r"/index$", "", stem)
        else:
            collection, _, inside = stem.partition("/")
            if not inside:
                return None
            route = self.config.routes.get(collection, f"/{collection}/")
            identity = as_text(fields.get("slug")) or _identity(inside)
            is_page = date is None
        address = f"{self.config.base}{route}{identity}{self.config.ending}"
        guid = f"{self.config.site}{address}"
        if not guid.endswith((".html", "/")):
            guid += "/"  # as createCanonicalURL of @astrojs/rss does
        return ImportedPost(
            source=text.name,
            place=text.name,
            title=as_text(fields.get("title")) or title_of_name(identity),
            body=_without_components(text, self.notes),
            is_page=is_page,
            date=date,
            updated=as_date(
                first_of(fields, "updatedDate", "updated", "modDatetime", "lastmod"), UTC
            ),
            is_draft=_is_draft(fields),
            slug=identity.rpartition("/")[2],
            address=address,
            guid=guid if self.config.site and not is_page else "",
            base=text.name,
            authors=as_texts(first_of(fields, "authors", "author"), r"\s*,\s*"),
            terms={
                "tags": as_texts(first_of(fields, "tags", "keywords"), r"\s*,\s*"),
                "categories": as_texts(first_of(fields, "categories", "category"), r"\s*,\s*"),
            },
            summary=as_text(first_of(fields, "description", "excerpt", "summary")),
            image=picture_of(
                first_of(fields, "heroImage", "image", "cover", "ogImage", "thumbnail")
            ),
            lang=as_text(fields.get("lang")),
        )


def _identity(path: str) -> str:
    """Return the id of an entry: each part of its path as a slug, without `index`."""
    return re.sub(r"/index$", "", "/".join(_slug(part) for part in path.split("/")))


def _slug(text: str) -> str:
    """Return a slug as github-slugger makes it: punctuation goes, letters of any script stay."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.lower()))


_IMPORT = re.compile(
    r"^(?:import\s[^\n]*|export\s+(?:const|let|function|default)\b[\s\S]*?(?:;|\n\}))[ \t]*\n", re.M
)
_COMPONENT = re.compile(r"<(/?)([A-Z][\w.]*)((?:[^<>{}\"']|\"[^\"]*\"|'[^']*'|\{[^{}]*\})*?)(/?)>")


def _without_components(text: MarkdownFile, notes: ImportNotes) -> str:
    """Return the Markdown of an MDX file; the text in components stays. (mdxjs.com/docs)"""
    if PurePosixPath(text.name).suffix.lower() != ".mdx":
        return text.body
    code = CodePieces()
    body = code.take(text.body)
    body = _IMPORT.sub("", body)
    body = re.sub(r"\{/\*[\s\S]*?\*/\}", "", body)

    def dropped(match: re.Match[str]) -> str:
        if not match[1]:
            notes.add("shortcode", text.name, f"<{match[2]}>")
        return ""

    return code.give(_COMPONENT.sub(dropped, body))


def _is_draft(fields: dict[str, Any]) -> bool:
    """Return whether a text is a draft, by any field that themes use for it."""
    shown = [first_of(fields, name) for name in ("published", "publish", "isPublished")]
    return (
        any(is_true(first_of(fields, name)) for name in ("draft", "isDraft", "is_draft"))
        or as_text(first_of(fields, "status")).casefold() in ("draft", "hidden", "unpublished")
        or any(as_text(value).casefold() in ("false", "no") for value in shown)
    )


KIND = OldKind(
    name="astro",
    reads="the folder of the site, with astro.config.mjs and src/content/",
    read=read_astro,
    mapping={"tags": "names", "categories": "sections"},
)
