"""Reads the folder of a site that Jekyll builds.

Posts: jekyllrb.com/docs/posts. Addresses: jekyllrb.com/docs/permalinks (placeholders and styles).
The plugin jekyll-feed gives an entry the `id` of its post below the address of the site
(jekyll-feed, lib/jekyll-feed/feed.xml: `post.id | absolute_url`); that is the address of the post
with its last part without an ending. A feed of one's own usually has the address as `guid`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote

from builder.content.time_zones import load_zone
from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ImportContext, ImportedPost, OldDate
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
from builder.importers.text.liquid import without_liquid
from builder.names.keys import slugify

_POST = re.compile(r"(?:(.*)/)?_posts/(?:.*/)?(\d{4})-(\d{1,2})-(\d{1,2})-([^/]+?)\.(\w+)")
_DRAFT = re.compile(r"(?:(.*)/)?_drafts/(?:.*/)?([^/]+?)\.(\w+)")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_TOKEN = re.compile(r":([a-z_]+)")
_ENDINGS = (".md", ".markdown", ".mkd", ".mkdown", ".mkdn", ".html")
_NOT_PAGES = ("readme", "license", "contributing", "changelog", "404", "index", "feed", "sitemap")


class _Config(NamedTuple):
    url: str
    baseurl: str
    permalink: str
    zone: tzinfo
    own_guid: bool  # a feed of its own has addresses as identities
    fields: Mapping[str, Any]


def read_jekyll(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the posts and pages of a Jekyll site."""
    if not path.is_dir():
        raise BadArchive(f"{path} is not a folder; give the folder with _config.yml")
    files = FolderFiles(path, notes)
    config = _configuration(files, context, notes)
    reader = _Reader(files, config, notes)
    posts = tuple(reader.posts())
    if not posts:
        raise BadArchive(f"{path} has no posts in _posts/ and no pages")
    base = config.baseurl
    return Archive(
        posts=posts,
        base_url=f"{config.url}{base}",
        files=files,
        roots=("", "assets", "images"),
        feeds=tuple(f"{base}{feed}" for feed in _feeds(files, config)),
        moved=_lists(base, posts),
        terms={},
    )


def _configuration(files: FolderFiles, context: ImportContext, notes: ImportNotes) -> _Config:
    found: dict[str, Any] = {}
    if "_config.yml" in files.names():
        try:
            found = read_settings(
                decoded(files.read("_config.yml"), "_config.yml", notes), "_config.yml"
            )
        except BadPost as error:
            raise BadArchive(str(error)) from None
    url, baseurl = as_text(found.get("url")).rstrip("/"), as_text(found.get("baseurl")).strip("/")
    baseurl = f"/{baseurl}" if baseurl else ""
    if context.base_url:
        match = re.fullmatch(r"(https?://[^/]+)(/.*)?", context.base_url)
        url, baseurl = (match[1], (match[2] or "").rstrip("/")) if match else (url, baseurl)
    plugins = [*as_texts(found.get("plugins")), *as_texts(found.get("gems"))]
    own = [n for n in files.names() if re.fullmatch(r"(?:feed|rss|atom)\.(?:xml|html)", n)]
    zone = load_zone(as_text(found.get("timezone"))) if found.get("timezone") else None
    return _Config(
        url=url,
        baseurl=baseurl,
        permalink=as_text(found.get("permalink")) or "date",
        zone=zone or UTC,
        own_guid=bool(own) and "jekyll-feed" not in plugins,
        fields=found,
    )


def _feeds(files: FolderFiles, config: _Config) -> Iterator[str]:
    feed = config.fields.get("feed")
    yield (
        "/" + (as_text(feed.get("path")) if isinstance(feed, dict) else "").strip("/")
        if (isinstance(feed, dict) and feed.get("path"))
        else "/feed.xml"
    )
    for name in files.names():
        if re.fullmatch(r"(?:rss|atom)\.xml", name):
            yield f"/{name}"


