"""site.yaml: mistakes in editions that need no other file, and their default addresses."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Finding
from builder.model.settings import Settings
from builder.model.values import Line
from builder.names.suggest import did_you_mean
from builder.patterns import pattern

_BASE = pattern(r"/[a-z0-9]+(?:-[a-z0-9]+)*/")


def with_bases(settings: Settings) -> Settings:
    """Return settings in which each edition has its address."""
    if not settings.editions:
        return settings
    editions = {
        tag: replace(edition, base=Line(edition.base or f"/{tag.lower()}/"))
        for tag, edition in settings.editions.items()
    }
    return replace(settings, editions=editions)


def check_editions(settings: Settings) -> Iterator[Finding]:
    """Yield the mistakes in editions: their languages, addresses and sections."""
    sections: dict[str, str] = {section.slug: section.name for section in settings.sections}
    lists: dict[str, str] = {watched.slug: watched.name for watched in settings.watchlists}
    authors: dict[str, str] = {author.slug: author.name for author in settings.authors}
    languages, bases = [settings.language.lower()], set[str]()
    for tag, edition in settings.editions.items():
        at = f"editions.{tag}"
        if tag.lower() in languages:
            message = f"the site has `{tag}` already"
            yield Finding(f"{at}#", "invalid-language", message, "remove this edition")
        languages.append(tag.lower())
        base = edition.base or f"/{tag.lower()}/"
        if not _BASE.fullmatch(base):
            hint = f"write one name between slashes: `/{tag.lower()}/`"
            message = f"the pages of an edition cannot begin with `{base}`"
            yield Finding(f"{at}.base", "invalid-url", message, hint)
        elif base in bases:
            message = f"two editions have the address `{base}`"
            yield Finding(f"{at}.base", "duplicate-slug", message, "choose another")
        elif base.strip("/") in sections:
            message = f"the address `{base}` is that of a section"
            yield Finding(f"{at}.base", "reserved-slug", message, "choose another `base`")
        bases.add(base)
        declared = {"sections": sections, "watchlists": lists, "authors": authors}
        for field, known in declared.items():
            for slug in getattr(edition, field):
                if slug not in known:
                    hint = did_you_mean(slug, known) or f"write a slug of `{field}`"
                    code: Code = "unknown-section" if field == "sections" else "unknown-name"
                    message = f"`{slug}` is not one of the site's {field}"
                    yield Finding(f"{at}.{field}.{slug}#", code, message, hint)
