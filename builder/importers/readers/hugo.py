"""Reads the folder of a site that Hugo builds.

Front matter: gohugo.io/content-management/front-matter. Addresses:
gohugo.io/content-management/urls and gohugo.io/configuration/permalinks. An item of the embedded
RSS template has the permalink of its page as `guid` (gohugo.io/templates/rss)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
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
from builder.importers.readers.hugo_cascade import Cascade, is_draft, is_flag, is_rendered
from builder.importers.readers.markdown_folder import (
    MarkdownFile,
    first_of,
    markdown_files,
    picture_of,
    title_of_name,
)
from builder.importers.readers.values import as_date, as_text, as_texts, is_true
from builder.importers.text.shortcodes import hugo_shortcodes

_CONFIG = re.compile(
    r"(?:hugo|config)\.(?:toml|ya?ml|json)|config/_default/[\w.-]+\.(?:toml|ya?ml|json)"
)
_PAGES = ("", "page", "pages")  # sections of pages that are not news
_TOKEN = re.compile(r":(\w+)(\[[^\]]*\])?")
_SAFE = "/$&+,:;=@~%"  # characters that Go leaves in a path (net/url)
_PAGER = 10  # items on a page of a list, unless the configuration says otherwise


class _Config(NamedTuple):
    """What the configuration says of addresses and taxonomies."""

    base_url: str
    content: str
    patterns: Mapping[str, str]  # of pages, by section
    taxonomies: Mapping[str, str]  # plural by singular
    zone: tzinfo
    ugly: bool
    language: str
    languages: tuple[str, ...]
    in_subfolder: bool
    lower: bool
    pager: int
    cascade: Any


def read_hugo(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the posts and pages of a Hugo site."""
    if not path.is_dir():
        raise BadArchive(f"{path} is not a folder; give the folder with Hugo's configuration")
    files = FolderFiles(path, notes)
    config = _configuration(files, context, notes)
    prefix = f"{config.content}/" if config.content else ""
    texts = [
        text._replace(name=text.name[len(prefix) :])
        for text in markdown_files(files, lambda name: name.startswith(prefix), notes)
    ]
    if not texts:
        raise BadArchive(f"{path} has no Markdown in {config.content or 'it'}/")
    reader = _Reader(config, texts, notes)
    posts = tuple(reader.posts(prefix))
    sections = {p.source.split("/")[0] for p in posts if not p.is_page}
    return Archive(
        posts=posts,
        base_url=config.base_url,
        files=files,
        roots=("static", "assets", config.content),
        feeds=(
            f"{reader.base_path}/index.xml",
            *(f"{reader.base_path}/{section}/index.xml" for section in sorted(sections)),
        ),
        moved=_lists(posts, sections, config),
        terms=_terms(posts, config),
    )


def _configuration(files: FolderFiles, context: ImportContext, notes: ImportNotes) -> _Config:
    found: dict[str, Any] = {}
    for name in files.names():
        if not _CONFIG.fullmatch(name):
            continue
        try:
            values = read_settings(decoded(files.read(name), name, notes), name)
        except BadPost as error:
            raise BadArchive(str(error)) from None
        stem = PurePosixPath(name).stem
        part = {k.casefold(): v for k, v in values.items()}
        found |= part if stem in ("hugo", "config") else {stem.casefold(): values}
    names = files.names()
    content = as_text(found.get("contentdir")) or (
        "content" if any(n.startswith("content/") for n in names) else ""
    )
    permalinks = found.get("permalinks") or {}
    patterns = permalinks.get("page") if isinstance(permalinks.get("page"), dict) else permalinks
    languages = found.get("languages") or {}
    zone = load_zone(as_text(found.get("timezone"))) if found.get("timezone") else None
    pagination = found.get("pagination") or {}
    size = as_text(
        pagination.get("pagersize") or pagination.get("pagerSize") or found.get("paginate")
    )
    return _Config(
        base_url=(context.base_url or as_text(found.get("baseurl"))).rstrip("/"),
        content=content.strip("/"),
        patterns={str(k): v for k, v in (patterns or {}).items() if isinstance(v, str)},
        taxonomies=found.get("taxonomies") or {"tag": "tags", "category": "categories"},
        zone=zone or UTC,
        ugly=is_true(found.get("uglyurls")),
        language=as_text(found.get("defaultcontentlanguage")) or "en",
        languages=tuple(languages) if isinstance(languages, dict) else (),
        in_subfolder=is_true(found.get("defaultcontentlanguageinsubdir")),
        lower=not is_true(found.get("disablepathtolower")),
        pager=int(size) if size.isdigit() and int(size) else _PAGER,
        cascade=found.get("cascade"),
    )