class _Reader:
    def __init__(self, files: FolderFiles, config: _Config, notes: ImportNotes) -> None:
        self.files, self.config, self.notes = files, config, notes
        self.addresses: dict[str, str] = {}  # by what `post_url` and `link` name
        names = [n for n in files.names() if _POST.fullmatch(n)]
        self.named = {re.sub(r"\.\w+$", "", n.rpartition("/")[2]): n for n in names}

    def posts(self) -> Iterator[ImportedPost]:
        for text in markdown_files(self.files, _is_text, self.notes, endings=_ENDINGS):
            try:
                if post := self._post(text):
                    yield post
            except BadPost as error:
                self.notes.add("unreadable", text.name, str(error))

    def _post(self, text: MarkdownFile) -> ImportedPost | None:
        fields = {**self._defaults(text.name), **text.fields}
        match, draft = _POST.fullmatch(text.name), _DRAFT.fullmatch(text.name)
        if not match and not draft:
            return self._page(text, fields)
        before, stem = (match[1], match[5]) if match else (draft[1], draft[2])  # type: ignore[index]
        date = as_date(fields.get("date"), self.config.zone)
        if match and not date:
            date = as_date(f"{match[2]}-{match[3]}-{match[4]}", self.config.zone)
        folders = tuple(p for p in (before or "").split("/") if p and not p.startswith("_"))
        categories = (
            *folders,
            *as_texts(fields.get("category")),
            *as_texts(fields.get("categories"), r"\s+"),
        )
        categories = tuple(dict.fromkeys(categories))
        slug = as_text(fields.get("slug")) or stem
        address = self._address(fields, slug, date, categories)
        published = fields.get("published")
        return ImportedPost(
            source=text.name,
            place=text.name,
            title=as_text(fields.get("title")) or title_of_name(stem),
            body=self._body(text, fields),
            form="html" if text.name.endswith(".html") else "markdown",
            date=date,
            updated=as_date(first_of(fields, "last_modified_at", "updated"), self.config.zone),
            is_draft=bool(draft) or is_true(fields.get("draft")) or _is_unpublished(published),
            slug=slug,
            address=f"{self.config.baseurl}{address}" if date else "",
            aliases=tuple(self._aliases(fields, address if date else "")),
            guid=self._guid(address, slug) if date else "",
            base=text.name,
            authors=self._authors(fields),
            terms={
                "categories": categories,
                "tags": (*as_texts(fields.get("tag")), *as_texts(fields.get("tags"), r"\s+")),
            },
            summary=as_text(first_of(fields, "description", "excerpt", "summary", "subtitle")),
            image=picture_of(first_of(fields, "image", "header", "cover", "feature_image")),
            lang=as_text(fields.get("lang")),
        )  # fmt: skip

    def _page(self, text: MarkdownFile, fields: dict[str, Any]) -> ImportedPost | None:
        stem = PurePosixPath(text.name).stem
        if not text.fields or (stem.casefold() in _NOT_PAGES and "/" not in text.name):
            return None
        if text.name.endswith(".html") and ("{%" in text.body or "{{" in text.body):
            self.notes.add("left-out", text.name, "it is a template")
            return None
        path = "/" + text.name.rpartition(".")[0]
        pretty = self.config.permalink in ("pretty",) or self.config.permalink.endswith("/")
        address = as_text(fields.get("permalink"))
        if not address:
            folder = re.sub(r"/index$", "/", path)
            address = folder if folder.endswith("/") else f"{path}/" if pretty else f"{path}.html"
        published = fields.get("published")
        parts = [part for part in address.split("/") if part]
        return ImportedPost(
            source=text.name,
            place=text.name,
            title=as_text(fields.get("title")) or title_of_name(stem),
            body=self._body(text, fields),
            form="html" if text.name.endswith(".html") else "markdown",
            is_page=True,
            is_draft=_is_unpublished(published),
            slug=re.sub(r"\.html?$", "", parts[-1]) if parts else stem,
            address=f"{self.config.baseurl}/{address.lstrip('/')}",
            aliases=tuple(self._aliases(fields, address)),
            base=text.name,
            summary=as_text(first_of(fields, "description", "excerpt", "summary")),
            lang=as_text(fields.get("lang")),
        )

    def _body(self, text: MarkdownFile, fields: dict[str, Any]) -> str:
        base = self.config.baseurl
        variables = {
            "site.url": self.config.url, "site.baseurl": base,
            "page.title": as_text(fields.get("title")),
            "site.title": as_text(self.config.fields.get("title")), "base_path": base,
        }  # fmt: skip
        body = re.sub(r"^[ \t]*\{%-?\s*(?:end)?raw\s*-?%\}[ \t]*$\n?", "", text.body, flags=re.M)
        return without_liquid(body, text.name, self.notes, variables, self._refer)

    def _refer(self, kind: str, name: str) -> str | None:
        if kind == "post_url":
            found = self.named.get(name.rpartition("/")[2])
            return f"/{quote(found)}" if found else None
        return f"/{quote(name)}" if name in self.files.names() else None

    def _defaults(self, name: str) -> dict[str, Any]:
        """Return the values that the configuration gives a file.

        (jekyllrb.com/docs/configuration/front-matter-defaults)"""
        found: dict[str, Any] = {}
        rules = self.config.fields.get("defaults")
        for rule in rules if isinstance(rules, list) else ():
            scope = rule.get("scope") if isinstance(rule, dict) else None
            values = rule.get("values") if isinstance(rule, dict) else None
            if not isinstance(scope, dict) or not isinstance(values, dict):
                continue
            path, kind = as_text(scope.get("path")).strip("/"), as_text(scope.get("type"))
            is_post = "_posts/" in name or "_drafts/" in name
            if (not path or name.startswith(path)) and kind in (
                "",
                "posts" if is_post else "pages",
            ):
                found |= values
        return found

    def _authors(self, fields: dict[str, Any]) -> tuple[str, ...]:
        return as_texts(first_of(fields, "authors", "author"), r"\s*,\s*")

    def _aliases(self, fields: dict[str, Any], address: str) -> Iterator[str]:
        """Yield former addresses (plugin jekyll-redirect-from), and the file of a bare one."""
        if address and not address.endswith("/") and "." not in address.rpartition("/")[2]:
            yield f"{self.config.baseurl}{address}.html"
        for old in as_texts(fields.get("redirect_from")):
            path = old if old.startswith(("/", "http")) else f"/{old}"
            yield path if path.startswith("http") else f"{self.config.baseurl}{path}"

    def _address(
        self, fields: dict[str, Any], slug: str, date: OldDate | None, categories: tuple[str, ...]
    ) -> str:
        pattern = as_text(fields.get("permalink")) or self.config.permalink
        pattern = _STYLES.get(pattern, pattern)
        return _expanded(pattern, slug, date, categories)

    def _guid(self, address: str, slug: str) -> str:
        if not self.config.url:
            return ""
        whole = f"{self.config.url}{self.config.baseurl}"
        if self.config.own_guid:
            return f"{whole}{address}"
        folder = str(PurePosixPath(address.rstrip("/") or "/").parent).rstrip("/")
        return f"{whole}{folder}/{quote(slug, safe='/~!$&*()+,;=:@.-_')}"


