"""Resolves references in bodies to pages: found, unpublished or unknown."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Literal, NamedTuple

from builder.content.picture_address import origin_of
from builder.content.pictures import ShownPicture, show_picture
from builder.diagnostics.diagnostic import Finding, Place
from builder.model.body import ReferenceKind
from builder.model.entity import Company, Person, PlainPage, Thread, Topic
from builder.model.outline import Outline
from builder.model.settings import Settings
from builder.names.keys import in_nfc, name_key
from builder.names.register import NameRegister
from builder.names.suggest import did_you_mean
from builder.site.site import Site


class Referent(NamedTuple):
    """What a reference means.

    The `url` of an image is followed by its size as attributes; `sources` are the elements before
    it in a `<picture>`. If the target is unpublished, `name` is the text to print instead: a name
    as written, or a few neutral words."""

    state: Literal["found", "unpublished", "unknown"]
    name: str = ""
    url: str = ""
    sources: str = ""


_ROOT = "/.."  # from an edition to the main one
_UNPUBLISHED, _UNKNOWN = Referent("unpublished"), Referent("unknown")
_Register = (
    Mapping[str, Outline]
    | Mapping[str, Company]
    | Mapping[str, Topic]
    | Mapping[str, Thread]
    | Mapping[str, Person]
    | Mapping[str, PlainPage]
)


def resolve(site: Site, kind: ReferenceKind, target: str) -> Referent:
    """Resolve a reference; a file's path is relative to the site's folder."""
    if kind == "media":
        return _media(site, target)
    if kind == "picture":
        trusted = is_trusted(site.config.settings, target)
        return Referent("found", "", html.escape(target)) if trusted else _UNKNOWN
    if kind == "file":
        return _file(site, target)
    if kind == "name":
        return _name(site, target)
    known = _known(site, kind, target)
    found = _found(site, kind, target)
    if found.state == "unknown" and known:
        found = _found(site, kind, known)
    if found.state == "unknown" and (known or _is_unlinked(site, kind, target)):
        return Referent("unpublished", target)
    if found.state == "unknown" and (kind, target) in site.unlinked:
        return _UNPUBLISHED
    return found


def _known(site: Site, kind: str, name: str) -> str:
    """Return the slug that a name means, with or without a page."""
    names: dict[str, NameRegister] = {
        "company": site.names.companies,
        "topic": site.names.topics,
        "person": site.names.people,
    }
    return (names[kind].resolve(name) if kind in names else None) or ""


def _is_unlinked(site: Site, kind: str, name: str) -> bool:
    """Return whether the name is that of an unpublished record."""
    return (f"{kind}=", name_key(name)) in site.unlinked


def _found(site: Site, kind: str, slug: str) -> Referent:
    if kind == "brief" and slug in site.unpublished:
        return _UNPUBLISHED
    if kind == "company":
        slug = site.names.merged.get(slug, slug)
    record = _register(site, kind).get(slug)
    if record is None and site.whole and (record := _register(site.whole, kind).get(slug)):
        return Referent("found", record.label, f"{_ROOT}{record.url}")
    if record is None:
        return _UNKNOWN
    return Referent("found", record.label, f"{_way_to(site, kind, slug)}{record.url}")


def _way_to(site: Site, kind: str, slug: str) -> str:
    """Return what leads to the edition that has a record's page, if it is another one."""
    if kind == "brief":
        return site.entries[slug].elsewhere
    return site.elsewhere.get(slug, "") if kind == "page" else ""


def _register(site: Site, kind: str) -> _Register:
    registers: dict[str, _Register] = {
        "brief": site.outlines,
        "company": site.companies,
        "topic": site.topics,
        "thread": site.threads,
        "person": site.people,
        "page": site.pages,
    }
    return registers[kind]


def _name(site: Site, name: str) -> Referent:
    for kind in ("company", "person", "topic"):
        if slug := _known(site, kind, name):
            found = _found(site, kind, slug)
            return Referent("unpublished", name) if found.state == "unknown" else found
        if _is_unlinked(site, kind, name):
            return Referent("unpublished", name)
    return _UNKNOWN


def _file(site: Site, path: str) -> Referent:
    path = in_nfc(path)
    if path not in site.paths:
        return _UNKNOWN
    found = _found(site, *site.paths[path])
    return _UNPUBLISHED if found.state == "unknown" else found


def _media(site: Site, name: str) -> Referent:
    file = site.media.get(name)
    if file is None:
        return _UNKNOWN
    return Referent("found", "", *_in_text(show_picture(file, site.config.settings.pictures)))


# The width of a picture in a text: that of the text, or of a phone (`--measure` in style.css).
SIZES = "(min-width: 44rem) 40rem, 100vw"


def _in_text(picture: ShownPicture) -> tuple[str, str]:
    """Return the attributes of an `<img>`, and the elements before it.

    The first attribute lacks its beginning, `src="`, and the last one its end."""
    sizes = f'" sizes="{SIZES}'
    own = f'" srcset="{picture.srcset}{sizes}' if picture.srcset else ""
    size = f'" width="{picture.width}" height="{picture.height}' if picture.width else ""
    sources = (
        f'<source type="{kind}" srcset="{srcset}{sizes}">' for kind, srcset in picture.sources
    )
    return f"{picture.fallback}{own}{size}", "".join(sources)


def advise(site: Site, kind: ReferenceKind, target: str, at: str | Place) -> Finding:
    """Return the finding for an unknown reference."""
    if kind == "media":
        return missing_media(site, target, at)
    if kind == "picture":
        return untrusted_picture(target, at)
    if kind == "file":
        hint = did_you_mean(target, site.paths) or "write the path relative to this file"
        return Finding(at, "broken-link", f"there is no record at {target}", hint)
    if kind == "name":
        registers = (site.names.companies, site.names.people, site.names.topics)
        near = next((found for n in registers if (found := n.suggest(target))), "")
        hint = f"did you mean `{near}`?" if near else "write the name of a record"
        message = f"no company, person or topic is called `{target}`"
        return Finding(at, "unknown-name", message, hint)
    shown = [slug for slug in _register(site, kind) if slug not in site.unpublished]
    hint = did_you_mean(target, shown) or f"write a slug: `[[{kind}:slug]]`"
    return Finding(at, "broken-link", f"there is no {kind} `{target}`", hint)


def missing_media(site: Site, name: str, at: str | Place) -> Finding:
    """Return the finding for a missing or refused file of content/media/."""
    if refused := site.content.media.refused.get(name):
        message = f"content/media/{name} is not published: {refused.why}"
        return Finding(at, "invalid-picture", message, refused.hint)
    hint = did_you_mean(name, site.media) or "add the file"
    return Finding(at, "missing-media", f"there is no file content/media/{name}", hint)


def is_trusted(settings: Settings, url: str) -> bool:
    """Return whether the site trusts the host of an address."""
    return origin_of(url) in {origin_of(address) for address in settings.trusted}


def untrusted_picture(url: str, at: str | Place) -> Finding:
    """Return the finding for a picture on an untrusted site."""
    origin = origin_of(url)
    message = f"the site does not trust `{origin}`, so browsers do not load its pictures"
    hint = f"add `{origin}` to `trusted` in site.yaml, or put the file in content/media/"
    return Finding(at, "untrusted-picture", message, hint)


def normal(path: str) -> str:
    """Return a path without `.` and `..`, which cannot leave the folder."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