class _Reader:
    def __init__(self, config: _Config, texts: list[MarkdownFile], notes: ImportNotes) -> None:
        self.config, self.texts, self.notes = config, texts, notes
        self.base_path = re.sub(r"^https?://[^/]*", "", config.base_url).rstrip("/")
        self.names: dict[str, str] = {}
        self.cascade = Cascade(config.cascade, texts)
        for text in texts:
            path = PurePosixPath(text.name)
            stem = path.parent.name if path.stem in ("index", "_index") else path.stem
            self.names.setdefault(stem.casefold(), text.name)
        dated = {_section(t.name) for t in texts if first_of(t.fields, "date", "publishDate")}
        self.undated = {_section(t.name) for t in texts} - dated

    def posts(self, prefix: str) -> Iterator[ImportedPost]:
        for text in self.texts:
            if PurePosixPath(text.name).name.startswith("_index."):
                continue
            try:
                if post := self._post(text, prefix):
                    yield post
            except BadPost as error:
                self.notes.add("unreadable", text.name, str(error))

    def _post(self, text: MarkdownFile, prefix: str) -> ImportedPost | None:
        fields, zone = self.cascade.over(text), self.config.zone
        if not is_rendered(fields):
            self.notes.add("left-out", text.name, "it is not rendered")
            return None
        stem, lang = self._language(text.name)
        date = None
        dates = ["date", "publishDate", "pubdate", "published"]
        if is_flag(fields, "true", "false"):
            dates.remove("published")
        for name in (*dates, "lastmod", "modified"):
            if date := as_date(first_of(fields, name), zone):
                break
        starts = as_date(first_of(fields, *dates[1:]), zone)
        if starts and date and starts.at > date.at:
            date = starts  # not shown before
        section = _section(text.name)
        is_page = section in _PAGES or (not date and section in self.undated)
        title = as_text(first_of(fields, "title", "linkTitle")) or title_of_name(_bundle(stem))
        address = self._address(stem, fields, title, date, lang)
        expires = as_date(first_of(fields, "expiryDate", "unpublishdate"), zone)
        never_shown = bool(expires and date and expires.at <= date.at)
        terms = {
            plural: as_texts(first_of(fields, plural), ",")
            for plural in self.config.taxonomies.values()
            if plural not in ("authors", "author")
        }
        terms["folder"] = () if section in _PAGES else (section.replace("-", " ").capitalize(),)
        return ImportedPost(
            source=text.name,
            place=text.name,
            title=title,
            body=hugo_shortcodes(text.body, text.name, self.notes, self._refer),
            is_page=is_page,
            date=date,
            updated=as_date(first_of(fields, "lastmod", "modified"), zone),
            expires=expires,
            is_draft=is_draft(fields) or never_shown,
            slug=as_text(fields.get("slug")) or _bundle(stem),
            address=address,
            aliases=tuple(self._aliases(fields, address)),
            guid=_host(self.config.base_url) + quote(address, safe=_SAFE)
            if self.config.base_url
            else "",
            base=f"{prefix}{text.name}",
            authors=as_texts(first_of(fields, "authors", "author"), ","),
            terms=terms,
            summary=as_text(first_of(fields, "summary", "description")),
            image=picture_of(
                first_of(fields, "featured_image", "featuredImage", "image", "cover", "images")
            ),
            lang=lang,
        )

    def _language(self, name: str) -> tuple[str, str]:
        """Return the path without its ending and language, and the language."""
        path = re.sub(r"\.(?:md|markdown|mdown|mkd|mdx)$", "", name, flags=re.I)
        stem, dot, lang = path.rpartition(".")
        if dot and lang in self.config.languages:
            return stem, lang
        return path, ""

    def _address(
        self, stem: str, fields: dict[str, Any], title: str, date: OldDate | None, lang: str
    ) -> str:
        """Return the path of a page on the old site.

        `url` overrides all. Otherwise a pattern of its section, or the path of its file, with the
        last part replaced by `slug`."""
        config = self.config
        before = f"/{lang}" if lang and (lang != config.language or config.in_subfolder) else ""
        if url := as_text(fields.get("url")):
            path = url if url.startswith("/") else f"{before}/{url}"
            return f"{self.base_path}{path}"
        parts = stem.split("/")
        if parts[-1] == "index":
            parts = parts[:-1] or [""]
        section = parts[0] if len(parts) > 1 else ""
        slug = as_text(fields.get("slug"))
        pattern = config.patterns.get(section)
        if pattern:
            path = _expanded(pattern, parts, slug, title, date)
        else:
            path = "/".join([*map(_urlize, parts[:-1]), _urlize(slug or parts[-1])])
        path = re.sub(r"/{2,}", "/", f"/{path}")
        path = path.lower() if config.lower else path
        if re.search(r"\.html?$", path) or path.endswith("/"):
            return f"{self.base_path}{before}{path}"
        return f"{self.base_path}{before}{path}" + (".html" if config.ugly else "/")

    def _aliases(self, fields: dict[str, Any], address: str) -> Iterator[str]:
        """Yield the former addresses of a page; a relative one is beside the page."""
        for alias in as_texts(fields.get("aliases")):
            if alias.startswith("/"):
                yield f"{self.base_path}{alias}"
            else:
                yield f"{address.rstrip('/').rpartition('/')[0]}/{alias}"

    def _refer(self, name: str) -> str:
        """Return the address of the page that a name means, as `ref` finds it."""
        path, mark, fragment = name.partition("#")
        if not path:
            return f"{mark}{fragment}"
        known = {text.name for text in self.texts}
        bare = path.strip("/").removesuffix(".md")
        for candidate in (path.strip("/"), f"{bare}.md", f"{bare}/index.md", f"{bare}/_index.md"):
            if candidate in known:
                return "/" + quote(candidate)
        found = self.names.get(PurePosixPath(bare).name.casefold(), "")
        return "/" + quote(found) if found else "/" + quote(path.strip("/"))


