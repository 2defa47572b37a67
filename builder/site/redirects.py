"""Redirects from former addresses of records to their present ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.model.entity import Company, Person, Publisher, Thread, Topic
from builder.model.outline import Outline
from builder.names.keys import slugify
from builder.site.registers import Registers, wrong_slug
from builder.site.site import Redirect


def list_redirects(
    names: Registers, others: Iterable[Outline | Topic | Thread | Person | Publisher]
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
    record: Outline | Company | Topic | Thread | Person | Publisher, target: str
) -> Iterator[Redirect]:
    """Yield the redirects that a record declares in `redirects`."""
    folder = record.url.split("/")[1]
    for n, slug in enumerate(record.redirects):
        yield Redirect(f"/{folder}/{slug}/", target, record.path, f"redirects.{n}")
