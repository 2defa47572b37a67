"""Reads the folder of a site that Pelican builds.

Metadata: docs.getpelican.com, Writing content. Addresses: Settings, URL settings. An entry of a
feed has a tag URI as identity, made of the host, the date and the path of the article
(pelican/writers.py, `get_tag_uri`). pelicanconf.py is not run; only plain values in it are read."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote

from builder.content.time_zones import load_zone
from builder.content.urls import split_address
from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ImportContext, ImportedPost, OldDate
from builder.importers.readers.files import FolderFiles, decoded
from builder.importers.readers.headers import read_lines
from builder.importers.readers.markdown_folder import (
    MARKDOWN,
    MarkdownFile,
    picture_of,
    title_of_name,
)
from builder.importers.readers.markdown_folder import markdown_files as texts_of
from builder.importers.readers.values import as_date, as_text, as_texts

# Settings that decide addresses, and their defaults (docs.getpelican.com, Settings).
_DEFAULTS: dict[str, Any] = {
    "SITEURL": "", "PATH": "content", "TIMEZONE": "UTC", "DEFAULT_LANG": "en", "AUTHOR": "",
    "ARTICLE_URL": "{slug}.html", "DRAFT_URL": "drafts/{slug}.html",
    "PAGE_URL": "pages/{slug}.html",
    "TAG_URL": "tag/{slug}.html", "CATEGORY_URL": "category/{slug}.html",
    "AUTHOR_URL": "author/{slug}.html", "DEFAULT_CATEGORY": "misc", "USE_FOLDER_AS_CATEGORY": True,
    "PAGE_PATHS": ["pages"], "SLUGIFY_SOURCE": "title", "FEED_ALL_ATOM": "feeds/all.atom.xml",
    "FEED_ATOM": None, "FEED_RSS": None, "FEED_ALL_RSS": None,
    "CATEGORY_FEED_ATOM": "feeds/{slug}.atom.xml", "TAG_FEED_ATOM": None, "DEFAULT_DATE": None,
    "AUTHOR_FEED_ATOM": "feeds/{slug}.atom.xml", "AUTHOR_FEED_RSS": "feeds/{slug}.rss.xml",
    "FILENAME_METADATA": r"(?P<date>\d{4}-\d{2}-\d{2}).*", "DEFAULT_PAGINATION": False,
    "DEFAULT_METADATA": None,
}  # fmt: skip
_TOKEN = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


class _Config(NamedTuple):
    values: Mapping[str, Any]
    zone: tzinfo
    base_url: str

    def url(self, name: str) -> str:
        return as_text(self.values.get(name))


def read_pelican(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the articles and pages of a Pelican site."""
    if not path.is_dir():
        raise BadArchive(f"{path} is not a folder; give the folder with pelicanconf.py")
    files = FolderFiles(path, notes)
    config = _configuration(files, context, notes)
    content = config.url("PATH").strip("/").removeprefix("./")
    content = content if any(name.startswith(f"{content}/") for name in files.names()) else ""
    prefix = f"{content}/" if content else ""
    reader = _Reader(config, prefix, notes)
    posts = tuple(reader.posts(files))
    if not posts:
        raise BadArchive(f"{path} has no articles in {content or 'it'}/")
    base = re.sub(r"^https?://[^/]*", "", config.base_url)
    feeds = [config.url(n) for n in ("FEED_ALL_ATOM", "FEED_ALL_RSS", "FEED_ATOM", "FEED_RSS")]
    return Archive(
        posts=posts,
        base_url=config.base_url,
        files=files,
        roots=(content,),
        feeds=tuple(f"{base}/{feed.lstrip('/')}" for feed in feeds if feed),
        moved=_lists(posts, config, base),
        terms=_terms(posts, config, base),
    )


def _configuration(files: FolderFiles, context: ImportContext, notes: ImportNotes) -> _Config:
    values = dict(_DEFAULTS)
    for name in ("pelicanconf.py", "publishconf.py"):
        if name not in files.names():
            continue
        try:
            tree = ast.parse(decoded(files.read(name), name, notes))
        except (SyntaxError, ValueError, RecursionError) as error:
            raise BadArchive(f"{name} cannot be read: {error}") from None
        for statement in tree.body:
            if not isinstance(statement, ast.Assign) or not isinstance(
                statement.targets[0], ast.Name
            ):
                continue
            try:
                values[statement.targets[0].id] = ast.literal_eval(statement.value)
            except (ValueError, TypeError, SyntaxError, RecursionError):
                continue  # computed
    zone = load_zone(as_text(values["TIMEZONE"])) or UTC
    base = context.base_url or as_text(values["SITEURL"]).rstrip("/")
    return _Config(values, zone, base if base.startswith("http") else "")


