"""Reads the folder of a site that Zola builds.

Pages: getzola.org/documentation/content/page. Addresses are the path of the file, or `slug` and
`path`; a date before the name is not part of them. An entry of atom.xml and an item of rss.xml have
the permalink as identity (zola, components/templates/src/builtins)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ImportContext, ImportedPost
from builder.importers.readers.files import FolderFiles, decoded
from builder.importers.readers.headers import read_settings
from builder.importers.readers.markdown_folder import (
    MarkdownFile,
    first_of,
    markdown_files,
    picture_of,
    title_of_name,
)
from builder.importers.readers.values import as_date, as_text, as_texts, is_true
from builder.importers.text.shortcodes import zola_shortcodes
from builder.names.keys import slugify

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[\d:+.Z-]+?)?[_-](?=.)")


class _Config(NamedTuple):
    base_url: str
    language: str
    languages: tuple[str, ...]
    slugify: str  # on, safe or off
    feeds: tuple[str, ...]
    pagers: Mapping[str, int]  # items on a page of a section, if it has pages


def read_zola(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the pages of a Zola site."""
    if not path.is_dir():
        raise BadArchive(f"{path} is not a folder; give the folder with Zola's configuration")
    files = FolderFiles(path, notes)
    texts = [
        text._replace(name=text.name.removeprefix("content/"))
        for text in markdown_files(files, lambda name: name.startswith("content/"), notes)
    ]
    if not texts:
        raise BadArchive(f"{path} has no Markdown in content/")
    config = _configuration(files, texts, context, notes)
    reader = _Reader(config, texts, notes)
    posts = tuple(reader.posts())
    base = reader.base
    return Archive(
        posts=posts,
        base_url=config.base_url,
        files=files,
        roots=("static", "content"),
        feeds=tuple(reader.feeds()),
        moved=_lists(posts, config, base),
        terms=_terms(posts, config, base),
    )


def _configuration(
    files: FolderFiles, texts: list[MarkdownFile], context: ImportContext, notes: ImportNotes
) -> _Config:
    found: dict[str, Any] = {}
    for name in ("config.toml", "zola.toml"):
        if name in files.names():
            try:
                found |= read_settings(decoded(files.read(name), name, notes), name)
            except BadPost as error:
                raise BadArchive(str(error)) from None
    paths = found.get("slugify")
    strategy = as_text(paths.get("paths")) if isinstance(paths, dict) else ""
    languages = found.get("languages")
    names = as_texts(found.get("feed_filenames")) or as_texts(found.get("feed_filename"))
    pagers = {}
    for text in texts:
        if text.name.endswith("_index.md") and (size := as_text(text.fields.get("paginate_by"))):
            pagers[str(PurePosixPath(text.name).parent)] = int(size) if size.isdigit() else 0
    return _Config(
        base_url=(context.base_url or as_text(found.get("base_url"))).rstrip("/"),
        language=as_text(found.get("default_language")) or "en",
        languages=tuple(languages) if isinstance(languages, dict) else (),
        slugify=strategy or "on",
        feeds=names or ("atom.xml",),
        pagers=pagers,
    )


