"""Redirects from former addresses of records to their present ones."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from urllib.parse import quote

from builder.content.config import FILE, Config
from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.names.keys import as_read, exact_slug, in_address, page_address
from builder.patterns import pattern
from builder.site.authors import authors_with_page
from builder.site.registers import Registers
from builder.site.site import Redirect
from builder.site.slugs import wrong_slug


def list_redirects(
    names: Registers,
    companies: Mapping[str, Company],
    others: Iterable[Outline | Topic | Thread | Person | Publisher | PlainPage],
) -> Iterator[Redirect]:
    """Yield the redirects of published companies, merged ones too, and of `others`.

    A former name whose address a published company has is not a redirect."""
    taken = {company.url for company in companies.values()}
    for company in companies.values():
        for redirect in record_redirects(company, names):
            if not (redirect.at.startswith("formerly") and redirect.address in taken):
                yield redirect
    for record in others:
        yield from declared_redirects(record, record.url)


def record_redirects(
    record: Outline | Company | Topic | Thread | Person | Publisher | PlainPage,
    names: Registers,
) -> Iterator[Redirect]:
    """Yield the redirects to a record once it is published.

    Mergers and former names of companies are redirects too."""
    if not isinstance(record, Company):
        yield from declared_redirects(record, record.url)
        return
    target = record.url
    owner = names.all_companies.get(names.merged.get(record.slug, ""))
    if owner:
        target = owner.url
        yield Redirect(record.url, target, record.path, "merged_into")
    for n, name in enumerate(record.formerly):
        slug = exact_slug(name, names.slugs)
        ours = names.companies.resolve(name) == record.slug
        free = slug != record.slug and slug not in record.redirects
        if slug and ours and free and not wrong_slug(slug, names.slugs):
            yield Redirect(page_address("companies", slug), target, record.path, f"formerly.{n}")
    yield from declared_redirects(record, target)


def site_redirects(config: Config) -> Iterator[Redirect]:
    """Yield the redirects that site.yaml declares."""
    for n, moved in enumerate(config.settings.moved):
        old = str(moved.old)
        address = encoded(old if old.startswith("/") else f"/{old}/")
        yield Redirect(address, encoded(as_read(str(moved.to))), FILE, f"moved.{n}.from")


def author_redirects(config: Config, published: Container[str]) -> Iterator[Redirect]:
    """Yield the redirects from former names of authors who have a page."""
    settings = config.settings
    taken = {str(author.slug) for author in settings.authors}
    for author in authors_with_page(settings, published):
        number = settings.authors.index(author)
        for n, name in enumerate(author.formerly):
            slug = exact_slug(name, settings.slug_style)
            if slug and slug not in taken and not wrong_slug(slug, settings.slug_style):
                taken.add(slug)
                at = f"authors.{number}.formerly.{n}"
                yield Redirect(page_address("authors", slug), author.page, FILE, at)


def declared_redirects(
    record: Outline | Company | Topic | Thread | Person | Publisher | PlainPage, target: str
) -> Iterator[Redirect]:
    """Yield the redirects that a record declares: slugs and whole paths."""
    folder = record.url[: record.url.rindex("/", 0, -1) + 1]
    for n, old in enumerate(record.redirects):
        address = encoded(old) if old.startswith("/") else f"{folder}{in_address(old)}/"
        yield Redirect(address, target, record.path, f"redirects.{n}")


def encoded(address: str) -> str:
    """Return an address percent-encoded, with its query as it is."""
    path, mark, query = address.partition("?")
    return f"{quote(path, safe=_PLAIN)}{mark}{query}"


_PLAIN = "/~!'(),@&=+"
SHORT = "/b/"  # where short addresses begin
_SHORT_ID = pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def short_address(id_: str) -> str:
    """Return the short address of a brief by its id, or nothing.

    File systems that ignore case would mix up ids with capitals."""
    return f"{SHORT}{id_}/" if _SHORT_ID.fullmatch(id_) and len(id_) <= 100 else ""


def short_redirects(config: Config, briefs: Iterable[Outline]) -> Iterator[Redirect]:
    """Yield the redirects from the short addresses of briefs, if asked for."""
    for brief in briefs if config.settings.short_addresses else ():
        if address := short_address(brief.id):
            yield Redirect(address, brief.url, brief.path, "id")
