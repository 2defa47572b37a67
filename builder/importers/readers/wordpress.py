"""Reads the export of WordPress: Tools, Export, All content (WXR, an extended RSS).

The element `guid` of an item is what its feed has (wp-includes/feed-rss2.php prints `the_guid`, as
wp-admin/includes/export.php does). `link` is the address of the page; `_wp_old_slug` has former
names (wp_old_slug_redirect). `post_date` is local, `post_date_gmt` in UTC, so both give the offset.
Text without blocks gets its paragraphs from blank lines when it is shown (wpautop)."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from builder.content.urls import split_address
from builder.importers.bad_archive import BadArchive, BadPost
from builder.importers.notes import ImportNotes
from builder.importers.old_kind import OldKind
from builder.importers.post import Archive, ImportContext, ImportedPost, OldDate, OldPicture
from builder.importers.readers.values import as_date
from builder.importers.readers.xml_items import XmlItem, read_items
from builder.importers.text.shortcodes import arguments

_EXPORTS = tuple(f"http://wordpress.org/export/1.{n}/" for n in (2, 1, 0))
_CONTENT = "http://purl.org/rss/1.0/modules/content/ encoded"
_DC = "http://purl.org/dc/elements/1.1/ creator"
_LEFT = {"trash": "it is in the bin", "auto-draft": "it is empty", "inherit": "it is a revision"}
_PUBLIC = ("publish", "future")  # all others, such as those of plugins, have no readers
_DESCRIPTIONS = ("_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description")
_TYPES = ("post", "page", "attachment")


class _Export(NamedTuple):
    """What an export says besides its posts."""

    items: list[_Item]
    authors: dict[str, str]  # printed names by login
    base_url: str
    pictures: dict[str, OldPicture]  # attachments by id


class _Item(NamedTuple):
    """The values of an item that its post needs."""

    line: int
    values: dict[str, str]
    meta: dict[str, list[str]]
    categories: tuple[tuple[str, str, str], ...]  # taxonomy, word, slug


def read_wordpress(path: Path, context: ImportContext, notes: ImportNotes) -> Archive:
    """Return the posts and pages of an export."""
    if not path.is_file():
        raise BadArchive(f"{path} is not a file; give the XML file that WordPress exports")
    export = _read(path, context, notes)
    posts = []
    for item in export.items:
        place = f"{path.name}:{item.line}"
        try:
            if post := _post(item, export, place, notes):
                posts.append(post)
        except BadPost as error:
            notes.add("unreadable", place, str(error))
    if not posts:
        raise BadArchive(f"{path} has no posts; export `All content` as WordPress eXtended RSS")
    base = re.sub(r"^https?://[^/]*", "", export.base_url).rstrip("/")
    return Archive(
        posts=tuple(posts),
        base_url=export.base_url,
        feeds=(f"{base}/feed/", f"{base}/feed/atom/", f"{base}/feed/rss/", f"{base}/rss/"),
        moved=_lists(export, base, posts),
        terms=_terms(export, base),
    )


def _read(path: Path, context: ImportContext, notes: ImportNotes) -> _Export:
    heads = {f"{ns} {n}" for ns in _EXPORTS for n in ("author", "base_blog_url", "base_site_url")}
    items, authors, base_url = [], dict[str, str](), context.base_url
    pictures: dict[str, OldPicture] = {}
    is_export = False
    for element in read_items(path, ("item",), notes, heads):
        name = element.name.rpartition(" ")[2]
        is_export |= name != "item"
        if name == "author":
            login = _wp(element, "author_login")
            first, last = _wp(element, "author_first_name"), _wp(element, "author_last_name")
            authors[login] = (
                _wp(element, "author_display_name") or f"{first} {last}".strip() or login
            )
        elif name in ("base_blog_url", "base_site_url"):
            base_url = base_url or element.text.strip()
        else:
            item = _item(element)
            notes_of = sum(1 for _ in element.all(*(f"{ns} comment" for ns in _EXPORTS)))
            if notes_of:
                notes.add("comments", f"{path.name}:{element.line}", "", notes_of)
            if item.values["post_type"] == "attachment":
                address = _wp(element, "attachment_url") or item.values["guid"]
                alt = (item.meta.get("_wp_attachment_image_alt") or [""])[0]
                pictures[item.values["post_id"]] = OldPicture(address, alt, item.values["excerpt"])
            elif item.values["post_type"] in _TYPES:
                items.append(item)
            elif item.values["post_type"] not in ("nav_menu_item", "revision", "wp_global_styles"):
                notes.add(
                    "left-out",
                    f"{path.name}:{element.line}",
                    f"its type is {item.values['post_type']}",
                )
    if not is_export:
        raise BadArchive(
            f"{path} is not an export of WordPress; for a feed use `slugline import feed`"
        )
    return _Export(items, authors, base_url.rstrip("/"), pictures)


def _wp(element: XmlItem, name: str) -> str:
    return element.get(*(f"{ns} {name}" for ns in _EXPORTS))


def _item(element: XmlItem) -> _Item:
    values = {name: _wp(element, name) for name in (
        "post_id", "post_date", "post_date_gmt", "post_name", "status", "post_type",
        "post_password",
    )}  # fmt: skip
    values["modified"] = _wp(element, "post_modified_gmt")
    values |= {name: element.get(name) for name in ("title", "link", "guid", "description")}
    values["creator"], values["content"] = element.get(_DC), element.get(_CONTENT)
    values["excerpt"] = element.get(*(f"{ns}excerpt/ encoded" for ns in _EXPORTS))
    meta: dict[str, list[str]] = {}
    for one in element.all(*(f"{ns} postmeta" for ns in _EXPORTS)):
        meta.setdefault(_wp(one, "meta_key"), []).append(_wp(one, "meta_value"))
    categories = tuple(
        (
            c.attributes.get("domain", "category"),
            html.unescape(c.text.strip()),
            c.attributes.get("nicename", ""),
        )
        for c in element.all("category")
    )
    return _Item(element.line, values, meta, categories)


def _post(item: _Item, export: _Export, place: str, notes: ImportNotes) -> ImportedPost | None:
    values = item.values
    status = values["status"] or "publish"
    if status in _LEFT:
        notes.add("left-out", place, _LEFT[status])
        return None
    if values["post_password"]:
        notes.add("password", place, values["title"])
    elif status == "private":
        notes.add("restricted", place, values["title"])
    is_draft = status not in _PUBLIC or bool(values["post_password"])
    link = values["link"]
    named = bool(re.search(r"[?&](?:p|page_id|preview)=", link))
    folder = re.sub("^https?://[^/]*", "", export.base_url)
    slug = values["post_name"]
    number = values["post_id"]
    aliases = [f"/?p={number}"] if number and not is_draft and values["post_type"] == "post" else []
    for old in item.meta.get("_wp_old_slug", ()):
        if slug and not named and old:
            aliases.append(re.sub(rf"{re.escape(slug)}(/?)$", rf"{old}\1", _path(link)))
    thumbnail = export.pictures.get((item.meta.get("_thumbnail_id") or [""])[0])
    content = values["content"] + _footnotes(item)
    summary = values["excerpt"] or next(
        (item.meta[name][0] for name in _DESCRIPTIONS if item.meta.get(name)), ""
    )
    return ImportedPost(
        source=number or values["guid"],
        place=place,
        title=html.unescape(values["title"]),
        body=_body(content, place, notes),
        form="html",
        is_page=values["post_type"] == "page",
        date=_date(values),
        is_draft=is_draft,
        slug=re.sub(r"%[0-9a-fA-F]{2}", "", slug),
        address="" if is_draft and named else _path(link) if not named else "",
        aliases=tuple(f"{folder}{a}" if a.startswith("/?") else a for a in aliases),
        guid=html.unescape(values["guid"]) if values["post_type"] == "post" else "",
        authors=tuple(filter(None, [export.authors.get(values["creator"], values["creator"])])),
        terms={
            "categories": tuple(word for kind, word, _ in item.categories if kind == "category"),
            "tags": tuple(word for kind, word, _ in item.categories if kind == "post_tag"),
        },
        summary=summary,
        image=thumbnail,
    )  # fmt: skip


def _path(link: str) -> str:
    parts = split_address(link)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "") if parts else ""


def _date(values: dict[str, str]) -> OldDate | None:
    """Return the date of a post in the zone of its site.

    A draft has no date in UTC (`0000-00-00`)."""
    local, utc = values["post_date"], values["post_date_gmt"]
    if not utc or utc.startswith("0000"):
        return as_date(local, UTC) if local and not local.startswith("0000") else None
    found = as_date(utc, UTC)
    if found is None or not local or local.startswith("0000"):
        return found
    try:
        shift = datetime.fromisoformat(local) - datetime.fromisoformat(utc)
    except ValueError:
        return found
    if abs(shift) > timedelta(hours=14) or shift.seconds % 60:
        return found
    return OldDate(found.at.astimezone(timezone(shift)))


# --- texts ---------------------------------------------------------------------------------------

_BLOCK = (
    r"(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area"
    r"|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header"
    r"|footer|nav|figure|figcaption|details|menu|summary|iframe|video|audio)"
)
_CAPTION = re.compile(
    r"\[caption([^\]]*)\]\s*((?:<a [^>]*>)?\s*<img [^>]*>\s*(?:</a>)?)([\s\S]*?)\[/caption\]"
)
_SHORTCODE = re.compile(
    r"\[(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))*)\s*(/?)\]"
)
_MEANT = frozenset(("embed", "audio", "video", "youtube", "gallery", "playlist", "caption", "code",
                    "sourcecode", "vimeo", "tweet"))  # fmt: skip
_ALONE = re.compile(r"^(?:<p>)?\s*(https?://[^\s<>\"]+)\s*(?:</p>)?$", re.MULTILINE)


def _body(text: str, place: str, notes: ImportNotes) -> str:
    """Return a text as HTML: paragraphs made, shortcodes replaced."""
    text = re.sub(
        r"\[(?:sourcecode|code)([^\]]*)\]([\s\S]*?)\[/(?:sourcecode|code)\]", _source, text
    )
    text = _CAPTION.sub(_figure, text)
    text = _SHORTCODE.sub(lambda m: _replaced(m, text, place, notes), text)
    is_blocks = "<!-- wp:" in text
    text = re.sub(r"<!--\s*/?wp:[\s\S]*?-->|<!--(?:more|nextpage)[\s\S]*?-->", "", text)
    text = _ALONE.sub(
        lambda m: f'<p><a href="{html.escape(m[1])}">{html.escape(m[1])}</a></p>', text
    )
    return text if is_blocks else _paragraphs(text)


def _source(match: re.Match[str]) -> str:
    language = arguments(match[1]).get("language") or arguments(match[1]).get("lang") or ""
    code = match[2].strip("\n")
    code = code if "&lt;" in code else html.escape(code)
    return f'\n\n<pre><code class="language-{html.escape(language)}">{code}</code></pre>\n\n'


def _figure(match: re.Match[str]) -> str:
    words = match[3].strip() or arguments(match[1]).get("caption", "")
    return f"\n\n<figure>{match[2]}<figcaption>{words}</figcaption></figure>\n\n"


def _replaced(match: re.Match[str], text: str, place: str, notes: ImportNotes) -> str:
    """Return what a shortcode becomes: a frame, a link, or nothing; its text stays."""
    closing, name, given = match[1], match[2].lower(), match[3]
    if (
        name not in _MEANT
        and not given.strip()
        and f"[/{match[2]}]" not in text
        and "_" not in name
    ):
        return match[0]  # words in brackets, such as [sic]
    if name == "embed":
        return ""
    found = arguments(given)
    source = next((found[k] for k in ("src", "url", "mp3", "mp4", "id", "0") if found.get(k)), "")
    if name in ("audio", "video") and source and not closing:
        return f'<p><a href="{html.escape(source)}">{name.capitalize()}</a></p>'
    if name in ("youtube", "vimeo") and source and not closing:
        host = "www.youtube.com/embed/" if name == "youtube" else "player.vimeo.com/video/"
        return f'<iframe src="https://{host}{html.escape(source)}"></iframe>'
    if not closing:
        notes.add("shortcode", place, name)
    return ""


def _paragraphs(text: str) -> str:
    """Return a text with paragraphs at blank lines and breaks at other line ends."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\n\n<p>\ue020{len(kept) - 1}\ue021</p>\n\n"

    text = re.sub(r"<pre[\s>][\s\S]*?</pre>", keep, text.replace("\r\n", "\n"))
    text = re.sub(rf"(<{_BLOCK}[\s/>])", r"\n\n\1", text)
    text = re.sub(rf"(</{_BLOCK}>)", r"\1\n\n", text)
    made = []
    for part in re.split(r"\n\s*\n", text):
        if not (part := part.strip()):
            continue
        if re.match(rf"</?{_BLOCK}[\s/>]", part):
            made.append(part)
        else:
            lines = re.sub(r"\s*(?:<br\s*/?>)?\n\s*", "<br>\n", part)
            made.append(f"<p>{lines}</p>")
    whole = "\n".join(made)
    return re.sub(r"(?:<p>)?\ue020(\d+)\ue021(?:</p>)?", lambda m: kept[int(m[1])], whole)