def _is_unpublished(published: Any) -> bool:
    return published is not None and not is_true(published)


def _is_text(name: str) -> bool:
    parts = name.split("/")
    hidden = [
        p for p in parts[:-1] if p.startswith("_") and p not in ("_posts", "_drafts", "_pages")
    ]
    return not hidden and not parts[-1].startswith("_")


def _slug(text: str, is_pretty: bool = True) -> str:
    """Return a slug as Jekyll makes it in its default mode: letters of any script stay."""
    return re.sub(r"[^\w]+|_+", "-", text.casefold()).strip("-")


def _expanded(pattern: str, slug: str, date: OldDate | None, categories: tuple[str, ...]) -> str:
    """Return the address that a pattern makes. (docs/permalinks, Placeholders)"""
    at = date.at if date else datetime(1970, 1, 1, tzinfo=UTC)
    values = {
        "year": f"{at:%Y}", "short_year": f"{at:%y}", "month": f"{at:%m}", "i_month": f"{at.month}",
        "short_month": f"{at:%b}", "long_month": f"{at:%B}", "day": f"{at:%d}",
        "i_day": f"{at.day}",
        "y_day": f"{at:%j}", "short_day": f"{at:%a}", "long_day": f"{at:%A}", "week": f"{at:%V}",
        "w_year": f"{at:%G}", "w_day": f"{at:%u}", "hour": f"{at:%H}", "minute": f"{at:%M}",
        "second": f"{at:%S}", "title": slug, "slug": _slug(slug), "output_ext": ".html",
        "categories": "/".join(dict.fromkeys(c.casefold() for c in categories)),
        "slugified_categories": "/".join(dict.fromkeys(slugify(c) for c in categories)),
        "collection": "posts",
    }  # fmt: skip
    path = _TOKEN.sub(lambda m: quote(values.get(m[1], ""), safe="/~!$&*()+,;=:@.-_"), pattern)
    return re.sub(r"/{2,}", "/", f"/{path}")


def _lists(base: str, posts: tuple[ImportedPost, ...]) -> dict[str, str]:
    return {
        f"{base}/archive/": "/archive/",
        f"{base}/tags/": "/topics/",
        f"{base}/categories/": "/briefs/",
    }


KIND = OldKind(
    name="jekyll",
    reads="the folder of the site, with _config.yml and _posts/",
    read=read_jekyll,
    mapping={"tags": "names", "categories": "sections"},
)
