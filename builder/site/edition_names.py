"""Where editions begin, and which edition a language has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from builder.model.brief import Brief
from builder.model.entity import Digest, PlainPage, Profile
from builder.model.outline import Outline
from builder.model.settings import Settings
from builder.model.values import LanguageTag, Slug

MAIN = ""  # the tag of the main edition
# What all editions share.
SHARED = ("/assets/", "/media/", "/favicon.ico")


def base_of(settings: Settings, tag: str) -> str:
    """Return where an edition begins, without a slash at the end."""
    return settings.editions[LanguageTag(tag)].base.rstrip("/") if tag else ""


def edition_for(settings: Settings, lang: str) -> str:
    """Return the edition of a language.

    It is that of the whole tag, or of the language without its region, or the main one."""
    if not lang or not settings.editions:
        return MAIN
    tags = {settings.language.lower(): MAIN, **{tag.lower(): tag for tag in settings.editions}}
    if (found := tags.get(lang.lower())) is not None:
        return found
    languages: dict[str, str] = {}
    for tag, edition in tags.items():
        languages.setdefault(tag.partition("-")[0], edition)
    return languages.get(lang.lower().partition("-")[0], MAIN)


def address_of(brief: Outline | Brief | Profile, settings: Settings) -> str:
    """Return an address from the root of the site."""
    return f"{base_of(settings, edition_for(settings, brief.lang))}{brief.url}"


def in_edition(record: PlainPage | Digest, settings: Settings) -> str:
    """Return a record's slug below its edition: `nl/about`."""
    base = base_of(settings, edition_for(settings, record.lang))
    return f"{base}/{record.slug}".lstrip("/")


def in_editions(pages: Iterable[PlainPage], settings: Settings) -> Iterator[PlainPage]:
    """Yield plain pages with slugs that tell apart those of different editions."""
    for page in pages:
        slug = in_edition(page, settings)
        yield page if slug == page.slug else replace(page, slug=Slug(slug))


def from_root(base: str, url: str) -> str:
    """Return an edition's address as one from the site's root.

    `base` is where the edition begins, without a slash at the end. What begins with `/..` is of
    another edition."""
    if not base or not url.startswith("/") or url.startswith(SHARED):
        return url
    return url[3:] if url.startswith("/../") else f"{base}{url}"