def _footnotes(item: _Item) -> str:
    """Return the notes of the block `core/footnotes`, which stand in the metadata of a post."""
    try:
        found = json.loads((item.meta.get("footnotes") or ["[]"])[0] or "[]")
    except ValueError:
        return ""
    if not isinstance(found, list) or "wp:footnotes" not in item.values["content"]:
        return ""
    notes = "".join(
        f'<li id="{html.escape(str(n.get("id")))}">{n.get("content", "")}'
        f' <a href="#{html.escape(str(n.get("id")))}-link">↩︎</a></li>'
        for n in found
        if isinstance(n, dict)
    )
    return f'<ol class="wp-block-footnotes">{notes}</ol>' if notes else ""


# --- lists ---------------------------------------------------------------------------------------


def _lists(export: _Export, base: str, posts: list[ImportedPost]) -> dict[str, str]:
    """Map the archives of authors and months to lists of this program."""
    found = {f"{base}/author/{_slug(login)}/": "/briefs/" for login in export.authors}
    for post in posts:
        if post.date and not post.is_page and not post.is_draft:
            at = post.date.at
            found[f"{base}/{at:%Y}/"] = f"/archive/{at:%Y}/"
            found[f"{base}/{at:%Y}/{at:%m}/"] = f"/archive/{at:%Y}/{at:%m}/"
    return found


def _slug(login: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", login.casefold()).strip("-")


def _terms(export: _Export, base: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the paths of the list and the feed of each category and tag."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for item in export.items:
        for domain, word, slug in item.categories:
            folder = {"category": "category", "post_tag": "tag"}.get(domain)
            if folder and slug and word:
                taxonomy = "categories" if domain == "category" else "tags"
                path = f"{base}/{folder}/{slug}/"
                found[taxonomy, word] = (path, f"{path}feed/")
    return found


KIND = OldKind(
    name="wordpress",
    reads="the XML file of Tools, Export, All content",
    read=read_wordpress,
    mapping={"tags": "names", "categories": "sections"},
    needs_address=False,
)
