"""Where the pages and files of an old site are now."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from builder.content.addresses import misread_address
from builder.content.picture_address import origin_of
from builder.content.urls import has_host, split_address
from builder.importers.notes import Note
from builder.importers.post import ImportedPost
from builder.importers.text.html_markdown import Frames

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PAGE = re.compile(r"(?:\.(?:html?|php|aspx?|md|markdown|mdx))?$", re.I)
_FILE = re.compile(r"\.(?!html?$|php$|aspx?$|md$|markdown$|mdx$)[A-Za-z0-9]{1,5}$")


def page_key(path: str) -> str:
    """Return a path without what varies between addresses of one page."""
    path = unquote(path.partition("#")[0].partition("?")[0])
    path = re.sub(r"/(?:index|default)\.(?:html?|php|aspx?)$", "/", path)
    return re.sub(r"\.html?$", "", path).rstrip("/").casefold() or "/"


def host_key(address: str) -> str:
    """Return the host of an address without `www.`, or an empty string."""
    parts = split_address(address)
    return (parts.netloc.lower().removeprefix("www.") if parts else "") or ""


class OldSite(NamedTuple):
    """What is known of the addresses of the old site, and of the new one.

    `pages` maps the key of an old path, and `sources` the path of a file of the archive, to the new
    address. `find` returns the path below content/media/ for a file that the old site served, given
    its address and the base of the post."""

    base_url: str
    new_base_url: str
    pages: Mapping[str, str]
    sources: Mapping[str, str]
    find: Callable[[str, str], str | None]
    fetched: Mapping[str, str] = {}  # pictures of other sites, by address
    trusted: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()

    def frames_of(self, post: ImportedPost, notes: list[Note], used: set[str]) -> Frames:
        """Return how addresses in a post are rewritten; `used` gets files.

        It also gets the addresses of pictures on other sites."""
        rewriting = _Addresses(self, post, notes, used)
        return Frames(rewriting.link, rewriting.picture, self.frames)


class _Addresses:
    """The addresses of one post."""

    def __init__(
        self, site: OldSite, post: ImportedPost, notes: list[Note], used: set[str]
    ) -> None:
        self.site, self.base, self.place = site, post.base, post.place
        self.page = re.sub(r"^https?://[^/]*", "", post.address)
        self.notes, self.used = notes, used
        self.own = {host_key(site.base_url), host_key(site.new_base_url)} - {""}

    def _note(self, code: str, detail: str) -> None:
        shown = detail if len(detail) <= 120 else f"{detail[:120]}…"
        self.notes.append(Note(code, self.place, shown))

    def link(self, address: str) -> str | None:
        """Return the new address of a link, or None to keep only its words."""
        address = re.sub(r"[\x00-\x20\x7f-\x9f]+", " ", address).strip()
        if address.startswith("#"):
            return address if len(address) > 1 else None
        if address.startswith("//"):
            address = f"https:{address}"
        if _SCHEME.match(address) and not self._is_own(address):
            return self._elsewhere(address)
        if re.match(r"www\.[\w-]+\.\w", address, re.I):
            return self._elsewhere(f"https://{address}")
        path = self._path(address)
        if path is None:
            self._note("bad-address", address)
            return None
        if new := self._page(path, address):
            self._note("old-link", address)
            return new
        if file := self.site.find(path, self.base):
            self.used.add(file)
            return f"/media/{quote(file)}"
        if self.site.base_url and not self._same_host():
            whole = self._elsewhere(f"{_origin(self.site.base_url)}{path}")
            if whole:
                return whole
        self._note("own-file" if _FILE.search(path) else "dead-link", address)
        return None

    def picture(self, address: str) -> tuple[str, bool] | None:
        """Return the address of a picture, and whether it is shown or linked."""
        address = re.sub(r"[\x00-\x20\x7f-\x9f]+", " ", address).strip()
        if address.startswith("//"):
            address = f"https:{address}"
        if address in self.site.fetched:
            self.used.add(self.site.fetched[address])
            return f"/media/{quote(self.site.fetched[address])}", True
        path = self._path(address) if not _SCHEME.match(address) or self._is_own(address) else None
        if path and (file := self.site.find(path, self.base)):
            self.used.add(file)
            return f"/media/{quote(file)}", True
        if not _SCHEME.match(address):
            if not self.site.base_url or self._same_host() or not path:
                self._note("no-picture", address)
                return None
            address = f"{_origin(self.site.base_url)}{path}"
        secure = re.sub(r"^http:", "https:", address)
        new = self._elsewhere(secure)
        if new is None:
            return None
        if origin_of(new) in self.site.trusted:
            return new, True
        if self._is_own(address) and self._same_host():
            self._note("no-picture", address)
            return None
        self._note("remote-picture", address)
        self.used.add(address)
        return self._elsewhere(address) or new, False

    # --- pieces --------------------------------------------------------------------------------

    def _is_own(self, address: str) -> bool:
        return bool(re.match(r"https?://", address, re.I)) and host_key(address) in self.own

    def _same_host(self) -> bool:
        return host_key(self.site.base_url) in ("", host_key(self.site.new_base_url))

    def _elsewhere(self, address: str) -> str | None:
        """Return an address of another site as it can be linked, or None."""
        address = address.replace(" ", "%20").replace("\\", "%5C").replace("<", "%3C")
        address = address.replace(">", "%3E").replace('"', "%22").replace("`", "%60")
        wrong = misread_address(address)
        if wrong and (meant := re.search(r"`(https?://[^`]+)`", wrong.hint)):
            address, wrong = meant[1], misread_address(meant[1])
        web = re.match(r"https?:", address, re.I)
        if wrong or (web and not has_host(address)):
            self._note("bad-address", address)
            return None
        return address

    def _path(self, address: str) -> str | None:
        """Return the path of an address of the old site, with its query and fragment."""
        if _SCHEME.match(address):
            parts = split_address(address)
            if parts is None:
                return None
            tail = f"?{parts.query}" if parts.query else ""
            return f"{parts.path or '/'}{tail}" + (f"#{parts.fragment}" if parts.fragment else "")
        if address.startswith("/") or not address:
            return address or None
        return address

    def _page(self, path: str, written: str) -> str | None:
        """Return the new address of a page or of a file of the archive that became one."""
        plain = unquote(path.partition("#")[0].partition("?")[0])
        if not plain:
            return None
        folder = self.base.rpartition("/")[0]
        for name in _sources(plain, folder):
            if name in self.site.sources:
                return self.site.sources[name]
        if path.startswith("/"):
            query = path.partition("#")[0]
            return self.site.pages.get(query) or self.site.pages.get(page_key(path))
        if self.page.startswith("/"):
            joined = posixpath.normpath(posixpath.join(self.page.rpartition("/")[0] or "/", plain))
            return self.site.pages.get(page_key(joined))
        return None


def _sources(path: str, folder: str) -> Iterable[str]:
    """Yield the files of the archive that a path may mean."""
    bare = path.removeprefix("@").lstrip("/")
    near = posixpath.normpath(posixpath.join(folder.lstrip("/"), path)) if path[0] != "/" else bare
    for name in dict.fromkeys((near, bare, posixpath.normpath(bare))):
        yield name
        if _PAGE.search(name):
            yield from (f"{name.rstrip('/')}{end}" for end in (".md", "/index.md", "/_index.md"))


def _origin(base_url: str) -> str:
    parts = split_address(base_url)
    return f"{parts.scheme}://{parts.netloc}" if parts else ""
