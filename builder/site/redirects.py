"""Redirects from former addresses of records to their present ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.model.entity import Company, Person, PlainPage, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.names.keys import slugify
from builder.site.registers import Registers, wrong_slug
from builder.site.site import Redirect


def list_redirects(
    names: Registers, others: Iterable[Outline | Topic | Thread | Person | Publisher | PlainPage]
) -> Iterator[Redirect]:
    """Yield the redirects of all companies and of `others`.

    Mergers and former names of companies are redirects too."""
    companies = names.all_companies
    for company in companies.values():
        target = company.url
        if company.slug in names.merged and names.merged[company.slug] in companies:
            target = companies[names.merged[company.slug]].url
            yield Redirect(company.url, target, company.path, "merged_into")
        for n, name in enumerate(company.formerly):
            slug = slugify(name)
            ours = names.companies.resolve(name) == company.slug
            free = slug not in companies and slug not in company.redirects
            if slug and ours and free and not wrong_slug(slug):
                yield Redirect(f"/companies/{slug}/", target, company.path, f"formerly.{n}")
        yield from declared_redirects(company, target)
    for record in others:
        yield from declared_redirects(record, record.url)


def declared_redirects(
    record: Outline | Company | Topic | Thread | Person | Publisher | PlainPage, target: str
) -> Iterator[Redirect]:
    """Yield the redirects that a record declares: slugs and whole paths."""
    folder = record.url[: record.url.rindex("/", 0, -1) + 1]
    for n, old in enumerate(record.redirects):
        address = old if old.startswith("/") else f"{folder}{old}/"
        yield Redirect(address, target, record.path, f"redirects.{n}")