def _section(name: str) -> str:
    return name.split("/")[0] if "/" in name and not re.fullmatch(r"[^/]+/index\.\w+", name) else ""


def _bundle(stem: str) -> str:
    """Return the last part of a path, or the folder of an `index`."""
    parts = stem.split("/")
    return parts[-2] if parts[-1] == "index" and len(parts) > 1 else parts[-1]


def _urlize(part: str) -> str:
    """Return a part of a path as Hugo writes it: spaces as hyphens, without punctuation."""
    part = re.sub(r"\s+", "-", part.strip())
    return "".join(c for c in part if c.isalnum() or c in "._-~+@#" or ord(c) > 0x2FF).replace(
        "#", ""
    )


def _expanded(pattern: str, parts: list[str], slug: str, title: str, date: OldDate | None) -> str:
    """Return the path that a pattern makes. (gohugo.io/configuration/permalinks, Tokens)"""
    at = date.at if date else None
    named = _urlize(parts[-1])
    values = {
        "section": _urlize(parts[0]) if len(parts) > 1 else "",
        "sections": "/".join(map(_urlize, parts[:-1])),
        "title": _urlize(title),
        "slug": _urlize(slug or title),
        "filename": named,
        "contentbasename": named,
        "slugorfilename": _urlize(slug) or named,
        "slugorcontentbasename": _urlize(slug) or named,
    }
    if at:
        values |= {
            "year": f"{at:%Y}", "month": f"{at:%m}", "day": f"{at:%d}", "monthname": f"{at:%B}",
            "weekday": f"{at:%w}", "weekdayname": f"{at:%A}",
            "yearday": f"{at.timetuple().tm_yday}",
        }  # fmt: skip

    def value(match: re.Match[str]) -> str:
        if match[1] == "sections" and match[2]:
            return "/".join(map(_urlize, _sliced(parts[:-1], match[2].strip("[]"))))
        return values.get(match[1].lower(), "")

    return _TOKEN.sub(value, pattern).lstrip("/")


def _sliced(parts: list[str], span: str) -> list[str]:
    first, colon, last = span.partition(":")
    if not colon:
        index = len(parts) - 1 if first == "last" else int(first or 0)
        return parts[index : index + 1]
    end = len(parts) - 1 if last == "last" else int(last) if last else len(parts)
    return parts[int(first or 0) : end]


def _host(base_url: str) -> str:
    return re.sub(r"^(https?://[^/]*).*", r"\1", base_url)


def _lists(posts: tuple[ImportedPost, ...], sections: set[str], config: _Config) -> dict[str, str]:
    """Map the lists of a site to those of this program."""
    base = re.sub(r"^https?://[^/]*", "", config.base_url).rstrip("/")
    public = [post.source for post in posts if not post.is_draft]
    found = {}
    for section in ("", *(f"/{section}" for section in sorted(sections))):
        if section:
            found[f"{base}{section}/"] = "/briefs/"
        count = sum(f"/{source}".startswith(f"{section}/") for source in public)
        for path in _pages(f"{base}{section}/", count, config.pager):
            found[path] = "/briefs/"
    for plural in config.taxonomies.values():
        new = "/topics/" if plural == "tags" else "/briefs/"
        words = len({word for post in posts for word in post.terms.get(plural, ())})
        found |= dict.fromkeys(
            (f"{base}/{plural}/", *_pages(f"{base}/{plural}/", words, config.pager)), new
        )
    return found


def _pages(path: str, count: int, pager: int) -> list[str]:
    """Return the addresses of the pages of a list. (gohugo.io/templates/pagination)"""
    return [f"{path}page/{n}/" for n in range(1, max(1, -(-count // pager)) + 1)]


def _terms(
    posts: tuple[ImportedPost, ...], config: _Config
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the paths of the list and the feed of each term."""
    base = re.sub(r"^https?://[^/]*", "", config.base_url).rstrip("/")
    counts: Counter[tuple[str, str]] = Counter()
    for post in posts:
        for plural in config.taxonomies.values():
            counts.update((plural, word) for word in post.terms.get(plural, ()))
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for (plural, word), count in counts.items():
        path = f"{base}/{plural}/{_urlize(word).lower()}/"
        found[plural, word] = (path, *_pages(path, count, config.pager), f"{path}index.xml")
    return found


KIND = OldKind(
    name="hugo",
    reads="the folder of the site, with its configuration and content/",
    read=read_hugo,
    mapping={"tags": "names", "categories": "sections", "folder": "sections", "series": "topics"},
)