class _Reader:
    def __init__(self, config: _Config, texts: list[MarkdownFile], notes: ImportNotes) -> None:
        self.config, self.texts, self.notes = config, texts, notes
        self.base = re.sub(r"^https?://[^/]*", "", config.base_url)
        self.drafts = {
            str(PurePosixPath(text.name).parent)
            for text in texts
            if PurePosixPath(text.name).name.startswith("_index.")
            and is_true(text.fields.get("draft"))
        }  # Zola skips a section that is a draft, with all below it

    def feeds(self) -> Iterator[str]:
        """Yield the feed of the site, and those of sections that have one."""
        yield from (f"{self.base}/{name}" for name in self.config.feeds)
        for text in self.texts:
            own = first_of(text.fields, "generate_feeds", "generate_feed")
            if text.name.endswith("/_index.md") and is_true(own):
                folder = str(PurePosixPath(text.name).parent)
                yield from (f"{self.base}/{folder}/{name}" for name in self.config.feeds)

    def posts(self) -> Iterator[ImportedPost]:
        for text in self.texts:
            if PurePosixPath(text.name).name.startswith("_index."):
                continue
            try:
                if post := self._post(text):
                    yield post
            except BadPost as error:
                self.notes.add("unreadable", text.name, str(error))

    def _post(self, text: MarkdownFile) -> ImportedPost | None:
        fields = text.fields
        if fields.get("render") is False:
            self.notes.add("left-out", text.name, "it is not rendered")
            return None
        stem, lang = self._language(text.name)
        parts = stem.split("/")
        if parts[-1] == "index" and len(parts) > 1:
            parts = parts[:-1]
        dated = _DATED.match(parts[-1])
        name = parts[-1][dated.end() :] if dated else parts[-1]
        date = as_date(fields.get("date"), UTC) or as_date(dated[1] if dated else "", UTC)
        slug = as_text(fields.get("slug")) or self._part(name)
        before = f"/{lang}" if lang and lang != self.config.language else ""
        path = as_text(fields.get("path")).strip("/")
        path = path or "/".join([*map(self._part, parts[:-1]), slug])
        address = f"{self.base}{before}/{path}/"
        words = fields.get("taxonomies")
        terms = {str(k): as_texts(v) for k, v in words.items()} if isinstance(words, dict) else {}
        extra = fields.get("extra")
        more = extra if isinstance(extra, dict) else {}
        host = re.sub(r"^(https?://[^/]*).*", r"\1", self.config.base_url)
        return ImportedPost(
            source=text.name,
            place=text.name,
            title=as_text(fields.get("title")) or title_of_name(name),
            body=zola_shortcodes(text.body, text.name, self.notes),
            is_page=date is None,
            date=date,
            updated=as_date(fields.get("updated"), UTC),
            is_draft=is_true(fields.get("draft"))
            or any(str(folder) in self.drafts for folder in PurePosixPath(text.name).parents),
            slug=path.rpartition("/")[2],
            address=address,
            aliases=tuple(f"{self.base}/{a.strip('/')}" for a in as_texts(fields.get("aliases"))),
            guid=f"{host}{address}" if host and date else "",
            base=f"content/{text.name}",
            authors=as_texts(fields.get("authors")) or as_texts(more.get("author")),
            terms=terms,
            summary=as_text(fields.get("description")),
            image=picture_of(first_of(more, "image", "cover", "thumbnail", "og_image")),
            lang=lang,
        )

    def _language(self, name: str) -> tuple[str, str]:
        path = re.sub(r"\.(?:md|markdown)$", "", name, flags=re.I)
        stem, dot, lang = path.rpartition(".")
        return (stem, lang) if dot and lang in self.config.languages else (path, "")

    def _part(self, part: str) -> str:
        """Return a part of a path by the strategy of the configuration. (slugify.paths)"""
        if self.config.slugify == "off":
            return part
        if self.config.slugify == "safe":
            return re.sub(r"[<>:\"/|?*#\n()\[\]\s]+", "_", part).strip("._ ")
        return slugify(part)


def _lists(posts: tuple[ImportedPost, ...], config: _Config, base: str) -> dict[str, str]:
    found: dict[str, str] = {}
    public = [p.source for p in posts if not p.is_draft and not p.is_page]
    for folder in sorted({source.rpartition("/")[0] for source in public if "/" in source}):
        top = folder.split("/")[0]
        found[f"{base}/{top}/"] = "/briefs/"
    for folder, size in config.pagers.items():
        inside = sum(source.startswith(f"{folder}/") for source in public)
        for n in range(1, -(-inside // size) + 1 if size else 1):
            found[f"{base}/{folder}/page/{n}/"] = "/briefs/"
    for taxonomy in sorted({name for post in posts for name in post.terms}):
        found[f"{base}/{slugify(taxonomy)}/"] = "/topics/" if taxonomy == "tags" else "/briefs/"
    return found


def _terms(
    posts: tuple[ImportedPost, ...], config: _Config, base: str
) -> dict[tuple[str, str], tuple[str, ...]]:
    counts = Counter(
        (t, w) for p in posts if not p.is_draft for t, ws in p.terms.items() for w in ws
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for taxonomy, word in counts:
        path = f"{base}/{slugify(taxonomy)}/{slugify(word)}/"
        found[taxonomy, word] = (path, *(f"{path}{feed}" for feed in config.feeds))
    return found


KIND = OldKind(
    name="zola",
    reads="the folder of the site, with config.toml and content/",
    read=read_zola,
    mapping={"tags": "names", "categories": "sections"},
)