class _Reader:
    def __init__(self, config: _Config, prefix: str, notes: ImportNotes) -> None:
        self.config, self.prefix, self.notes = config, prefix, notes
        self.base = re.sub(r"^https?://[^/]*", "", config.base_url)

    def posts(self, files: FolderFiles) -> Iterator[ImportedPost]:
        def inside(name: str) -> bool:
            return name.startswith(self.prefix)

        for text in texts_of(files, inside, self.notes, read_lines, MARKDOWN):
            try:
                yield self._post(text._replace(name=text.name[len(self.prefix) :]))
            except BadPost as error:
                self.notes.add("unreadable", text.name, str(error))

    def _post(self, text: MarkdownFile) -> ImportedPost:
        fields, config = text.fields, self.config
        folders = text.name.split("/")[:-1]
        pages = [as_text(p).strip("/") for p in config.values["PAGE_PATHS"]]
        is_page = any(text.name.startswith(f"{page}/") for page in pages)
        title = as_text(fields.get("title")) or title_of_name(text.name)
        name = re.match(config.url("FILENAME_METADATA"), PurePosixPath(text.name).stem)
        named = name.groupdict() if name else {}
        date = as_date(fields.get("date") or named.get("date"), config.zone)
        default = config.values["USE_FOLDER_AS_CATEGORY"] and folders and not is_page
        category = as_text(fields.get("category")) or (folders[-1] if default else "")
        category = category or config.url("DEFAULT_CATEGORY")
        source = title if config.url("SLUGIFY_SOURCE") == "title" else PurePosixPath(text.name).stem
        slug = as_text(fields.get("slug")) or named.get("slug") or slug_of(source)
        authors = as_texts(fields.get("authors") or fields.get("author"), r"\s*[;,]\s*")
        authors = authors or as_texts(config.values["AUTHOR"])
        usual = config.values["DEFAULT_METADATA"]
        usual = as_text(usual.get("status")) if isinstance(usual, dict) else ""
        status = (as_text(fields.get("status")) or usual or "published").casefold()
        lang = as_text(fields.get("lang")) or config.url("DEFAULT_LANG")
        tokens = {"slug": slug, "category": slug_of(category), "lang": lang,
                  "author": slug_of(authors[0]) if authors else ""}  # fmt: skip
        kind = "PAGE" if is_page else "DRAFT" if status == "draft" else "ARTICLE"
        url = as_text(fields.get("url")) or _expanded(config.url(f"{kind}_URL"), tokens, date)
        address = f"{self.base}/{url.lstrip('/')}"
        return ImportedPost(
            source=text.name,
            place=text.name,
            title=title,
            body=_links(text.body),
            is_page=is_page,
            date=date,
            updated=as_date(fields.get("modified"), config.zone),
            is_draft=status != "published",
            slug=slug,
            address=address,
            guid="" if is_page else self._guid(address, date),
            base=f"{self.prefix}{text.name}",
            authors=authors,
            terms={
                "categories": () if is_page else (category,),
                "tags": as_texts(fields.get("tags") or fields.get("keywords"), r"\s*[;,]\s*"),
            },
            summary=as_text(fields.get("summary") or fields.get("description")),
            image=picture_of(fields.get("image") or fields.get("cover")),
            lang=lang,
        )  # fmt: skip

    def _guid(self, address: str, date: OldDate | None) -> str:
        """Return the tag URI of an article. (RFC 4151, as feedgenerator writes it)"""
        parts = split_address(self.config.base_url)
        if not parts or not date:
            return ""
        return f"tag:{parts.hostname},{date.at:%Y-%m-%d}:{quote(address, safe='/~!$&()*+,;=:@%')}"


def slug_of(text: str) -> str:
    """Return a slug as Pelican makes it."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"[^\w\s-]", "", plain).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


def _expanded(pattern: str, tokens: Mapping[str, str], date: OldDate | None) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] == "date":
            return date.at.strftime(match[2] or "%Y-%m-%d") if date else ""
        return tokens.get(match[1], "")

    return _TOKEN.sub(value, pattern)


_SPECIAL = re.compile(r"([(<\"'])[{|](filename|static|attach|author|category|tag|index)[}|]")


def _links(body: str) -> str:
    """Return a text whose links to files have plain paths. (Writing content, Linking)"""

    def replaced(match: re.Match[str]) -> str:
        return (
            match[1] if match[2] in ("filename", "static", "attach") else f"{match[1]}/{match[2]}/"
        )

    return _SPECIAL.sub(replaced, body)


def _lists(posts: tuple[ImportedPost, ...], config: _Config, base: str) -> dict[str, str]:
    found = {f"{base}/archives.html": "/archive/", f"{base}/tags.html": "/topics/"}
    found |= dict.fromkeys((f"{base}/authors.html", f"{base}/categories.html"), "/briefs/")
    size = config.values["DEFAULT_PAGINATION"]
    if isinstance(size, int) and size > 0:
        count = sum(not p.is_page and not p.is_draft for p in posts)
        found |= {f"{base}/index{n}.html": "/briefs/" for n in range(2, -(-count // size) + 1)}
    for name in dict.fromkeys(author for post in posts for author in post.authors):
        found[f"{base}/{_expanded(config.url('AUTHOR_URL'), {'slug': slug_of(name)}, None)}"] = (
            "/briefs/"
        )
        for setting in ("AUTHOR_FEED_ATOM", "AUTHOR_FEED_RSS"):
            if pattern := config.url(setting):
                found[f"{base}/{_expanded(pattern, {'slug': slug_of(name)}, None)}"] = "/feed.xml"
    return found


def _terms(
    posts: tuple[ImportedPost, ...], config: _Config, base: str
) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for taxonomy, name in (("tags", "TAG"), ("categories", "CATEGORY")):
        patterns = [p for p in (config.url(f"{name}_URL"), config.url(f"{name}_FEED_ATOM")) if p]
        for word in dict.fromkeys(w for p in posts if not p.is_draft for w in p.terms[taxonomy]):
            tokens = {"slug": slug_of(word)}
            found[taxonomy, word] = tuple(f"{base}/{_expanded(p, tokens, None)}" for p in patterns)
    return found


KIND = OldKind(
    name="pelican",
    reads="the folder of the site, with pelicanconf.py and content/",
    read=read_pelican,
    mapping={"tags": "names", "categories": "sections"},
)
